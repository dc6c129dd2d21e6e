"""Storylines of work orders, from the report to the end."""

import datetime
from typing import Any

from command.simulation.life import Life
from command.simulation.wording import ground, phrase, someone
from organization.calendar import TimeUnit, due
from organization.duty import Duty
from organization.models import Unit, User
from whistle.actions import intake
from whistle.labels import OrderMethod
from whistle.models import WorkOrder
from workflow import sweep

HOUR, DAY, URGENT = TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY, TimeUnit.URGENT_HOUR
OVERRUN = (1.3, 3.2)
UNREACHED = "多次联系未果，已短信告知处理结果"
PHOTOS = {
    "grid": ("near", "far"),
    "resident": ("near",),
    "city": ("near", "far"),
    "video": ("far",),
}


# Parts that the stories share


def report(life: Life, *, placed: bool = True, result: str = "") -> WorkOrder:
    life.at(life.moment)
    actor = reporter(life)
    labels = ("before", "after") if result else PHOTOS.get(life.source, ())
    order = intake.report(
        actor=actor,
        now=life.moment,
        result=result,
        trigger="" if actor else f"source:{life.source}",
        photos=[life.world.photo(life.case, label) for label in labels],
        **words(life),
        **source(life),
        **(place(life) if placed else {}),
    )
    life.orders.append(order)
    life.took(order, "fix" if result else "report", actor)
    return order


def reporter(life: Life) -> User | None:
    """Wardens and operators report themselves; the public and other systems have no actor."""
    at = {"grid": life.spot.grid, "leader": life.world.district}.get(life.source)
    able = life.world.cast.able(Duty.REPORT, at, here=False) if at else []
    return life.choose(Duty.REPORT, at.pk, able) if able else None


def words(life: Life) -> dict[str, Any]:
    text = life.case.pick("words", life.variant)
    home = f"{life.facts['estate']}{life.facts['block']}"
    opening = phrase(life.rng, "opening", life.source, **life.facts)
    ending = phrase(life.rng, "ending", life.source)
    return {
        "title": life.case.pick("titles", life.variant).format_map(life.facts)[:80],
        "description": opening + text.format_map(life.facts) + ending,
        "address": f"{life.facts['road']}{home}" if "{estate}" in text else life.facts["place"],
        "category": life.case.condition.category if life.source in ("grid", "city") else None,
    }


def source(life: Life) -> dict[str, Any]:
    fields: dict[str, Any] = {"source": life.source}
    if life.source in ("hotline", "resident"):
        fields["reporter_name"] = life.facts["who"]
        fields["reporter_phone"] = f"120{life.rng.randrange(10**8):08d}"
        fields["confidential"] = life.chance(0.1)
    if life.source in ("hotline", "city"):
        letters = {"hotline": "NJ", "city": "SZCG"}[life.source]
        fields["source_number"] = f"{letters}{life.moment:%Y%m%d}{life.rng.randrange(10**6):06d}"
    if life.source == "hotline":
        limit = (24, URGENT) if life.urgent else (5 + 5 * life.chance(0.5), DAY)
        fields["source_due"] = due(life.moment, *limit)
    return fields


def place(life: Life) -> dict[str, Any]:
    exact = life.source in ("grid", "city", "resident")
    accuracy = life.rng.randint(3, 18) if exact else None
    return {"lng": life.spot.lng, "lat": life.spot.lat, "accuracy": accuracy}


def triage(life: Life, order: WorkOrder) -> None:
    if order.trace_count == 1 and life.chance(0.12):
        check(life, order)
    life.within(2, HOUR)
    urgency = WorkOrder.Urgency.URGENT if life.urgent else WorkOrder.Urgency.NORMAL
    life.act(order, "register", condition=life.case.condition, urgency=urgency)


