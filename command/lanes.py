"""Department lanes: when each leg ran against its limit, on one axis of days, in percent."""

import datetime
import math
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from command.countdown import Countdown
from organization.calendar import is_workday

DAY = datetime.timedelta(days=1)
MOST_LABELS = 16
NARROWEST = 0.5
LEG_HEIGHT = 26


@dataclass
class Leg:
    """One limit of one department: sign, contact, arrive or finish."""

    name: str
    start: datetime.datetime
    due: datetime.datetime
    stopped: datetime.datetime | None = None
    held: datetime.datetime | None = None
    note: str = ""
    exact: str = ""
    count: Countdown | None = None


@dataclass
class Lane:
    """One department: what it is asked, who answers, its legs; `answer` stands under them."""

    name: str
    legs: list[Leg]
    role: str = ""
    badges: list[dict[str, str]] = field(default_factory=list)
    task: str = ""
    contact: str = ""
    label: str = ""
    url: str = ""
    key: str = ""
    answer: Any = None


class Axis:
    """Days from the blow to the last deadline; a moment becomes a share of the width."""

    def __init__(self, first: datetime.datetime, last: datetime.datetime):
        self.start = midnight(first)
        self.days = max(1, math.ceil((last - self.start) / DAY))

    def x(self, moment: datetime.datetime) -> float:
        share = (moment - self.start) / (self.days * DAY) * 100
        return round(min(100.0, max(0.0, share)), 2)

    def bar(self, kind: str, start: datetime.datetime, end: datetime.datetime) -> dict[str, Any]:
        x = self.x(start)
        return {"kind": kind, "x": x, "width": round(max(NARROWEST, self.x(end) - x), 2)}

    def labels(self, now: datetime.datetime) -> list[dict[str, Any]]:
        every = math.ceil(self.days / MOST_LABELS)
        days = [self.start + i * DAY for i in range(0, self.days, every)]
        near = self.x(now)
        labels = [
            {"x": self.x(day + DAY / 2), "text": str(timezone.localtime(day).day)} for day in days
        ]
        return [label for label in labels if abs(label["x"] - near) > 100 / (2 * self.days)]

    def ticks(self) -> list[float]:
        return [self.x(self.start + i * DAY) for i in range(1, self.days)]

    def days_off(self) -> list[dict[str, Any]]:
        days = [self.start + i * DAY for i in range(self.days)]
        closed = [day for day in days if not is_workday(timezone.localtime(day).date())]
        return [self.bar("off", day, day + DAY) for day in closed]


def midnight(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def lay_out(lanes: list[Lane], now: datetime.datetime, title: str = "") -> dict[str, Any]:
    """What `parts/lanes.html` draws."""
    legs = [leg for lane in lanes for leg in lane.legs]
    axis = Axis(
        min(leg.start for leg in legs),
        max(max(leg.due, leg.stopped or now) for leg in legs),
    )
    return {
        "title": title,
        "axis": axis.labels(now),
        "ticks": axis.ticks(),
        "off": axis.days_off(),
        "now": axis.x(now),
        "rows": [
            {"lane": lane, "height": _height(lane), "legs": _legs(axis, lane, now)}
            for lane in lanes
        ],
    }


def _height(lane: Lane) -> int:
    return LEG_HEIGHT * max(len(lane.legs), 3)


def _legs(axis: Axis, lane: Lane, now: datetime.datetime) -> list[dict[str, Any]]:
    return [
        {
            "leg": leg,
            "y": 7 + LEG_HEIGHT * i,
            "top": 4 + LEG_HEIGHT * i,
            "bottom": 22 + LEG_HEIGHT * i,
            "limit": axis.bar("limit", leg.start, leg.due),
            "bars": _bars(axis, leg, now),
            "due": axis.x(leg.due),
        }
        for i, leg in enumerate(lane.legs)
    ]


def _bars(axis: Axis, leg: Leg, now: datetime.datetime) -> list[dict[str, Any]]:
    """Time used within the limit, beyond it, and time that waits for a ruling."""
    end = leg.stopped or leg.held or now
    used = axis.bar("in" if leg.stopped else "run", leg.start, min(end, leg.due))
    bars = [used]
    if end > leg.due:
        bars.append(axis.bar("over", leg.due, end))
    if leg.held and not leg.stopped:
        bars.append(axis.bar("held", leg.held, now))
    return bars
