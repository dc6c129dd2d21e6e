"""Taking a report in, from whatever source: find the place, then bear the order."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, radians
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.terrain import locate
from organization.authority import units_where
from organization.duty import Duty
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
    place = place_of(fields.get("lng"), fields.get("lat"), actor)
    order = WorkOrder(reporter=actor, area_level=area_level(place), **fields, **place)
    with received_once():
        if result:
            create(order, "fix", actor=actor, now=now, result=result, photos=list(photos))
        else:
            create(order, "report", actor=actor, now=now, trigger=trigger, photos=list(photos))
    return order


@contextmanager
def received_once() -> Iterator[None]:
    """Say it in words when the same number of a source came twice at the same moment."""
    try:
        yield
    except IntegrityError as error:
        if "workorder_once_per_source" not in str(error):
            raise
        words = _("This number has been received already.")
        raise ValidationError({"source_number": words}) from error


def place_of(
    lng: float | None, lat: float | None, actor: User | None = None
) -> dict[str, Unit | None]:
    """Grid, community, street and command centre of a point; outside the grids the district's.

    Without a point the problem is taken to lie where its reporter works.
    """
    if lng is not None and lat is not None:
        found = locate(lng, lat)
        place = {"grid": found.grid, "community": found.community, "street": found.street}
    else:
        place = workplace(actor)
    home = place["street"] or Unit.objects.get(kind=Unit.Kind.DISTRICT)
    return {**place, "centre": home.centre()}


def area_level(place: dict[str, Unit | None]) -> str:
    """The management level of a place: that of the smallest unit around it that has one."""
    units = (place["grid"], place["community"], place["street"])
    return next((unit.area_level for unit in units if unit and unit.area_level), "")


def workplace(actor: User | None) -> dict[str, Unit | None]:
    """The one unit where the person reports, with what lies above it; else nowhere."""
    held = units_where(actor, Duty.REPORT) if actor else ()
    kinds = {"grid": Unit.Kind.GRID, "community": Unit.Kind.COMMUNITY, "street": Unit.Kind.STREET}
    line = Unit.objects.get(pk=min(held)).path if len(held) == 1 else []
    above = {unit.kind: unit for unit in Unit.objects.filter(pk__in=line)}
    return {name: above.get(kind) for name, kind in kinds.items()}


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
