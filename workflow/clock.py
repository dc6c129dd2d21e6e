"""Clocks: started, stopped, paused and moved by the steps of a paper; `sweep` fires them."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from organization.calendar import TimeUnit, due, elapsed
from workflow import policy, sight, storms
from workflow.bounds import Ends, bounds_of, ends_of, outermost_first, root_ends
from workflow.models import Clock, Paper, Rung, TimeLimit
from workflow.trace import paper_models, pauses_by_paper, pauses_of

if TYPE_CHECKING:
    from workflow.actions import Act

SHOWN = ["due_at", "warn_at", "due_what", "due_unit", "due_keeper"]
AIMED = ["extended", "paused_at", "stopped", "stopped_by", "due", "warn_at", "cut"]
AIMED += ["next_at", "rung", "version"]
Pause = tuple[datetime.datetime, datetime.datetime]


def turn(act: "Act") -> None:
    """Stop and start the clocks that the step stops and starts; the paper learns what is due."""
    paper, verb = act.paper, act.step.verb
    over = not paper.flow.is_open(paper.status)
    meant = [] if over else paper.flow.timers_started(verb, paper.status)
    starting = [what for what in meant if paper.runs(what)]
    running = list(paper.clocks.filter(stopped=None)) if paper.trace_count else []
    stopping = paper.flow.timers_stopped(verb) | set(starting)
    ended = [c for c in running if over or c.what in stopping]
    _stop(paper, ended, verb, act.now)
    kept = [c for c in running if c not in ended]
    begun = start(act, starting, kept)
    again = [] if over else paper.flow.timers_revived(verb)
    revived = _revive(act, again, [*kept, *begun]) if again else []
    show_due(paper, kept + begun + revived)


def _stop(paper: Any, clocks: list[Any], verb: str, now: datetime.datetime) -> None:
    if clocks:
        paper.clocks.filter(pk__in=[c.pk for c in clocks]).update(
            stopped=now, stopped_by=verb, next_at=None, paused_at=None
        )


def _revive(act: "Act", names: list[str], running: list[Any]) -> list[Any]:
    """Let the last stopped clocks of these names run on as if they had never been stopped."""
    paper, ends = act.paper, ends_of(act.paper, running, names)
    last = [paper.clocks.filter(what=what).order_by("pk").last() for what in names]
    revived = [clock for clock in last if clock is not None and not clock.running]
    for clock in revived:
        clock.stopped, clock.stopped_by = None, ""
        _aim_again(clock, paper, act.now, pauses_for(paper.root, act.now), ends)
    return revived


def start(act: "Act", names: list[str], running: Sequence[Any]) -> list[Clock]:
    """Start the named clocks of a paper: its own limit, else the policy's, inside the outer ones.

    `running` are the clocks of the paper that run on.
    """
    paper = act.paper
    if not names:
        return []
    ends, begun = ends_of(paper, running, names), []
    kind, area, day = paper.policy_kind(), paper.policy_area(), timezone.localdate(act.now)
    limits = policy.limits(paper.flow.name, names, kind, day, area)
    for what in outermost_first(paper.flow, names):
        clock = _new_clock(act, what, limits.get(what), kind, area)
        if clock is not None:
            _aim_new(clock, paper, ends)
            ends[what] = clock.due
            begun.append(clock)
    return list(paper.clocks.bulk_create(begun))


def _new_clock(
    act: "Act", what: str, limit: TimeLimit | None, kind: str, area: str
) -> Clock | None:
    paper = act.paper
    own = paper.limit_for(what, act.now)
    if own is None and limit is None:
        return None
    amount, unit = own or (limit.amount, limit.unit)  # type: ignore[union-attr]
    clock: Clock = paper.clocks.model(
        paper=paper,
        what=what,
        kind=kind,
        area=area,
        policy=None if own else limit,
        own_from=paper.limit_from(what, act.now) if own else None,
        started=act.now,
        amount=amount,
        unit=unit,
        keeper=paper.clock_unit(what),
    )
    return clock


def _aim_new(clock: Clock, paper: Any, ends: Ends) -> None:
    held = storms.begin(clock, paper.root)
    rungs = rungs_of(clock, paper.flow.name)
    aim(clock, bounds_of(paper.flow, clock, paper.outer_ends(), ends), rungs, held)
    clock.next_at = rung_at(clock, rungs, held)


def pauses_for(root: Any, now: datetime.datetime) -> list[Pause]:
    """The times that do not count for any clock under a root paper: suspensions and storms."""
    return pauses_of(root, now) + storms.holds(root)


def pauses_under(model: Any, pks: set[int], now: datetime.datetime) -> dict[int, list[Pause]]:
    """The same for many root papers of one kind at once; papers without pauses are absent."""
    found = pauses_by_paper(model, pks, now)
    if storms.watched.current():
        for root in model.objects.filter(pk__in=pks).select_related(*model.in_storms):
            if held := storms.holds(root):
                found[root.pk] = found.get(root.pk, []) + held
    return found


def aim(
    clock: Clock,
    bounds: Ends,
    rungs: Sequence[Rung],
    pauses: Sequence[Pause] = (),
) -> None:
    """Compute when the clock is due, from its start, its limit and the pauses, and when it warns.

    `bounds` are the moments that it may not exceed. A clock without a rung before its
    deadline warns no earlier than that. A suspension ends on its day, whatever else is held.
    """
    if clock.what == "suspension":
        bounds, pauses = {}, ()
    clock.due = due(clock.started, clock.limit, clock.unit, pauses=pauses, hours_of=clock)
    clock.cut = ""
    for name, end in bounds.items():
        if end < clock.due:
            clock.due, clock.cut = end, name
    percents = _warnings(rungs)
    clock.warn_at = part_way(clock, max(percents), pauses) if percents else clock.due


def rung_at(
    clock: Any, rungs: Sequence[Rung], pauses: Sequence[Pause] = ()
) -> datetime.datetime | None:
    """When the rung after the present one is reached; None: the ladder is climbed."""
    if clock.rung >= len(rungs):
        return None
    rung = rungs[clock.rung]
    if rung.percent is None:
        return due(clock.due, rung.delay, rung.unit, pauses=pauses, hours_of=clock)
    if rung.warns:
        return part_way(clock, rung.percent, pauses)
    at: datetime.datetime = clock.due
    return at


def part_way(clock: Clock, percent: int, pauses: Sequence[Pause] = ()) -> datetime.datetime:
    """The moment at which that share of the time up to the deadline is gone, pauses apart."""
    works = clock.unit in (TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY)
    unit = TimeUnit.WORK_HOUR if works else TimeUnit.URGENT_HOUR
    whole = elapsed(clock.started, clock.due, unit, pauses=pauses, hours_of=clock)
    part = due(clock.started, whole * percent / 100, unit, pauses=pauses, hours_of=clock)
    return min(part, clock.due)


def show_due(paper: Any, clocks: Iterable[Any]) -> None:
    """Put on the paper what runs out first, for lists and queues; of two at once the older one."""
    running = (c for c in clocks if c.paused_at is None)
    first = min(running, key=lambda clock: (clock.due, clock.pk), default=None)
    paper.due_at = first.due if first else None
    paper.warn_at = first.warn_at if first else None
    paper.due_what = first.what if first else ""
    paper.due_unit = first.unit if first else ""
    paper.due_keeper_id = first.keeper_id if first else None


def pause(paper: Any, now: datetime.datetime) -> None:
    """Hold every running clock of a paper but the one that ends the suspension."""
    paper.clocks.filter(stopped=None).exclude(what="suspension").update(paused_at=now, next_at=None)
    show_due(paper, paper.clocks.filter(stopped=None))


def resume(paper: Any, now: datetime.datetime, pauses: Sequence[Pause]) -> None:
    """Let the held clocks run on, their deadlines recomputed from the log's pauses."""
    clocks = list(paper.clocks.filter(stopped=None))
    for clock in clocks:
        clock.paused_at = None
    _aim_all(paper, clocks, now, pauses)
    show_due(paper, clocks)


