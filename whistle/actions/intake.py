"""Taking a report in, from whatever source: find the place, then bear the order."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, inf, radians
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.terrain import locate, metres_to
from organization.authority import grants_of, holds, units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import Category, WorkOrder
from workflow.actions import create

METRES_PER_DEGREE = 111_320
# So far beyond its border a place may still be the warden's own: satellites err between houses.
# A phone that owns to a greater error is believed up to the second figure; both are policy.
BORDER_METRES = 50
BORDER_METRES_MOST = 200


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
    if actor and not holds(actor, Duty.REPORT, order.origin):
        look_beyond(order, actor)
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
    return with_centre(place)


def with_centre(place: dict[str, Unit | None]) -> dict[str, Unit | None]:
    home = place["street"] or Unit.objects.get(kind=Unit.Kind.DISTRICT)
    return {**place, "centre": home.centre()}


def area_level(place: dict[str, Unit | None]) -> str:
    """The management level of a place: that of the smallest unit around it that has one."""
    units = (place["grid"], place["community"], place["street"])
    return next((unit.area_level for unit in units if unit and unit.area_level), "")


def workplace(actor: User | None) -> dict[str, Unit | None]:
    """The one unit where the person reports, with what lies above it; else nowhere."""
    held = units_where(actor, Duty.REPORT) if actor else ()
    return line_of(Unit.objects.get(pk=min(held)) if len(held) == 1 else None)


def line_of(unit: Unit | None) -> dict[str, Unit | None]:
    """The unit with what lies above it, as the place of an order."""
    kinds = {"grid": Unit.Kind.GRID, "community": Unit.Kind.COMMUNITY, "street": Unit.Kind.STREET}
    above = {one.kind: one for one in Unit.objects.filter(pk__in=unit.path if unit else [])}
    return {name: above.get(kind) for name, kind in kinds.items()}


def look_beyond(order: WorkOrder, actor: User) -> None:
    """Who walks a grid or community sees what lies next door, too: say whose eyes these are.

    Within the district the report is taken wherever it lies, under its true grid (`beat`); at the
    border of the own grid, within what satellites err, also what was fixed on the spot (`beside`).
    Beyond the district's own border such a place belongs to the grid beside it.
    """
    if order.lng is None or order.lat is None:
        return
    beat, metres = nearest_beat(actor, order.lng, order.lat)
    if metres <= min(max(order.accuracy or 0, BORDER_METRES), BORDER_METRES_MOST):
        order.beside = beat
        if order.grid is None:
            place = with_centre(line_of(beat))
            order.area_level = area_level(place)
            for name, unit in place.items():
                setattr(order, name, unit)
    order.beat = beat if order.grid else None


def nearest_beat(actor: User, lng: float, lat: float) -> tuple[Unit | None, float]:
    """The grid or community in which the person reports that is nearest, and how far it is."""
    walked = {Unit.Kind.GRID, Unit.Kind.COMMUNITY}
    kinds = grants_of(actor).kinds
    held = [pk for pk in units_where(actor, Duty.REPORT) if kinds.get(pk) in walked]
    beats = [(metres_to(unit, lng, lat), unit) for unit in Unit.objects.filter(pk__in=held)]
    metres, unit = min(beats, key=lambda beat: beat[0], default=(inf, None))
    return unit, metres


def nearby(
    lng: float, lat: float, category: Category | None, now: datetime.datetime | None = None
) -> Any:
    """Open orders of the same class close by and recent: perhaps the same problem.

    Distance and age come from the category; without one, the usual 100 m and 72 hours. Parts are
    left out: their whole is there.
    """
    metres = category.near_metres if category else 100
    hours = category.near_hours if category else 72
    since = (now or timezone.now()) - datetime.timedelta(hours=hours)
    north = metres / METRES_PER_DEGREE
    east = north / cos(radians(lat))
    orders = WorkOrder.objects.open().filter(
        part_of=None,
        created__gte=since,
        lng__range=(lng - east, lng + east),
        lat__range=(lat - north, lat + north),
    )
    return (orders.filter(category=category) if category else orders).order_by("-created")
