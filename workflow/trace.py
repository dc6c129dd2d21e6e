"""Writing the chained log, and finding out whether anybody has touched it (吹哨全留痕)."""

import datetime
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model

from workflow.models import Event, Paper

if TYPE_CHECKING:
    from workflow.actions import Act


def write(act: "Act", old: str) -> Event:
    """Append the step to the paper's log and hang it on the chain."""
    paper = act.paper
    data, words = split_given(act)
    event = paper.events.model(
        paper=paper,
        n=paper.trace_count + 1,
        at=act.now,
        verb=act.step.verb,
        old=old,
        new=paper.status,
        actor=act.actor,
        post_id=act.post_id,
        trigger=act.trigger,
        data={**data, **act.data},
        words=words,
        salt=secrets.token_hex(16),
        prev_hash=paper.trace_head,
    )
    event.words_digest = event.digest_words()
    event.hash = event.digest()
    event.save(force_insert=True)
    paper.trace_head = event.hash
    paper.trace_count = event.n
    return event  # type: ignore[no-any-return]


def split_given(act: "Act") -> tuple[dict[str, Any], dict[str, Any]]:
    """What was given, as facts that stay and words that may be erased; files are logged by hash."""
    flow = act.paper.flow
    data, words = {}, {"note": act.note} if act.note else {}
    for name, value in act.given.items():
        if name in flow.private or name == "photos" or value in (None, "", []):
            continue
        (words if name in flow.words else data)[name] = plain(value)
    return data, words


def plain(value: Any) -> Any:
    """A given value as JSON: a row by its key and its name at the time."""
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


def paper_models() -> list[type[Paper]]:
    return [model for model in apps.get_models() if issubclass(model, Paper)]


def verify_paper(paper: Paper) -> list[str]:
    """What is wrong with a paper's log, one sentence each; empty if it is whole."""
    faults, head, count = [], "", 0
    for event in paper.events.order_by("n"):  # type: ignore[attr-defined]
        count += 1
        where = f"{paper.flow.name} {paper.pk} event {event.n}"
        if event.n != count:
            faults.append(f"{where}: events {count} to {event.n - 1} are missing")
            count = event.n
        if event.prev_hash != head:
            faults.append(f"{where}: does not follow its predecessor")
        if event.words and event.words_digest != event.digest_words():
            faults.append(f"{where}: its words were changed")
        if event.hash != event.digest():
            faults.append(f"{where}: its content was changed")
        head = event.hash
    if (paper.trace_count, paper.trace_head) != (count, head):
        faults.append(
            f"{paper.flow.name} {paper.pk}: the log ends at {count}, "
            f"the paper says {paper.trace_count}"
        )
    return faults


def verify_trace() -> Iterator[str]:
    """Every fault in every log of every flow."""
    for model in paper_models():
        for paper in model._base_manager.order_by("pk").iterator(chunk_size=500):
            yield from verify_paper(paper)


def pauses_of(
    paper: Any, now: datetime.datetime
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """The times in which the paper was suspended, read from its log (one still open ends now)."""
    pauses, start = [], None
    events = paper.events.filter(verb__in=["suspend", "resume"]).order_by("n")
    for verb, at in events.values_list("verb", "at"):
        if verb == "suspend":
            start = at
        elif start is not None:
            pauses.append((start, at))
            start = None
    return pauses + ([(start, now)] if start is not None else [])
