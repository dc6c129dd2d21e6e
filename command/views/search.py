"""The one search box: a number opens its paper, other words narrow the list of orders."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from organization.models import User
from whistle.models import Whistle, WorkOrder

FEWEST = 2
MOST = 60


@login_required
def search(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:MOST]
    words = "".join(sign for sign in typed if sign.isprintable())
    if len(words) < FEWEST:
        return render(request, "command/search.html", {"words": words})
    if url := paper_url(cast(User, request.user), words):
        return redirect(url)
    query = {"q": words, "sort": "created"}
    return redirect(f"{reverse('work_orders')}?{urlencode(query)}")


def paper_url(user: User, number: str) -> str:
    """The page of the paper with exactly this number, ours or the source's, if it is seen."""
    orders = WorkOrder.objects.visible_to(user)
    whistles = Whistle.objects.visible_to(user)
    found = (
        orders.filter(Q(number=number) | Q(source_number=number)).first()
        or whistles.filter(Q(number=number) | Q(letter_number=number)).first()
    )
    return str(found.get_absolute_url()) if found else ""
