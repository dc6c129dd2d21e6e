"""Reporting from the phone, and what became of it."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.category_signs import category_icon
from command.my_reports import FILTERS, filtered, report_rows
from command.papers.dossier import open_dossier
from command.papers.rows import first_countdown, status_badge, step_rows
from command.phone_report import (
    PhoneReport,
    Refused,
    kind_row,
    kinds_at_hand,
    known_nearby,
    send_report,
)
from command.views.phone import reporter
from command.wording import say_when
from organization.models import User
from whistle.actions.responses import distance
from whistle.models import Category, WorkOrder
from whistle.models.orders import reported_by
from workflow.idempotency import KeyReused
from workflow.paging import page
from workflow.phrases import phrases

PAGE = 20
MOST_PHRASES = 4


@login_required
def report(request: HttpRequest) -> HttpResponse:
    """The report form; a report that was sent before under its key leads to the same order."""
    user = reporter(request)
    if request.method != "POST":
        return show_report(request, user, PhoneReport(user), str(uuid4()))
    form = PhoneReport(user, request.POST, request.FILES)
    try:
        number = send_report(request, user, form)
    except Refused:
        return show_report(request, user, form, request.POST.get("key") or str(uuid4()))
    except KeyReused:
        form.add_error(None, _("This was sent already. Send again to report it as another one."))
        return show_report(request, user, form, str(uuid4()))
    return redirect(reverse("phone_my_report", args=[number]) + "?sent=1")


def show_report(request: HttpRequest, user: User, form: PhoneReport, key: str) -> HttpResponse:
    given = form.data if form.is_bound else request.GET
    fixed = bool(given.get("fixed"))
    context = {
        "form": form,
        "key": key,
        "fixed": fixed,
        "slots": photo_slots(fixed),
        "where": {
            **{name: given.get(name, "") for name in ("lng", "lat", "accuracy", "address")},
            "grids": reverse("phone_ground"),
        },
        "picks": {
            "kinds": kinds_at_hand(user),
            "kinds_url": reverse("phone_kinds"),
            "value": given.get("category", ""),
            "error": " ".join(form.errors.get("category", [])),
        },
        "given": given,
        "phrases": phrases("workorder", "fix", user)["result"][:MOST_PHRASES],
    }
    status = 400 if form.is_bound else 200
    return render(request, "command/phone_report.html", context, status=status)


def photo_slots(fixed: bool) -> list[dict[str, Any]]:
    """Three places for photos; what was settled on the spot shows before and after."""
    if fixed:
        first, second = ("before", _("Before")), ("after", _("After"))
    else:
        first, second = ("near", _("Close view")), ("far", _("Wide view"))
    slots = [first, second, ("landmark", _("Landmark"))]
    return [{"name": f"photos_{label}", "label": words} for label, words in slots]


@login_required
def near(request: HttpRequest) -> HttpResponse:
    """Open papers of a class close to a point, as a part of the report form."""
    user = reporter(request)
    try:
        lng, lat = float(request.GET["lng"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        return render(request, "parts/same.html", {"near": []})
    chosen = request.GET.get("category", "")
    category = Category.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    orders = known_nearby(user, lng, lat, category) if category else []
    rows = [near_row(order, lng, lat) for order in orders]
    return render(request, "parts/same.html", {"near": rows})


def near_row(order: WorkOrder, lng: float, lat: float) -> dict[str, Any]:
    metres = round(distance(order, lng, lat) or 0)
    facts = [
        str(order.get_source_display()),
        _("%(n)s m") % {"n": metres},
        say_when(order.created),
        str(order.get_status_display()),
    ]
    return {
        "title": order.title,
        "sub": " · ".join(facts),
        "icon": category_icon(order.category),
        "act_url": order.get_absolute_url(),
        "act": _("It is this one"),
    }


@login_required
def kinds(request: HttpRequest) -> JsonResponse:
    """All classes of problem, to be found by two characters."""
    reporter(request)
    rows = [kind_row(category) for category in Category.objects.filter(active=True)]
    answer = JsonResponse({"results": rows}, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@login_required
def my_reports(request: HttpRequest) -> HttpResponse:
    user = reporter(request)
    only = request.GET.get("only", "")
    try:
        found = page(filtered(user, only), request.GET.get("cursor", ""), PAGE)
    except ValidationError as error:
        raise Http404 from error
    chips = [{"label": _("All"), "url": "?", "current": only not in FILTERS}]
    chips += [
        {"label": label, "url": f"?only={name}", "current": only == name}
        for name, label in FILTERS.items()
    ]
    context = {"page": found, "rows": report_rows(found.rows), "chips": chips, "only": only}
    return render(request, "command/phone_reports.html", context)


@login_required
def my_report(request: HttpRequest, number: str) -> HttpResponse:
    """One's own report: number and state, where it stands among the nine steps, what comes next."""
    user, now = reporter(request), timezone.now()
    order = get_object_or_404(reported_by(user).select_related("holder", "centre"), number=number)
    found = open_dossier(order)
    context = {
        "order": order,
        "sent": "sent" in request.GET,
        "badge": status_badge(order),
        "steps": step_rows(found, now),
        "count": first_countdown(found, order, now),
        "last": found.events[-1],
        "photos": found.photos,
        "visible": WorkOrder.objects.visible_to(user).filter(pk=order.pk).exists(),
    }
    return render(request, "command/phone_my_report.html", context)
