"""Taking reports in at a centre's desk, and the receipt for who reported."""

from typing import Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from command.intake import IntakeForm, bounds_of, likely_same, places, same_row
from command.offices import offices_of
from command.phone_report import Refused, kinds_at_hand, send_report
from grids.terrain import terrain
from organization.authority import units_where
from organization.duty import Duty
from organization.models import User
from whistle.birth import PointForm
from whistle.models import WorkOrder
from whistle.models.orders import reported_by
from workflow.idempotency import KeyReused


def operator(request: HttpRequest) -> User:
    """The person, if he sits at a centre's desk and may report there; else there is no page."""
    user = cast(User, request.user)
    if not offices_of(user).any_of(frozenset({"intake"})):
        raise Http404
    return user


@login_required
def intake(request: HttpRequest) -> HttpResponse:
    user = operator(request)
    if request.method != "POST":
        form = IntakeForm(user)
        form.initial = {name: request.GET[name] for name in form.fields if name in request.GET}
        return show(request, user, form, str(uuid4()))
    form = IntakeForm(user, request.POST, request.FILES)
    try:
        number = send_report(request, user, form)
    except Refused:
        return show(request, user, form, request.POST.get("key") or str(uuid4()))
    except KeyReused:
        form.add_error(None, _("This was sent already. Send again to report it as another one."))
        return show(request, user, form, str(uuid4()))
    return redirect("intake_receipt", number)


def show(request: HttpRequest, user: User, form: IntakeForm, key: str) -> HttpResponse:
    given: Any = form.data if form.is_bound else request.GET
    context = {
        "form": form,
        "sent_under": key,
        "given": given,
        "near": near_context(user, given),
        "picks": {
            "kinds": kinds_at_hand(user),
            "kinds_url": reverse("phone_kinds"),
            "value": given.get("category", ""),
        },
        "photos_lost": form.is_bound and bool(request.FILES),
        "map": map_panel(user, given),
    }
    return render(request, "command/intake.html", context, status=400 if form.is_bound else 200)


def map_panel(user: User, given: Any) -> dict[str, Any]:
    return {
        "id": "intake-map",
        "kind": "pick",
        "css": "gc-intake__map",
        "label": _("The place; click the map or drag the pin"),
        "lng": given.get("lng", ""),
        "lat": given.get("lat", ""),
        "grids": reverse("grids-geojson"),
        "outline": reverse("map_outline"),
        "bounds": "" if given.get("lng") else bounds_of(terrain(), units_where(user, Duty.REPORT)),
        "wheel": True,
    }


@login_required
def intake_near(request: HttpRequest) -> HttpResponse:
    """Open orders like this one close to the point, as a part of the form."""
    user = operator(request)
    return render(request, "command/intake_near.html", near_context(user, request.GET))


def near_context(user: User, given: Any) -> dict[str, Any]:
    point = PointForm(given)
    point.is_valid()
    found = point.cleaned_data
    lng, lat = found.get("lng"), found.get("lat")
    orders = likely_same(user, lng, lat, found.get("category"))
    return {
        "rows": [same_row(order, float(lng or 0), float(lat or 0)) for order in orders],
        "seen": ",".join(str(order.number) for order in orders),
    }


@login_required
def intake_places(request: HttpRequest) -> JsonResponse:
    """Places for what is typed as the address."""
    found = places(operator(request), request.GET.get("q", "")[:60])
    return JsonResponse({"results": found}, json_dumps_params={"ensure_ascii": False})


@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number and progress code, for whoever took the report to tell the one who made it."""
    reports = reported_by(operator(request)).select_related("centre", "street", "grid", "community")
    order: WorkOrder = get_object_or_404(reports, number=number)
    url = request.build_absolute_uri(reverse("progress"))
    return render(request, "command/intake_receipt.html", {"order": order, "url": url})
