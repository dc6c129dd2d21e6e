"""The span of time that an overview speaks of, and the one before it to compare with."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "day": _("Today"),
    "week": _("This week"),
    "month": _("This month"),
    "year": _("This year"),
}


@dataclass(frozen=True)
class Period:
    """From `start` up to `now`; `before` is the same length of the period before."""

    name: str
    start: datetime.datetime
    now: datetime.datetime
    before: datetime.datetime

    @property
    def label(self) -> Any:
        return NAMES[self.name]

    @property
    def before_end(self) -> datetime.datetime:
        return self.before + (self.now - self.start)


def period_of(name: str, now: datetime.datetime) -> Period:
    """The running day, week (from Monday), month or year in Shanghai time; the week by default."""
    name = name if name in NAMES else "week"
    today = timezone.localdate(now)
    first = first_day(name, today)
    earlier = first_day(name, first - datetime.timedelta(days=1))
    return Period(name, midnight(first), now, midnight(earlier))


def first_day(name: str, day: datetime.date) -> datetime.date:
    match name:
        case "day":
            return day
        case "week":
            return day - datetime.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            return day.replace(month=1, day=1)


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
