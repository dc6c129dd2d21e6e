"""Reading one order for a page, if the person may see it."""

from typing import cast

from django.shortcuts import get_object_or_404

from organization.models import User
from whistle.models import WorkOrder

NAMED = (
    "category",
    "condition",
    "grid",
    "community",
    "street",
    "centre",
    "holder",
    "reporter",
    "merged_into",
)


def order_for(user: User, number: str) -> WorkOrder:
    """The order with what its page names; 404 for strangers."""
    orders = WorkOrder.objects.visible_to(user).select_related(*NAMED)
    return cast(WorkOrder, get_object_or_404(orders, number=number))
