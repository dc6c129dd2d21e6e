"""Handing the open answers of a department to its successor, all by one act."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from command import successors as moving
from command.batch import by_reason
from organization.models import Unit, User
from workflow.batch import ManyForm


@login_required
def successors(request: HttpRequest) -> HttpResponse:
    """Shown first with all that would move; each answer is then moved or says why not."""
    user = cast(User, request.user)
    if not moving.may_move(user):
        raise Http404
    known = moving.departments(user)
    unit = next((row["unit"] for row in known if row["unit"].code == request.GET.get("of")), None)
    context: dict[str, Any] = {"departments": known, "unit": unit}
    if unit is None:
        return render(request, "command/successors.html", context)
    if request.method == "POST":
        return move(request, user, unit, context)
    return ask(request, user, unit, context)


def ask(request: HttpRequest, user: User, unit: Unit, context: dict[str, Any]) -> HttpResponse:
    answers = list(moving.answers_of(user, unit))
    form = ManyForm(moving.open_answers(user), moving.VERB, [str(a.pk) for a in answers], user)
    return show(request, context | {"form": form, "answers": answers})


def move(request: HttpRequest, user: User, unit: Unit, context: dict[str, Any]) -> HttpResponse:
    """Those named in `keys`: what was shown, not what has come since."""
    keys = request.POST.getlist("keys")
    theirs = moving.open_answers(user).filter(unit=unit)
    try:
        form = ManyForm(theirs, moving.VERB, keys, user, request.POST)
    except ValidationError as error:
        return ask(request, user, unit, context | {"errors": error.messages})
    batch = form.take()
    if batch is None:
        shown = {"form": form, "answers": moving.answers_of(user, unit), "keys": keys}
        return show(request, context | shown, 400)
    if done := len(batch.done):
        words = ngettext("%(n)s answer was handed on.", "%(n)s answers were handed on.", done)
        messages.success(request, words % {"n": done})
    if batch.refused:
        left = {"reasons": by_reason(batch.refused)}
        return ask(request, user, unit, context | left)
    return redirect("successors")


def show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    rows = moving.rows_of(context["answers"], timezone.now())
    return render(request, "command/successors.html", context | {"rows": rows}, status=status)
