"""Fill the calendar from the table that chinesecalendar publishes after every year's notice."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from chinese_calendar import constants
from django.db import transaction

from organization.calendar_cache import forget, refresh
from organization.models.calendar import CalendarDay, CalendarYear, Source

Kind = CalendarDay.Kind


class Loaded(NamedTuple):
    years: list[int]
    unknown: list[int]
    added: int
    changed: int
    removed: int
    kept: int


@transaction.atomic
def load_years(years: Iterable[int] | None = None) -> Loaded:
    """Enter the years the library knows (all unless given); what people entered stays."""
    transaction.on_commit(forget)
    table = _published()
    known = {date.year for date, _, _ in table}
    wanted = known if years is None else set(years)
    rows = {date: (kind, name) for date, kind, name in table if date.year in wanted}
    entered = {row.date: row for row in CalendarDay.objects.filter(date__year__in=wanted & known)}
    added, changed, removed = _settle(rows, entered)
    CalendarYear.objects.bulk_create(
        [CalendarYear(year=year, source=Source.LIBRARY) for year in sorted(wanted & known)],
        ignore_conflicts=True,
    )
    refresh()
    kept = sum(row.source != Source.LIBRARY for row in entered.values())
    return Loaded(sorted(wanted & known), sorted(wanted - known), added, changed, removed, kept)


def _settle(
    rows: dict[datetime.date, tuple[Kind, str]], entered: dict[datetime.date, CalendarDay]
) -> tuple[int, int, int]:
    ours = {date: row for date, row in entered.items() if row.source == Source.LIBRARY}
    new = [
        CalendarDay(date=date, kind=kind, name=name, source=Source.LIBRARY)
        for date, (kind, name) in rows.items()
        if date not in entered
    ]
    changed = [
        row for date, row in ours.items() if date in rows and rows[date] != (row.kind, row.name)
    ]
    for row in changed:
        row.kind, row.name = rows[row.date]
    stale = [row.pk for date, row in ours.items() if date not in rows]
    CalendarDay.objects.bulk_create(new)
    CalendarDay.objects.bulk_update(changed, ["kind", "name"])
    CalendarDay.objects.filter(pk__in=stale).delete()
    return len(new), len(changed), len(stale)


def _published() -> list[tuple[datetime.date, Kind, str]]:
    free = [(date, Kind.HOLIDAY, name) for date, name in constants.holidays.items()]
    made_up = [(date, Kind.WORKDAY, name) for date, name in constants.workdays.items()]
    return sorted(free + made_up)
