"""The sweep: takes what is due, oldest first, and lets the clock act on the paper."""

import datetime
import heapq
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from workflow.actions import lock, take
from workflow.clock import pauses_for, rung_at, rungs_of
from workflow.models import Rung
from workflow.trace import paper_models

logger = logging.getLogger(__name__)

PUT_OFF = datetime.timedelta(minutes=10)


def oldest_unfired(now: datetime.datetime | None = None) -> datetime.timedelta | None:
    """How long the oldest due clock has waited for the sweep: the dead man's gauge."""
    now = now or timezone.now()
    due_first = [_due(model, now, 1).first() for model in clock_models()]
    ages = [now - row[0] for row in due_first if row]
    return max(ages, default=None)


def run_clock(now: datetime.datetime | None = None, limit: int = 2000) -> int:
    """Fire what is due, oldest first, each in its own transaction; returns how many fired.

    Safe to run twice, in several processes, and after a crash: a rung fires once per version.
    """
    now = now or timezone.now()
    waiting = heapq.merge(*[_waiting(model, now, limit) for model in clock_models()])
    return sum(_fire_safely(model, pk, now) for _at, pk, _name, model in islice(waiting, limit))


def _waiting(model: Any, now: datetime.datetime, limit: int) -> Iterator[Any]:
    """Due clocks of one flow, oldest first, comparable with those of the others."""
    for next_at, pk in list(_due(model, now, limit)):
        yield next_at, pk, model._meta.label, model


def clock_models() -> list[Any]:
    return [paper.clock_model() for paper in paper_models()]


def _due(model: Any, now: datetime.datetime, limit: int) -> Any:
    rows = model.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    return rows.values_list("next_at", "pk")[:limit]


def _fire_safely(model: Any, pk: int, now: datetime.datetime) -> int:
    try:
        return fire(model, pk, now)
    except Exception:
        logger.exception("Clock %s %s failed and is put off.", model._meta.label, pk)
        waiting = model.objects.filter(pk=pk, next_at__lte=now)
        waiting.update(next_at=now + PUT_OFF, failures=F("failures") + 1)
        return 0


@transaction.atomic
def fire(model: Any, pk: int, now: datetime.datetime) -> int:
    """Take the next rung of one clock: lock the root (unless someone has it), look again, act."""
    paper = model.objects.select_related("paper").get(pk=pk).paper
    if not lock(paper, wait=False):
        return 0
    clock = model.objects.filter(pk=pk, stopped=None, next_at__lte=now).first()
    if clock is None:
        return 0
    clock.paper = paper
    clock.reached = _climb(clock, paper, now)
    verb = "remind" if clock.reached.warns else paper.flow.timer(clock.what).then
    given = {"clock": clock} if verb in ("remind", "escalate") else {}
    take(paper, verb, None, now, trigger=f"clock:{clock.what}:{clock.rung}", **given)
    return 1


def _ends(rungs: list[Rung], climbed: int) -> bool:
    """Whether no rung is left, or only the deadline itself is next: no pause matters then."""
    return climbed == len(rungs) or rungs[climbed].percent == 100


def _climb(clock: Any, paper: Any, now: datetime.datetime) -> Rung:
    """Move the clock to its next rung and set when the one after is reached."""
    rungs = rungs_of(clock, paper.flow.name)
    reached: Rung = rungs[clock.rung]
    clock.rung += 1
    clock.firings.create(rung=clock.rung, version=clock.version, at=now)
    clock.next_at = rung_at(
        clock, rungs, () if _ends(rungs, clock.rung) else pauses_for(paper.root, now)
    )
    clock.save(update_fields=["rung", "next_at"])
    return reached
