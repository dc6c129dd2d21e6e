"""Dividing an order (分办): parts with limits of their own; the whole waits for them all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from whistle import flow
from whistle.flow import ORDER
from whistle.models import WorkOrder
from workflow.actions import Act

FEWEST, MOST = 2, 10
# What a part has from the whole; its condition, and so its class and limit, are its own.
SHARED = (
    *("source", "lng", "lat", "accuracy", "address", "grid", "community", "street", "centre"),
    *("urgency", "area_level", "confidential"),
)


@ORDER.on("rule", "divide")
def count_parts(act: Act) -> None:
    if not FEWEST <= len(act.given["parts"]) <= MOST:
        words = _("Give %(fewest)s to %(most)s parts.") % {"fewest": FEWEST, "most": MOST}
        raise ValidationError({"parts": words})


@ORDER.on("then", "divide")
def make_parts(act: Act) -> None:
    for row in act.given["parts"]:
        act.give_birth(part_of(act.paper, row), "part")


def part_of(order: WorkOrder, row: dict[str, Any]) -> WorkOrder:
    """One part: no leg of it lasts longer than the whole limit of the order."""
    handle = order.clocks.get(what="handle", stopped=None)
    return WorkOrder(
        **{name: getattr(order, name) for name in SHARED},
        part_of=order,
        title=row["title"],
        condition=row["condition"],
        category=row["condition"].category,
        source_due=handle.due,
    )


@ORDER.on("then", "close", "void")
def gather(act: Act) -> None:
    """With the last of its parts the whole goes on; nothing has been done if all were void."""
    if act.paper.is_whole:
        return
    whole = WorkOrder.objects.select_for_update().get(pk=act.paper.part_of_id)
    if whole.status != flow.DIVIDED or whole.parts.open().exists():
        return
    done = whole.parts.filter(status=flow.CLOSED).exists()
    act.step_on(whole, "gather" if done else "undivide")