def extend(act: "Act", clock: Any, amount: Decimal) -> None:
    """Grant a running clock of the paper more time, in its own unit; the outer limit still holds.

    The step that grants it saves the paper and logs the act.
    """
    clock.extended += amount
    paper, pauses = act.paper, pauses_for(act.paper.root, act.now)
    others = paper.clocks.filter(stopped=None).exclude(pk=clock.pk)
    clocks = [clock, *others]
    _aim_all(paper, clocks, act.now, pauses)
    show_due(paper, clocks)
    if paper.root is paper:
        _follow(paper, clock.what, act.now, pauses)


def _follow(root: Any, what: str, now: datetime.datetime, pauses: Sequence[Pause]) -> None:
    """Aim anew what lies inside a clock of the root that has moved, on the papers under it."""
    for model in paper_models():
        legs = model.flow.legs_within([what]) if model.root_model() is type(root) else []
        if not model.to_root or not legs:
            continue
        inside = {model.to_root: root.pk, "clocks__what__in": legs, "clocks__stopped": None}
        papers: Any = model._base_manager.filter(**inside).distinct()
        for paper in papers:
            paper.adopt(root)
            clocks = list(paper.clocks.filter(stopped=None))
            _aim_all(paper, clocks, now, pauses)
            show_due(paper, clocks)
            paper.save(update_fields=SHOWN)
            sight.record_change(paper, now)


