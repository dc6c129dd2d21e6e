"""The one search box: a number opens its paper, a phone the orders reported from it.

Other words narrow the list of orders.
"""

import re
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from command.views.ground import card_row
from organization.models import User
from organization.sealed import digits
from whistle.disclosing import reported_from
from whistle.inputs import PHONE
from whistle.models import Whistle, WorkOrder

FEWEST = 2
MOST = 60
MOST_ORDERS = 50
MOBILE = re.compile(r"1[3-9][0-9]{9}")


@login_required
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    typed = request.GET.get("q", "").strip()[:MOST]
    words = "".join(sign for sign in typed if sign.isprintable())
    if len(words) < FEWEST:
        return render(request, "command/search.html", {"words": words})
    if url := paper_url(user, words):
        return redirect(url)
    if PHONE.regex.fullmatch(words):
        orders = list(reported_from(words, user).select_related("category")[:MOST_ORDERS])
        if orders or MOBILE.fullmatch(digits(words)):
            return orders_of_phone(request, words, orders)
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


def orders_of_phone(request: HttpRequest, phone: str, orders: list[WorkOrder]) -> HttpResponse:
    """One order opens; several are listed here: a phone stands in no address that leads on."""
    if len(orders) == 1:
        return redirect(orders[0])
    now = timezone.now()
    context = {
        "phone": phone,
        "rows": [card_row(order, now) for order in orders],
        "blank": {"state": "empty", "icon": "search", "title": _("No such order")},
    }
    return render(request, "command/search_phone.html", context)
