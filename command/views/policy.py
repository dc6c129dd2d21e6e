"""Limits and ladders for who administers the district; every edit is shown before it is made."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.administration import changes, ladders, limits
from command.administration.forms import ConfirmForm, EditForm
from command.administration.names import leg_words, scope_words
from command.administration.rooms import rooms_of
from command.offices import offices_of
from organization.calendar_cache import missing_years
from organization.calendar_words import say_missing_years
from organization.models import User
from workflow import recompute
from workflow.errors import NotPossible
from workflow.models import PolicyChange, Rung
from workflow.paging import page
from workflow.proof import prover

PAGE = 30
LATEST = 5


def administrator(request: HttpRequest) -> User:
    """The person, if he administers the district; for anybody else there is no page."""
    user = cast(User, request.user)
    if not offices_of(user).any_of(frozenset({"rules"})):
        raise Http404
    return user


def alarm() -> str:
    """What is said on every page here while a year is missing from the calendar."""
    missing = missing_years(timezone.now())
    return say_missing_years(missing) if missing else ""


def show(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"alarm": alarm(), "rooms": rooms_of(request, cast(User, request.user))}
    return render(request, f"command/administration/{name}.html", context, status=status)


def edit(request: HttpRequest, form: EditForm, name: str, context: dict[str, Any]) -> HttpResponse:
    """Show the form of an edit; once it is sound, ask what it would move and go to its page."""
    change = form.take() if request.method == "POST" else None
    if change is not None:
        return redirect("policy_change", change.pk)
    return show(request, name, {"form": form, **context}, 400 if form.errors else 200)


@login_required
def administration(request: HttpRequest) -> HttpResponse:
    """The administrator's workbench: what waits for a decision, what was changed last."""
    administrator(request)
    rows = changes.rules()
    waiting = rows.filter(state__in=[*PolicyChange.OPEN, PolicyChange.State.SHOWN])[:PAGE]
    done = rows.filter(state=PolicyChange.State.DONE)[:LATEST]
    context = {"waiting": changes.listing(list(waiting)), "done": changes.listing(list(done))}
    return show(request, "home", context)


@login_required
def limit_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    return show(request, "limits", {"flows": limits.table(timezone.localdate())})


@login_required
def limit_edit(request: HttpRequest) -> HttpResponse:
    """A new limit; `leg`, `kind` and `area` of the address keep to one row of the table."""
    user = administrator(request)
    if request.method == "POST":
        form = limits.LimitForm(user, request.POST)
    else:
        named = {name: request.GET[name] for name in limits.LimitForm.PLACE if name in request.GET}
        first = {"valid_from": timezone.localdate(), **limits.standing(named), **named}
        form = limits.LimitForm(user, initial=first)
    fixed = form.fix() if request.GET.get("leg") else ""
    return edit(request, form, "limit_edit", {"fixed": fixed})


@login_required
def ladder_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    context = {"ladders": ladders.table(timezone.localdate()), "places": ladders.places()}
    return show(request, "ladders", context)


@login_required
def ladder_edit(request: HttpRequest) -> HttpResponse:
    """A new ladder for the flow, clock and kind of the address."""
    user = administrator(request)
    place = ladders.known_place(request.GET.dict())
    if place is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ladders.LadderForm(place, ladders.latest(**place), user, data)
    row = Rung(**place)
    return edit(
        request,
        form,
        "ladder_edit",
        {"name": leg_words(row.flow, row.clock) if row.flow else "", "applies": scope_words(row)},
    )


@login_required
def policy_changes(request: HttpRequest) -> HttpResponse:
    """Who changed which rule when and why, newest first."""
    administrator(request)
    try:
        found = page(changes.rules(), request.GET.get("cursor", ""), PAGE, key=("-pk",))
    except ValidationError as error:
        raise Http404 from error
    context = {"rows": changes.listing(found.rows), "page": found}
    return show(request, "changes", context)


@login_required
def policy_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One edit on its way; while the worker is at it, the part asks for itself again."""
    user = administrator(request)
    change = find(pk)
    form = ConfirmForm(change, user, prover(request))
    return show_change(request, change, form)


def find(pk: int) -> PolicyChange:
    found: PolicyChange = get_object_or_404(changes.rules(), pk=pk)
    return found


def show_change(
    request: HttpRequest, change: PolicyChange, form: ConfirmForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, **changes.page(change, cast(User, request.user))}
    part = "change_part" if getattr(request, "htmx", False) else "change"
    return show(request, part, context, status)


@login_required
@require_POST
def policy_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it made, sealed by the password."""
    user = administrator(request)
    change = find(pk)
    form = ConfirmForm(change, user, prover(request), request.POST)
    try:
        ordered = form.take()
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("policy_change", pk)
    if ordered is None:
        return show_change(request, change, form, 400)
    messages.success(request, _("Ordered; the deadlines are being moved."))
    return redirect("policy_change", pk)


@login_required
@require_POST
def policy_drop(request: HttpRequest, pk: int) -> HttpResponse:
    administrator(request)
    try:
        recompute.drop(find(pk))
        messages.success(request, _("Dropped; everything stays as it is."))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("policy_change", pk)
