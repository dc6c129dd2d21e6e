"""Storylines of whistles: the community's call on its street, the street's on departments."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from command.simulation import hours, orders
from command.simulation.concluding import conclude, finish
from command.simulation.life import Life, Present
from command.simulation.wording import duty_of, ground, phrase
from organization.calendar import TimeUnit, due
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import Response, Task, Whistle, WorkOrder

HOUR, DAY, URGENT = TimeUnit.WORK_HOUR, TimeUnit.WORK_DAY, TimeUnit.URGENT_HOUR
Moments = Iterator[datetime.datetime]
Limit = tuple[float, TimeUnit]


class Pace(NamedTuple):
    """Limits that people keep to: the policy's, or shorter ones when life itself presses."""

    draft: Limit
    confirm: Limit
    blow: Limit
    sign: Limit
    arrive: Limit


PACES = {
    "routine": Pace((2, HOUR), (4, HOUR), (1, HOUR), (1, HOUR), (3, DAY)),
    "tough": Pace((4, HOUR), (4, HOUR), (1, HOUR), (1, HOUR), (5, DAY)),
    "emergency": Pace((0.3, URGENT), (0.5, URGENT), (0.2, URGENT), (0.5, URGENT), (0.8, URGENT)),
}


@dataclass(frozen=True)
class Turn:
    """What goes otherwise than it should in a whistle's story."""

    late: bool = False
    disputed: bool = False
    released: bool = False
    added: bool = False
    denied: bool = False
    reworked: bool = False


# Level 3


def level_three(life: Life, kind: str = "routine", turn: Turn = Turn()) -> None:
    order = orders.report(life)
    orders.triage(life, order)
    # The centre drafts while its own half hour to dispatch runs: nothing to rest on.
    by_office = kind != "emergency" and life.chance(1 if life.rest else 0.85)
    if by_office:
        orders.send(life, order, life.world.office(life.spot.street, life.case.desk))
        orders.accept(life, order)
        orders.grade(life, order, "district")
    whistle = draft(life, order, kind, by_office)
    blow(life, whistle)
    answers(life, whistle, turn)
    conclude(life, whistle, reworked=turn.reworked)


def draft(life: Life, order: WorkOrder, kind: str, by_office: bool) -> Whistle:
    life.within(*PACES[kind].draft)
    most = {"routine": 2, "tough": 4, "emergency": 3}[kind]
    units = called(life, life.rng.randint(1, most))
    centre = order.centre if order.street_id else life.spot.street.centre()
    whistle = Whistle(
        order=order,
        level=Whistle.Level.DISTRICT,
        kind=kind,
        caller=life.spot.street,
        centre=centre,
        holder=order.holder if by_office else None,
        ask=ask(life, order, "ask_emergency" if kind == "emergency" else "ask_three"),
    )
    life.bear(whistle, "draft", tasks=tasks(life, kind, units))
    return whistle


def called(life: Life, most: int) -> list[Unit]:
    """Whom the case concerns; what lies open now is often with a department of an account."""
    units = life.world.wording.called(life.rng, life.case, most)
    homes = [unit for unit in life.world.home_departments if unit not in units]
    if life.rest and homes and life.chance(0.9):
        units.insert(life.rng.randint(0, 1), life.rng.choice(homes))
    return units


def ask(life: Life, order: WorkOrder, which: str) -> str:
    return phrase(life.rng, "whistle", which, title=order.title)


def leaders(life: Life, lead: Unit) -> list[User]:
    """Who reports (双报到): paired with the street, in charge of the lead; perhaps one person."""
    cast = life.world.cast
    found = [cast.leader("paired", life.spot.street), cast.leader("in_charge", lead)]
    return list({leader.pk: leader for leader in found if leader}.values())


def tasks(life: Life, kind: str, units: list[Unit]) -> list[dict[str, Any]]:
    """Each is given the order's own limit, so that the whole is done in time."""
    amount, time_unit = life.limit
    amount = max(amount, 2) if kind == "emergency" else amount
    return [
        {
            "unit": unit,
            "role": Task.Role.ASSIST if number else Task.Role.LEAD,
            "text": duty_of(life.rng, unit, "tasks"),
            "amount": amount,
            "time_unit": time_unit,
        }
        for number, unit in enumerate(units)
    ]


