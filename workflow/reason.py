"""Why a clock is due when it is due, in one sentence of the reader's language."""

from collections.abc import Iterable
from typing import Any

from organization.calendar import Pause
from organization.calendar_reason import explain_due


def explain_clock(clock: Any, owed: str, pauses: Iterable[Pause] = ()) -> str:
    """`owed` names what the clock asks for, e.g. 签收; `pauses` are those of the paper's log."""
    return explain_due(
        clock.started, clock.limit, clock.unit, clock.due, pauses, owed=owed, hours_of=clock
    )
