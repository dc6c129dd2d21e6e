"""The papers of the reference, each with its log."""

import datetime
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.whistle.reference.deadlines import clocks_of
from tests.whistle.reference.flows import OPEN

STATE, DUTY, INPUT = "NotPossible", "PermissionDenied", "ValidationError"
# What each kind of paper knows beside status and log. `type` is the kind of whistle or request.
BLANK = {
    "order": "holder filed called_back solved merged_into part_of source_due ties",
    "whistle": "level type caller holder tasks confirmed raised_from",
    "response": "whistle unit role amount time_unit designated section scored",
    "request": "subject type unit approver amount until silence",
    "verification": "type unit yes",
    "supervision": "type unit issuer post amount time_unit",
}


class Refused(Exception):
    """With the class of the refusal."""


def refuse(why, when):
    if when:
        raise Refused(why)


class Event(NamedTuple):
    seq: int
    paper: Any
    verb: str
    old: str
    new: str
    who: str | None
    at: datetime.datetime
    clock: str
    given: dict


@dataclass(eq=False)
class Paper:
    """`policy` is by what its limits are looked up, `seen` the units with sight of it."""

    kind: str
    n: int
    order: Any = None
    status: str = ""
    policy: str = "normal"
    log: list = field(default_factory=list)
    seen: set = field(default_factory=set)
    told: Any = None

    @property
    def root(self):
        return self.order or self

    @property
    def open(self):
        return self.status in OPEN[self.kind]

    def done_by(self, who):
        return {event.verb for event in self.log if event.who == who}

    def steps(self, *verbs):
        return [event for event in self.log if event.verb in verbs]

    def running(self):
        return {clock.what: clock for clock in clocks_of(self) if clock.stopped is None}

    def back(self):
        """The status before: a way that comes again to one of its statuses is undone up to it."""
        way = []
        for event in self.log:
            if event.old == event.new:
                continue
            if event.new in way:
                del way[way.index(event.new) :]
            else:
                way.append(event.old)
        return way[-1]
