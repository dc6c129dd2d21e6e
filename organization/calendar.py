"""When something is due, how long it has run, how much is left: the four time units of the city.

    urgent_hour   every hour counts, nights and holidays too
    work_hour     only time inside the working periods of working days
    work_day      the day of the start is not counted; due at the close of business
    natural_day   the day of the start is not counted; due at 24:00, given as 00:00 of the next day

`hours_of` is the unit whose working periods apply; `calendar` is the loaded one unless given.
"""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from organization.calendar_cache import current
from organization.working_time import (
    DAY,
    HOUR,
    MINUTE,
    Calendar,
    Located,
    TimeUnit,
    moment,
    tick,
)

__all__ = [
    "Amount",
    "Calendar",
    "Pause",
    "Remaining",
    "TimeUnit",
    "due",
    "elapsed",
    "is_workday",
    "next_workday",
    "paused",
    "remaining",
]

Amount = int | float | Decimal
Pause = tuple[datetime.datetime, datetime.datetime]


def due(
    start: datetime.datetime,
    amount: Amount,
    unit: TimeUnit | str,
    *,
    roll: bool = False,
    pauses: Iterable[Pause] = (),
    calendar: Calendar | None = None,
    hours_of: Located | None = None,
) -> datetime.datetime:
    """The moment a limit runs out, in Shanghai time.

    A pause that begins before the limit has run out adds to a limit in hours the time that would
    have counted, to a limit in days the closes of business (the midnights) in it. With `roll`, a
    last natural day that is not worked gives way to the next working day, where a law says so.
    """
    unit = TimeUnit(unit)
    calendar = calendar or current()
    measure = calendar.measures(hours_of).of[unit]
    begin, need = tick(start), _size(amount, unit)
    full = last = measure.add(begin, need)
    rolls = roll and unit is TimeUnit.NATURAL_DAY
    if rolls:
        last = _rolled(calendar, full)
    for stop, go in _spans(pauses, begin):
        if stop >= last:
            break
        if stop >= full:
            need = measure.between(begin, last)
        need += measure.paused(stop, go)
        full = last = measure.add(begin, need)
        if rolls:
            last = _rolled(calendar, full)
    return moment(last)


def elapsed(
    start: datetime.datetime,
    end: datetime.datetime,
    unit: TimeUnit | str,
    *,
    pauses: Iterable[Pause] = (),
    calendar: Calendar | None = None,
    hours_of: Located | None = None,
) -> float:
    """How much of a limit has been used: hours, or whole days in (day of start, day of end].

    What `due` adds, this measures. An end before the start has used nothing.
    """
    unit = TimeUnit(unit)
    measure = (calendar or current()).measures(hours_of).of[unit]
    begin, finish = tick(start), tick(end)
    used = measure.between(begin, finish) - sum(
        measure.paused(stop, min(go, finish)) for stop, go in _spans(pauses, begin) if stop < finish
    )
    return max(0, used) if unit.in_days else used / HOUR


def paused(
    start: datetime.datetime,
    pauses: Iterable[Pause],
    unit: TimeUnit | str,
    *,
    calendar: Calendar | None = None,
    hours_of: Located | None = None,
) -> float:
    """What the pauses add to a limit that began at the start, in hours or days."""
    unit = TimeUnit(unit)
    measure = (calendar or current()).measures(hours_of).of[unit]
    added = sum(measure.paused(stop, go) for stop, go in _spans(pauses, tick(start)))
    return added if unit.in_days else added / HOUR


def is_workday(day: datetime.date, calendar: Calendar | None = None) -> bool:
    return (calendar or current()).days.works(day.toordinal())


def next_workday(day: datetime.date, calendar: Calendar | None = None) -> datetime.date:
    """The first working day after the day."""
    days = (calendar or current()).days
    return datetime.date.fromordinal(days.nth(days.count(day.toordinal()) + 1))


class Remaining(NamedTuple):
    """What a countdown shows; `unit` is that of the figures, urgent_hour meaning by the clock.

    All three figures may be zero when overdue: the limit has passed, but no minute that counts.
    """

    overdue: bool
    days: int
    hours: int
    minutes: int
    unit: TimeUnit


def remaining(
    now: datetime.datetime,
    due: datetime.datetime,
    unit: TimeUnit | str,
    *,
    calendar: Calendar | None = None,
    hours_of: Located | None = None,
) -> Remaining:
    """Time left, minutes rounded up, or time over, rounded down, as people say it.

    Days as long as one is left, then the hours of the last day; when nothing that counts is left
    but the limit has not passed, the time by the clock.
    """
    measures = (calendar or current()).measures(hours_of).of
    here, there = tick(now), tick(due)
    overdue = here >= there
    first, last = min(here, there), max(here, there)
    for each in _coarse_to_fine(TimeUnit(unit), overdue):
        count = measures[each].between(first, last)
        if count and each.in_days:
            return Remaining(overdue, count, 0, 0, each)
        if count:
            return _in_hours(overdue, count, each)
    return Remaining(overdue, 0, 0, 0, TimeUnit(unit))


def _coarse_to_fine(unit: TimeUnit, overdue: bool) -> tuple[TimeUnit, ...]:
    """Overdue by no working day stays so through the night: hours would shrink next morning."""
    if unit is TimeUnit.NATURAL_DAY:
        return (unit, TimeUnit.URGENT_HOUR)
    if overdue or unit is TimeUnit.URGENT_HOUR:
        return (unit,)
    if unit is TimeUnit.WORK_DAY:
        return (unit, TimeUnit.WORK_HOUR, TimeUnit.URGENT_HOUR)
    return (unit, TimeUnit.URGENT_HOUR)


def _in_hours(overdue: bool, count: int, unit: TimeUnit) -> Remaining:
    minutes = count // MINUTE if overdue else -(-count // MINUTE)
    hours, minutes = divmod(minutes, 60)
    days = 0
    if unit is TimeUnit.URGENT_HOUR:
        days, hours = divmod(hours, 24)
    return Remaining(overdue, days, hours, minutes, unit)


def _size(amount: Amount, unit: TimeUnit) -> int:
    """A limit in the measure's own counting: whole days from one up, or microseconds."""
    need = int(amount) if unit.in_days else round(amount * HOUR)
    if need < unit.in_days or (unit.in_days and need != amount):
        raise ValueError(f"not a limit: {amount} {unit}")
    return need


def _spans(pauses: Iterable[Pause], begin: int) -> Iterator[tuple[int, int]]:
    """The pauses after the beginning as ticks, in order and without overlap."""
    until = begin
    for stop, go in sorted((tick(stop), tick(go)) for stop, go in pauses):
        if go < stop:
            raise ValueError("a pause cannot end before it begins")
        stop = max(stop, until)
        if stop < go:
            yield stop, go
            until = go


def _rolled(calendar: Calendar, midnight: int) -> int:
    days = calendar.days
    last = midnight // DAY - 1
    return (days.nth(days.count(last - 1) + 1) + 1) * DAY
