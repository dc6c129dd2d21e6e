"""How long an order may take under its filing condition: dated, as every policy is.

The published table of categories gives each condition a limit; a version of a later day, made
here, goes before it from that day on and outlasts the next loading of the table.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from organization.watched import Watched
from whistle.models.categories import Condition, ConditionLimit

Versions = Mapping[int, Sequence[ConditionLimit]]


class Limit(NamedTuple):
    """A condition's limit; `since` is the day of its version, None for that of the table."""

    amount: Decimal
    unit: str
    since: datetime.date | None = None
    sample: bool = False


def read() -> Versions:
    """The versions of each condition, the youngest first."""
    found: dict[int, list[ConditionLimit]] = {}
    for row in ConditionLimit.objects.order_by("-valid_from"):
        found.setdefault(row.condition_id, []).append(row)
    return found


watched = Watched(read, (ConditionLimit,))


def limit_on(condition: Condition, day: datetime.date) -> Limit:
    """The limit of what is filed under the condition on a day."""
    for row in watched.current().get(condition.pk, ()):
        if row.valid_from <= day:
            return Limit(row.amount, row.unit, row.valid_from, row.sample)
    return Limit(condition.amount, condition.unit)


@dataclass(frozen=True)
class FilingEdit:
    """A new limit of a filing condition from a day on; see `workflow.edits.LimitEdit`."""

    condition: int
    amount: str
    unit: str
    valid_from: str
    sample: bool = False

    @property
    def day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.valid_from)

    @property
    def key(self) -> dict[str, Any]:
        return {"condition_id": self.condition, "valid_from": self.day}

    @property
    def values(self) -> dict[str, Any]:
        return {"amount": Decimal(self.amount), "unit": self.unit, "sample": self.sample}

    @contextmanager
    def supposed(self) -> Iterator[None]:
        stored = watched.current()
        others = [row for row in stored.get(self.condition, ()) if row.valid_from != self.day]
        new = ConditionLimit(**self.key, **self.values)
        rows = sorted([*others, new], key=lambda row: row.valid_from, reverse=True)
        with watched.supposing({**stored, self.condition: rows}):
            yield

    def concerns(self, model: Any) -> Q | None:
        """The work itself, where the order was filed under the condition."""
        if model.flow.name != "workorder" or self.day > timezone.localdate():
            return None
        return Q(what="handle", policy=None, paper__condition=self.condition)

    def adjust(self, model: Any, clock: Any) -> None:
        clock.amount, clock.unit = Decimal(self.amount), self.unit
        clock.own_from = self.day

    def make(self) -> None:
        ConditionLimit.objects.update_or_create(**self.key, defaults=self.values)
        watched.refresh()
