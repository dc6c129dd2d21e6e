"""The star of an order's page: its moves are told to one's post, until it is taken off again."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from command.papers.read import order_for
from organization.models import User
from whistle import following
from workflow.errors import NotPossible


@login_required
@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """`on` of the form says which of the two; asked by htmx, the star alone comes back."""
    user = cast(User, request.user)
    order, why = order_for(user, number), ""
    try:
        if request.POST.get("on") == "yes":
            following.follow(order, user, timezone.now())
        else:
            following.unfollow(order, user)
    except NotPossible as error:
        why = str(error)
    if request.headers.get("HX-Request"):
        star = {"order": order, "followed": following.is_followed(order, user), "why": why}
        return render(request, "parts/follow.html", star)
    if why:
        messages.error(request, why)
    return redirect(order)