def check(life: Life, order: WorkOrder, yes: bool = True) -> bool:
    """Somebody on the ground is asked: before filing whether it is so, later whether it is done.

    Returns whether there was an answer in time.
    """
    stage = "check" if order.status == "reported" else "verify"
    life.within(1, HOUR)
    life.flows.add("verification")
    life.act(order, "check", question=phrase(life.rng, "verb", f"{stage}_question"))
    asked = order.verifications.latest("pk")
    life.within(2, HOUR)
    life.at(life.moment)
    asked.refresh_from_db()
    if asked.status != "asked":
        return False
    said = "yes" if yes else "no"
    answer = "check_answer" if stage == "check" else f"verify_{said}"
    life.act(asked, "answer", yes=said, words=phrase(life.rng, "verb", answer))
    return True


def send(life: Life, order: WorkOrder, unit: Unit) -> None:
    life.within(0.5, HOUR)
    life.act(order, "dispatch", unit=unit)


def accept(life: Life, order: WorkOrder, part: float | None = None) -> None:
    life.within(1, HOUR, part)
    life.act(order, "accept")


def desk(life: Life, order: WorkOrder) -> Unit:
    return life.world.desk(life.case, life.spot.street, life.spot.community)


def hand_out(life: Life, order: WorkOrder) -> None:
    send(life, order, desk(life, order))
    accept(life, order)
    if order.in_office and life.chance(0.15):
        grade(life, order, "own")


def grade(life: Life, order: WorkOrder, who: str) -> None:
    """The office judges who can settle it."""
    life.within(1, HOUR)
    life.act(order, "grade", grade=who, opinion=phrase(life.rng, "grade", who))


def handle(life: Life, order: WorkOrder, part: float | None = None) -> None:
    """The work itself, reported back with the four elements."""
    life.within(*life.limit, 0.7 * life.share() if part is None else part)
    life.act(
        order,
        "handle",
        result=life.case.pick("results", life.variant).format_map(life.facts),
        talked_to=phrase(life.rng, "verb", "talked_to", who=life.facts["who"]),
        settled_on=phrase(life.rng, "verb", "settled_on"),
        checks=life.checks(order),
        photos=[life.world.photo(life.case, "after")],
    )


def verify(life: Life, order: WorkOrder) -> None:
    if life.chance(0.35) and check(life, order):
        life.within(1, HOUR)
        life.act(order, "verify")
    else:
        life.within(0.8, DAY)
        method = life.rng.choice(OrderMethod.values)
        life.act(order, "verify", method=method, note=phrase(life.rng, "verb", "verify"))


def call_back(life: Life, order: WorkOrder, solved: bool | None = None) -> None:
    life.within(2, DAY)
    if not life.chance(0.95):
        life.act(order, "callback", contacted="no", note=phrase(life.rng, "verb", "unreached"))
        return
    solved = life.chance(0.94) if solved is None else solved
    levels = (1, 2, 12, 35, 50) if solved else (35, 45, 20, 0, 0)
    life.act(
        order,
        "callback",
        contacted="yes",
        solved=solved,
        satisfaction=life.rng.choices((1, 2, 3, 4, 5), levels)[0],
        remark=phrase(life.rng, "verb", "remark") if solved else "",
    )


def close(life: Life, order: WorkOrder) -> None:
    life.within(1, HOUR)
    note = phrase(life.rng, "verb", "unsolved") if order.solved is False else ""
    life.act(order, "close", note=UNREACHED if order.solved is None else note)


def conclude(life: Life, order: WorkOrder) -> None:
    verify(life, order)
    call_back(life, order)
    close(life, order)


# The stories


def ordinary(life: Life) -> None:
    order = report(life)
    triage(life, order)
    hand_out(life, order)
    handle(life, order)
    conclude(life, order)


def asked(life: Life) -> None:
    """The warden is asked to look before it is filed."""
    order = report(life)
    check(life, order)
    triage(life, order)
    hand_out(life, order)
    handle(life, order)
    conclude(life, order)


def late(life: Life) -> None:
    """The clock runs out on the sign-in, on the work, or on both, and climbs its ladder."""
    order = report(life)
    triage(life, order)
    send(life, order, desk(life, order))
    accept(life, order, life.rng.uniform(*OVERRUN) if life.chance(0.5) else None)
    handle(life, order, life.rng.uniform(*OVERRUN))
    conclude(life, order)


