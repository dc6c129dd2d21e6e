"""The policy in force: how long a clock runs, and which ladder it climbs."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from organization.watched import Watched
from workflow.models import Rung, TimeLimit


@dataclass(frozen=True)
class Policies:
    """All limits and rungs, of all days; never changed, only replaced."""

    limits: Sequence[TimeLimit]
    rungs: Sequence[Rung]
    _ladders: dict[tuple[str, str, str, datetime.date], list[Rung]] = field(default_factory=dict)

    def limit(
        self, flow: str, clock: str, kind: str, day: datetime.date, area: str = ""
    ) -> TimeLimit | None:
        """The limit of such a clock that begins on the day; None: it has no limit."""
        fitting = [
            row
            for row in self.limits
            if row.fits(flow, clock, kind, day) and row.area in ("", area)
        ]
        return max(fitting, key=lambda row: row.narrowness, default=None)

    def ladder(self, flow: str, clock: str, kind: str, day: datetime.date) -> list[Rung]:
        """The rungs, in order, of such a clock that begins on the day."""
        key = flow, clock, kind, day
        if key not in self._ladders:
            self._ladders[key] = self._narrowest_ladder(*key)
        return self._ladders[key]

    def _narrowest_ladder(self, flow: str, clock: str, kind: str, day: datetime.date) -> list[Rung]:
        fitting = [row for row in self.rungs if row.fits(flow, clock, kind, day)]
        best = max((row.narrowness for row in fitting), default=None)
        return sorted((row for row in fitting if row.narrowness == best), key=lambda row: row.n)


def read() -> Policies:
    return Policies(tuple(TimeLimit.objects.all()), tuple(Rung.objects.all()))


watched = Watched(read, (TimeLimit, Rung))
current = watched.current


def limits(
    flow: str, clocks: Iterable[str], kind: str, day: datetime.date, area: str = ""
) -> dict[str, TimeLimit]:
    """The limits in force on a day, by clock."""
    policies = current()
    found = {clock: policies.limit(flow, clock, kind, day, area) for clock in clocks}
    return {clock: limit for clock, limit in found.items() if limit is not None}
