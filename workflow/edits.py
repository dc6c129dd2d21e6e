"""What can be edited under running clocks: a limit, days of the calendar, working hours.

An edit can be supposed (to see what it would move) and made (written for good). `concerns` names
the open clocks that it could move at all.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Q

from organization import calendar_cache
from organization.calendar import TimeUnit
from organization.models.calendar import CalendarDay, CalendarYear, Source, WorkingHours
from organization.working_time import SHANGHAI, Calendar
from workflow import policy
from workflow.models import PolicyChange, TimeLimit

BY_THE_CLOCK = Q(unit=TimeUnit.URGENT_HOUR)


class Edit(Protocol):
    def supposed(self) -> Any:
        """A context in which this process reckons as if the edit were made."""

    def concerns(self, flow: str) -> Q | None:
        """Which running clocks of a flow it could move; None: no clock of the flow."""

    def limit(self, flow: str, clock: Any) -> TimeLimit | None:
        """The limit under which a clock runs after it; None: that under which it runs now."""

    def make(self) -> None:
        """Write it; making it twice changes nothing more."""


@dataclass(frozen=True)
class LimitEdit:
    """A new limit from a day on; what runs already follows it."""

    flow: str
    clock: str
    amount: str
    unit: str
    valid_from: str
    kind: str = ""
    area: str = ""
    sample: bool = False

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.valid_from)

    @property
    def key(self) -> dict[str, Any]:
        names = {name: getattr(self, name) for name in ("flow", "clock", "kind", "area")}
        return {**names, "valid_from": self.day}

    @property
    def values(self) -> dict[str, Any]:
        return {"amount": Decimal(self.amount), "unit": self.unit, "sample": self.sample}

    @contextmanager
    def supposed(self) -> Iterator[None]:
        stored = policy.current()
        others = [
            row for row in stored.limits if any(getattr(row, k) != v for k, v in self.key.items())
        ]
        new = TimeLimit(**self.key, **self.values)
        with policy.watched.supposing(policy.Policies((*others, new), stored.rungs)):
            yield

    def concerns(self, flow: str) -> Q | None:
        return Q(what=self.clock, policy__isnull=False) if flow == self.flow else None

    def limit(self, flow: str, clock: Any) -> TimeLimit | None:
        return policy.current().limit(flow, clock.what, clock.kind, self.day, clock.area)

    def make(self) -> None:
        TimeLimit.objects.update_or_create(**self.key, defaults=self.values)
        policy.watched.refresh()


@dataclass(frozen=True)
class CalendarEdit:
    """Days entered, changed (workday, holiday) or taken out (blank); years entered in full."""

    days: dict[str, tuple[str, str]]
    years: tuple[int, ...] = ()
    notice: str = ""

    @property
    def dates(self) -> dict[datetime.date, tuple[str, str]]:
        return {
            datetime.date.fromisoformat(day): (kind, name)
            for day, (kind, name) in self.days.items()
        }

    @contextmanager
    def supposed(self) -> Iterator[None]:
        stored = calendar_cache.current()
        listed, names = dict(stored.listed), dict(stored.names)
        for day, (kind, name) in self.dates.items():
            listed.pop(day, None)
            names.pop(day, None)
            if kind:
                listed[day], names[day] = kind == CalendarDay.Kind.WORKDAY, name
        calendar = Calendar(listed, names, stored.years.union(self.years), stored.hours)
        with calendar_cache.watched.supposing(calendar):
            yield

    def concerns(self, flow: str) -> Q | None:
        """Those that run over the first of the days or after it, but not by the clock."""
        if not self.days:
            return None
        first = datetime.datetime.combine(min(self.dates), datetime.time(), SHANGHAI)
        return ~BY_THE_CLOCK & (Q(due__gte=first) | Q(next_at__gte=first))

    def limit(self, flow: str, clock: Any) -> TimeLimit | None:
        return None

    def make(self) -> None:
        for day, (kind, name) in self.dates.items():
            if kind:
                values = {"kind": kind, "name": name, "source": Source.NOTICE}
                CalendarDay.objects.update_or_create(date=day, defaults=values)
            else:
                CalendarDay.objects.filter(date=day).delete()
        for year in self.years:
            values = {"source": Source.NOTICE, "notice": self.notice}
            CalendarYear.objects.update_or_create(year=year, defaults=values)
        calendar_cache.refresh()


@dataclass(frozen=True)
class HoursEdit:
    """Working hours of a unit (None: everybody) from a day on; the row before ends the day before.

    `periods` are openings and closings in minutes of the day.
    """

    periods: tuple[int, ...]
    valid_from: str
    unit: int | None = None
    season_from: int = 101
    season_to: int = 1231

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.valid_from)

    @property
    def season(self) -> dict[str, Any]:
        return {"unit_id": self.unit, "season_from": self.season_from, "season_to": self.season_to}

    @contextmanager
    def supposed(self) -> Iterator[None]:
        stored = calendar_cache.current()
        hours = [self._ended(rule) for rule in stored.hours]
        new = calendar_cache.rule(
            WorkingHours(**self.season, periods=list(self.periods), valid_from=self.day)
        )
        kept = tuple(rule for rule in hours if rule is not None)
        calendar = Calendar(stored.listed, stored.names, stored.years, (*kept, new))
        with calendar_cache.watched.supposing(calendar):
            yield

    def _ended(self, rule: Any) -> Any:
        same = (rule.unit, rule.season_from, rule.season_to) == tuple(self.season.values())
        if not same or (rule.valid_to and rule.valid_to < self.day):
            return rule
        if rule.valid_from >= self.day:
            return None
        return replace(rule, valid_to=self.day - datetime.timedelta(days=1))

    def concerns(self, flow: str) -> Q | None:
        first = datetime.datetime.combine(self.day, datetime.time(), SHANGHAI)
        running = ~BY_THE_CLOCK & (Q(due__gte=first) | Q(next_at__gte=first))
        return running & Q(keeper__path__contains=[self.unit]) if self.unit else running

    def limit(self, flow: str, clock: Any) -> TimeLimit | None:
        return None

    def make(self) -> None:
        rows = WorkingHours.objects.filter(**self.season)
        rows.filter(valid_from__gt=self.day).delete()
        before = rows.filter(valid_from__lt=self.day).exclude(valid_to__lt=self.day)
        before.update(valid_to=self.day - datetime.timedelta(days=1))
        values = {"periods": list(self.periods), "valid_to": None}
        WorkingHours.objects.update_or_create(**self.season, valid_from=self.day, defaults=values)
        calendar_cache.refresh()


KINDS: dict[str, type[Any]] = {
    PolicyChange.Kind.LIMIT: LimitEdit,
    PolicyChange.Kind.CALENDAR: CalendarEdit,
    PolicyChange.Kind.HOURS: HoursEdit,
}


def edit_of(change: PolicyChange) -> Edit:
    edit: Edit = KINDS[change.kind](**change.body)
    return edit
