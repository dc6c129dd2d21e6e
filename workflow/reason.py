"""Why a clock is due when it is due, in one sentence of the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organization.calendar import Pause
from organization.calendar_reason import explain_due
from workflow import storms
from workflow.bounds import SOURCE, WHOLE


def explain_clock(clock: Any, owed: str, pauses: Iterable[Pause] = ()) -> str:
    """`owed` names what the clock asks for, e.g. 签收; `pauses` are those of the paper's log."""
    return explain_due(
        clock.started,
        clock.limit,
        clock.unit,
        clock.due,
        pauses,
        owed=owed,
        hours_of=clock,
        extended=clock.extended,
        bound=say_cut(clock),
    )


def say_cut(clock: Any) -> str:
    """Which outer limit has cut the clock's own, or nothing."""
    words = {
        SOURCE: _("no later than the source wants it"),
        WHOLE: _("no later than the limit of the whole"),
        "handle": _("no later than the whole limit of the order"),
        "finish": _("no later than the limit of the answer"),
    }
    return words.get(clock.cut, "")


def say_basis(clock: Any) -> str:
    """Under which version of the limits a clock runs, or whose own limit it has."""
    if clock.policy is not None:
        day = f"{clock.policy.valid_from:%Y-%m-%d}"
        return _("By the limits in force from %(day)s") % {"day": day}
    if clock.what == "handle":
        if clock.own_from is None:
            return _("The filing condition's own limit")
        day = f"{clock.own_from:%Y-%m-%d}"
        return _("The filing condition's own limit in force from %(day)s") % {"day": day}
    return _("This paper's own limit")


def say_storm(clock: Any) -> str:
    """Which storm order holds or stretched it; nothing if none did."""
    storm = storms.named(clock.storm_id)
    if storm is None:
        return ""
    words = {
        storm.Effect.HOLD: _("Storm order: limits held until %(until)s"),
        storm.Effect.STRETCH: _("Storm order: limits longer by %(percent)s%% until %(until)s"),
    }[storm.Effect(storm.effect)]
    return words % {
        "until": f"{timezone.localtime(storm.over):%m-%d %H:%M}",
        "percent": storm.percent,
    }
