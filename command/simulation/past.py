"""A simulated past: which lives there are, and living them until the target is met."""

import contextlib
import datetime
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from command.simulation import hours, orders, whistles
from command.simulation.answered import mark_answered
from command.simulation.life import Life, Present
from command.simulation.whistles import turned
from command.simulation.world import World
from whistle import flow
from whistle.models import Whistle, WorkOrder

logger = logging.getLogger(__name__)

SEED = 320104
DAYS = 60
LOCK = 0x60_7C_32_01_04
FAILURES = 5
# The first lives are those of the first page, the others follow in the background.
BLOCKS = (0, 150, 1000)
HALF_A_DAY = datetime.timedelta(hours=12)
MOST_WORK_HOURS = 280
SOURCES = {"grid": 46, "hotline": 20, "resident": 13, "city": 9, "video": 8, "leader": 4}
HOME = {"grid": 70, "resident": 30}


@dataclass(frozen=True)
class Card:
    """A kind of life. `count` is its share among all; `kind` picks a case that asks for such a
    whistle, `desks` one that lies there. A life that rests began `age` working hours ago."""

    story: Callable[[Life], None]
    count: int
    kind: str = ""
    desks: tuple[str, ...] = ()
    sources: tuple[str, ...] = tuple(SOURCES)
    rest: tuple[str, str] | None = None
    age: tuple[float, float] = (0, 0)


GRID, NEAR, SENT = ("grid",), ("grid", "resident"), ("leader", "hotline")
AT_HOME, CITY = ("community",), ("city", "enforcement")

ORDERS = (
    Card(orders.ordinary, 22),
    Card(orders.fixed, 12, sources=GRID, desks=("city", "community")),
    Card(orders.taken, 7, sources=NEAR, desks=AT_HOME),
    Card(orders.refused, 3, sources=("hotline", "resident", "video")),
    Card(orders.duplicate, 3, desks=CITY),
    Card(orders.sent_back, 3, desks=CITY),
    Card(orders.recalled, 2, desks=CITY),
    Card(orders.passed_on, 3, desks=AT_HOME),
    Card(orders.reworked, 3),
    Card(orders.suspended, 2, kind="routine"),
    Card(orders.late, 3),
    Card(orders.from_district, 3, sources=SENT),
    Card(orders.voided, 1, sources=("video", "city")),
    Card(orders.reopened, 1, sources=("resident",)),
)
WHISTLES = (
    Card(whistles.level_two, 6, sources=NEAR, desks=AT_HOME),
    Card(turned(), 9, kind="routine"),
    Card(turned(reworked=True), 1, kind="routine"),
    Card(turned(added=True), 1, kind="routine"),
    Card(turned(denied=True), 1, kind="routine"),
    Card(turned(late=True), 3, kind="routine"),
    Card(turned(disputed=True), 2, kind="routine"),
    Card(turned(released=True), 1, kind="routine"),
    Card(turned("emergency"), 4, kind="emergency"),
    Card(turned("tough"), 4, kind="tough"),
    Card(whistles.raised, 2, kind="routine", sources=NEAR),
)
RESTING = (
    Card(orders.ordinary, 4, rest=("workorder", "report"), age=(0, 3)),
    Card(orders.ordinary, 2, rest=("workorder", "register"), age=(0.3, 2.5)),
    Card(orders.sent_back, 2, rest=("workorder", "send_back"), age=(1, 3)),
    Card(orders.ordinary, 2, rest=("workorder", "dispatch"), age=(0.6, 3)),
    Card(orders.ordinary, 3, rest=("workorder", "accept"), age=(1, 9)),
    Card(orders.taken, 1, sources=NEAR, desks=AT_HOME, rest=("workorder", "take"), age=(2, 30)),
    Card(orders.ordinary, 3, rest=("workorder", "handle"), age=(3, 14)),
    Card(orders.fixed, 1, sources=GRID, rest=("workorder", "fix"), age=(0, 8)),
    Card(orders.ordinary, 2, rest=("workorder", "verify"), age=(5, 24)),
    Card(orders.suspended, 2, kind="routine", rest=("workorder", "suspend"), age=(20, 70)),
    Card(orders.asked, 2, rest=("workorder", "check"), age=(0.2, 2)),
    Card(orders.passed_on, 2, desks=AT_HOME, rest=("workorder", "pass_on"), age=(1.5, 4)),
    Card(orders.from_district, 1, sources=SENT, rest=("workorder", "report"), age=(0, 3)),
    Card(orders.from_district, 1, sources=SENT, rest=("workorder", "register"), age=(1, 4)),
    Card(whistles.declined, 1, kind="routine", rest=("whistle", "draft"), age=(1.5, 7)),
    Card(turned("tough"), 1, kind="tough", rest=("whistle", "draft"), age=(1.5, 7)),
    Card(turned(), 1, kind="routine", rest=("whistle", "confirm"), age=(4, 10)),
    Card(turned(), 2, kind="routine", rest=("whistle", "blow"), age=(4, 9)),
    Card(turned("emergency"), 1, kind="emergency", rest=("whistle", "blow_now"), age=(0.5, 3)),
    Card(turned(), 1, kind="routine", rest=("response", "sign"), age=(5, 16)),
    Card(turned("tough"), 1, kind="tough", rest=("response", "arrive"), age=(12, 60)),
    Card(turned(disputed=True), 1, kind="routine", rest=("response", "dispute"), age=(6, 14)),
    Card(turned(), 1, kind="routine", rest=("response", "finish"), age=(25, 70)),
    Card(turned(), 1, kind="routine", rest=("whistle", "verify"), age=(35, 90)),
    Card(turned("tough"), 1, kind="tough", rest=("whistle", "score"), age=(70, 170)),
    Card(whistles.level_two, 1, sources=NEAR, desks=AT_HOME, rest=("whistle", "blow"), age=(8, 20)),
)
# Among the first lives many lie open, so that every queue has some; later there are enough.
FIRST = (*ORDERS, *WHISTLES, *RESTING)
LATER = (*ORDERS * 4, *WHISTLES * 3, *RESTING)


