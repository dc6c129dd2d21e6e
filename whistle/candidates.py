"""Which units, people and papers an input may name: what the rules of the verb would accept."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from organization.models import Unit, User
from whistle import flow
from whistle.actions.intake import nearby
from whistle.actions.orders import BELOW
from whistle.models import Response, Whistle, WorkOrder
from whistle.models.responses import seats
from workflow.flow import Step

MOST_NEAR = 8


def standing(day: datetime.date | None = None) -> QuerySet[Unit]:
    """The units that exist today."""
    day = day or timezone.localdate()
    return Unit.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )


def for_order(order: WorkOrder, step: Step) -> QuerySet[Unit]:
    """Dispatch and checks go to units of the order's street; passing on goes further down."""
    match step.verb:
        case "dispatch" | "designate":
            return to_dispatch(order)
        case "pass_on":
            return below_holder(order)
        case _:
            kinds = [Unit.Kind.GRID, Unit.Kind.COMMUNITY]
            return in_street(order.street_id).filter(kind__in=kinds)


def to_dispatch(order: WorkOrder) -> QuerySet[Unit]:
    if order.street_id is None:
        return standing().filter(kind=Unit.Kind.STREET)
    by_street = order.centre.parent_id == order.street_id
    units = in_street(order.street_id).filter(kind__in=BELOW)
    return units.exclude(pk=order.street_id) if by_street else units


def for_many(orders: list[WorkOrder]) -> QuerySet[Unit]:
    """To whom at least one of these orders may be dispatched; the rule of each refuses the rest."""
    streets = {order.street_id for order in orders}
    within = Q(kind__in=BELOW, path__overlap=[street for street in streets if street])
    anywhere = Q(kind=Unit.Kind.STREET) if None in streets else Q()
    return standing().filter(within | anywhere).order_by("code")


def below_holder(order: WorkOrder) -> QuerySet[Unit]:
    holder = order.holder
    if holder is None or holder.kind not in BELOW:
        return Unit.objects.none()
    lower = BELOW[BELOW.index(Unit.Kind(holder.kind)) + 1 :]
    return in_street(order.street_id or holder.pk).filter(kind__in=lower)


def in_street(street: int | None) -> QuerySet[Unit]:
    units = standing().order_by("code")
    return units.filter(path__contains=[street]) if street else units


def departments() -> QuerySet[Unit]:
    return standing().filter(kind=Unit.Kind.DEPARTMENT).order_by("code")


def to_call(whistle: Whistle, step: Step) -> QuerySet[Unit]:
    return departments().exclude(pk__in=whistle.responses.standing().values("unit"))


def to_designate(response: Response, step: Step) -> QuerySet[Unit]:
    """A ruling may leave it where it is; a successor is another one, and may have been called."""
    if step.verb == "move":
        return departments().exclude(pk=response.unit_id)
    others = response.whistle.responses.standing().exclude(pk=response.pk)
    return departments().exclude(pk__in=others.values("unit"))


def below(response: Response, step: Step) -> QuerySet[Unit]:
    """The sections of a department, the offices of a street."""
    kinds = [Unit.Kind.SECTION, Unit.Kind.OFFICE]
    return standing().filter(parent=response.unit_id, kind__in=kinds)


def people(response: Response) -> QuerySet[User]:
    """Who holds a post today in the answering unit or right below it."""
    held = User.objects.filter(pk__in=seats(response.unit).values("user"))
    return held.order_by("name", "username")


def answered(whistle: Whistle) -> Any:
    done = whistle.responses.filter(status=flow.DONE)
    return done.select_related("unit").order_by("-role", "pk")


def to_join(order: WorkOrder, actor: User) -> Any:
    """The open orders of the same centre that the person sees."""
    seen = WorkOrder.objects.visible_to(actor).open()
    return seen.filter(centre=order.centre_id).exclude(pk=order.pk)


def close_to(order: WorkOrder, orders: Any) -> list[WorkOrder]:
    """The orders close by and recent, nearest in time first."""
    if order.lng is None or order.lat is None:
        return []
    near = nearby(order.lng, order.lat, order.category, order.created)
    return list(near.filter(pk__in=orders.values("pk"))[:MOST_NEAR])
