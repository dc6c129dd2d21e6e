"""What storm orders do to clocks: those that hold add pauses, those that stretch add time."""

import datetime
import math
from decimal import Decimal
from typing import Any

from organization.calendar import Pause, TimeUnit
from organization.watched import Watched
from workflow.models import StormOrder

KEPT = datetime.timedelta(days=400)


def read() -> tuple[StormOrder, ...]:
    """The orders under which a clock that runs today can have been: none runs over a year."""
    newest = StormOrder.objects.order_by("-starts").values_list("starts", flat=True).first()
    if newest is None:
        return ()
    return tuple(StormOrder.objects.filter(ends__gte=newest - KEPT))


watched = Watched(read, (StormOrder,))


def named(pk: int | None) -> StormOrder | None:
    """The order of that key, among those that can concern a clock of today."""
    return next((storm for storm in watched.current() if storm.pk == pk), None) if pk else None


def over(root: Any) -> list[StormOrder]:
    """The orders that concern a root paper, whenever they are or were in force."""
    return [storm for storm in watched.current() if storm.covers(root)]


def holds(root: Any) -> list[Pause]:
    """The times in which limits of the paper and of all under it are not counted."""
    return [
        (storm.starts, storm.over)
        for storm in over(root)
        if storm.effect == StormOrder.Effect.HOLD and storm.over > storm.starts
    ]


def begin(clock: Any, root: Any) -> list[Pause]:
    """What a new clock of a paper in a storm gets on top; returns the times that do not count."""
    now = clock.started
    found = [storm for storm in over(root) if storm.starts <= now < storm.over]
    for storm in sorted(found, key=lambda storm: storm.percent or 0):
        clock.storm = storm
        clock.extended = longer(clock.amount, clock.unit, storm.percent or 0)
    return holds(root)


def longer(amount: Decimal, unit: str, percent: int) -> Decimal:
    """So many percent of a limit; days are counted whole, a begun one in favour of who works."""
    more = Decimal(amount) * percent / 100
    return Decimal(math.ceil(more)) if TimeUnit(unit).in_days else round(more, 2)
