"""The liaison's inbox, and signing in on the spot."""

from typing import Any, cast

import segno
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from command.answer_figures import standing
from command.answering import (
    GROUPS,
    Cards,
    answering_units,
    answers_of,
    board,
    deputies_of,
    mark_read,
    with_papers,
)
from command.assigned import assigned_cards
from command.field_work import place_words
from command.supervised import supervised_cards
from organization.authority import holds
from organization.duty import Duty
from organization.models import Unit, User
from whistle import flow
from whistle.actions.responses import ARRIVAL_RADIUS
from whistle.models import Response, Whistle
from workflow.forms import ActForm
from workflow.paging import page
from workflow.views import TakeStep

PAGE = 30
AT_CALLER = (Duty.DISPATCH, Duty.INSPECT, Duty.HANDLE)


def answerer(request: HttpRequest) -> tuple[User, list[Unit]]:
    """The person and the units answered for; who is never called or sent has no such pages."""
    user = cast(User, request.user)
    units = answering_units(user)
    if not units and not Response.objects.filter(person=user).exists():
        raise Http404
    return user, units


@login_required
def answers(request: HttpRequest) -> HttpResponse:
    """The board of four groups, or with ?group= one of them in full."""
    user, units = answerer(request)
    if request.GET.get("group") in GROUPS:
        return one_group(request, user, units, request.GET["group"])
    now = timezone.now()
    groups = board(user, units, now)
    department = next((unit for unit in units if unit.kind == Unit.Kind.DEPARTMENT), None)
    context = {
        "units": units,
        "groups": groups,
        "supervised": supervised_cards(user, units, now),
        "assigned": assigned_cards(user, units, now),
        "total": sum(group.total for group in groups),
        "late": sum(group.late for group in groups),
        "figures": standing(department, now) if department else None,
        "department": department,
        "signs_in": any(unit.kind != Unit.Kind.SECTION for unit in units),
        "deputies": deputies_of(user),
    }
    return render(request, "command/answers.html", context)


def one_group(request: HttpRequest, user: User, units: list[Unit], name: str) -> HttpResponse:
    rows = with_papers(answers_of(user, units).filter(group=name))
    try:
        found = page(rows, request.GET.get("cursor", ""), PAGE, key=("due", "pk"))
    except ValidationError as error:
        raise Http404 from error
    cards = Cards(user, found.rows, timezone.now())
    title, _where, none = GROUPS[name]
    context = {
        "name": name,
        "title": title,
        "none": none,
        "page": found,
        "cards": [cards.card(response) for response in found.rows],
    }
    return render(request, "command/answers_group.html", context)


@login_required
def answer_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the whistle; whoever it was passed to has read it now."""
    user, units = answerer(request)
    rows = Response.objects.visible_to(user).select_related("whistle")
    response = get_object_or_404(rows, pk=pk)
    mark_read(response, user, units)
    return redirect(response)


@login_required
def arrive_by_code(request: HttpRequest) -> HttpResponse:
    """What the street's code leads to: one's own answer to that whistle, ready to be signed in."""
    user, units = answerer(request)
    code = request.GET.get("code", "").strip().lower().replace(" ", "")
    if not code:
        return render(request, "command/answers_code.html", {"wrong": False})
    own = Q(unit__in=units) | Q(person=user)
    called = Response.objects.visible_to(user).filter(own, whistle__arrival_code=code)
    response = called.exclude(status=flow.RELEASED).first()
    if response is None:
        return render(request, "command/answers_code.html", {"wrong": True}, status=404)
    if response.status != flow.SIGNED:
        return redirect(response)
    url = reverse("answer_sign_in", args=[response.pk])
    return redirect(f"{url}?{urlencode({'code': code})}")


class SignIn(TakeStep):
    """Arriving (报到): by the street's code or by standing at the place, with a photo."""

    model = Response

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        form = super().make_form(verb, data, files)
        form.fields["who"].initial = self.paper.lead_name or str(self.request.user)
        form.fields["code"].initial = self.request.GET.get("code", "")
        return form

    def about(self, verb: str, form: ActForm) -> dict[str, Any]:
        whistle = self.paper.whistle
        clock = self.paper.clocks.filter(what="arrive", stopped=None).first()
        return {
            "whistle": whistle,
            "order": whistle.order,
            "place": place_words(whistle.order),
            "clock": clock,
            "scanned": bool(form["code"].value()),
            "radius": ARRIVAL_RADIUS,
        }

    def answer(self, name: str, context: dict[str, Any], status: int) -> HttpResponse:
        if name != "take":
            return super().answer(name, context, status)
        return render(self.request, "command/answers_arrive.html", context, status=status)

    def next_url(self) -> str:
        """The inbox; for the caller, who signs in for others, the whistle."""
        user = cast(User, self.request.user)
        inbox = answering_units(user) or self.paper.person_id == user.pk
        return reverse("answers") if inbox else str(self.paper.get_absolute_url())


@login_required
def arrival_code(request: HttpRequest, number: str) -> HttpResponse:
    """The code that the street shows where it waits; departments must come to see it."""
    user = cast(User, request.user)
    whistles = Whistle.objects.visible_to(user).select_related("order", "caller", "centre")
    whistle = get_object_or_404(whistles, number=number)
    if not calls(user, whistle):
        raise Http404
    query = urlencode({"code": whistle.arrival_code})
    url = request.build_absolute_uri(f"{reverse('arrive_by_code')}?{query}")
    waiting = whistle.responses.filter(status__in=(flow.CALLED, flow.SIGNED))
    context = {
        "whistle": whistle,
        "order": whistle.order,
        "place": place_words(whistle.order),
        "picture": picture(url),
        "code": " ".join(whistle.arrival_code[i : i + 4] for i in range(0, 16, 4)),
        "expected": waiting.select_related("unit").order_by("-role", "pk"),
        "open": whistle.status == flow.BLOWN,
    }
    return render(request, "command/answers_qr.html", context)


def calls(user: User, whistle: Whistle) -> bool:
    """Whether the person works for the side that called, not for one that was called."""
    places = [whistle.caller, whistle.centre] if whistle.is_level_three else [whistle.caller]
    return any(holds(user, duty, place) for duty in AT_CALLER for place in places)


def picture(url: str) -> str:
    """The address as a QR code, drawn black on white whatever the theme."""
    code = segno.make(url, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, border=3, light="#fff", svgclass="gc-qr", lineclass=None)
    return mark_safe(svg)
