"""One life: an order and all that hangs on it, each step at its own moment in the past."""

import datetime
import heapq
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from command.simulation import hours
from command.simulation.ground import OFTEN, OPEN, Spot
from command.simulation.wording import Case, facts_of
from command.simulation.world import World
from organization.calendar import TimeUnit
from organization.models import User
from whistle.models import (
    ChecklistLine,
    RequestClock,
    ResponseClock,
    WhistleClock,
    WorkOrder,
    WorkOrderClock,
)
from whistle.models.supervisions import SupervisionOrderClock
from whistle.models.surveys import SurveyClock
from whistle.models.verifications import VerificationClock
from workflow import sweep
from workflow.actions import create, transition
from workflow.models import Paper

CLOCKS = {
    "workorder": WorkOrderClock,
    "verification": VerificationClock,
    "whistle": WhistleClock,
    "response": ResponseClock,
    "survey": SurveyClock,
    "request": RequestClock,
    "supervision": SupervisionOrderClock,
}
# The clocks under some orders that are due by a moment: one question for all flows per step.
BESIDE = """
    SELECT c.next_at, c.id, '{flow}' FROM {clock} c JOIN {paper} p ON p.id = c.paper_id
    WHERE p.order_id = ANY(%(orders)s) AND c.next_at <= %(until)s"""
OWN_WAYS = {
    "workorder": """
        SELECT next_at, id, 'workorder' AS flow FROM whistle_workorderclock
        WHERE paper_id = ANY(%(orders)s) AND next_at <= %(until)s""",
    "response": """
        SELECT c.next_at, c.id, 'response' FROM whistle_responseclock c
        JOIN whistle_response r ON r.id = c.paper_id JOIN whistle_whistle w ON w.id = r.whistle_id
        WHERE w.order_id = ANY(%(orders)s) AND c.next_at <= %(until)s""",
}


def due_of(flow: str, clock: Any) -> str:
    paper = clock._meta.get_field("paper").related_model
    names = {"flow": flow, "clock": clock._meta.db_table, "paper": paper._meta.db_table}
    return OWN_WAYS.get(flow) or BESIDE.format(**names)


DUE = {flow: due_of(flow, clock) for flow, clock in CLOCKS.items()}
# Who comes to rest must get there first.
HURRY = 0.5


class Present(Exception):
    """The story has come to the present, or to where it rests: what follows has not happened."""


