"""Refusing what was decided on an older state of a paper, and saying what happened meanwhile."""

from typing import Any

from workflow.errors import MovedOn


def check_seen(paper: Any, seen: int | None, verb: str = "") -> None:
    """Raise MovedOn if the paper is not as it was when the reader's page was made.

    `seen` is the `trace_count` of that page (None: not said). What matters is a change of status,
    and that somebody took the very step (`verb`) that is to be taken now; reminders do not.
    """
    if seen is None or seen >= paper.trace_count:
        return
    since = since_seen(paper, seen)
    if any(event.old != event.new or event.verb == verb for event in since):
        raise MovedOn(paper, since)


def since_seen(paper: Any, seen: int) -> list[Any]:
    """The events of the paper since then, the oldest first."""
    rows = paper.events.filter(n__gt=seen).select_related("actor", "post__unit").order_by("n")
    return list(rows.prefetch_related("photos"))