@cache
def deck(seed: int, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """Every card as often as it counts, shuffled."""
    dealt = [card for card in cards for _copy in range(card.count)]
    Random(seed).shuffle(dealt)
    return tuple(dealt)


class Deal:
    """A card with its dice, and how many days ago its life begins as a share of the past."""

    def __init__(self, seed: int, index: int, cards: tuple[Card, ...]) -> None:
        dealt = deck(seed, cards)
        self.card = dealt[index % len(dealt)]
        self.rng = Random(f"{seed}:{index}")
        self.ago = sum(self.card.age) / 2 / MOST_WORK_HOURS if self.card.rest else self.rng.random()


@cache
def order_of(seed: int, first: int, last: int, cards: tuple[Card, ...]) -> tuple[int, ...]:
    """The lives of a block from the oldest to the newest, so that numbers follow time."""
    return tuple(sorted(range(first, last), key=lambda index: -Deal(seed, index, cards).ago))


def deal(seed: int, index: int, cards: tuple[Card, ...]) -> Deal:
    """The life that is lived when there are `index` orders already."""
    first, last = next(pair for pair in pairwise(BLOCKS) if pair[0] <= index % BLOCKS[-1] < pair[1])
    turn, place = divmod(index, BLOCKS[-1])
    start = turn * BLOCKS[-1]
    return Deal(seed, order_of(seed, start + first, start + last, cards)[place - first], cards)


def live(world: World, dealt: Deal, days: int, now: datetime.datetime) -> Life:
    """Live one life whole, in one transaction: nobody meets it half-lived."""
    card, rng = dealt.card, dealt.rng
    weights = [SOURCES[source] for source in card.sources]
    source = rng.choices(card.sources, weights)[0]
    case = world.wording.choose(rng, card.kind, *card.desks)
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
        return hours.birth(dealt.rng, source, first, last)
    day = now - datetime.timedelta(days=days * dealt.ago)
    return hours.birth(dealt.rng, source, day - HALF_A_DAY, min(day + HALF_A_DAY, now))


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
    cards = (FIRST if index < BLOCKS[1] else LATER) if some else WHISTLES
    return deal(seed, index, cards)


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
