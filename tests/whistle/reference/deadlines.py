"""When everything is due, told anew from a log: what began, what was granted, what was held."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from organization.calendar import due, elapsed
from tests.cast import LIMITS
from tests.whistle.reference.flows import INSIDE, OPEN, REVIVED, TIMERS

FLOW = {"order": "workorder"}
POLICY = {(flow, what, kind): (amount, unit) for flow, what, kind, amount, unit in LIMITS}


@dataclass
class Clock:
    """As far as it can be told from a log; `rung` counts those climbed under this deadline."""

    what: str
    started: datetime.datetime
    amount: Decimal
    unit: str
    ladder: str  # the unit in which it climbs after the deadline
    inside: tuple = ()
    extended: Decimal = Decimal(0)
    due: datetime.datetime = None
    stopped: datetime.datetime | None = None
    paused: datetime.datetime | None = None
    next_at: datetime.datetime | None = None
    rung: int = 0
    version: int = 1

    @property
    def limit(self):
        return self.amount + self.extended


def clocks_of(paper):
    """Every clock that the paper has had, in the order of their beginning."""
    root = paper.root
    key = len(paper.log), len(root.log)
    if paper.told is None or paper.told[0] != key:
        paper.told = key, Telling(paper).tell()
    return paper.told[1]


class Telling:
    def __init__(self, paper):
        self.paper, self.root = paper, paper.root
        self.clocks, self.pauses, self.since = [], [], None
        self.filed = False
        self.above = None if self.root is paper else Telling(self.root)

    def tell(self):
        held = [] if self.root is self.paper else self.root.log
        for event in sorted([*self.paper.log, *held], key=lambda event: event.seq):
            if event.paper is self.paper:
                self.turn(event)
            if event.paper is self.root:
                if self.above:
                    self.follow(event)
                self.hold(event)
        return self.clocks

    def follow(self, event):
        """What lies inside a limit of the order moves with it when more time is granted."""
        self.above.turn(event)
        self.above.hold(event)
        if event.verb == "extend":
            for clock in self.running():
                if clock.inside:
                    self.aim(clock)

    def running(self):
        return [clock for clock in self.clocks if clock.stopped is None]

    def turn(self, event):
        """The clocks of the paper's own step."""
        kind, over = self.paper.kind, event.new not in OPEN[self.paper.kind]
        self.filed |= "condition" in event.given
        if event.clock:
            self.climb(next(c for c in self.running() if c.what == event.clock))
        if event.verb == "extend":
            self.extend(event)
        timers = TIMERS[kind]
        starting = [] if over else [t.what for t in timers if begins(t, event)]
        stopping = {t.what for t in timers if event.verb in t.stops} | set(starting)
        for clock in self.running():
            if over or clock.what in stopping:
                clock.stopped, clock.paused, clock.next_at = event.at, None, None
        for what in sorted(starting, key=lambda what: len(INSIDE.get((kind, what), ()))):
            if limit := self.limit(what, event):
                self.clocks.append(self.begin(what, event, *limit))
        if not over and (kind, event.verb) in REVIVED:
            self.revive(REVIVED[kind, event.verb])

    def begin(self, what, event, amount, unit):
        clock = Clock(what, event.at, Decimal(str(amount)), unit, self.ladder(what, event))
        after = what == "confirm" and event.new == "blown"
        clock.inside = () if after else INSIDE.get((self.paper.kind, what), ())
        self.aim(clock)
        return clock

    def revive(self, what):
        last = next((clock for clock in reversed(self.clocks) if clock.what == what), None)
        if last is not None and last.stopped is not None:
            last.stopped = None
            self.aim(last)

    def extend(self, event):
        what = "handle" if self.paper.kind == "order" else "finish"
        clock = next(clock for clock in self.running() if clock.what == what)
        clock.extended += event.given["more"]
        self.aim(clock)
        for leg in self.running():
            if what in leg.inside:
                self.aim(leg)

    def climb(self, clock):
        clock.rung += 1
        clock.next_at = self.at_rung(clock)

    def hold(self, event):
        """A suspended order holds its clocks and those of all under it; then they run on."""
        if event.verb == "suspend":
            self.since = event.at
            for clock in self.running():
                if clock.what != "suspension" and self.paper.kind != "verification":
                    clock.paused, clock.next_at = event.at, None
        elif event.verb == "resume":
            self.pauses.append((self.since, event.at))
            for clock in sorted(self.running(), key=lambda clock: len(clock.inside)):
                if clock.paused:
                    clock.paused = None
                    self.aim(clock)

    def aim(self, clock):
        moment = due(clock.started, clock.limit, clock.unit, pauses=self.held(clock))
        moment = min([moment, *self.bounds(clock)])
        if clock.due not in (None, moment):
            clock.rung, clock.version = 0, clock.version + 1
        clock.due = moment
        clock.next_at = self.at_rung(clock)

    def bounds(self, clock):
        """What it may not exceed; a leg begun when an outer limit was over runs its own time."""
        if clock.what == "suspension":
            return []
        ends = [c.due for tell in (self.above, self) if tell for c in tell.running()
                if c.what in clock.inside]  # fmt: skip
        free = clock.inside or getattr(self.paper, "part_of", None)
        legs = ("order",) if self.root.part_of else ("order", "response")
        if self.paper.kind in legs and self.root.source_due:
            ends.append(self.root.source_due)
        return [end for end in ends if not free or end > clock.started]

    def at_rung(self, clock):
        """Warned when 80 % are gone, told when due, and one and two units later."""
        if clock.rung == 0:
            return self.warned(clock)
        if clock.rung == 1:
            return clock.due
        if clock.rung > 3:
            return None
        return due(clock.due, clock.rung - 1, clock.ladder, pauses=self.held(clock))

    def held(self, clock):
        """A suspension ends on its day, whatever else is held."""
        return () if clock.what == "suspension" else self.pauses

    def warned(self, clock):
        unit, held = "urgent_hour", self.held(clock)
        if clock.unit.startswith("work"):
            unit = "work_hour"
        whole = elapsed(clock.started, clock.due, unit, pauses=held)
        return min(due(clock.started, whole * 80 / 100, unit, pauses=held), clock.due)

    def limit(self, what, event):
        """(amount, unit): the paper's own, or that of the policy."""
        paper = self.paper
        if what == "callback" and paper.part_of:  # nobody calls back about a part
            return None
        if what == "suspension":
            return (event.given["until"] - timezone.localdate(event.at)).days, "natural_day"
        if (paper.kind, what) == ("order", "handle") and self.filed:
            return 4, "work_hour"
        if what == "finish":
            return paper.amount, paper.time_unit
        return self.policy(what, event)

    def ladder(self, what, event):
        """The ladder has the unit of the limit with which it was entered, else the usual one."""
        found = self.policy(what, event)
        return found[1] if found else "work_day"

    def policy(self, what, event):
        flow = FLOW.get(self.paper.kind, self.paper.kind)
        kind = "blown" if event.new == "blown" else self.paper.policy
        return POLICY.get((flow, what, kind)) or POLICY.get((flow, what, ""))


def begins(timer, event):
    return event.verb in timer.starts and (not timer.during or event.new in timer.during)
