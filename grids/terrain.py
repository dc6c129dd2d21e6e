"""Where is it? The grid, community and street of a point, from an index in the process's memory."""

import datetime
import gzip
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import Any
from uuid import UUID

import shapely
from django.conf import settings
from django.utils import timezone
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from grids.models import Grid, Ground
from grids.plane import metres_per_degree, on_plane
from organization.models import Unit

# A point so near to a grid touches it: half of the last decimal that boundaries are stored with.
TOUCH = 5e-7
# Points in a seam narrower than this belong to the nearest grid; coverage checks tolerate no wider.
SEAM_METRES = 0.5
KEPT = 4


@dataclass(frozen=True)
class Place:
    """What lies at a point. Outside of every grid only `nearest` and its distance are known."""

    grid: Unit | None = None
    community: Unit | None = None
    street: Unit | None = None
    nearest: Unit | None = None
    distance: float | None = None


class Terrain:
    """The boundaries of one day, indexed. Its units are shared: read them, never change them."""

    def __init__(self, day: datetime.date) -> None:
        rows = Grid.objects.filter(kind__in=Grid.GROUND).for_map(day)
        self.grids = list(rows.select_related("unit", "community", "street"))
        self.shapes: list[BaseGeometry] = [shape(grid.geometry) for grid in self.grids]
        self.tree = shapely.STRtree(self.shapes)

    @property
    def sample(self) -> bool:
        """Whether any boundary is only a sample."""
        return any(grid.sample for grid in self.grids)

    @cached_property
    def middle(self) -> float:
        bounds = shapely.total_bounds(self.shapes)
        return float(bounds[1] + bounds[3]) / 2

    @cached_property
    def plane(self) -> Any:
        """The index in metres, for distances."""
        return shapely.STRtree(on_plane(self.shapes, self.middle))

    def locate(self, lng: float, lat: float) -> Place:
        """The place of a point; where several grids touch it, the one with the lowest code."""
        if not (isfinite(lng) and isfinite(lat)):
            raise ValueError("a point needs two finite numbers")
        if not self.grids:
            return Place()
        touching = self.tree.query(Point(lng, lat), "dwithin", TOUCH)
        if touching.size:
            return self.place(int(touching.min()))
        return self.beside(lng, lat)

    def beside(self, lng: float, lat: float) -> Place:
        east, north = metres_per_degree(self.middle)
        found, distances = self.plane.query_nearest(
            Point(lng * east, lat * north), return_distance=True
        )
        index, distance = int(found.min()), float(distances[0])
        if distance <= SEAM_METRES:
            return self.place(index)
        return Place(nearest=self.grids[index].unit, distance=distance)

    def place(self, index: int) -> Place:
        grid = self.grids[index]
        return Place(grid.unit, grid.community, grid.street, grid.unit, 0.0)

    def metres_to(self, unit: Unit, lng: float, lat: float) -> float:
        """How far a point lies from a unit's ground: 0 within, infinite if it has none."""
        own = [i for i, grid in enumerate(self.grids) if unit.pk in grid.unit.path]
        if not own:
            return inf
        east, north = metres_per_degree(self.middle)
        point = Point(lng * east, lat * north)
        return float(shapely.distance(self.plane.geometries[own], point).min())

    def outline(self, unit: Unit) -> BaseGeometry:
        """The outline of a community, street or district: the union of its grids."""
        pairs = zip(self.grids, self.shapes, strict=True)
        return shapely.union_all([shape for grid, shape in pairs if unit.pk in grid.unit.path])

    @cached_property
    def geojson(self) -> bytes:
        """The whole ground as a FeatureCollection, built once; no personal data in it."""
        features = ",".join(feature(grid) for grid in self.grids)
        sample = json.dumps(self.sample)
        text = f'{{"type":"FeatureCollection","sample":{sample},"features":[{features}]}}'
        return text.encode()

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.geojson, mtime=0)


def feature(grid: Any) -> str:
    properties = {"code": grid.code, "name": grid.unit.name, "kind": grid.kind, "area": grid.area}
    body = {"type": "Feature", "id": grid.code, "properties": properties, "geometry": grid.geometry}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


class Watch:
    """Keeps the last terrains and asks the database now and then whether they still hold."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: OrderedDict[tuple[UUID | None, datetime.date], Terrain] = OrderedDict()
        self.version: UUID | None = None
        self.ask_at = 0.0

    def current(self) -> UUID | None:
        """The ground's version, at most `GROUND_CHECK_SECONDS` old."""
        now = time.monotonic()
        if now >= self.ask_at:
            self.version = Ground.objects.values_list("version", flat=True).first()
            self.ask_at = now + settings.GROUND_CHECK_SECONDS
        return self.version

    def terrain(self, day: datetime.date) -> Terrain:
        key = (self.current(), day)
        with self.lock:
            if key not in self.kept:
                self.kept[key] = Terrain(day)
                while len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
            self.kept.move_to_end(key)
            return self.kept[key]


watch = Watch()


def terrain(on: datetime.date | None = None) -> Terrain:
    return watch.terrain(on or timezone.localdate())


def locate(lng: float, lat: float, on: datetime.date | None = None) -> Place:
    """The grid, community and street of a WGS-84 point, on a day (today unless given)."""
    return terrain(on).locate(lng, lat)


def metres_to(unit: Unit, lng: float, lat: float, on: datetime.date | None = None) -> float:
    """How far a WGS-84 point lies from a unit's ground: 0 within, infinite if it has none."""
    return terrain(on).metres_to(unit, lng, lat)


def tag(on: datetime.date | None = None) -> str:
    """Changes when anything that the map shows of the ground does: version and day."""
    return f"{watch.current()}-{on or timezone.localdate()}"
