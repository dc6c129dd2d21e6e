"""When things happen: hours of the day by source, and how long officials take."""

import bisect
import datetime
from collections.abc import Callable
from decimal import Decimal
from itertools import accumulate
from random import Random

from django.utils import timezone

from organization.calendar import TimeUnit, due, elapsed, is_workday

Moment = datetime.datetime

# Reports in each hour of the day, from 0 to 23, in proportion.
HOURS = {
    "grid": (0, 0, 0, 0, 0, 0, 1, 4, 12, 14, 12, 6, 2, 5, 13, 13, 9, 5, 2, 2, 1, 0, 0, 0),
    "hotline": (1, 1, 0, 0, 0, 1, 3, 6, 10, 12, 11, 8, 5, 7, 11, 11, 9, 7, 6, 7, 7, 6, 4, 2),
    "resident": (0, 0, 0, 0, 0, 1, 3, 6, 7, 7, 6, 5, 5, 5, 6, 6, 6, 7, 8, 9, 8, 6, 3, 1),
    "city": (0, 0, 0, 0, 0, 0, 1, 6, 14, 14, 12, 5, 2, 6, 13, 13, 9, 4, 1, 0, 0, 0, 0, 0),
    "video": (2, 1, 1, 1, 1, 3, 7, 8, 5, 4, 4, 5, 4, 4, 4, 4, 6, 8, 8, 8, 8, 7, 5, 3),
    "leader": (0, 0, 0, 0, 0, 0, 0, 0, 4, 10, 10, 6, 0, 2, 8, 10, 6, 2, 0, 0, 0, 0, 0, 0),
}
# Reports on a free day, against a working day: of all sources, and of some.
FREE_DAY = 0.5
ON_FREE_DAYS = {"grid": 0.35, "city": 0.3, "leader": 0.05}
# How long one unit of a limit is when it is spent in working hours.
WORK_HOURS = {TimeUnit.WORK_HOUR: 1.0, TimeUnit.WORK_DAY: 7.0, TimeUnit.NATURAL_DAY: 5.0}
BRIEFEST = 2 / 60
# What rests now makes up most of what is born today, and half of it a working day ago.
LULL, LULL_HOURS = 0.1, 16


def day_of(
    ago: float, days: int, now: Moment, weight: Callable[[int], float]
) -> tuple[Moment, Moment]:
    """The day at this share of the past; `weight` says how much happens so many days ago."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight - datetime.timedelta(days=n) for n in range(days + 1)]
    weights = [weight(n) * busy(start, now) for n, start in enumerate(starts)]
    sums = list(accumulate(weights))
    start = starts[min(bisect.bisect_right(sums, ago * sums[-1]), days)]
    return start, min(start + datetime.timedelta(days=1), now)


def busy(start: Moment, now: Moment) -> float:
    """How much happens on a day, against a whole working day that is long over."""
    part = 1.0 if is_workday(start.date()) else FREE_DAY
    end = start + datetime.timedelta(days=1)
    if now < end:
        part *= sum(HOURS["hotline"][: timezone.localtime(now).hour]) / sum(HOURS["hotline"])
    return part * min(1, LULL + elapsed(end, now, TimeUnit.WORK_HOUR) / LULL_HOURS)


def birth(rng: Random, source: str, first: Moment, last: Moment) -> Moment:
    """A likely moment of a report from the source between two moments."""
    span = (last - first).total_seconds()
    most = max(HOURS[source])
    for _try in range(60):
        moment = first + datetime.timedelta(seconds=rng.random() * span)
        local = timezone.localtime(moment)
        likely = HOURS[source][local.hour] / most
        if not is_workday(local.date()):
            likely *= ON_FREE_DAYS.get(source, 0.8)
        if rng.random() < likely:
            return moment
    return first + (last - first) / 2


def before(moment: Moment, hours: float) -> Moment:
    """The moment from which so many working hours lead to the given one."""
    early, late = moment - datetime.timedelta(days=14 + hours), moment
    for _halving in range(24):
        middle = early + (late - early) / 2
        if elapsed(middle, moment, TimeUnit.WORK_HOUR) > hours:
            early = middle
        else:
            late = middle
    return late


def share(rng: Random) -> float:
    """How much of a limit is used up: mostly about a third, one in fifty runs over it."""
    return min(rng.lognormvariate(-1.1, 0.53), 3.0)


def work_hours(amount: Decimal | float, unit: str) -> float:
    """About how many working hours a limit leaves; by the clock none need be left."""
    return float(amount) * WORK_HOURS.get(TimeUnit(unit), 0)


def later(moment: Moment, amount: Decimal | float, unit: str, part: float) -> Moment:
    """When someone is done who uses this part of a limit; officials work in working hours."""
    unit = TimeUnit(unit)
    if unit is TimeUnit.URGENT_HOUR:
        return moment + datetime.timedelta(hours=max(float(amount) * part, BRIEFEST))
    hours = max(work_hours(amount, unit) * part, BRIEFEST)
    return due(moment, round(Decimal(hours), 4), TimeUnit.WORK_HOUR)
