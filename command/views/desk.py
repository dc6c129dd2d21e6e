"""The operator's desk: queue, paper, map."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from command.desk import Desk, all_keys, next_order, open_part, queue_part
from command.papers.place import borders_geojson, grids_geojson
from command.papers.read import order_for
from command.scope import chosen_street, scope_menu
from organization.authority import units_where
from organization.models import User

OPEN = "desk-open"


@login_required
def desk(request: HttpRequest, number: str = "") -> HttpResponse:
    """The whole desk, or the part of it that is asked for: `open` or `queue`."""
    user = cast(User, request.user)
    if not units_where(user):
        raise Http404
    street = chosen_street(user, request.GET.get("street", ""))
    found = Desk(user, street, timezone.now())
    if part_asked(request) == "open":
        return show_open(request, found, number)
    return show_desk(request, found, number)


def part_asked(request: HttpRequest) -> str:
    """htmx asks for the open order when a row is chosen; live fragments say what they are."""
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request and htmx.target == OPEN:
        return "open"
    return request.GET.get("part", "")


def show_open(request: HttpRequest, found: Desk, number: str) -> HttpResponse:
    found.choose(request.GET.get("queue", ""))
    order = order_for(found.user, number)
    context = open_part(found, order) | {"chosen": True}
    return render(request, "command/desk_open.html", context)


def show_desk(request: HttpRequest, found: Desk, number: str) -> HttpResponse:
    found.sit_down(request.GET.get("queue", ""))
    shown = found.page(request.GET.get("cursor", ""))
    first = next_order(shown, request.GET.get("past", ""))
    current = number or (first.number if first is not None else "")
    context = queue_part(found, request.GET, shown, current)
    if part_asked(request) == "queue":
        return render(request, "command/desk_queue.html", context)
    if current:
        context |= open_part(found, order_for(found.user, current))
    context |= {"chosen": bool(number), "keys": all_keys()}
    context |= {"scope": scope_menu(found.user, found.street, request.GET)}
    return render(request, "command/desk.html", context)


@login_required
@cache_control(private=True, max_age=300)
def grids_around(request: HttpRequest, code: str) -> HttpResponse:
    """The grids around one, for the map beside a paper."""
    return geojson(request, grids_geojson(code))


@login_required
@cache_control(private=True, max_age=300)
def borders_around(request: HttpRequest, code: str) -> HttpResponse:
    return geojson(request, borders_geojson(code))


def geojson(request: HttpRequest, content: str | None) -> HttpResponse:
    if content is None or not units_where(cast(User, request.user)):
        raise Http404
    return HttpResponse(content, content_type="application/geo+json")
