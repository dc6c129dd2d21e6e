"""A simulated past: living one life after the other until the target is met."""

import contextlib
import datetime
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from command.simulation import hours
from command.simulation.answered import mark_answered
from command.simulation.deck import BLOCKS, DAYS, SOURCES, WHISTLES, Block, Deal, deal
from command.simulation.life import Life, Present
from command.simulation.world import World
from whistle import flow
from whistle.models import Whistle, WorkOrder

logger = logging.getLogger(__name__)

SEED = 320104
LOCK = 0x60_7C_32_01_04
FAILURES = 5
ENOUGH = (Block(1000, WHISTLES),)


def live(world: World, dealt: Deal, days: int, now: datetime.datetime) -> Life:
    """Live one life whole, in one transaction: nobody meets it half-lived."""
    card, rng = dealt.card, dealt.rng
    weights = [SOURCES[source] for source in card.sources]
    source = rng.choices(card.sources, weights)[0]
    case = world.wording.choose(rng, card.kind, *card.desks, patient=bool(card.rest))
    life = Life(world, rng, case, source, born(dealt, source, days, now), now, card.rest)
    with transaction.atomic(), mark_answered(life):
        with contextlib.suppress(Present):
            card.story(life)
        life.sweep(now)
    return life


def born(dealt: Deal, source: str, days: int, now: datetime.datetime) -> datetime.datetime:
    card = dealt.card
    if card.rest:
        first, last = hours.before(now, card.age[1]), hours.before(now, card.age[0])
    else:
        first, last = hours.day_of(dealt.ago, days, now, dealt.block.weight)
    return hours.birth(dealt.rng, source, first, last)


@dataclass
class Target:
    """How many orders, and how many closed whistles, there shall be at least."""

    orders: int
    whistles: int = 0

    def missing(self) -> tuple[int, int]:
        """Counted no further than the target: asked for each health check."""
        orders = WorkOrder.objects.all()[: self.orders].count()
        closed = Whistle.objects.filter(status=flow.CLOSED)[: self.whistles].count()
        return self.orders - orders, self.whistles - closed


def live_until(
    target: Target,
    *,
    days: int = DAYS,
    seed: int = SEED,
    now: datetime.datetime | None = None,
    seconds: float | None = None,
    lived: Callable[[Life], None] = lambda life: None,
) -> int:
    """Live lives until the target is met or the time is up; returns how many orders were born.

    What is there already counts, so the same call again does nothing; each life is committed by
    itself. If another process is living the past, nothing is done.
    """
    began, born_here, skipped = time.monotonic(), 0, 0
    with alone() as free:
        world = World() if free and any(target.missing()) else None
        while world and skipped < FAILURES and (dealt := next_deal(target, seed, skipped)):
            life = live_safely(world, dealt, days, now or timezone.now())
            if life is None or not life.orders:
                skipped += 1
                continue
            born_here += len(life.orders)
            lived(life)
            if seconds is not None and time.monotonic() - began >= seconds:
                break
    return born_here


def live_safely(world: World, dealt: Deal, days: int, now: datetime.datetime) -> Life | None:
    try:
        return live(world, dealt, days, now)
    except Exception:
        logger.exception("A simulated life failed and was taken back.")
        return None


def next_deal(target: Target, seed: int, skipped: int) -> Deal | None:
    """The next life, as long as something is missing."""
    some, closed = target.missing()
    if not some and not closed:
        return None
    index = WorkOrder.objects.count() + skipped
    return deal(seed, index, BLOCKS if some else ENOUGH)


@contextlib.contextmanager
def alone() -> Iterator[bool]:
    """Whether this process may live the past now; only one does at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        free = bool(cursor.fetchone()[0])
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