def fixed(life: Life) -> None:
    order = report(life, result=phrase(life.rng, "verb", "fixed"))
    conclude(life, order)


def taken(life: Life) -> None:
    """The community settles it with its own hands."""
    order = report(life)
    life.within(1, HOUR)
    life.act(order, "take")
    handle(life, order)
    conclude(life, order)


def refused(life: Life) -> None:
    order = report(life)
    life.within(2, HOUR)
    code, reason = ground(life.rng, "refuse")
    life.act(order, "refuse", ground=code, note=reason)


def duplicate(life: Life) -> None:
    """Somebody else reports the same within hours; it joins the first."""
    first = report(life)
    triage(life, first)
    life.source = life.rng.choice(["resident", "hotline"])
    life.facts["who"] = someone(life.rng)
    life.within(3, HOUR)
    second = report(life)
    life.within(1, HOUR)
    life.act(second, "merge", into=first)
    hand_out(life, first)
    handle(life, first)
    conclude(life, first)


def sent_back(life: Life) -> None:
    order = report(life)
    triage(life, order)
    right = desk(life, order)
    send(life, order, life.world.other_desk(life.rng, life.spot.street, right))
    life.within(1, HOUR)
    code, reason = ground(life.rng, "send_back")
    life.act(order, "send_back", ground=code, note=reason)
    hand_out(life, order)
    handle(life, order)
    conclude(life, order)


def recalled(life: Life) -> None:
    order = report(life)
    triage(life, order)
    send(life, order, life.world.other_desk(life.rng, life.spot.street, desk(life, order)))
    life.within(1, HOUR)
    life.act(order, "recall", note=phrase(life.rng, "verb", "recall"))
    hand_out(life, order)
    handle(life, order)
    conclude(life, order)


def passed_on(life: Life) -> None:
    """The office gives it to the community or to the grid."""
    order = report(life)
    triage(life, order)
    send(life, order, life.world.office(life.spot.street, "city"))
    accept(life, order)
    life.within(1, HOUR)
    life.act(order, "pass_on", unit=life.rng.choice([life.spot.community, life.spot.grid]))
    accept(life, order)
    handle(life, order)
    conclude(life, order)


def reworked(life: Life) -> None:
    order = report(life)
    triage(life, order)
    hand_out(life, order)
    handle(life, order)
    if life.chance(0.5):
        check(life, order, yes=False)
    life.within(1, HOUR)
    life.act(order, "rework", note=phrase(life.rng, "verb", "rework"))
    handle(life, order)
    conclude(life, order)


def suspended(life: Life) -> None:
    """What cannot be done now is hung up; the clock takes it down on the day."""
    order = report(life)
    triage(life, order)
    hand_out(life, order)
    life.within(1, DAY)
    today = life.moment.date()
    until = today + datetime.timedelta(days=life.rng.randint(4, 24))
    life.act(order, "suspend", until=until, note=phrase(life.rng, "verb", "suspend"))
    life.at(end_of_suspension(order))
    order.refresh_from_db()
    handle(life, order)
    conclude(life, order)


def end_of_suspension(order: WorkOrder) -> datetime.datetime:
    moment: datetime.datetime = order.clocks.get(what="suspension", stopped=None).due
    return moment + sweep.PUT_OFF


def from_district(life: Life) -> None:
    """Without a point on the map it lies with the district, which sends it to a street."""
    order = report(life, placed=False)
    triage(life, order)
    send(life, order, life.spot.street)
    accept(life, order)
    life.within(1, HOUR)
    life.act(order, "pass_on", unit=desk(life, order))
    accept(life, order)
    handle(life, order)
    conclude(life, order)


def voided(life: Life) -> None:
    order = report(life)
    triage(life, order)
    life.within(1, HOUR)
    life.act(order, "void", note=phrase(life.rng, "verb", "void"))


def reopened(life: Life) -> None:
    """It came back within days of being closed."""
    ordinary(life)
    (order,) = life.orders
    life.within(2, DAY)
    if order.can_reopen:
        life.act(order, "reopen", note=phrase(life.rng, "verb", "reopen"))
        hand_out(life, order)
        handle(life, order)
        conclude(life, order)
