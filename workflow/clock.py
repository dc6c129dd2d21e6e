"""Clocks: started, stopped, paused and moved by the steps of a paper; `sweep` fires them."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.calendar import TimeUnit, due, elapsed
from workflow import ladder
from workflow.models import Clock, Paper, TimeLimit
from workflow.trace import pauses_of

if TYPE_CHECKING:
    from workflow.actions import Act

SHOWN = ["due_at", "warn_at", "due_what", "due_unit", "due_keeper"]
WARN_PERCENT = 80
AIMED = ["extended", "paused_at", "stopped", "stopped_by", "due", "warn_at"]
AIMED += ["next_at", "rung", "version"]
Pause = tuple[datetime.datetime, datetime.datetime]


def turn(act: "Act") -> None:
    """Stop and start the clocks that the step stops and starts; the paper learns what is due."""
    paper, verb = act.paper, act.step.verb
    over = not paper.flow.is_open(paper.status)
    starting = [] if over else paper.flow.timers_started(verb, paper.status)
    running = list(paper.clocks.filter(stopped=None)) if paper.trace_count else []
    stopping = paper.flow.timers_stopped(verb) | set(starting)
    ended = [c for c in running if over or c.what in stopping]
    _stop(paper, ended, verb, act.now)
    kept = [c for c in running if c not in ended]
    begun = start(act, starting)
    revived = [] if over else _revive(act, paper.flow.timers_revived(verb))
    show_due(paper, kept + begun + revived)


def _stop(paper: Any, clocks: list[Any], verb: str, now: datetime.datetime) -> None:
    if clocks:
        paper.clocks.filter(pk__in=[c.pk for c in clocks]).update(
            stopped=now, stopped_by=verb, next_at=None, paused_at=None
        )


def _revive(act: "Act", names: list[str]) -> list[Any]:
    """Let the last stopped clocks of these names run on as if they had never been stopped."""
    paper = act.paper
    last = [paper.clocks.filter(what=what).order_by("pk").last() for what in names]
    revived = [clock for clock in last if clock is not None and not clock.running]
    for clock in revived:
        clock.stopped, clock.stopped_by = None, ""
        _aim_again(clock, paper, pauses_of(paper.root, act.now))
    return revived


def start(act: "Act", names: list[str]) -> list[Clock]:
    """Start the named clocks of a paper: its own limit, else the policy's, capped by the outer."""
    paper = act.paper
    if not names:
        return []
    limits = TimeLimit.of(paper.flow.name, names, paper.policy_kind(), timezone.localdate(act.now))
    clocks = [_new_clock(act, what, limits.get(what)) for what in names]
    return list(paper.clocks.bulk_create([c for c in clocks if c is not None]))


def _new_clock(act: "Act", what: str, policy: TimeLimit | None) -> Clock | None:
    paper = act.paper
    own = paper.limit_for(what, act.now)
    if own is None and policy is None:
        return None
    amount, unit = own or (policy.amount, policy.unit)  # type: ignore[union-attr]
    clock: Clock = paper.clocks.model(
        paper=paper,
        what=what,
        started=act.now,
        amount=amount,
        unit=unit,
        keeper=paper.clock_unit(what),
    )
    aim(clock, paper, policy)
    clock.next_at = clock.warn_at
    return clock


def aim(clock: Clock, paper: Paper, policy: TimeLimit | None, pauses: Sequence[Pause] = ()) -> None:
    """Compute when the clock warns and is due, from its start, its limit and the pauses."""
    moment = due(clock.started, clock.limit, clock.unit, pauses=pauses, hours_of=clock)
    outer = paper.outer_due()
    clock.due = min(moment, outer) if outer and clock.what != "suspension" else moment
    percent = policy.warn_percent if policy else WARN_PERCENT
    clock.warn_at = part_way(clock, percent, pauses)


def part_way(clock: Clock, percent: int, pauses: Sequence[Pause] = ()) -> datetime.datetime:
    """The moment at which that share of the time up to the deadline is gone, pauses apart."""
    works = clock.unit in (TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY)
    unit = TimeUnit.WORK_HOUR if works else TimeUnit.URGENT_HOUR
    whole = elapsed(clock.started, clock.due, unit, pauses=pauses, hours_of=clock)
    part = due(clock.started, whole * percent / 100, unit, pauses=pauses, hours_of=clock)
    return min(part, clock.due)


def show_due(paper: Any, clocks: Iterable[Any]) -> None:
    """Put on the paper what runs out first, for lists and queues."""
    first = min((c for c in clocks if c.paused_at is None), key=lambda c: c.due, default=None)
    paper.due_at = first.due if first else None
    paper.warn_at = first.warn_at if first else None
    paper.due_what = first.what if first else ""
    paper.due_unit = first.unit if first else ""
    paper.due_keeper_id = first.keeper_id if first else None


def pause(paper: Any, now: datetime.datetime) -> None:
    """Hold every running clock of a paper but the one that ends the suspension."""
    paper.clocks.filter(stopped=None).exclude(what="suspension").update(paused_at=now, next_at=None)
    show_due(paper, paper.clocks.filter(stopped=None))


def resume(paper: Any, pauses: Sequence[Pause]) -> None:
    """Let the held clocks run on, their deadlines recomputed from the log's pauses."""
    for clock in paper.clocks.filter(stopped=None, paused_at__isnull=False):
        clock.paused_at = None
        _aim_again(clock, paper, pauses)
    show_due(paper, paper.clocks.filter(stopped=None))


def extend(act: "Act", clock: Any, amount: Decimal) -> None:
    """Grant a running clock of the paper more time, in its own unit; the outer limit still holds.

    The step that grants it saves the paper and logs the act.
    """
    clock.extended += amount
    _aim_again(clock, act.paper, pauses_of(act.paper.root, act.now))
    show_due(act.paper, act.paper.clocks.filter(stopped=None))


def _aim_again(clock: Any, paper: Paper, pauses: Sequence[Pause]) -> None:
    """A clock whose deadline moved climbs its ladder anew; a late one goes on where it stood."""
    before = clock.due
    policy = policy_of(clock, paper)
    aim(clock, paper, policy, pauses)
    if clock.due != before:
        clock.version += 1
        clock.rung = 0
    clock.next_at = next_rung(clock, policy, pauses)
    clock.save(update_fields=AIMED)


def policy_of(clock: Any, paper: Paper) -> TimeLimit | None:
    day = timezone.localdate(clock.started)
    return TimeLimit.of(paper.flow.name, [clock.what], paper.policy_kind(), day).get(clock.what)


def next_rung(
    clock: Any, policy: TimeLimit | None, pauses: Sequence[Pause] = ()
) -> datetime.datetime | None:
    """When the rung after the present one is reached; None: the ladder is climbed."""
    if clock.rung >= ladder.TOP:
        return None
    if clock.rung < ladder.DUE:
        first: datetime.datetime = clock.due if clock.rung == ladder.WARN else clock.warn_at
        return first
    step = (policy.rung_amount, policy.rung_unit) if policy else (Decimal(1), TimeUnit.WORK_DAY)
    moment: datetime.datetime = clock.due
    for _rung in range(ladder.DUE, clock.rung + 1):
        moment = due(moment, *step, pauses=pauses, hours_of=clock)
    return moment