def blow(life: Life, whistle: Whistle) -> None:
    life.flows.add("response")
    pace = PACES[whistle.kind]
    if whistle.is_emergency and life.chance(0.6):
        life.within(*pace.blow)
        leader = duty_leader(life, whistle)
        words = phrase(life.rng, "whistle", "reason_now")
        life.act(whistle, "blow_now", actor=leader, note=words)
        return
    life.within(*pace.confirm)
    life.act(whistle, "confirm")
    life.within(*pace.blow)
    life.act(whistle, "blow")


def duty_leader(life: Life, whistle: Whistle) -> User:
    """One who is not also the main leader: who blows at once may not confirm it himself."""
    cast = life.world.cast
    main = cast.able(Duty.CONFIRM, whistle.caller, here=True)
    able = cast.able(Duty.SUPERVISE, whistle.caller, here=False, without=main)
    if not able:
        raise Present
    return life.choose(Duty.SUPERVISE, whistle.caller_id, able)


def answers(life: Life, whistle: Whistle, turn: Turn) -> None:
    """The departments work side by side, the leaders of a tough whistle come and look."""
    called = list(whistle.responses.order_by("-role", "pk"))
    parts = [
        answer(life, whistle, response, turn if not n else Turn())
        for n, response in enumerate(called)
    ]
    if whistle.awaits_confirmation:
        parts.append(confirmation(life, whistle))
    if whistle.is_tough:
        parts += [opinion(life, whistle, leader) for leader in leaders(life, called[0].unit)]
    if turn.released and len(called) > 1:
        parts.append(release(life, called[-1]))
    if turn.added:
        parts.append(added(life, whistle))
    life.play(*parts)
    whistle.refresh_from_db()


def confirmation(life: Life, whistle: Whistle) -> Moments:
    yield life.later(24, URGENT)
    life.act(whistle, "confirm")


def opinion(life: Life, whistle: Whistle, leader: User) -> Moments:
    yield life.later(3, DAY)
    words = phrase(life.rng, "whistle", "leader_opinion")
    presence = life.rng.choice(("on_site", "on_site", "meeting"))
    life.act(whistle, "leader_report", actor=leader, presence=presence, opinion=words)


def release(life: Life, response: Response) -> Moments:
    yield life.later(1, HOUR, 0.9)
    response.refresh_from_db()
    if response.status in ("called", "signed"):
        life.act(response, "release", note=phrase(life.rng, "whistle", "release"))


def added(life: Life, whistle: Whistle) -> Moments:
    yield life.later(1, DAY)
    whistle.refresh_from_db()
    called = set(whistle.responses.values_list("unit", flat=True))
    free = [u for u in life.world.wording.departments.values() if u.pk not in called]
    if whistle.status != "blown" or not free:
        return
    unit = life.rng.choice(free)
    task = phrase(life.rng, "whistle", "added_task")
    life.act(whistle, "add", unit=unit, task=task, amount=3, time_unit=DAY)
    yield from answer(life, whistle, whistle.responses.get(unit=unit), Turn())


def answer(life: Life, whistle: Whistle, response: Response, turn: Turn) -> Moments:
    pace = PACES[whistle.kind]
    overrun = life.rng.uniform(1.2, 4) if turn.late else None
    yield life.later(*pace.sign, overrun)
    response.refresh_from_db()
    if response.status == "released":
        return
    if turn.disputed:
        yield from dispute(life, response)
    else:
        life.act(response, "sign", **lead(life, response))
    yield from prepare(life, response)
    yield life.later(*(pace.arrive if turn.late else soon(life, pace.arrive)), overrun)
    response.refresh_from_db()
    if response.status == "released":
        return
    yield from arrive(life, whistle, response, turn)
    yield from work(life, response)


def lead(life: Life, response: Response) -> dict[str, str]:
    verb = "sign" if response.is_level_three else "name"
    person = life.actor(response, verb)
    return {"lead_name": person.name, "lead_phone": person.phone or "02500000000"}


def dispute(life: Life, response: Response) -> Moments:
    code, reason = ground(life.rng, "dispute")
    life.act(response, "dispute", ground=code, note=reason)
    yield life.later(1, DAY)
    unit = response.unit
    if life.chance(0.4):
        named = set(response.whistle.responses.values_list("unit", flat=True))
        free = [u for u in life.world.wording.departments.values() if u.pk not in named]
        unit = life.rng.choice(free) if free else unit
    words = phrase(life.rng, "whistle", "designate")
    life.act(response, "designate", unit=unit, note=words)


