"""How a whistle's story ends, the same for both levels: finished, checked, scored, closed."""

from command.simulation import orders
from command.simulation.life import Life
from command.simulation.wording import duty_of, phrase
from organization.calendar import TimeUnit
from whistle.models import Response, Whistle, WorkOrder

DAY, HOUR, URGENT = TimeUnit.WORK_DAY, TimeUnit.WORK_HOUR, TimeUnit.URGENT_HOUR
# How often a resident chooses each of the five levels, by whether he finds it solved.
LEVELS = {True: (0, 2, 10, 38, 50), False: (40, 45, 15, 0, 0)}


def finish(life: Life, response: Response) -> None:
    photos = [life.world.photo(life.case, "after")]
    result = duty_of(life.rng, response.unit, "results")
    checks = life.checks(response.root)
    life.act(response, "finish", result=result, checks=checks, photos=photos)


def conclude(life: Life, whistle: Whistle, *, reworked: bool = False) -> None:
    order = life.orders[0]
    if reworked:
        redo(life, whistle)
    life.within(*((4, URGENT) if life.urgent else (1, DAY)))
    verify(life, whistle)
    order.refresh_from_db()
    if order.solved is None:
        orders.call_back(life, order)
    life.within(2, DAY)
    life.act(whistle, "score", marks=marks(life, whistle, order))
    orders.close(life, order)
    life.within(1, HOUR)
    life.act(whistle, "close")


def verify(life: Life, whistle: Whistle) -> None:
    """What a resident does not find solved is done once more, and looked at on the spot."""
    method = life.rng.choice(Whistle.Method.values)
    if method == Whistle.Method.SURVEY and not is_content(life, whistle):
        redo(life, whistle)
        method = Whistle.Method.SPOT
    life.act(whistle, "verify", method=method, note=phrase(life.rng, "whistle", f"verify_{method}"))


def is_content(life: Life, whistle: Whistle) -> bool:
    """Ask who reported by a link; whether he says that it is solved."""
    life.act(whistle, "survey")
    survey = whistle.surveys.latest("pk")
    life.within(2, TimeUnit.NATURAL_DAY)
    solved = life.chance(0.9)
    satisfaction = life.rng.choices((1, 2, 3, 4, 5), LEVELS[solved])[0]
    life.by_link(survey, "answer", solved=solved, satisfaction=satisfaction)
    whistle.refresh_from_db()
    return solved


def redo(life: Life, whistle: Whistle) -> None:
    life.within(1, DAY)
    response = whistle.responses.filter(status="done").first()
    words = phrase(life.rng, "whistle", "rework")
    life.act(whistle, "rework", note=words, responses=[response])
    response.refresh_from_db()
    life.within(2, DAY)
    finish(life, response)
    whistle.refresh_from_db()


def marks(life: Life, whistle: Whistle, order: WorkOrder) -> dict[int, int]:
    """Of fifty points: many for what was solved, fewer for what was redone or is not."""
    most = 38 if order.solved is False else 50
    done = whistle.responses.filter(status="done")
    return {r.pk: life.rng.randint(most - 12, most) - 4 * bool(r.redone) for r in done}
