"""The year as the calendar page shows it."""

import datetime
from calendar import Calendar as Weeks
from typing import NamedTuple

from django.utils.translation import gettext as _

from organization.calendar_cache import current
from organization.working_time import Calendar


class Day(NamedTuple):
    date: datetime.date
    works: bool
    exchanged: bool
    name: str


class Month(NamedTuple):
    first: datetime.date
    weeks: list[list[Day | None]]
    workdays: int


class Year(NamedTuple):
    number: int
    entered: bool
    months: list[Month]
    workdays: int


def year_view(year: int, calendar: Calendar | None = None) -> Year:
    """Twelve months of whole weeks from Monday; days of the neighbouring months are None.

    A day is exchanged when it is worked against the week, or free against it (调休).
    """
    calendar = calendar or current()
    months = [_month(datetime.date(year, number, 1), calendar) for number in range(1, 13)]
    entered = year in calendar.years
    return Year(year, entered, months, sum(month.workdays for month in months))


def _month(first: datetime.date, calendar: Calendar) -> Month:
    weeks = [
        [_day(date, calendar) if date.month == first.month else None for date in week]
        for week in Weeks().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, sum(day.works for week in weeks for day in week if day))


def _day(date: datetime.date, calendar: Calendar) -> Day:
    works = calendar.days.works(date.toordinal())
    name = calendar.names.get(date, "")
    return Day(date, works, works != (date.weekday() < 5), _(name) if name else "")
