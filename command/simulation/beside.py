"""Storylines with papers beside the order: requests, supervision, parts; and notes on it."""

from command.simulation import orders
from command.simulation.life import Life
from command.simulation.wording import ground, phrase
from organization.calendar import TimeUnit
from whistle.models import Request, SupervisionOrder, WorkOrder
from whistle.request_birth import blank_request

HOUR, DAY = TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY
# How often what is asked for is granted.
GRANTED = 0.75


def extended(life: Life) -> None:
    """The holder asks for more time (延期)."""
    order = in_hand(life)
    note(life, order)
    request = ask(life, order, "extension", amount=1, note=phrase(life.rng, "verb", "extension"))
    decide(life, request)
    orders.handle(life, order)
    orders.conclude(life, order)


def given_back(life: Life) -> None:
    """What an office has signed for is not its own after all: it asks to return it (退单)."""
    order = orders.report(life)
    orders.triage(life, order)
    right = orders.desk(life, order)
    orders.send(life, order, life.world.other_desk(life.rng, life.spot.street, right))
    orders.accept(life, order)
    code, reason = ground(life.rng, "send_back")
    decide(life, ask(life, order, "return", ground=code, note=reason))
    order.refresh_from_db()
    if order.status == "registered":
        orders.hand_out(life, order)
    orders.handle(life, order)
    orders.conclude(life, order)


def in_hand(life: Life) -> WorkOrder:
    order = orders.report(life)
    orders.triage(life, order)
    orders.hand_out(life, order)
    return order


def ask(life: Life, order: WorkOrder, kind: str, **given: object) -> Request:
    life.within(1, DAY, 0.3 * life.share())
    request = blank_request(order, kind)
    life.bear(request, "ask", **given)
    return request


def decide(life: Life, request: Request) -> None:
    """In time by the centre above, or by its silence."""
    life.within(4, HOUR)
    life.at(life.moment)
    request.refresh_from_db()
    if request.status != "asked":
        return
    if life.chance(GRANTED):
        life.act(request, "grant")
    else:
        life.act(request, "reject", note=phrase(life.rng, "verb", "reject"))
    request.order.refresh_from_db()


def supervised(life: Life) -> None:
    """The centre holds the unit to it (督办): signed for, reported on, settled, signed off."""
    order = in_hand(life)
    life.within(*life.limit, 0.3)
    paper = SupervisionOrder(order=order, kind=SupervisionOrder.Kind.SUPERVISION)
    given = {"unit": order.holder, "ground": life.rng.choice(("effect", "other"))}
    wanted = phrase(life.rng, "verb", "requirement")
    life.bear(paper, "issue", requirement=wanted, amount=3, time_unit=DAY, **given)
    life.within(2, HOUR)
    life.act(paper, "sign")
    life.within(1, DAY)
    life.act(paper, "report", result=phrase(life.rng, "verb", "progress"))
    orders.handle(life, order, 0.3)
    life.within(2, HOUR)
    life.act(paper, "answer", result=phrase(life.rng, "verb", "settled"))
    life.within(1, DAY)
    life.act(paper, "sign_off")
    orders.conclude(life, order)


def divided(life: Life) -> None:
    """Two offices settle it, each its part (分办); the resident is asked about the whole."""
    order = orders.report(life)
    orders.triage(life, order)
    titles = life.rng.choice((("现场处置", "后续修复"), ("清理恢复", "劝导整改")))
    condition = life.case.condition
    parts = [{"title": f"{order.title[:60]}·{title}", "condition": condition} for title in titles]
    life.within(0.5, HOUR)
    life.act(order, "divide", parts=parts)
    made = list(order.parts.order_by("pk"))
    life.orders += made
    first = orders.desk(life, order)
    desks = (first, life.world.other_desk(life.rng, life.spot.street, first))
    for part, unit in zip(made, desks, strict=True):
        orders.send(life, part, unit)
        orders.accept(life, part)
    for part in made:
        orders.handle(life, part, 0.3)
    for part in made:
        orders.verify(life, part)
        life.act(part, "close")
    order.refresh_from_db()
    orders.call_back(life, order)
    orders.close(life, order)


def note(life: Life, order: WorkOrder) -> None:
    """A colleague's remark, or a word to who reported it."""
    life.within(1, HOUR)
    verb = "inform" if life.source in ("hotline", "resident") else "note"
    life.act(order, verb, remark=phrase(life.rng, "verb", verb))
