"""The leader's overview: read in ten seconds, every number opens its papers."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from command.overview.page import overview as figures
from command.scope import chosen_street, scope_menu
from organization.authority import units_where
from organization.models import User


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if not units_where(user):
        raise Http404
    street = chosen_street(user, request.GET.get("street", ""))
    period, full = request.GET.get("period", ""), "full" in request.GET
    context = figures(user, period, street, timezone.now(), full=full)
    context["scope"] = scope_menu(user, street, request.GET)
    context["street"] = street
    return render(request, "command/overview.html", context)
