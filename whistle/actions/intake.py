"""Taking a report in, from whatever source: find the place, then bear the order."""

import datetime
from math import cos, radians
from typing import Any

from django.utils import timezone

from grids.terrain import locate
from organization.models import Unit, User
from whistle.models import Category, WorkOrder
from workflow.actions import create

METRES_PER_DEGREE = 111_320


def report(
    *,
    actor: User | None,
    photos: Any = (),
    now: datetime.datetime | None = None,
    result: str = "",
    trigger: str = "",
    **fields: Any,
) -> WorkOrder:
    """Report a problem; with a `result` it was fixed on the spot (即办即结).

    Machine and public intake have no actor and say in `trigger` where they come from. Errors are
    those of `workflow.actions.create`.
    """
    order = WorkOrder(reporter=actor, **fields, **place_of(fields.get("lng"), fields.get("lat")))
    if result:
        create(order, "fix", actor=actor, now=now, result=result, photos=list(photos))
    else:
        create(order, "report", actor=actor, now=now, trigger=trigger, photos=list(photos))
    return order


def place_of(lng: float | None, lat: float | None) -> dict[str, Unit | None]:
    """Grid, community, street and command centre of a point; outside the grids the district's."""
    found = locate(lng, lat) if lng is not None and lat is not None else None
    grid = found.grid if found else None
    community = found.community if found else None
    street = found.street if found else None
    home = street or Unit.objects.get(kind=Unit.Kind.DISTRICT)
    return {"grid": grid, "community": community, "street": street, "centre": home.centre()}


def nearby(
    lng: float, lat: float, category: Category | None, now: datetime.datetime | None = None
) -> Any:
    """Open orders of the same class close by and recent: perhaps the same problem.

    Distance and age come from the category; without one, the usual 100 m and 72 hours.
    """
    metres = category.near_metres if category else 100
    hours = category.near_hours if category else 72
    since = (now or timezone.now()) - datetime.timedelta(hours=hours)
    north = metres / METRES_PER_DEGREE
    east = north / cos(radians(lat))
    orders = WorkOrder.objects.open().filter(
        created__gte=since,
        lng__range=(lng - east, lng + east),
        lat__range=(lat - north, lat + north),
    )
    return (orders.filter(category=category) if category else orders).order_by("-created")