def prepare(life: Life, response: Response) -> Moments:
    """Hand it to a section, ring up the street and agree when to meet."""
    sections = list(response.unit.children.filter(kind=Unit.Kind.SECTION))
    if sections and life.chance(0.5):
        yield life.later(1, HOUR)
        if response.status == "signed":
            life.act(response, "assign", section=life.rng.choice(sections))
    if life.chance(0.94):
        yield life.later(3, URGENT)
        response.refresh_from_db()
        if response.status == "signed":
            meet_at = due(life.moment, life.rng.randint(1, 8), HOUR)
            place = phrase(life.rng, "whistle", "meet_place", street=life.spot.street.title)
            life.act(response, "contact", meet_at=meet_at, meet_place=place)


def soon(life: Life, limit: Limit) -> Limit:
    """The limit, or a third of the order's own if that is shorter."""
    third = hours.work_hours(*life.limit) / 3
    return (third, HOUR) if 0 < third < hours.work_hours(*limit) else limit


def arrive(life: Life, whistle: Whistle, response: Response, turn: Turn) -> Moments:
    who = response.lead_name or response.unit.title
    code = whistle.arrival_code
    life.act(response, "arrive", who=who, code=code)
    if turn.denied:
        yield life.later(2, HOUR)
        life.act(response, "deny", note=phrase(life.rng, "whistle", "deny"))
        yield life.later(4, HOUR)
        life.act(response, "arrive", who=who, code=code)


def work(life: Life, response: Response) -> Moments:
    if life.chance(0.35):
        yield life.later(response.amount, response.time_unit, 0.15)
        life.act(response, "progress", result=duty_of(life.rng, response.unit, "progress"))
    yield life.later(response.amount, response.time_unit, 0.7 * life.share())
    finish(life, response)


# Level 2


def level_two(life: Life) -> None:
    conclude(life, call_street(life))


def call_street(life: Life, *, until_named: bool = False) -> Whistle:
    order = orders.report(life)
    life.within(1, HOUR)
    life.act(order, "take")
    life.within(2, DAY)
    whistle = Whistle(
        order=order,
        level=Whistle.Level.STREET,
        caller=life.spot.community,
        centre=order.centre,
        ask=ask(life, order, "ask_two"),
    )
    life.flows.add("response")
    life.bear(whistle, "blow")
    response = whistle.responses.get()
    life.within(1, HOUR)
    life.act(response, "name", **lead(life, response))
    if not until_named:
        life.play(visit(life, whistle, response))
        whistle.refresh_from_db()
    return whistle


def visit(life: Life, whistle: Whistle, response: Response) -> Moments:
    yield from prepare(life, response)
    yield life.later(1, DAY)
    yield from arrive(life, whistle, response, Turn())
    yield life.later(2, DAY)
    finish(life, response)


def raised(life: Life) -> None:
    """The street cannot do it either and calls the departments."""
    low = call_street(life, until_named=True)
    life.within(4, HOUR)
    units = life.world.wording.called(life.rng, life.case, 2)
    life.act(
        low,
        "raise",
        note=phrase(life.rng, "whistle", "raise"),
        kind="routine",
        ask=ask(life, life.orders[0], "ask_three"),
        tasks=tasks(life, "routine", units),
    )
    whistle = low.raised_to.get()
    blow(life, whistle)
    answers(life, whistle, Turn())
    conclude(life, whistle)


def declined(life: Life) -> None:
    """The street head says no; an office of the street settles it."""
    order = orders.report(life)
    orders.triage(life, order)
    whistle = draft(life, order, "routine", by_office=False)
    life.within(4, HOUR)
    life.act(whistle, "decline", note=phrase(life.rng, "whistle", "decline"))
    orders.send(life, order, life.world.office(life.spot.street, life.case.desk))
    orders.accept(life, order)
    orders.handle(life, order)
    orders.conclude(life, order)


def turned(kind: str = "routine", **turn: bool) -> Any:
    """A level-3 story in which something goes otherwise."""
    return partial(level_three, kind=kind, turn=Turn(**turn))
