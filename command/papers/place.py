"""Where an order lies: its grid, the next ones, and the open orders close by, for the map."""

import datetime
import json
from typing import Any

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from command.category_signs import category_icon
from command.ground import tone_of
from command.papers.around import Around
from grids.plane import metres_per_degree
from grids.terrain import Terrain, feature, terrain

VIEW = 1200


def map_panel(around: Around, now: datetime.datetime) -> dict[str, Any] | None:
    """`parts/map.html`: the order, its grid with the next ones, and the open orders as pins."""
    order = around.order
    if order.lng is None:
        return None
    count = len(around.orders)
    panel = {
        "id": "map",
        "css": "gc-desk__map",
        "kind": "paper",
        "label": _("Map around %(title)s with %(n)s open orders nearby")
        % {"title": order.title, "n": count},
        "lng": order.lng,
        "lat": order.lat,
        "accuracy": order.accuracy,
        "icon": category_icon(order.category),
        "title": order.title,
        "wheel": True,
        "pins": [pin(other, now) for other in around.orders],
    }
    if order.grid is not None:
        panel["on"] = order.grid.code
        panel["grids"] = reverse("grids_around", args=[order.grid.code])
        panel["outline"] = reverse("borders_around", args=[order.grid.code])
    return panel


def pin(other: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "lng": other.lng,
        "lat": other.lat,
        "tone": tone_of(other, now) or "run",
        "icon": category_icon(other.category),
        "title": other.title,
        "url": other.get_absolute_url(),
    }


def map_key(around: Around) -> list[dict[str, str]]:
    words = _("Open nearby %(n)s") % {"n": len(around.orders)}
    return [
        {"icon": "target", "label": _("This order")},
        {"icon": "pin", "label": words},
    ]


def grids_geojson(code: str) -> str | None:
    """The grids around one as GeoJSON; None if there is no such grid today."""
    ground = terrain()
    near = grids_near(ground, code)
    features = ",".join(feature(ground.grids[i]) for i in near)
    return f'{{"type":"FeatureCollection","features":[{features}]}}' if near else None


def borders_geojson(code: str) -> str | None:
    """The communities around a grid, each as far as it lies in view."""
    ground = terrain()
    by_community: dict[Any, list[int]] = {}
    for i in grids_near(ground, code):
        by_community.setdefault(ground.grids[i].community, []).append(i)
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "community", "name": community.title},
            "geometry": mapping(shapely.union_all([ground.shapes[i] for i in own])),
        }
        for community, own in by_community.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}) if features else None


def grids_near(ground: Terrain, code: str) -> list[int]:
    at = next((i for i, grid in enumerate(ground.grids) if grid.code == code), None)
    if at is None:
        return []
    middle = ground.shapes[at].centroid
    east, north = metres_per_degree(middle.y)
    reach_x, reach_y = VIEW / east, VIEW / north
    window = shapely.box(
        middle.x - reach_x, middle.y - reach_y, middle.x + reach_x, middle.y + reach_y
    )
    return sorted(int(i) for i in ground.tree.query(window))
