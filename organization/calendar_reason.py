"""Why something is due when it is due, in one sentence of the reader's language."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from organization.calendar import Amount, Pause, paused
from organization.calendar_cache import current
from organization.calendar_words import due_day, due_time, listed, say_amount
from organization.working_time import DAY, SHANGHAI, Calendar, Located, TimeUnit, tick


def explain_due(
    start: datetime.datetime,
    amount: Amount,
    unit: TimeUnit | str,
    due: datetime.datetime,
    pauses: Iterable[Pause] = (),
    *,
    began: str = "",
    owed: str = "",
    calendar: Calendar | None = None,
    hours_of: Located | None = None,
    extended: Amount = 0,
    bound: str = "",
) -> str:
    """Which nights, breaks, days off and pauses lie between the start and the deadline.

    `began` and `owed` name what started the limit and what it asks for, e.g. 派遣 and 签收;
    `extended` is the part of the amount that was granted later (延期), `bound` says which outer
    limit ends it earlier.
    """
    limit = _Limit(start, amount, TimeUnit(unit), due, calendar or current(), hours_of)
    dated = _("D j M") if limit.first.year == limit.last.year else _("D j M Y")
    return _("%(began)s %(start)s; limit %(limit)s; %(rules)s; %(owed)s by %(due)s") % {
        "began": began or _("Counted from"),
        "start": f"{date_format(limit.first, dated)} {start.astimezone(SHANGHAI):%H:%M}",
        "limit": say_limit(amount, unit, extended),
        "rules": _("; ").join([*limit.rules(pauses), *filter(None, [bound])]),
        "owed": owed or _("to be done"),
        "due": f"{date_format(limit.last, dated)} {due_time(due)}",
    }


def say_limit(amount: Amount, unit: TimeUnit | str, extended: Amount) -> str:
    """A limit, and what of it was granted on top: 5工作日，延期2工作日."""
    if not extended:
        return say_amount(amount, unit)
    first = float(amount) - float(extended)
    return _("%(limit)s, extended by %(more)s") % {
        "limit": say_amount(first, unit),
        "more": say_amount(extended, unit),
    }


@dataclass(frozen=True)
class _Limit:
    start: datetime.datetime
    amount: Amount
    unit: TimeUnit
    due: datetime.datetime
    calendar: Calendar
    hours_of: Located | None

    @property
    def first(self) -> datetime.date:
        return self.start.astimezone(SHANGHAI).date()

    @property
    def last(self) -> datetime.date:
        return due_day(self.due)

    @property
    def days(self) -> list[datetime.date]:
        """The days over which the limit may run; in days, that of the start does not count."""
        begin = self.first.toordinal() + self.unit.in_days
        return [datetime.date.fromordinal(n) for n in range(begin, self.last.toordinal() + 1)]

    def rules(self, pauses: Iterable[Pause]) -> list[str]:
        added = self.added(pauses)
        rules = [*self.counting(), *self.rolling(added), *_pausing(added, self.unit)]
        return rules or [_("no break in between")]

    def added(self, pauses: Iterable[Pause]) -> float:
        early = [(stop, go) for stop, go in pauses if stop < self.due]
        return paused(self.start, early, self.unit, calendar=self.calendar, hours_of=self.hours_of)

    def counting(self) -> Iterator[str]:
        if self.unit is TimeUnit.URGENT_HOUR:
            yield _("nights and days off count")
        elif self.unit is TimeUnit.NATURAL_DAY:
            yield _not_counted([_("the day of the start")])
            yield _("days off count")
        else:
            yield from self.skipping()
            yield from self.exceptions()

    def skipping(self) -> Iterator[str]:
        skipped = [_("the day of the start")] if self.unit.in_days else [*self.off_hours()]
        skipped += self.days_off()
        if skipped:
            yield _not_counted(skipped)

    def off_hours(self) -> Iterator[str]:
        begin, end = tick(self.start), tick(self.due)
        opening, breaks = self.openings()
        if any(closed < end and opened > begin for closed, opened in breaks):
            yield _("lunch breaks")
        if self.first < self.last:
            yield _("nights")
        elif begin < opening:
            yield _("the time before opening")

    def openings(self) -> tuple[int, list[tuple[int, int]]]:
        """The opening of the last day, and every break of the working days, as ticks."""
        schedule = self.calendar.measures(self.hours_of).schedule
        days = [day.toordinal() for day in self.days]
        breaks = [
            (day * DAY + closed, day * DAY + opened)
            for day in days
            if schedule.days.works(day)
            for closed, opened in schedule.shift(day).breaks
        ]
        return days[-1] * DAY + schedule.shift(days[-1]).opening, breaks

    def days_off(self) -> Iterator[str]:
        off = [day for day in self.days if not self.calendar.days.works(day.toordinal())]
        if any(day not in self.calendar.listed for day in off):
            yield _("weekends")
        holidays = [day for day in off if day in self.calendar.listed]
        for run in _runs(holidays, self.calendar):
            yield _say_holiday(self.calendar.names.get(run[0], ""), run)

    def exceptions(self) -> Iterator[str]:
        worked = [
            date_format(day, _("D j M"))
            for day in self.days
            if day.weekday() > 4 and self.calendar.days.works(day.toordinal())
        ]
        if worked:
            yield _("%(days)s worked in exchange") % {"days": listed(worked)}
        unknown = sorted({day.year for day in self.days} - self.calendar.years)
        if unknown:
            years = listed(str(year) for year in unknown)
            yield _("calendar of %(years)s not entered yet") % {"years": years}

    def rolling(self, added: float) -> Iterator[str]:
        days = (self.last - self.first).days
        if self.unit is TimeUnit.NATURAL_DAY and days > int(self.amount) + added:
            yield _("a last day off gives way to the next working day")


def _pausing(added: float, unit: TimeUnit) -> Iterator[str]:
    if added:
        yield _("%(time)s added for pauses") % {"time": say_amount(added, unit)}


def _runs(days: Iterable[datetime.date], calendar: Calendar) -> list[list[datetime.date]]:
    """Days that follow one another under one name."""
    runs: list[list[datetime.date]] = []
    for day in days:
        before = runs[-1][-1] if runs else None
        if before and _same_holiday(before, day, calendar):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _same_holiday(before: datetime.date, day: datetime.date, calendar: Calendar) -> bool:
    names = calendar.names
    return (day - before).days == 1 and names.get(before) == names.get(day)


def _say_holiday(name: str, days: list[datetime.date]) -> str:
    span = date_format(days[0], _("j M"))
    if len(days) > 1:
        last = date_format(days[-1], _("j M"))
        span = _("%(first)s to %(last)s") % {"first": span, "last": last}
    return _("%(name)s (%(dates)s)") % {"name": _(name), "dates": span} if name else span


def _not_counted(things: Iterable[str]) -> str:
    return _("%(things)s not counted") % {"things": listed(things)}
