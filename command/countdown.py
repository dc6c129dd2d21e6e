"""A running limit, ready for the eye: words, tone, and what the page needs to tick by itself."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from command.signs import CLOCK_WORDS
from organization.calendar import Pause, Remaining, elapsed, remaining
from organization.calendar_words import say_amount, say_remaining
from organization.working_time import Located, TimeUnit
from workflow.reason import explain_clock, say_basis, say_cut, say_storm

WHILE = datetime.timedelta(minutes=15)


@dataclass
class Countdown:
    """What a chip of `command.pieces` shows.

    `left` is what remains in counted minutes (negative: over) and `hour` the kind of hours it is
    said in; `left` is None when the page must not tick it by itself (days, paused, stopped).
    """

    text: str
    tone: str = ""
    due: datetime.datetime | None = None
    now: datetime.datetime | None = None
    warn: datetime.datetime | None = None
    left: int | None = None
    hour: str = "hour"
    why: list[str] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return {"late": "alert", "done": "check", "still": "pause"}.get(self.tone, "clock")


def countdown_of(clock: Any, now: datetime.datetime | None = None) -> Countdown:
    """Say how a clock stands: stopped in time or late, paused, over, or how much is left."""
    if clock.stopped and not clock.late:
        return Countdown(_("in time"), "done", clock.due)
    if clock.stopped:
        over = remaining(clock.stopped, clock.due, clock.unit, hours_of=clock)
        return Countdown(say_remaining(over), "late", clock.due)
    if clock.paused_at:
        return Countdown(_("paused"), "still", clock.due)
    return running(clock.due, clock.warn_at, clock.unit, now or timezone.now(), clock)


def running(
    due: datetime.datetime,
    warn: datetime.datetime | None,
    unit: str,
    now: datetime.datetime,
    kept: Located | None = None,
) -> Countdown:
    """A limit that runs: `warn` is when it begins to run out, `kept` whose working hours count."""
    rest = remaining(now, due, unit, hours_of=kept)
    tone = "late" if rest.overdue else "soon" if warn and now >= warn else ""
    found = Countdown(say_remaining(rest), tone, due, now, warn)
    if _ticks(rest, now, kept):
        minutes = rest.hours * 60 + rest.minutes
        found.left = -minutes if rest.overdue else minutes
        found.hour = "work_hour" if rest.unit is TimeUnit.WORK_HOUR else "hour"
    return found


def _ticks(rest: Remaining, now: datetime.datetime, kept: Located | None) -> bool:
    """Whether the page may count on by itself: in hours, and while the next minutes count."""
    if rest.days or not (rest.hours or rest.minutes) or rest.unit.in_days:
        return False
    if rest.unit is TimeUnit.URGENT_HOUR:
        return True
    return elapsed(now, now + WHILE, rest.unit, hours_of=kept) > 0


def paper_countdown(paper: Any, now: datetime.datetime | None = None) -> Countdown | None:
    """The countdown of the clock that is due first, from the paper's own columns alone."""
    if not paper.due_at:
        return None
    unit = paper.due_unit or TimeUnit.WORK_DAY
    return running(paper.due_at, paper.warn_at, unit, now or timezone.now(), paper)


def why(clock: Any, pauses: Iterable[Pause] = ()) -> list[str]:
    """The rule, how the deadline follows from it, and the version of the limits."""
    name = clock_name(clock)
    rule = _("{clock} within {limit}").format(clock=name, limit=say_amount(clock.limit, clock.unit))
    lines = [rule, explain_clock(clock, name, pauses), say_basis(clock), say_storm(clock)]
    return [line for line in lines if line]


def clock_name(clock: Any) -> str:
    return str(CLOCK_WORDS.get(clock.what, clock.what))


def clock_rows(clocks: Iterable[Any], now: datetime.datetime | None = None) -> list[dict[str, str]]:
    """The row of clocks of `parts/clocks.html`."""
    rows = []
    for clock in clocks:
        count = countdown_of(clock, now)
        rows.append(
            {
                "name": clock_name(clock),
                "limit": say_amount(clock.limit, clock.unit),
                "text": count.text,
                "tone": count.tone,
                "cut": say_cut(clock),
            }
        )
    return rows


def tick_words() -> dict[str, str]:
    """The phrases of countdowns as patterns for the page: {h} hours, {m} minutes left or over."""
    words = {}
    for unit, hour in ((TimeUnit.WORK_HOUR, "work_hour"), (TimeUnit.URGENT_HOUR, "hour")):
        for over in (False, True):
            for shape, hours, minutes in (("m", 0, 22), ("1", 1, 0), ("h", 11, 0), ("hm", 11, 22)):
                said = say_remaining(Remaining(over, 0, hours, minutes, unit))
                key = f"{'over' if over else 'left'}-{hour}-{shape}"
                words[key] = said.replace("11", "{h}").replace("22", "{m}")
    return words
