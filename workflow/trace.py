"""Writing the chained log, and finding out whether anybody has touched it (吹哨全留痕)."""

import datetime
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from organization.calendar import Pause
from workflow import anchors, numbers
from workflow.models import Event, Paper

if TYPE_CHECKING:
    from workflow.actions import Act

LARGEST = 1e15  # a larger float comes back from jsonb as a whole number


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
        data={**data, **plain(act.data)},
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
    data: dict[str, Any] = {}
    words: dict[str, Any] = {"note": act.note} if act.note else {}
    for name, value in act.given.items():
        if name in flow.private or value in (None, "", []):
            continue
        if name == "photos":
            value = [photo.sha256 for photo in value]
        (words if name in flow.words else data)[name] = plain(value)
    return data, words


def plain(value: Any) -> Any:
    """A given value as the very JSON that comes back from the database; a row by key and name."""
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value + 0.0 if abs(value) < LARGEST else str(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def erase_words(papers: list[Any]) -> int:
    """Erase by law what people wrote in the steps of papers of one flow; in how many events.

    Only the owner of the log's table may: the trigger lets this one change through.
    """
    if not papers:
        return 0
    table = papers[0].events.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET words = '{{}}', salt = '' "
            "WHERE paper_id = ANY(%s) AND words <> '{}'",
            [[paper.pk for paper in papers]],
        )
        return int(cursor.rowcount)


def paper_models() -> list[type[Paper]]:
    return [model for model in apps.get_models() if issubclass(model, Paper)]


def verify_paper(paper: Any) -> list[str]:
    """What is wrong with a paper's log, one sentence each; empty if it is whole."""
    name = f"{paper.flow.name} {paper.pk}"
    faults, head, count, status = [], "", 0, ""
    for event in _log(paper):
        faults += [f"{name} event {event.n}: {fault}" for fault in _faults(event, head, count)]
        head, count, status = event.hash, event.n, event.new
    if (paper.trace_count, paper.trace_head) != (count, head):
        faults.append(f"{name}: the log ends at {count}, the paper says {paper.trace_count}")
    if paper.status != status:
        faults.append(f"{name}: no step led to its status “{paper.status}”")
    return faults


def _faults(event: Any, head: str, count: int) -> Iterator[str]:
    if event.n != count + 1:
        yield f"events {count + 1} to {event.n - 1} are missing"
    if event.prev_hash != head:
        yield "does not follow its predecessor"
    if (event.words or event.salt) and event.words_digest != event.digest_words():
        yield "its words were changed"
    if event.hash != event.digest():
        yield "its content was changed"
    photos = event.photos.all() if hasattr(event, "photos") else []
    kept = sorted(photo.sha256 for photo in photos)
    if kept != sorted(event.data.get("photos", [])):
        yield "its photos were changed"


def verify_trace(progress: Callable[[int], object] = int) -> Iterator[str]:
    """Every fault in every log of every flow and in its anchors, and every gap in the numbers.

    People may go on working: what looks wrong is looked at again under the paper's lock.
    """
    for model in paper_models():
        for paper in papers_with_logs(model):
            yield from verify_twice(paper)
            progress(1)
        for faults in anchors.verify_anchors(model):
            yield from faults
    yield from numbers.gaps(paper_models())


def verify_twice(paper: Any) -> list[str]:
    """As `verify_paper`; but what looks wrong is looked at again under the paper's lock."""
    return _verify_still(paper) if verify_paper(paper) else []


def _log(paper: Any) -> list[Any]:
    """The events in order, with their photos: as they were fetched, or read now."""
    events = paper.events.all()
    if "events" not in getattr(paper, "_prefetched_objects_cache", {}):
        events = events.prefetch_related(*_beside(events.model))
    return sorted(events, key=lambda event: event.n)


def papers_with_logs(model: Any, after: int = 0, most: int | None = None) -> Iterator[Any]:
    """The papers of a flow after that key, their logs fetched for many at once."""
    event = model._meta.get_field("events").related_model
    log = ["events", *(f"events__{name}" for name in _beside(event))]
    papers = model._base_manager.filter(pk__gt=after).order_by("pk").prefetch_related(*log)
    yield from papers[:most].iterator(chunk_size=500)


def _beside(event: Any) -> list[str]:
    return ["photos"] if hasattr(event, "photos") else []


@transaction.atomic
def _verify_still(paper: Paper) -> list[str]:
    root, pk = paper.root_pk()
    root._base_manager.select_for_update().get(pk=pk)
    return verify_paper(type(paper)._base_manager.get(pk=paper.pk))


def pauses_of(paper: Any, now: datetime.datetime) -> list[Pause]:
    """The times in which the paper was suspended, read from its log (one still open ends now)."""
    events = paper.events.filter(verb__in=["suspend", "resume"]).order_by("n")
    return pauses_in(events.values_list("verb", "at"), now)


def pauses_by_paper(
    model: Any, pks: Iterable[int], now: datetime.datetime
) -> dict[int, list[Pause]]:
    """The same for many papers of one kind at once; papers without pauses are absent."""
    events: Any = model._meta.get_field("events").related_model
    rows = events.objects.filter(paper__in=pks, verb__in=["suspend", "resume"])
    steps: dict[int, list[tuple[str, datetime.datetime]]] = {}
    for pk, verb, at in rows.order_by("n").values_list("paper", "verb", "at"):
        steps.setdefault(pk, []).append((verb, at))
    return {pk: pauses_in(rows, now) for pk, rows in steps.items()}


def pauses_in(
    steps: Iterable[tuple[str, datetime.datetime]], now: datetime.datetime
) -> list[Pause]:
    """The same from (verb, moment) pairs in order.

    Where the machine's time was set back meanwhile, nothing was held.
    """
    pauses, start = [], None
    for verb, at in steps:
        if verb == "suspend":
            start = at
        elif verb == "resume" and start is not None:
            pauses.append((start, max(start, at)))
            start = None
    return pauses + ([(start, max(start, now))] if start is not None else [])
