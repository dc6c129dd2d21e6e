"""What the grid map shows: figures per grid, pins of open orders, outlines of streets."""

import datetime
import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

import shapely
from django.db.models import Count, F, Q
from shapely.geometry import mapping

from command.category_signs import category_icon
from grids.terrain import Terrain, tag, terrain
from organization.models import Unit, User
from whistle.models import WorkOrder

MOST_PINS = 2000


def figures_by_grid(user: User, now: datetime.datetime) -> dict[str, dict[str, int]]:
    """Grid code → {open, late}, of the orders that this person may see."""
    orders = WorkOrder.objects.visible_to(user).open().filter(grid__isnull=False)
    rows = orders.order_by().values(code=F("grid__code"))
    counted = rows.annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    return {row["code"]: {"open": row["open"], "late": row["late"]} for row in counted}


def open_pins(user: User, now: datetime.datetime) -> list[dict[str, Any]]:
    orders = WorkOrder.objects.visible_to(user).open().filter(lng__isnull=False)
    orders = orders.select_related("category").order_by(F("due_at").asc(nulls_last=True), "pk")
    return [pin(order, now) for order in orders[:MOST_PINS]]


def pin(order: WorkOrder, now: datetime.datetime) -> dict[str, Any]:
    return {
        "lng": order.lng,
        "lat": order.lat,
        "tone": tone_of(order, now),
        "icon": category_icon(order.category),
        "title": f"{order.title} · {order.number}",
        "url": order.get_absolute_url(),
    }


def tone_of(order: WorkOrder, now: datetime.datetime) -> str:
    """late, soon or nothing, as the countdown of the same order says."""
    if order.due_at is None:
        return ""
    if order.due_at < now:
        return "late"
    return "soon" if order.warn_at is not None and order.warn_at <= now else ""


def streets_geojson() -> bytes:
    return outlines(tag())


@lru_cache(maxsize=2)
def outlines(version: str) -> bytes:
    """The outlines of one version of the ground; the grids' union is cut once per version."""
    features = [outline(unit, shapes) for unit, shapes in by_unit(terrain()).items()]
    body = {"type": "FeatureCollection", "features": features}
    return json.dumps(body, ensure_ascii=False).encode()


def by_unit(ground: Terrain) -> dict[Unit, list[Any]]:
    """Every street and community with the shapes of its grids."""
    found: dict[Unit, list[Any]] = defaultdict(list)
    for grid, shape in zip(ground.grids, ground.shapes, strict=True):
        found[grid.street].append(shape)
        found[grid.community].append(shape)
    return found


def outline(unit: Unit, shapes: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kind": unit.kind, "name": unit.title, "code": unit.code},
        "geometry": mapping(shapely.union_all(shapes)),
    }
