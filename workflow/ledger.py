"""The ledger of a clock: its life as intervals that can be replayed.

Nothing is stored for it. Starts, extensions, changes of hands, suspensions and the stop are events
of the log, held times are storm orders; what an interval used of the limit is reckoned by the
calendar.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from organization.calendar import Pause, TimeUnit, due, elapsed
from workflow import storms
from workflow.trace import pauses_in

RUN, SUSPENDED, STORM = "run", "suspended", "storm"
START, DUE = "start", "due"


@dataclass(frozen=True)
class Interval:
    """A stretch of a clock's life in which it ran, or did not count.

    `by` is the verb that began it, or "storm", "due" or "run" (a hold is over); `n` that event's
    number in the log of the paper, or of the root paper for a suspension. `used` is how much of
    the limit was gone at its end, in the clock's unit.
    """

    kind: str
    since: datetime.datetime
    until: datetime.datetime
    by: str
    n: int | None
    used: float


@dataclass
class Ledger:
    """One clock with what is told about it: events of its paper and of the root paper, in order."""

    clock: Any
    events: list[Any]
    root_events: list[Any]
    held: list[Pause]
    now: datetime.datetime

    @property
    def end(self) -> datetime.datetime:
        return self.clock.stopped or self.now

    @property
    def suspensions(self) -> list[Pause]:
        """When the root paper was suspended; the clock that ends a suspension runs in it."""
        if self.clock.what == "suspension":
            return []
        return pauses_in([(event.verb, event.at) for event in self.root_events], self.now)

    @property
    def pauses(self) -> list[Pause]:
        return self.suspensions + self.held

    @property
    def granted(self) -> Decimal:
        """What requests have added to the limit (延期)."""
        given = (event.data["more"]["amount"] for event in self._within() if self._extends(event))
        return sum((Decimal(amount) for amount in given), Decimal(0))

    def intervals(self) -> list[Interval]:
        """Every stretch from start to stop, or to now; together they cover the clock's life."""
        marks = sorted(self._marks(), key=lambda mark: mark[0])
        moments = [mark[0] for mark in marks] + [self.end]
        return [
            self._interval(since, until, by, n)
            for (_, by, n), (since, until) in zip(marks, pairwise(moments), strict=True)
            if since < until or by != RUN
        ]

    def replay(self, outer: datetime.datetime | None) -> datetime.datetime:
        """The deadline, reckoned from the log alone; `outer` is what no limit exceeds."""
        clock = self.clock
        limit = clock.amount + self.granted + self._stretched()
        moment = due(clock.started, limit, clock.unit, pauses=self._known(), hours_of=clock)
        return min(moment, outer) if outer and clock.what != "suspension" else moment

    def _known(self) -> list[Pause]:
        """The pauses that have moved the deadline: a suspension does so when it is over."""
        last = self.clock.paused_at or self.end
        return [pause for pause in self.suspensions if pause[1] <= last] + self.held

    def _stretched(self) -> Decimal:
        storm = storms.named(self.clock.storm_id)
        if storm is None:
            return Decimal(0)
        return storms.longer(self.clock.amount, self.clock.unit, storm.percent or 0)

    def _marks(self) -> Iterator[tuple[datetime.datetime, str, int | None]]:
        """The moments at which something happened to the clock, each with its cause."""
        clock = self.clock
        first = next((e for e in self.events if e.at == clock.started), None)
        yield clock.started, first.verb if first else START, first.n if first else None
        for event in self._within():
            if self._extends(event) or self._moves(event):
                yield event.at, event.verb, event.n
        for event in self.root_events if self.suspensions else ():
            if event.verb in ("suspend", "resume") and clock.started < event.at < self.end:
                yield event.at, event.verb, event.n
        for since, until in self.held:
            yield from self._edges(since, until)
        if clock.started < clock.due < self.end:
            yield clock.due, DUE, None

    def _edges(
        self, since: datetime.datetime, until: datetime.datetime
    ) -> Iterator[tuple[datetime.datetime, str, None]]:
        for moment, by in ((since, STORM), (until, RUN)):
            if self.clock.started < moment < self.end:
                yield moment, by, None

    def _within(self) -> Iterator[Any]:
        clock = self.clock
        return (event for event in self.events if clock.started < event.at < self.end)

    def _extends(self, event: Any) -> bool:
        return bool(event.verb == "extend" and event.data.get("clock") == self.clock.what)

    def _moves(self, event: Any) -> bool:
        """Whether the step put the paper into other hands."""
        return bool("unit" in event.data and event.old != event.new)

    def _interval(
        self, since: datetime.datetime, until: datetime.datetime, by: str, n: int | None
    ) -> Interval:
        clock = self.clock
        used = elapsed(
            clock.started, until, TimeUnit(clock.unit), pauses=self.pauses, hours_of=clock
        )
        return Interval(self._kind(since), since, until, by, n, used)

    def _kind(self, since: datetime.datetime) -> str:
        for kind, pauses in ((SUSPENDED, self.suspensions), (STORM, self.held)):
            if any(stop <= since < go for stop, go in pauses):
                return kind
        return RUN


def ledgers(root: Any, paper: Any, clocks: Iterable[Any], now: datetime.datetime) -> list[Ledger]:
    """The ledger of each of a paper's clocks, oldest first; both logs are read once."""
    events = list(paper.events.all())
    root_events = events if paper == root else list(root.events.all())
    held = storms.holds(root)
    ordered = sorted(clocks, key=lambda clock: (clock.started, clock.pk))
    return [Ledger(clock, events, root_events, _held(clock, held, now), now) for clock in ordered]


def _held(clock: Any, held: list[Pause], now: datetime.datetime) -> list[Pause]:
    if clock.what == "suspension":
        return []
    return [pause for pause in held if pause[0] < (clock.stopped or now)]
