"""The grid map of the district: figures by grid, a card for the grid that was clicked."""

import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.category_signs import category_icon
from command.countdown import paper_countdown
from command.ground import figures_by_grid, open_pins, streets_geojson
from command.papers.around import short_number
from command.scope import chosen_street, scope_menu
from command.wording import say_when
from grids.models import Grid
from organization.authority import units_where
from organization.models import User
from organization.models.posts import on
from whistle.models import WorkOrder

PAPERS_ON_CARD = 8


@login_required
def grid_map(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if not units_where(user):
        raise Http404
    street = chosen_street(user, request.GET.get("street", ""))
    panel = {
        "id": "ground",
        "kind": "grids",
        "label": _("Grids of the district with open orders"),
        "css": "gc-map--page",
        "grids": reverse("grids-geojson"),
        "outline": reverse("map_outline"),
        "figures": reverse("map_figures"),
        "figure": "open",
        "breaks": "1,2,3,5",
        "pins_url": reverse("map_pins"),
        "fit": True,
        "wheel": True,
        "card": reverse("map_card", args=["CODE"]),
    }
    context = {
        "map": panel,
        "focus": street.code if street else "",
        "chosen": request.GET.get("grid", ""),
        "scope": scope_menu(user, street, request.GET),
    }
    return render(request, "command/ground.html", context)


@login_required
def map_figures(request: HttpRequest) -> JsonResponse:
    """Open and overdue orders per grid that the reader may see."""
    return JsonResponse(figures_by_grid(cast(User, request.user), timezone.now()))


@login_required
def map_pins(request: HttpRequest) -> JsonResponse:
    """The open orders that the reader may see, as pins, the most urgent first."""
    pins = open_pins(cast(User, request.user), timezone.now())
    return JsonResponse(pins, safe=False)


@login_required
def map_outline(request: HttpRequest) -> HttpResponse:
    """Streets and communities as outlines, made from their grids."""
    response = HttpResponse(streets_geojson(), content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@login_required
def map_card(request: HttpRequest, code: str) -> HttpResponse:
    """A grid's card: who looks after it, and what is open there."""
    user, now = cast(User, request.user), timezone.now()
    grids = Grid.objects.visible_to(user).with_staff().select_related("unit", "community", "street")
    grid = get_object_or_404(grids, unit__code=code)
    orders = WorkOrder.objects.visible_to(user).open().filter(grid=grid.unit)
    counts = orders.aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    shown = orders.order_by(F("due_at").asc(nulls_last=True), "pk").select_related("category")
    context: dict[str, Any] = {
        "grid": grid,
        "sample": grid.boundaries.filter(on(), sample=True).exists(),
        "people": grid.staff,
        "counts": counts,
        "orders": [card_row(order, now) for order in shown[:PAPERS_ON_CARD]],
    }
    return render(request, "command/ground_card.html", context)


def card_row(order: WorkOrder, now: datetime.datetime) -> dict[str, Any]:
    return {
        "key": order.pk,
        "title": order.title,
        "sub": f"{order.get_status_display()} · {say_when(order.created, now)}",
        "icon": category_icon(order.category),
        "url": order.get_absolute_url(),
        "count": paper_countdown(order, now),
        "number": short_number(order),
    }
