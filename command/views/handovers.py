"""Hand-over notes of the command centres: the list, writing one, its page, receiving it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command import handovers
from command.models import Handover
from organization.models import User
from workflow.errors import NotPossible


def keeper(request: HttpRequest) -> User:
    """Who keeps a desk; nobody else knows of these pages."""
    user = cast(User, request.user)
    if handovers.desk_of(user) is None:
        raise Http404
    return user


@login_required
def handover_list(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    try:
        shown = handovers.listed(user, request.GET.get("cursor", ""))
    except ValidationError:
        shown = handovers.listed(user, "")
    pages = {
        "newer_url": f"?cursor={shown.previous}" if shown.previous else "",
        "older_url": f"?cursor={shown.next}" if shown.next else "",
    }
    context = {"notes": shown.rows, "pages": pages}
    return render(request, "command/handovers.html", context)


@login_required
def handover_new(request: HttpRequest) -> HttpResponse:
    """What stands now, and the words; what was typed is kept when it is refused."""
    user, now = keeper(request), timezone.now()
    form = handovers.HandoverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        note = handovers.hand_over(user, form.cleaned_data["words"], now)
        messages.success(request, _("Handed over. Whoever comes signs for it."))
        return redirect(note)
    stands = handovers.standing(user, now)
    context = {
        "form": form,
        "unit": handovers.desk_of(user),
        "figures": handovers.figures(stands),
        "groups": handovers.groups(stands),
    }
    return render(request, "command/handover_new.html", context, status=400 if form.errors else 200)


@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    user = keeper(request)
    note = note_of(user, pk)
    context = {
        "note": note,
        "figures": handovers.figures(note.standing),
        "groups": handovers.groups(note.standing),
        "may_receive": not handovers.refusal(note, user),
    }
    return render(request, "command/handover.html", context)


@login_required
@require_POST
def handover_receive(request: HttpRequest, pk: int) -> HttpResponse:
    user = keeper(request)
    note = note_of(user, pk)
    try:
        handovers.receive(note, user, timezone.now())
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Received. The shift is yours."))
    return redirect(note)


def note_of(user: User, pk: int) -> Handover:
    notes = handovers.seen_by(user).select_related("unit", "user", "post", "receiver")
    return get_object_or_404(notes, pk=pk)
