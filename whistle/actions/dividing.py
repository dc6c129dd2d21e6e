"""Dividing an order (分办): parts with limits of their own; the whole waits for them all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from whistle import flow
from whistle.elements import TOLD, measures
from whistle.flow import ORDER
from whistle.models import Response, WorkOrder
from workflow.actions import Act
from workflow.errors import NotPossible

FEWEST, MOST = 2, 10
# What a part has from the whole; its condition, and so its class and limit, are its own.
SHARED = (
    *("source", "lng", "lat", "accuracy", "address", "grid", "community", "street", "centre"),
    *("urgency", "area_level", "confidential"),
)


@ORDER.on("rule", "divide")
def count_parts(act: Act) -> None:
    if act.paper.open_whistle is not None:
        raise NotPossible(_("A whistle is open for this order."))
    if not FEWEST <= len(act.given["parts"]) <= MOST:
        words = _("Give %(fewest)s to %(most)s parts.") % {"fewest": FEWEST, "most": MOST}
        raise ValidationError({"parts": words})


@ORDER.on("then", "divide")
def make_parts(act: Act) -> None:
    for row in act.given["parts"]:
        act.give_birth(part_of(act.paper, row), "part")


def part_of(order: WorkOrder, row: dict[str, Any]) -> WorkOrder:
    """One part, under a condition of its own inside the whole limit of the order."""
    return WorkOrder(
        **{name: getattr(order, name) for name in SHARED},
        part_of=order,
        title=row["title"],
        condition=row["condition"],
        category=row["condition"].category,
    )


@ORDER.on("then", "close", "void")
def gather(act: Act) -> None:
    """With the last of its parts the whole goes on; nothing has been done if all were void.

    Parts of an earlier division have had their say.
    """
    if act.paper.is_whole:
        return
    whole = WorkOrder.objects.select_for_update().get(pk=act.paper.part_of_id)
    if whole.status != flow.DIVIDED or whole.parts.open().exists():
        return
    parts = whole.parts.filter(status=flow.CLOSED, created__gte=whole.status_since)
    if done := list(parts.order_by("pk")):
        act.step_on(whole, "gather", result="；".join(map(result_of, done)))
    else:
        act.step_on(whole, "undivide")


@ORDER.on("rule", "gather")
def take_level(act: Act) -> None:
    """Who settled the hardest of its parts settled the whole (大事不出社区、难事不出街道)."""
    whole = act.paper
    done = whole.parts.filter(status=flow.CLOSED, created__gte=whole.status_since)
    whole.level = max(done.values_list("level", flat=True))


def result_of(part: WorkOrder) -> str:
    """What was done about a part, for the reply to the reporter (四要素)."""
    told = {event.verb: event for event in part.events.filter(verb__in=TOLD).order_by("n")}
    answers = Response.objects.filter(whistle__order=part, status=flow.DONE).select_related("unit")
    return f"{part.title}：{measures(part, told, list(answers.order_by('pk')))}"
