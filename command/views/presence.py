"""A page's sign that a paper is open there, answered with who else has it open."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organization.calendar_words import listed
from organization.models import User
from workflow import presence
from workflow.models import Presence
from workflow.trace import paper_models


@login_required
@require_POST
def present(request: HttpRequest, flow: str, pk: int) -> JsonResponse:
    """`writing` is sent while a form is open, `leave` when the page goes away."""
    user, now = cast(User, request.user), timezone.now()
    paper = find(flow, pk, user)
    if "leave" in request.POST:
        presence.leave(paper, user, now)
        return JsonResponse({"text": "", "writing": False})
    presence.sign(paper, user, now, writing="writing" in request.POST)
    found = presence.others(paper, user, now)
    return JsonResponse({"text": say(found), "writing": any(row.writing for row in found)})


def find(flow: str, pk: int, user: User) -> Any:
    model: Any = next((m for m in paper_models() if m.flow.name == flow), None)
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(user), pk=pk)


def say(found: list[Presence]) -> str:
    """Who is here, in words: those who fill in a form, and those who only look."""
    writing = [str(row.user) for row in found if row.writing]
    looking = [str(row.user) for row in found if not row.writing]
    words = []
    if writing:
        many = ngettext(
            "%(who)s is filling in a form", "%(who)s are filling in forms", len(writing)
        )
        words.append(many % {"who": listed(writing)})
    if looking:
        many = ngettext("%(who)s has this open too", "%(who)s have this open too", len(looking))
        words.append(many % {"who": listed(looking)})
    return _("; ").join(words)
