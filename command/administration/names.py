"""What rows of policy are called: the leg of a flow, the kind of paper, the rung of a ladder."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from organization.calendar_words import say_amount
from whistle.load import FLOWS, KINDS, WINDOWS
from whistle.models import (
    Assignment,
    Request,
    SupervisionOrder,
    Survey,
    Verification,
    Whistle,
    WorkOrder,
)
from workflow.models import Rung

FLOW_WORDS: dict[str, Any] = {
    "workorder": pgettext_lazy("flow", "Work order"),
    "whistle": pgettext_lazy("flow", "Whistle"),
    "response": pgettext_lazy("flow", "Response"),
    "assignment": pgettext_lazy("flow", "Assignment"),
    "verification": pgettext_lazy("flow", "Verification"),
    "survey": pgettext_lazy("flow", "Satisfaction survey"),
    "request": pgettext_lazy("flow", "Request"),
    "supervision": pgettext_lazy("flow", "Supervision order"),
}
WINDOW_WORDS = {"reopen": pgettext_lazy("clock", "reopening window")}
KIND_WORDS: dict[str, dict[str, Any]] = {
    "workorder": dict(WorkOrder.Urgency.choices),
    "whistle": dict(Whistle.Kind.choices) | {"blown": gettext_lazy("after an emergency whistle")},
    "response": dict(Whistle.Kind.choices) | {"street": gettext_lazy("level 2, the street")},
    "assignment": dict(Assignment.Kind.choices),
    "verification": dict(Verification.Kind.choices),
    "survey": dict(Survey.Kind.choices),
    "request": dict(Request.Kind.choices),
    "supervision": dict(SupervisionOrder.Kind.choices),
}
# Their end is said in the paper itself, so that no policy could set it.
OWN_LIMITS = {("workorder", "suspension"), ("assignment", "finish")}


def flow_word(flow: str) -> str:
    return str(FLOW_WORDS.get(flow, flow)) if flow else pgettext("policy", "Everything")


def clock_word(flow: str, clock: str) -> str:
    if not clock:
        return pgettext("policy", "every leg")
    return str(WINDOW_WORDS.get(clock) or FLOWS[flow].clock_label(clock))


def kind_word(flow: str, kind: str) -> str:
    return str(KIND_WORDS.get(flow, {}).get(kind, kind))


def scope_words(row: Any) -> str:
    """To which papers a row applies: those of its kind, in places of its level; or to all."""
    area = getattr(row, "area", "")
    words = [kind_word(row.flow, row.kind)] if row.kind else []
    words += [_("level %(level)s places") % {"level": area}] if area else []
    return " · ".join(words) or pgettext("policy", "all")


def place_of(flow: str, clock: str, kind: str = "") -> tuple[int, int, str]:
    """Where a row of policy stands in a table: in the order in which papers come by."""
    flows = ["", *FLOWS]
    clocks = ["", *(t.what for t in FLOWS[flow].timers), *WINDOWS.get(flow, ())] if flow else [""]
    return flows.index(flow), clocks.index(clock) if clock in clocks else len(clocks), kind


def leg_words(flow: str, clock: str) -> str:
    return f"{flow_word(flow)} · {clock_word(flow, clock)}"


def legs(*, windows: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every leg that policy can limit, by flow: choices of a field, `flow:clock`."""
    found = []
    for name, flow in FLOWS.items():
        clocks = [t.what for t in flow.timers if (name, t.what) not in OWN_LIMITS]
        clocks += WINDOWS.get(name, ()) if windows else ()
        rows = [(f"{name}:{clock}", clock_word(name, clock)) for clock in clocks]
        found.append((flow_word(name), rows))
    return found


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of paper that may have limits of its own, by flow: `flow:kind`."""
    return [
        (flow_word(flow), [(f"{flow}:{kind}", kind_word(flow, kind)) for kind in sorted(names)])
        for flow, names in KINDS.items()
    ]


def rung_when(percent: int | None, after: Any, unit: str) -> str:
    """When a rung is reached: 80%, 到期, 超1工作日."""
    if percent is None:
        return _("%(time)s overdue") % {"time": say_amount(after, unit)}
    return f"{percent}%" if percent < 100 else pgettext("ladder", "when due")


def short(amount: Decimal | None) -> str:
    """A figure as one would type it, without zeros at its end."""
    return "" if amount is None else f"{float(amount):g}"


def does_word(does: str) -> str:
    return str(Rung.Does(does).label)


def rung_rows(rungs: Iterable[Any]) -> list[dict[str, str]]:
    """The rungs of a ladder, (percent, after, unit, does) each, as the page shows them."""
    tones = {Rung.Does.YELLOW: "soon", Rung.Does.RED: "late"}
    return [
        {
            "when": rung_when(percent, after, unit),
            "does": does_word(does),
            "tone": tones.get(Rung.Does(does), ""),
        }
        for percent, after, unit, does in rungs
    ]