class Life:
    """Acts for the people of a story.

    Before each step the clocks that were due by then fire at their own moments, as the sweep would
    have fired them. `rest` names the step (flow, verb) after which nobody acts any more.
    """

    def __init__(
        self,
        world: World,
        rng: Random,
        case: Case,
        source: str,
        born: datetime.datetime,
        now: datetime.datetime,
        rest: tuple[str, str] | None = None,
    ) -> None:
        self.world, self.rng, self.case, self.source = world, rng, case, source
        self.moment, self.now, self.rest = born, now, rest
        self.last = born
        self.spot: Spot = world.ground.spot(rng, OPEN if rest else OFTEN)
        self.facts = facts_of(rng, self.spot, case)
        self.variant = rng.randrange(12)
        self.limit = (case.condition.amount, case.condition.unit)
        self.urgent = case.condition.unit == TimeUnit.URGENT_HOUR
        self.orders: list[WorkOrder] = []
        self.flows = {"workorder"}
        self.acted: dict[int, set[str]] = {}
        self.turns: dict[tuple[str, int], int] = {}

    # Time

    def within(self, amount: Decimal | float, unit: str, part: float | None = None) -> None:
        """Let as much time pass as people take for something with this limit."""
        self.moment = self.later(amount, unit, part)

    def later(
        self, amount: Decimal | float, unit: str, part: float | None = None
    ) -> datetime.datetime:
        if part is None:
            part = self.share()
        if self.urgent and unit == TimeUnit.WORK_HOUR:
            amount, unit = float(amount) * 0.3, TimeUnit.URGENT_HOUR
        return hours.later(self.moment, amount, unit, part)

    def share(self) -> float:
        """How much of a limit is used up this time."""
        return hours.share(self.rng) * (HURRY if self.rest else 1)

    def at(self, moment: datetime.datetime) -> None:
        """Come to a moment, at which all that was due before it has happened."""
        self.moment = moment
        self.sweep(min(moment, self.now))
        if moment >= self.now:
            raise Present

    def sweep(self, until: datetime.datetime) -> None:
        """Fire the due clocks of these papers, oldest first, each at its own moment."""
        fired = 1
        while fired and (found := self.next_clock(until)):
            next_at, pk, flow = found
            self.last = max(self.last, next_at)
            fired = sweep.fire(CLOCKS[flow], pk, self.last)

    def next_clock(self, until: datetime.datetime) -> tuple[datetime.datetime, int, str] | None:
        parts = " UNION ALL ".join(DUE[flow] for flow in sorted(self.flows, reverse=True))
        orders = [order.pk for order in self.orders]
        with connection.cursor() as cursor:
            cursor.execute(f"{parts} ORDER BY 1, 2 LIMIT 1", {"orders": orders, "until": until})
            found: tuple[datetime.datetime, int, str] | None = cursor.fetchone()
        return found

    def play(self, *parts: Iterator[datetime.datetime]) -> None:
        """Let several parts go on beside each other; each yields when it wants to act next."""
        queue: list[tuple[datetime.datetime, int]] = []
        for number, part in enumerate(parts):
            if (moment := next(part, None)) is not None:
                heapq.heappush(queue, (moment, number))
        while queue:
            moment, number = heapq.heappop(queue)
            self.moment = moment
            if (wish := next(parts[number], None)) is not None:
                heapq.heappush(queue, (max(wish, moment), number))

    # Acts

    def chance(self, likely: float) -> bool:
        return self.rng.random() < likely

    def act(self, paper: Paper, verb: str, actor: User | None = None, **given: Any) -> None:
        """Someone whose duty it is takes the step now."""
        self.at(self.moment)
        actor = actor or self.actor(paper, verb)
        transition(paper, verb, actor=actor, now=self.moment, **given)
        self.took(paper, verb, actor)

    def bear(self, paper: Paper, verb: str, **given: Any) -> None:
        self.at(self.moment)
        paper.status = ""
        actor = self.actor(paper, verb)
        create(paper, verb, actor=actor, now=self.moment, **given)
        self.took(paper, verb, actor)

    def by_link(self, paper: Paper, verb: str, **given: Any) -> None:
        """A resident takes the step by the link that he was sent."""
        self.flows.add(paper.flow.name)
        self.at(self.moment)
        transition(paper, verb, now=self.moment, trigger="link", **given)
        self.took(paper, verb, None)

    def checks(self, order: WorkOrder) -> list[ChecklistLine]:
        """What whoever does the work ticks: every line of the class."""
        lines = ChecklistLine.objects.of(order.category_id, timezone.localdate(self.moment))
        return list(lines)

    def took(self, paper: Paper, verb: str, actor: User | None) -> None:
        self.last = self.moment
        self.flows.add(paper.flow.name)
        if actor:
            self.acted.setdefault(actor.pk, set()).add(verb)
        if self.rest == (paper.flow.name, verb):
            raise Present

    def actor(self, paper: Paper, verb: str) -> User:
        """Who takes the step: the same person each time unless what he did forbids it."""
        for step in paper.flow.possible(paper, verb):
            unit = paper.place(step.at) if step.duty else None
            if step.duty is None or unit is None:
                continue
            barred = {pk for pk, verbs in self.acted.items() if verbs.intersection(step.not_by)}
            able = self.world.cast.able(
                step.duty, unit, here=step.here, leader=step.leader, without=barred
            )
            if able:
                return self.choose(step.duty, unit.pk, able)
        raise Present  # nobody holds this duty here

    def choose(self, duty: str, unit: int, able: list[int]) -> User:
        """Whoever has done it before in this life; at first often somebody with an account."""
        if self.turns.get((duty, unit)) not in able:
            accounts = [pk for pk in able if pk in self.world.ground.accounts]
            self.turns[duty, unit] = self.rng.choice((self.chance(0.5) and accounts) or able)
        return self.world.cast.person(self.turns[duty, unit])