def _aim_all(
    paper: Any, clocks: list[Any], now: datetime.datetime, pauses: Sequence[Pause]
) -> None:
    """Aim all running clocks of a paper anew, the outer ones before those that lie inside."""
    by_name = {clock.what: clock for clock in clocks}
    ends = root_ends(paper, by_name)
    for what in outermost_first(paper.flow, by_name):
        if by_name[what].paused_at is None:
            _aim_again(by_name[what], paper, now, pauses, ends)
        ends[what] = by_name[what].due


def _aim_again(
    clock: Any, paper: Paper, now: datetime.datetime, pauses: Sequence[Pause], ends: Ends
) -> None:
    rungs = rungs_of(clock, paper.flow.name)
    re_aim(clock, bounds_of(paper.flow, clock, paper.outer_ends(), ends), rungs, now, pauses)
    clock.save(update_fields=AIMED)


def re_aim(
    clock: Any,
    bounds: Ends,
    rungs: Sequence[Rung],
    now: datetime.datetime,
    pauses: Sequence[Pause],
) -> None:
    """A clock whose deadline moved climbs its ladder anew; a late one goes on where it stood.

    Of the warnings that lie in the past under the new deadline too, only the last is given again.
    """
    before = clock.due
    aim(clock, bounds, rungs, pauses)
    if clock.due != before:
        clock.version += 1
        clock.rung = max(0, _warned(clock, rungs, now, pauses) - 1)
    clock.next_at = rung_at(clock, rungs, pauses)


def _warned(
    clock: Any, rungs: Sequence[Rung], now: datetime.datetime, pauses: Sequence[Pause]
) -> int:
    """How many warnings lie in the past."""
    return sum(part_way(clock, percent, pauses) <= now for percent in _warnings(rungs))


def _warnings(rungs: Sequence[Rung]) -> list[int]:
    return [rung.percent for rung in rungs if rung.percent is not None and rung.percent < 100]


def rungs_of(clock: Any, flow: str) -> list[Rung]:
    """The ladder of a clock: that of the day on which it was started."""
    day = timezone.localdate(clock.started)
    return policy.current().ladder(flow, clock.what, clock.kind, day)
