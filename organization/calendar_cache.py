"""The calendar as this process knows it, read again soon after anybody has edited it."""

import datetime
from time import monotonic
from typing import NamedTuple

from django.db import connection

from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from organization.working_time import SHANGHAI, Calendar, HoursRule

CHECK_SECONDS = 3.0
ALARM_MONTH = 11


class _Held(NamedTuple):
    calendar: Calendar
    stamp: str
    checked: float


_held: _Held | None = None


def current() -> Calendar:
    """The calendar, at most a few seconds older than the database."""
    held = _held
    if held and monotonic() - held.checked < CHECK_SECONDS:
        return held.calendar
    return refresh()


def refresh() -> Calendar:
    """Look for edits now: to be called in the transaction that makes one."""
    global _held
    stamp = _stamp()
    calendar = _held.calendar if _held and _held.stamp == stamp else read()
    _held = _Held(calendar, stamp, monotonic())
    return calendar


def forget() -> None:
    """Let the next look-up read the database: after a rollback, and between tests."""
    global _held
    _held = None


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
        hours=tuple(_rule(row) for row in WorkingHours.objects.order_by("id")),
    )


def _rule(row: WorkingHours) -> HoursRule:
    return HoursRule(
        unit=row.unit_id,
        periods=tuple(row.periods),
        season_from=row.season_from,
        season_to=row.season_to,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _stamp() -> str:
    """A digest of every row, so that no kind of edit is missed: bulk, raw, deletion."""
    tables = (CalendarDay, CalendarYear, WorkingHours)
    digests = ", ".join(
        f"(SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table._meta.db_table} t)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws('/', {digests})")
        return str(cursor.fetchone()[0])
