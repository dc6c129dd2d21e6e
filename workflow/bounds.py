"""The outer limits of a leg: what its source wants, and the clocks inside which it lies.

An order's `handle` limit is the outer limit of what happens until it is handled: dispatching,
signing, ruling, whistling, and all that the units called do about it. What comes after the
handling (核查, 回访, 评价) lies outside of it, and so does a day that people have agreed on
themselves (a stage of the lead's plan, a task of a joint meeting).
"""

import datetime
from collections.abc import Iterable
from typing import Any

from workflow.flow import Flow

SOURCE, WHOLE = "source", "whole"
Ends = dict[str, datetime.datetime]


def bounds_of(flow: Flow, clock: Any, outer: Ends, ends: Ends) -> Ends:
    """What a clock may not exceed, by name: `outer` of source or whole, `ends` of clocks around it.

    A leg that begins when an outer limit is over already runs its own time: that limit is late and
    says so, but nobody is late before he could begin. An outermost clock keeps to its source always.
    """
    around = flow.timer(clock.what).around(clock.kind)
    found = outer | {name: ends[name] for name in around if name in ends}
    kept = () if around else (SOURCE,)
    return {name: end for name, end in found.items() if name in kept or end > clock.started}


def outer_ends(*, source: datetime.datetime | None, whole: datetime.datetime | None = None) -> Ends:
    """The outer limits that there are: what the source wants, where the whole of a part ends."""
    found = {SOURCE: source, WHOLE: whole}
    return {name: end for name, end in found.items() if end is not None}


def root_names(flow: Flow, whats: Iterable[str] | None = None) -> set[str]:
    """The clocks of the root paper inside which these clocks of the flow lie; or any of it."""
    meant = {timer.what for timer in flow.timers} if whats is None else set(whats)
    around = {name for timer in flow.timers if timer.what in meant for name in timer.within}
    return around - {timer.what for timer in flow.timers}


def root_ends(paper: Any, whats: Iterable[str]) -> Ends:
    """When the clocks of its root end, inside which these clocks of the paper lie."""
    names = root_names(paper.flow, whats)
    if not names:
        return {}
    running = paper.root.clocks.filter(what__in=names, stopped=None)
    return dict(running.values_list("what", "due"))


def ends_of(paper: Any, running: Iterable[Any], whats: Iterable[str]) -> Ends:
    """The same with the running clocks of the paper itself."""
    return root_ends(paper, whats) | {clock.what: clock.due for clock in running}


def outermost_first(flow: Flow, whats: Iterable[str]) -> list[str]:
    return sorted(whats, key=lambda what: len(flow.timer(what).within))
