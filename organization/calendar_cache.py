"""The calendar as this process knows it, read again soon after anybody has edited it."""

import datetime

from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from organization.watched import Watched
from organization.working_time import SHANGHAI, Calendar, HoursRule

ALARM_MONTH = 11


def missing_years(now: datetime.datetime) -> list[int]:
    """The years that should have been entered by now: this one, and from November the next."""
    today = now.astimezone(SHANGHAI)
    needed = [today.year] if today.month < ALARM_MONTH else [today.year, today.year + 1]
    return [year for year in needed if year not in current().years]


def read() -> Calendar:
    days = CalendarDay.objects.values_list("date", "kind", "name")
    return Calendar(
        listed={date: kind == CalendarDay.Kind.WORKDAY for date, kind, _ in days},
        names={date: name for date, _, name in days},
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
        hours=tuple(rule(row) for row in WorkingHours.objects.order_by("id")),
    )


def rule(row: WorkingHours) -> HoursRule:
    return HoursRule(
        unit=row.unit_id,
        periods=tuple(row.periods),
        season_from=row.season_from,
        season_to=row.season_to,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


watched = Watched(read, (CalendarDay, CalendarYear, WorkingHours))
current, refresh, forget = watched.current, watched.refresh, watched.forget
