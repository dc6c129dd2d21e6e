"""Reading orders for pages with what these name, in few and simple queries.

A join for each unit that an order names would cost more time to plan than to run.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from command.papers.dossier import watch
from organization.models import User
from whistle.models import WorkOrder
from workflow.sight import load_units


def order_for(user: User, number: str) -> WorkOrder:
    """The order with what its page names; 404 for strangers."""
    orders: QuerySet[Any] = watch(WorkOrder.objects.visible_to(user))
    orders = orders.select_related("category", "condition", "reporter", "merged_into", "part_of")
    order = cast(WorkOrder, get_object_or_404(orders, number=number))
    load_units(order)
    return order


def with_units(orders: Iterable[Any], size: int) -> Iterator[Any]:
    """The orders one by one, with their units, read in lots of that size."""
    rest = iter(orders)
    while lot := list(islice(rest, size)):
        load_units(*lot)
        yield from lot
