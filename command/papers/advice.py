"""To whom an order might go: by the list of duties, and by what became of its like here.

Nothing is invented: where neither the filing condition nor the past says anything, there is no
advice.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from organization.calendar import TimeUnit, elapsed
from organization.calendar_words import say_amount
from organization.models import Unit
from whistle import flow
from whistle.actions.orders import BELOW
from whistle.candidates import standing
from whistle.models import WorkOrder
from whistle.models.orders import WorkOrderClock, WorkOrderEvent

PAST = datetime.timedelta(days=90)
MOST = 300
OTHERS = 3
STREET, COMMUNITY = "街道", "社区"  # how the table of duties begins the names of their bodies


@dataclass
class Past:
    """What a unit did with orders of the same class in the same street in the last 90 days."""

    count: int = 0
    hours: float = 0
    kept: int = 0

    def add(self, started: Any, stopped: Any, due: Any) -> None:
        self.count += 1
        self.hours += elapsed(started, stopped, TimeUnit.WORK_HOUR)
        self.kept += stopped <= due

    def __str__(self) -> str:
        words = _("In 90 days %(n)s of this class, %(mean)s on average, %(kept)s%% in time.")
        mean = say_amount(round(self.hours / self.count, 1), TimeUnit.WORK_HOUR)
        return words % {"n": self.count, "mean": mean, "kept": round(100 * self.kept / self.count)}


@dataclass
class Advice:
    """`unit` is suggested because of `basis` (the list of duties) or of the `past` alone."""

    unit: Unit
    basis: str = ""
    past: Past | None = None
    others: list[Unit] = field(default_factory=list)

    @property
    def by_whistle(self) -> bool:
        """A street does not dispatch to a department: it whistles."""
        return self.unit.kind not in BELOW


def advise(order: WorkOrder, now: datetime.datetime) -> Advice | None:
    """Whom to give a registered order, if anything can be said about it."""
    if order.status != flow.REGISTERED or order.street_id is None:
        return None
    past = past_of(order, now)
    units = units_for(order, past)
    named = responsible(order, units)
    most = Counter({pk: seen.count for pk, seen in past.items() if pk in units}).most_common()
    ranked = [units[pk] for pk, _count in most]
    best = named or next(iter(ranked), None)
    if best is None:
        return None
    others = [unit for unit in ranked if unit.pk != best.pk]
    return Advice(best, basis_of(order) if named else "", past.get(best.pk), others[:OTHERS])


def past_of(order: WorkOrder, now: datetime.datetime) -> dict[int, Past]:
    """By the unit last dispatched to, without orders that were suspended on the way."""
    events = WorkOrderEvent.objects.filter(paper=OuterRef("paper"))
    target = events.filter(verb="dispatch").order_by("-n").annotate(to=KT("data__unit__id"))
    handled = WorkOrderClock.objects.filter(
        ~Exists(events.filter(verb="suspend")),
        what="handle",
        stopped_by="handle",
        paper__street=order.street_id,
        paper__category=order.category_id,
        paper__created__gte=now - PAST,
    ).annotate(to=Subquery(target.values("to")[:1]))
    rows = handled.order_by("-stopped").values_list("to", "started", "stopped", "due")
    found: dict[int, Past] = {}
    for to, started, stopped, due in rows[:MOST]:
        if to is not None:
            found.setdefault(int(to), Past()).add(started, stopped, due)
    return found


def units_for(order: WorkOrder, past: dict[int, Past]) -> dict[int, Unit]:
    """The units of the past that still stand, and those that the filing condition may mean."""
    name, office = duty_name(order), office_name(order)
    wanted = Q(pk__in=past)
    if name:
        wanted |= Q(kind=Unit.Kind.DEPARTMENT, name=name)
        wanted |= Q(kind=Unit.Kind.OFFICE, parent=order.street_id, name__endswith=office)
    return {unit.pk: unit for unit in standing().filter(wanted)}


def responsible(order: WorkOrder, units: dict[int, Unit]) -> Unit | None:
    """The unit that the condition's responsible body names, if it is one of this district's."""
    name, office = duty_name(order), office_name(order)
    if name.startswith(COMMUNITY):
        return order.community
    meant = (u for u in units.values() if name and (u.name == name or u.name.endswith(office)))
    return next(meant, None)


def duty_name(order: WorkOrder) -> str:
    return order.condition.responsible.strip() if order.condition else ""


def office_name(order: WorkOrder) -> str:
    """The body's name without “the street's”, as the street itself would write it."""
    return duty_name(order).removeprefix(STREET)


def basis_of(order: WorkOrder) -> str:
    return _("List of duties: %(category)s → %(body)s") % {
        "category": order.category,
        "body": duty_name(order),
    }
