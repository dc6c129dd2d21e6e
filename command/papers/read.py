"""Reading orders for pages with what these name, in few and simple queries.

A join for each unit that an order names would cost more time to plan than to run.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from organization.models import Unit, User
from whistle.models import WorkOrder


def order_for(user: User, number: str) -> WorkOrder:
    """The order with what its page names; 404 for strangers."""
    orders: QuerySet[Any] = WorkOrder.objects.visible_to(user)
    orders = orders.select_related("category", "condition", "reporter", "merged_into")
    order = cast(WorkOrder, get_object_or_404(orders, number=number))
    name_units([order])
    return order


def name_units(orders: list[Any]) -> None:
    """Hang on each order the units that it names, all read by one query."""
    fields = [f for f in WorkOrder._meta.concrete_fields if f.related_model is Unit]
    wanted = {getattr(order, f.attname) for order in orders for f in fields} - {None}
    units = Unit.objects.in_bulk(wanted)
    for order in orders:
        for f in fields:
            pk = getattr(order, f.attname)
            setattr(order, f.name, units[pk] if pk else None)


def with_units(orders: Iterable[Any], size: int) -> Iterator[Any]:
    """The orders one by one, with their units, read in lots of that size."""
    rest = iter(orders)
    while lot := list(islice(rest, size)):
        name_units(lot)
        yield from lot
