"""The nightly look at all logs: in lots, so that it goes on where it was cut off."""

import datetime
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from workflow import anchors, numbers, trace
from workflow.models import Anchor, Audit

LOCK = 0x60_7C_00_00_03
BEGINS = datetime.time(1)  # in Shanghai, when few are at work
LOT, ANCHORS = 500, 5
EXAMPLES = 50
KEPT = 400


class Lot(NamedTuple):
    """What a piece of work found, how many papers it read, and the key after which to go on."""

    faults: list[str]
    papers: int
    after: int | None


def work_off(seconds: float = 20, now: datetime.datetime | None = None) -> int:
    """Go on with the look that is due, for some seconds; how many papers were read.

    Each night begins one, after the day that is over was anchored. Two workers do not get into
    each other's way.
    """
    read, until = 0, time.monotonic() + seconds
    while (lot := step(now or timezone.now())) is not None:
        read += lot.papers
        if time.monotonic() >= until:
            break
    return read


@transaction.atomic
def step(now: datetime.datetime) -> Lot | None:
    """One lot of the running look, or of the one that is due; None: there is nothing to do."""
    audit = _locked() and (Audit.objects.filter(finished=None).first() or begin(now))
    if not audit:
        return None
    stages = stages_of()
    lot = stages[audit.stage](audit.after)
    note(audit, lot)
    if audit.stage == len(stages):
        audit.finished = timezone.now()
    audit.save(update_fields=["stage", "after", "papers", "faults", "examples", "finished"])
    return lot


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def begin(now: datetime.datetime) -> Audit | None:
    """Tonight's look, if it has not begun: it anchors yesterday and drops what is long past."""
    here = timezone.localtime(now)
    tonight = here.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    if here < tonight or Audit.objects.filter(started__gte=tonight).exists():
        return None
    anchors.anchor_all(trace.paper_models(), here.date() - datetime.timedelta(days=1), now)
    old = Audit.objects.order_by("-id").values_list("pk", flat=True)[KEPT:]
    Audit.objects.filter(pk__in=list(old)).delete()
    return Audit.objects.create(started=now)


def note(audit: Audit, lot: Lot) -> None:
    """Add what a lot found, and say where the next one begins."""
    audit.papers += lot.papers
    audit.faults += len(lot.faults)
    audit.examples = [*audit.examples, *lot.faults][:EXAMPLES]
    audit.stage, audit.after = (
        (audit.stage + 1, 0) if lot.after is None else (audit.stage, lot.after)
    )


def stages_of() -> list[Callable[[int], Lot]]:
    """What a look looks at, in order: the papers of each flow, their anchors, the numbers."""
    models = trace.paper_models()
    papers = [_stage(_papers, model) for model in models]
    anchored = [_stage(_anchors, model) for model in models]
    return [*papers, *anchored, _numbers]


def _stage(look: Callable[[Any, int], Lot], model: Any) -> Callable[[int], Lot]:
    return lambda after: look(model, after)


def _papers(model: Any, after: int) -> Lot:
    faults, last, count = [], after, 0
    for paper in trace.papers_with_logs(model, after, LOT):
        faults += trace.verify_twice(paper)
        last, count = paper.pk, count + 1
    return Lot(faults, count, last if count == LOT else None)


def _anchors(model: Any, after: int) -> Lot:
    keys = Anchor.objects.filter(flow=model.flow.name, pk__gt=after).order_by("pk")
    looked = list(keys.values_list("pk", flat=True)[:ANCHORS])
    faults = [fault for found in anchors.verify_anchors(model, after, ANCHORS) for fault in found]
    return Lot(faults, 0, looked[-1] if len(looked) == ANCHORS else None)


def _numbers(after: int) -> Lot:
    return Lot(list(numbers.gaps(trace.paper_models())), 0, None)
