"""Anchors: every night the log of each flow is fixed as a whole, so that a cut end is found too.

A chain shows an edit and a gap, and the paper's head a cut tail; who cuts the newest events and
sets head and count back leaves no trace in the paper. Then the anchor of that day does not fit.
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from workflow.models import Anchor

PATIENCE = 30  # seconds for the acts that are under way to end
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE relation = %s::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def anchor_day(model: Any, day: date, now: datetime) -> Anchor | None:
    """Anchor what a flow has logged by now as that day's; None if it is, or nothing can be yet."""
    flow = model.flow.name
    before = Anchor.objects.filter(flow=flow).last()
    if before is not None and before.day >= day:
        return None
    event = event_model(model)
    last = event.objects.aggregate(last=Max("pk"))["last"] or 0
    if not acts_have_ended(event._meta.db_table):
        return None
    anchor = Anchor(flow=flow, day=day, last=last, at=now)
    fill(anchor, before, event)
    anchor.prev_hash = before.hash if before else ""
    anchor.hash = anchor.reckon_hash()
    anchor.save(force_insert=True)
    return anchor


def event_model(model: Any) -> Any:
    return model._meta.get_field("events").related_model


def acts_have_ended(table: str, patience: float = PATIENCE) -> bool:
    """Wait until whoever was writing events has committed: no key below the last comes later."""
    writing, limit = writers(table), time.monotonic() + patience
    while writing and writing & writers(table):
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


def writers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [table])
        return {row[0] for row in cursor.fetchall()}


def fill(anchor: Anchor, before: Anchor | None, event: Any) -> None:
    """Count and digest the events after the anchor before, up to this one's last."""
    digest = hashlib.sha256()
    papers, events = (before.papers, before.events) if before else (0, 0)
    since = before.last if before else 0
    for n, hash_ in read(event, since, anchor.last):
        papers, events = papers + (n == 1), events + 1
        digest.update(f"{hash_}\n".encode())
    anchor.papers, anchor.events, anchor.digest = papers, events, digest.hexdigest()


def read(event: Any, since: int, last: int) -> Iterator[tuple[int, str]]:
    rows = event.objects.filter(pk__gt=since, pk__lte=last).order_by("pk")
    yield from rows.values_list("n", "hash").iterator(chunk_size=5000)


def verify_anchors(model: Any, after: int = 0, most: int | None = None) -> Iterator[list[str]]:
    """The faults of each anchor of a flow after that key, one list an anchor, oldest first."""
    anchors = Anchor.objects.filter(flow=model.flow.name).order_by("pk")
    before = anchors.filter(pk__lte=after).last()
    for anchor in islice(anchors.filter(pk__gt=after).iterator(), most):
        yield list(_faults(anchor, before, event_model(model)))
        before = anchor


def _faults(anchor: Anchor, before: Anchor | None, event: Any) -> Iterator[str]:
    name = f"{anchor.flow} anchor of {anchor.day}"
    if anchor.hash != anchor.reckon_hash():
        yield f"{name}: its content was changed"
    if anchor.prev_hash != (before.hash if before else ""):
        yield f"{name}: does not follow its predecessor"
    found = Anchor(last=anchor.last)
    fill(found, before, event)
    if found.events != anchor.events:
        yield f"{name}: {anchor.events} events were anchored, {found.events} are there"
    elif (found.papers, found.digest) != (anchor.papers, anchor.digest):
        yield f"{name}: the events are not those that were anchored"


@transaction.atomic
def anchor_all(models: list[Any], day: date, now: datetime) -> list[Anchor]:
    return [made for model in models if (made := anchor_day(model, day, now))]
