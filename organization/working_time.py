"""The arithmetic of working time, over plain data: no database, no present moment, no language.

Inside, a moment is one integer, its *tick*: microseconds of Shanghai wall time, where day n of
the calendar (`date.toordinal`) begins at tick n × DAY. Every operation is a few look-ups in sorted
tables, so a limit of ten years costs what a limit of one day costs.
"""

import datetime
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, Protocol, Self
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DEFAULT_PERIODS = (540, 720, 840, 1080)
SEASONS_FROM, SEASONS_TO = 2000, 2100
_DAY_ONE = datetime.datetime(1, 1, 1, tzinfo=SHANGHAI)


class TimeUnit(TextChoices):
    URGENT_HOUR = "urgent_hour", _("Urgent hour")
    WORK_HOUR = "work_hour", _("Working hour")
    WORK_DAY = "work_day", _("Working day")
    NATURAL_DAY = "natural_day", _("Natural day")

    @property
    def in_days(self) -> bool:
        return self in (TimeUnit.WORK_DAY, TimeUnit.NATURAL_DAY)


def tick(moment: datetime.datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("working time needs an aware datetime")
    here = moment.astimezone(SHANGHAI)
    seconds = here.hour * 3600 + here.minute * 60 + here.second
    return here.toordinal() * DAY + seconds * 1_000_000 + here.microsecond


def moment(tick: int) -> datetime.datetime:
    day, rest = divmod(tick, DAY)
    return _DAY_ONE + datetime.timedelta(days=day - 1, microseconds=rest)


def _weekdays(day: int) -> int:
    """How many Mondays to Fridays there are up to and including the day (day 1 is a Monday)."""
    weeks, rest = divmod(day, 7)
    return weeks * 5 + min(rest, 5)


def _nth_weekday(number: int) -> int:
    weeks, rest = divmod(number - 1, 5)
    return weeks * 7 + rest + 1


class WorkDays:
    """Which days are worked: Monday to Friday, but for the days listed."""

    def __init__(self, listed: Mapping[int, bool]) -> None:
        self.listed = {day: works for day, works in sorted(listed.items())}
        changes = [d for d, works in self.listed.items() if works != (0 < d % 7 < 6)]
        self._changes = changes
        self._shift = list(accumulate((1 if self.listed[d] else -1 for d in changes), initial=0))
        self._counts = [self.count(d) for d in changes]

    def works(self, day: int) -> bool:
        return self.listed.get(day, 0 < day % 7 < 6)

    def count(self, day: int) -> int:
        """How many working days there are up to and including the day."""
        return _weekdays(day) + self._shift[bisect_right(self._changes, day)]

    def nth(self, number: int) -> int:
        """The first day on which `count` reaches the number."""
        place = bisect_left(self._counts, number)
        day = _nth_weekday(number - self._shift[place])
        return min(day, self._changes[place]) if place < len(self._changes) else day


class Shift:
    """The working periods of one day."""

    def __init__(self, periods: Sequence[int]) -> None:
        ticks = [minutes * MINUTE for minutes in periods]
        self.periods = tuple(zip(ticks[::2], ticks[1::2], strict=True))
        self.length = sum(end - start for start, end in self.periods)
        self.breaks = tuple(zip(ticks[1:-1:2], ticks[2:-1:2], strict=True))
        self.opening, self.close = ticks[0], ticks[-1]

    def worked(self, rest: int) -> int:
        """How much of the shift lies before the tick of the day."""
        return sum(min(rest, end) - start for start, end in self.periods if rest > start)

    def reached(self, worked: int) -> int:
        """The earliest tick of the day by which so much has been worked."""
        for start, end in self.periods:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        return self.close


@dataclass(frozen=True)
class HoursRule:
    """Working periods of a unit (None: everybody) in a season, MMDD to MMDD, for some years."""

    unit: int | None
    periods: tuple[int, ...]
    season_from: int = 101
    season_to: int = 1231
    valid_from: datetime.date = datetime.date.min
    valid_to: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        if day < self.valid_from or (self.valid_to and day > self.valid_to):
            return False
        mmdd = day.month * 100 + day.day
        if self.season_from <= self.season_to:
            return self.season_from <= mmdd <= self.season_to
        return mmdd >= self.season_from or mmdd <= self.season_to

    def edges(self) -> Iterable[int]:
        """The days on which the rule may begin or cease to cover, as ordinals."""
        yield self.valid_from.toordinal()
        if self.valid_to:
            yield self.valid_to.toordinal() + 1
        if (self.season_from, self.season_to) != (101, 1231):
            for year in range(SEASONS_FROM, SEASONS_TO + 1):
                yield _reached(year, self.season_from)
                yield _reached(year, self.season_to + 1)


def _reached(year: int, mmdd: int) -> int:
    """The first day from MMDD on: that of the next month where this one has no such day."""
    month, day = divmod(mmdd, 100)
    return datetime.date(year, month, 1).toordinal() + min(day - 1, monthrange(year, month)[1])


class Schedule:
    """Working days and their shifts over all time, as stretches of equal shifts."""

    def __init__(self, days: WorkDays, stretches: Sequence[tuple[int, Shift]]) -> None:
        self.days = days
        self._starts = [start for start, _ in stretches]
        self._shifts = [shift for _, shift in stretches]
        self._first = [days.count(start - 1) for start in self._starts]
        following = zip(self._shifts, self._first, self._first[1:], strict=False)
        self._before = list(accumulate(((b - a) * s.length for s, a, b in following), initial=0))

    def shift(self, day: int) -> Shift:
        return self._shifts[bisect_right(self._starts, day) - 1]

    def worked(self, tick: int) -> int:
        """Working time from the beginning of the calendar to the tick."""
        day, rest = divmod(tick, DAY)
        place = bisect_right(self._starts, day) - 1
        shift = self._shifts[place]
        whole = self.days.count(day - 1) - self._first[place]
        today = shift.worked(rest) if self.days.works(day) else 0
        return self._before[place] + whole * shift.length + today

    def reached(self, worked: int) -> int:
        """The earliest tick by which so much time has been worked: a period's end, if just full."""
        place = bisect_left(self._before, worked) - 1
        shift = self._shifts[place]
        whole, rest = divmod(worked - self._before[place] - 1, shift.length)
        return self.days.nth(self._first[place] + whole + 1) * DAY + shift.reached(rest + 1)

    def close(self, day: int) -> int:
        """The close of business of the day, as a tick."""
        return day * DAY + self.shift(day).close

    def closes(self, tick: int) -> int:
        """How many closes of business have passed at the tick."""
        day, rest = divmod(tick, DAY)
        closed = self.days.works(day) and rest >= self.shift(day).close
        return self.days.count(day - 1) + closed


class Measure(Protocol):
    """One time unit: how a limit is added, what an interval counts, what a pause adds."""

    def add(self, begin: int, need: int) -> int: ...

    def between(self, begin: int, end: int) -> int: ...

    def paused(self, begin: int, end: int) -> int: ...


class UrgentHours:
    def add(self, begin: int, need: int) -> int:
        return begin + need

    def between(self, begin: int, end: int) -> int:
        return max(0, end - begin)

    paused = between


class WorkHours:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def add(self, begin: int, need: int) -> int:
        return self._schedule.reached(self._schedule.worked(begin) + need) if need else begin

    def between(self, begin: int, end: int) -> int:
        return max(0, self._schedule.worked(end) - self._schedule.worked(begin))

    paused = between


class InDays:
    """A midnight begins its own day as a start, and is the 24:00 of the day before as an end."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._days = schedule.days


class WorkingDays(InDays):
    def add(self, begin: int, need: int) -> int:
        return self._schedule.close(self._days.nth(self._days.count(begin // DAY) + need))

    def between(self, begin: int, end: int) -> int:
        return max(0, self._days.count((end - 1) // DAY) - self._days.count(begin // DAY))

    def paused(self, begin: int, end: int) -> int:
        return self._schedule.closes(end) - self._schedule.closes(begin)


class NaturalDays(InDays):
    def add(self, begin: int, need: int) -> int:
        return (begin // DAY + need + 1) * DAY

    def between(self, begin: int, end: int) -> int:
        return max(0, (end - 1) // DAY - begin // DAY)

    def paused(self, begin: int, end: int) -> int:
        return end // DAY - begin // DAY


class Measures(NamedTuple):
    schedule: Schedule
    of: Mapping[TimeUnit, Measure]

    @classmethod
    def over(cls, schedule: Schedule) -> Self:
        return cls(
            schedule,
            {
                TimeUnit.URGENT_HOUR: UrgentHours(),
                TimeUnit.WORK_HOUR: WorkHours(schedule),
                TimeUnit.WORK_DAY: WorkingDays(schedule),
                TimeUnit.NATURAL_DAY: NaturalDays(schedule),
            },
        )


class Located(Protocol):
    """Anything with a place in the tree of units: the ids from the root to itself."""

    @property
    def path(self) -> Sequence[int]: ...


@dataclass(frozen=True)
class Calendar:
    """The working calendar at one moment of its editing; never changed, only replaced."""

    listed: Mapping[datetime.date, bool] = field(default_factory=dict)
    names: Mapping[datetime.date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    hours: tuple[HoursRule, ...] = ()
    _known: dict[tuple[int, ...], Measures] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def days(self) -> WorkDays:
        return WorkDays({day.toordinal(): works for day, works in self.listed.items()})

    @cached_property
    def _units(self) -> frozenset[int]:
        return frozenset(rule.unit for rule in self.hours if rule.unit is not None)

    def measures(self, place: Located | None = None) -> Measures:
        chain: tuple[int, ...] = ()
        if place is not None and self._units:
            chain = tuple(unit for unit in place.path if unit in self._units)
        known = self._known.get(chain)
        if known is None:
            schedule = Schedule(self.days, list(self._stretches(chain)))
            known = self._known[chain] = Measures.over(schedule)
        return known

    def _stretches(self, chain: tuple[int, ...]) -> Iterable[tuple[int, Shift]]:
        layers = [
            [rule for rule in self.hours if rule.unit == unit] for unit in (*chain[::-1], None)
        ]
        edges = {1, *(edge for rules in layers for rule in rules for edge in rule.edges())}
        latest: tuple[int, ...] = ()
        for edge in sorted(edges):
            periods = _periods_on(datetime.date.fromordinal(edge), layers)
            if periods != latest:
                yield edge, Shift(periods)
            latest = periods


def _periods_on(day: datetime.date, layers: Sequence[Sequence[HoursRule]]) -> tuple[int, ...]:
    for rules in layers:
        for rule in rules:
            if rule.covers(day):
                return rule.periods
    return DEFAULT_PERIODS
