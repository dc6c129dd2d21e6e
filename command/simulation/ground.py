"""Where things happen: points inside grids, more of them where the sample accounts work."""

import datetime
from dataclasses import dataclass
from random import Random
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from shapely.geometry import Point

from grids.terrain import terrain
from organization.models import Posting, Unit, User
from organization.models.posts import on

# The share of all reports that comes from the grid, the community, the street of an account; and
# of those that lie open now, so that every account finds something to do.
OFTEN = {Unit.Kind.GRID: 0.02, Unit.Kind.COMMUNITY: 0.04, Unit.Kind.STREET: 0.1}
OPEN = {Unit.Kind.GRID: 0.14, Unit.Kind.COMMUNITY: 0.14, Unit.Kind.STREET: 0.47}
TRIES = 200


@dataclass(frozen=True)
class Spot:
    """A place with a point on the map."""

    lng: float
    lat: float
    grid: Unit
    community: Unit
    street: Unit


class Ground:
    def __init__(self, day: datetime.date | None = None) -> None:
        found = terrain(day)
        self.rows = list(zip(found.grids, found.shapes, strict=True))
        self.accounts = accounts()
        self.homes = homes = units_of(self.accounts)
        self.circles = {
            kind: [row for row in self.rows if homes[kind].intersection(row[0].unit.path)]
            for kind in OFTEN
        }

    def spot(self, rng: Random, shares: dict[Unit.Kind, float]) -> Spot:
        grid, outline = rng.choice(self.around(rng, shares))
        point = point_in(outline, rng)
        unit, community, street = grid.unit, grid.community, grid.street
        return Spot(round(point.x, 6), round(point.y, 6), unit, community, street)

    def around(self, rng: Random, shares: dict[Unit.Kind, float]) -> list[Any]:
        lot = rng.random()
        for kind, share in shares.items():
            if lot < share and self.circles[kind]:
                return self.circles[kind]
            lot -= share
        return self.rows


def accounts() -> set[int]:
    """The sample people who can log in."""
    unusable = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return set(User.objects.filter(demo=True).exclude(unusable).values_list("pk", flat=True))


def units_of(people: set[int]) -> dict[str, set[int]]:
    """The units in which they work, and those above them, by kind."""
    posts = Posting.objects.filter(on(), user__in=people).select_related("post__unit")
    paths = {pk for posting in posts for pk in posting.post.unit.path}
    homes: dict[str, set[int]] = {kind: set() for kind in Unit.Kind.values}
    for unit in Unit.objects.filter(pk__in=paths):
        homes[unit.kind].add(unit.pk)
    return homes


def point_in(outline: Any, rng: Random) -> Point:
    """A point well inside an outline."""
    west, south, east, north = outline.bounds
    for _try in range(TRIES):
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if outline.contains(point):
            return point
    return outline.representative_point()
