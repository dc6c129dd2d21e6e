"""What can be edited under running clocks: a limit, a ladder, days, hours, a storm order.

An edit can be supposed (to see what it would move) and made (written for good). `concerns` names
the open clocks that it could move at all.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from organization import calendar_cache
from organization.calendar import TimeUnit
from organization.models.calendar import CalendarDay, CalendarYear, Source, WorkingHours
from organization.working_time import SHANGHAI, Calendar
from workflow import policy, storms
from workflow.models import PolicyChange, Rung, StormOrder, TimeLimit

BY_THE_CLOCK = Q(unit=TimeUnit.URGENT_HOUR)


class Edit(Protocol):
    def supposed(self) -> Any:
        """A context in which this process reckons as if the edit were made."""

    def concerns(self, model: Any) -> Q | None:
        """Which running clocks of a kind of paper it could move; None: none of them."""

    def adjust(self, model: Any, clock: Any) -> None:
        """Set what it changes of a clock itself; twice is as good as once."""

    def make(self) -> None:
        """Write it; making it twice changes nothing more."""


@dataclass(frozen=True)
class LimitEdit:
    """A new limit from a day on; once the day has come, what runs already follows it.

    A limit of a day to come leaves alone what runs: only what begins then is under it.
    """

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

    def concerns(self, model: Any) -> Q | None:
        if model.flow.name != self.flow or self.day > timezone.localdate():
            return None
        return Q(what=self.clock, policy__isnull=False)

    def adjust(self, model: Any, clock: Any) -> None:
        names = (self.flow, clock.what, clock.kind, self.day, clock.area)
        if limit := policy.current().limit(*names):
            clock.amount, clock.unit, clock.policy = limit.amount, limit.unit, limit

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

    def concerns(self, model: Any) -> Q | None:
        """Those that run over the first of the days or after it, but not by the clock."""
        if not self.days:
            return None
        first = datetime.datetime.combine(min(self.dates), datetime.time(), SHANGHAI)
        return ~BY_THE_CLOCK & (Q(due__gte=first) | Q(next_at__gte=first))

    def adjust(self, model: Any, clock: Any) -> None:
        """Nothing: the same limit is reckoned over other days or hours."""

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
    """Working hours of a unit (None: everybody) from a day on, instead of all that it had.

    Each season is (first day, last day, periods): days of the year as month × 100 + day, openings
    and closings in minutes of the day. Without a season the hours of the unit above count.
    """

    seasons: list[tuple[int, int, list[int]]]
    valid_from: str
    unit: int | None = None

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.valid_from)

    @property
    def rows(self) -> list[WorkingHours]:
        return [
            WorkingHours(
                unit_id=self.unit,
                season_from=first,
                season_to=last,
                periods=list(periods),
                valid_from=self.day,
            )
            for first, last, periods in self.seasons
        ]

    @contextmanager
    def supposed(self) -> Iterator[None]:
        stored = calendar_cache.current()
        kept = [rule for rule in map(self._ended, stored.hours) if rule is not None]
        new = [calendar_cache.rule(row) for row in self.rows]
        calendar = Calendar(stored.listed, stored.names, stored.years, (*kept, *new))
        with calendar_cache.watched.supposing(calendar):
            yield

    def _ended(self, rule: Any) -> Any:
        if rule.unit != self.unit or (rule.valid_to and rule.valid_to < self.day):
            return rule
        if rule.valid_from >= self.day:
            return None
        return replace(rule, valid_to=self.day - datetime.timedelta(days=1))

    def concerns(self, model: Any) -> Q | None:
        first = datetime.datetime.combine(self.day, datetime.time(), SHANGHAI)
        running = ~BY_THE_CLOCK & (Q(due__gte=first) | Q(next_at__gte=first))
        return running & Q(keeper__path__contains=[self.unit]) if self.unit else running

    def adjust(self, model: Any, clock: Any) -> None:
        """Nothing: the same limit is reckoned over other days or hours."""

    @transaction.atomic
    def make(self) -> None:
        stored = WorkingHours.objects.filter(unit=self.unit)
        stored.filter(valid_from__gte=self.day).delete()
        before = stored.exclude(valid_to__lt=self.day)
        before.update(valid_to=self.day - datetime.timedelta(days=1))
        WorkingHours.objects.bulk_create(self.rows)
        calendar_cache.refresh()


class Unmoving:
    """An edit under which every running clock stays as it is."""

    @contextmanager
    def supposed(self) -> Iterator[None]:
        yield

    def concerns(self, model: Any) -> Q | None:
        return None

    def adjust(self, model: Any, clock: Any) -> None:
        """Nothing: no clock is concerned."""


@dataclass(frozen=True)
class LadderEdit(Unmoving):
    """A new ladder from a day on; a running clock keeps that of the day on which it began.

    Each rung is (percent or None, time after the deadline or "", its unit, what happens).
    """

    rungs: list[tuple[int | None, str, str, str]]
    valid_from: str
    flow: str = ""
    clock: str = ""
    kind: str = ""

    @property
    def key(self) -> dict[str, Any]:
        day = datetime.date.fromisoformat(self.valid_from)
        return {"flow": self.flow, "clock": self.clock, "kind": self.kind, "valid_from": day}

    @transaction.atomic
    def make(self) -> None:
        Rung.objects.filter(**self.key).delete()
        Rung.objects.bulk_create(
            Rung(**self.key, n=n, percent=percent, after=after or None, unit=unit, does=does)
            for n, (percent, after, unit, does) in enumerate(self.rungs, 1)
        )
        policy.watched.refresh()


@dataclass(frozen=True)
class StormEdit:
    """Limits held, or stretched by so many percent, in an area for a time; moments in ISO form."""

    area: int
    effect: str
    starts: str
    ends: str
    reason: str
    actor: int
    case: str = ""
    percent: int | None = None

    @cached_property
    def order(self) -> StormOrder:
        """The order; until it is made it has no key."""
        keys = {"area_id": self.area, "case": self.case, "effect": self.effect}
        keys |= {"percent": self.percent, "reason": self.reason, "actor_id": self.actor}
        span = {name: moment_of(getattr(self, name)) for name in ("starts", "ends")}
        stored = StormOrder.objects.filter(**keys, **span).first()
        return stored or StormOrder(**keys, **span)

    @contextmanager
    def supposed(self) -> Iterator[None]:
        with storms.watched.supposing((*storms.watched.current(), self.order)):
            yield

    def concerns(self, model: Any) -> Q | None:
        way = f"paper__{model.to_root}__" if model.to_root else "paper__"
        here: Q = model.root_model().lying_in(self.area, self.case, way)
        return here & Q(started__lt=self.order.ends, due__gt=self.order.starts)

    def adjust(self, model: Any, clock: Any) -> None:
        order = self.order
        if order.pk and clock.storm_id == order.pk:
            return
        clock.extended += storms.longer(clock.amount, clock.unit, self.percent or 0)
        clock.storm = order

    def make(self) -> None:
        if self.order.pk is None:
            self.order.save(force_insert=True)
        storms.watched.refresh()


@dataclass(frozen=True)
class CalmEdit:
    """A storm order ended before its time: what was held runs on from then."""

    storm: int
    ended_at: str

    @cached_property
    def order(self) -> StormOrder:
        return StormOrder.objects.get(pk=self.storm)

    @property
    def ended(self) -> StormOrder:
        order = copy(self.order)
        order.ended_at = min(moment_of(self.ended_at), order.ends)
        return order

    @contextmanager
    def supposed(self) -> Iterator[None]:
        others = [storm for storm in storms.watched.current() if storm.pk != self.storm]
        with storms.watched.supposing((*others, self.ended)):
            yield

    def concerns(self, model: Any) -> Q | None:
        return Q(storm=self.storm)

    def adjust(self, model: Any, clock: Any) -> None:
        """Nothing: what was granted on top stays granted."""

    def make(self) -> None:
        self.ended.save(update_fields=["ended_at"])
        storms.watched.refresh()


def moment_of(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


KINDS: dict[str, type[Any]] = {
    PolicyChange.Kind.LIMIT: LimitEdit,
    PolicyChange.Kind.CALENDAR: CalendarEdit,
    PolicyChange.Kind.HOURS: HoursEdit,
    PolicyChange.Kind.STORM: StormEdit,
    PolicyChange.Kind.CALM: CalmEdit,
    PolicyChange.Kind.LADDER: LadderEdit,
}


def edit_of(change: PolicyChange) -> Edit:
    edit: Edit = KINDS[change.kind](**change.body)
    return edit
