"""The nine steps (九步流程) of a problem, read from the logs and clocks of its papers."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from whistle import flow
from whistle.models import WorkOrder

STAGES: tuple[tuple[Any, frozenset[str]], ...] = (
    (pgettext_lazy("stage", "Collect"), frozenset({"report", "fix"})),
    (pgettext_lazy("stage", "Gather"), frozenset({"check", "merge", "take"})),
    (pgettext_lazy("stage", "Classify"), frozenset({"register", "grade"})),
    (
        pgettext_lazy("stage", "Publish"),
        frozenset({"dispatch", "divide", "draft", "confirm", "blow", "blow_now"}),
    ),
    (pgettext_lazy("stage", "Accept"), frozenset({"accept", "sign", "name"})),
    (pgettext_lazy("stage", "Arrive"), frozenset({"contact", "arrive"})),
    (pgettext_lazy("stage", "Settle"), frozenset({"handle", "gather", "progress", "finish"})),
    (pgettext_lazy("stage", "Verify"), frozenset({"verify", "rework"})),
    (pgettext_lazy("stage", "Assess"), frozenset({"callback", "score", "close"})),
)

CLOCK_STAGE = {
    "triage": 1,
    "dispatch": 3,
    "confirm": 3,
    "blow": 3,
    "sign": 4,
    "contact": 5,
    "arrive": 5,
    "handle": 6,
    "finish": 6,
    "verify": 7,
    "callback": 8,
    "score": 8,
}

STATUS_STAGE = {
    flow.REPORTED: 1,
    flow.REGISTERED: 3,
    flow.DISPUTED: 3,
    flow.DISPATCHED: 4,
    flow.ACCEPTED: 6,
    flow.DIVIDED: 6,
    flow.HANDLED: 7,
    flow.VERIFIED: 8,
}
WHISTLE_STAGE = {
    flow.DRAFTED: 3,
    flow.CONFIRMED: 3,
    flow.SETTLED: 7,
    flow.VERIFIED: 8,
    flow.SCORED: 8,
}
GIVEN_UP = (flow.REFUSED, flow.MERGED, flow.VOID)
RESPONSE_STAGE = {flow.CALLED: 4, flow.DISPUTED: 4, flow.SIGNED: 5, flow.ARRIVED: 6}


@dataclass
class Stage:
    """One of the nine: `state` is done, late (done or running after its limit), now or ''.

    `clock` is the running one of this step that is due first.
    """

    name: Any
    state: str
    event: Any = None
    clock: Any = None


def stages(
    order: WorkOrder,
    events: Iterable[Any],
    clocks: Iterable[Any],
    whistle: Any = None,
    responses: Iterable[Any] = (),
    now: datetime.datetime | None = None,
) -> list[Stage]:
    """The nine steps of an order: `events` and `clocks` are those of all its papers."""
    here = present_stage(order, whistle, responses)
    rows = [Stage(name, "done" if i < here else "") for i, (name, _v) in enumerate(STAGES)]
    for event in sorted(events, key=lambda e: e.at):
        for row, (_name, verbs) in zip(rows, STAGES, strict=True):
            if event.verb in verbs:
                row.event = event
    if here < len(rows):
        rows[here].state = "now"
    if order.status in GIVEN_UP:
        forget_untaken(rows)
    mark_late(rows, clocks, now)
    return rows


def forget_untaken(rows: list[Stage]) -> None:
    """An order that was given up has done only the steps that were taken."""
    for row in rows:
        row.state = row.state if row.event is not None else ""


def present_stage(order: WorkOrder, whistle: Any, responses: Iterable[Any]) -> int:
    """The index of the step that the order is in; 9 when it is over."""
    if not order.flow.is_open(order.status):
        return len(STAGES)
    if whistle is not None and whistle.status in (flow.DRAFTED, flow.CONFIRMED):
        return WHISTLE_STAGE[whistle.status]
    if order.status in STATUS_STAGE:
        return STATUS_STAGE[order.status]
    if whistle is None or whistle.status in WHISTLE_STAGE:
        return WHISTLE_STAGE.get(getattr(whistle, "status", ""), 6)
    return min((RESPONSE_STAGE.get(r.status, 6) for r in responses), default=6)


def mark_late(rows: list[Stage], clocks: Iterable[Any], now: datetime.datetime | None) -> None:
    for clock in clocks:
        row = rows[CLOCK_STAGE[clock.what]] if clock.what in CLOCK_STAGE else None
        if row is None:
            continue
        if clock.running and clock.paused_at is None:
            row.clock = min(filter(None, (row.clock, clock)), key=lambda c: c.due)
        if clock.late and row.state == "done":
            row.state = "late"
