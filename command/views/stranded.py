"""What nobody can act on now, for those who sit at a desk."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from command.offices import offices_of
from command.scope import chosen_street
from command.stranded import StrandedList, row_of
from command.successors import may_move
from organization.models import User


@login_required
def stranded(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if not offices_of(user).any_of(frozenset({"desk", "leader"})):
        raise Http404
    street = chosen_street(user, request.GET.get("street", ""))
    found = StrandedList(user, street, timezone.now())
    shown = found.page(request.GET.get("cursor", ""))
    context = {
        "may_move": may_move(user),
        "rows": [row_of(row) for row in shown.rows],
        "pages": {
            "newer_url": found.url(shown.previous) if shown.previous else "",
            "older_url": found.url(shown.next) if shown.next else "",
        },
    }
    return render(request, "command/stranded.html", context)
