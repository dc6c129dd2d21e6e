"""Which lives a simulated past is made of, and how they spread over its days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from command.simulation import beside, orders, whistles
from command.simulation.life import Life
from command.simulation.whistles import turned

SOURCES = {"grid": 46, "hotline": 20, "resident": 13, "city": 9, "video": 8, "leader": 4}
DAYS = 60
# As many days as the overview's chart shows.
RECENT = 21
# In a day of the calendar, over weeks.
WORK_HOURS_A_DAY = 4.7


@dataclass(frozen=True)
class Card:
    """A kind of life. `count` is its share among all; `kind` picks a case that asks for such a
    whistle, `desks` one that lies there. A life that rests began `age` working hours ago: long
    enough to come to rest, and not so long that the limit which then runs has passed."""

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
    Card(beside.extended, 3, kind="routine", sources=("grid", "resident", "video")),
    Card(beside.given_back, 2, kind="routine", sources=("grid", "resident", "video")),
    Card(beside.supervised, 2, kind="routine"),
    Card(beside.divided, 1, kind="routine"),
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
# What must be done within the hour is overdue before noon if nobody acts: few rest there, more
# where the limit is days.
RESTING = (
    Card(orders.ordinary, 2, rest=("workorder", "report"), age=(0, 1.9)),
    Card(orders.ordinary, 2, rest=("workorder", "register"), age=(0.3, 0.7)),
    Card(orders.sent_back, 1, rest=("workorder", "send_back"), age=(0.6, 1.1)),
    Card(orders.ordinary, 1, rest=("workorder", "dispatch"), age=(0.5, 1.3)),
    Card(orders.ordinary, 3, rest=("workorder", "accept"), age=(4, 18)),
    Card(orders.ordinary, 2, rest=("workorder", "accept"), age=(17, 22)),
    Card(orders.taken, 2, sources=NEAR, desks=AT_HOME, rest=("workorder", "take"), age=(5, 27)),
    Card(orders.ordinary, 2, rest=("workorder", "handle"), age=(6, 11)),
    Card(orders.fixed, 1, sources=GRID, rest=("workorder", "fix"), age=(1, 7)),
    Card(orders.ordinary, 2, rest=("workorder", "verify"), age=(8, 19)),
    Card(orders.suspended, 2, kind="routine", rest=("workorder", "suspend"), age=(10, 50)),
    Card(orders.asked, 1, rest=("workorder", "check"), age=(0.3, 1.5)),
    Card(orders.passed_on, 1, desks=AT_HOME, rest=("workorder", "pass_on"), age=(0.8, 1.6)),
    Card(orders.from_district, 1, sources=SENT, rest=("workorder", "report"), age=(0, 1.8)),
    Card(orders.from_district, 1, sources=SENT, rest=("workorder", "register"), age=(0.3, 0.8)),
    Card(beside.extended, 2, kind="routine", sources=NEAR, rest=("request", "ask"), age=(5, 9)),
    Card(beside.supervised, 2, kind="routine", rest=("supervision", "sign"), age=(12, 20)),
    Card(beside.supervised, 1, kind="routine", rest=("supervision", "report"), age=(16, 24)),
    Card(beside.divided, 1, kind="routine", rest=("workorder", "handle"), age=(6, 11)),
    Card(turned(), 1, kind="routine", rest=("whistle", "draft"), age=(1.5, 4)),
    Card(turned("tough"), 1, kind="tough", rest=("whistle", "draft"), age=(1.5, 4.5)),
    Card(turned(), 1, kind="routine", rest=("whistle", "confirm"), age=(2, 2.8)),
    Card(turned(), 2, kind="routine", rest=("whistle", "blow"), age=(2.2, 3)),
    Card(turned(), 1, kind="routine", rest=("response", "sign"), age=(3, 7)),
    Card(turned(), 1, kind="routine", rest=("response", "contact"), age=(6, 16)),
    Card(turned("tough"), 1, kind="tough", rest=("response", "arrive"), age=(10, 20)),
    Card(turned(disputed=True), 1, kind="routine", rest=("response", "dispute"), age=(4, 9)),
    Card(turned(), 1, kind="routine", rest=("response", "finish"), age=(12, 20)),
    Card(turned("emergency"), 1, kind="emergency", rest=("whistle", "verify"), age=(7, 16)),
    Card(turned(), 1, kind="routine", rest=("whistle", "verify"), age=(14, 24)),
    Card(turned("tough"), 1, kind="tough", rest=("whistle", "score"), age=(24, 50)),
    Card(whistles.level_two, 1, sources=NEAR, desks=AT_HOME, rest=("whistle", "blow"), age=(3, 4)),
)


@dataclass(frozen=True)
class Block:
    """Lives that are lived from the oldest to the newest, and in which proportion they are born
    on a day of the last weeks (`recent`) and on one before them."""

    lives: int
    cards: tuple[Card, ...]
    recent: float = 1
    before: float = 1

    def weight(self, ago: int) -> float:
        return self.recent if ago <= RECENT else self.before


# The first page shows the last weeks, with something in every queue. What follows in the
# background fills them up, and the time before.
BLOCKS = (
    Block(150, (*ORDERS, *WHISTLES, *RESTING), before=0),
    Block(850, (*ORDERS * 4, *WHISTLES * 3), recent=0.7),
)


@cache
def shuffled(seed: int, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """Every card as often as it counts."""
    dealt = [card for card in cards for _copy in range(card.count)]
    Random(seed).shuffle(dealt)
    return tuple(dealt)


class Deal:
    """A card with its dice, and how far back its life begins as a share of the block's past."""

    def __init__(self, seed: int, index: int, block: Block) -> None:
        dealt = shuffled(seed, block.cards)
        self.block, self.card = block, dealt[index % len(dealt)]
        self.rng = Random(f"{seed}:{index}")
        self.ago = rested(self.card, block) if self.card.rest else self.rng.random()


def rested(card: Card, block: Block) -> float:
    span = DAYS if block.before else RECENT
    return sum(card.age) / 2 / (WORK_HOURS_A_DAY * span)


@cache
def in_order(seed: int, start: int, block: Block) -> tuple[int, ...]:
    """The lives of a block from the oldest to the newest, so that numbers follow time."""
    indexes = range(start, start + block.lives)
    return tuple(sorted(indexes, key=lambda index: -Deal(seed, index, block).ago))


def deal(seed: int, index: int, blocks: Sequence[Block]) -> Deal:
    """The life that is lived when there are `index` orders already; after the last block the
    first comes again."""
    start = index - index % sum(block.lives for block in blocks)
    for block in blocks:
        if index < start + block.lives:
            return Deal(seed, in_order(seed, start, block)[index - start], block)
        start += block.lives
    raise IndexError(index)
