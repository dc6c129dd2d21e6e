"""The grid map of the district: figures by grid, a card for the grid that was clicked."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.ground import figures_by_grid, open_pins, streets_geojson
from command.papers.rows import status_badge
from grids.models import Grid
from organization.authority import units_where
from organization.models import User
from whistle.models import WorkOrder

PAPERS_ON_CARD = 8


@login_required
def grid_map(request: HttpRequest) -> HttpResponse:
    if not units_where(cast(User, request.user)):
        raise Http404
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
    return render(request, "command/ground.html", {"map": panel})


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
    grid = get_object_or_404(Grid.objects.select_related("unit", "community", "street"), code=code)
    if not set(grid.unit.path) & units_where(user):
        raise Http404
    orders = WorkOrder.objects.visible_to(user).open().filter(grid=grid.unit)
    context: dict[str, Any] = {
        "grid": grid,
        "posts": grid.unit.posts.prefetch_related("postings__user").order_by("-head", "code"),
        "count": orders.count(),
        "orders": [
            {"order": order, "badge": status_badge(order), "count": paper_countdown(order, now)}
            for order in orders.order_by("due_at", "pk")[:PAPERS_ON_CARD]
        ],
    }
    return render(request, "command/ground_card.html", context)
