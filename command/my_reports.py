"""What became of what a person reported: how far each is, and what happened last."""

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from command.category_signs import category_icon
from command.papers.rows import status_badge
from organization.models import User
from whistle import flow
from whistle.models import Response, Whistle, WorkOrder
from whistle.models.orders import WorkOrderEvent, reported_by
from whistle.stages import STAGES, present_stage

FILTERS = {
    "today": _("Today"),
    "fixed": _("Fixed on the spot"),
    "open": _("Not closed yet"),
    "closed": pgettext_lazy("report", "Closed"),
}


def figures(user: User) -> dict[str, int]:
    """Reported today, fixed on the spot today, not closed yet."""
    today = Q(created__gte=start_of_day())
    still_open = ~Q(status__in=flow.ORDER.final)
    counts: dict[str, int] = reported_by(user).aggregate(
        today=Count("pk", filter=today),
        fixed=Count("pk", filter=today & Exists(fixed_on_the_spot())),
        open=Count("pk", filter=still_open),
    )
    return counts


def fixed_on_the_spot() -> QuerySet[Any]:
    return WorkOrderEvent.objects.filter(paper=OuterRef("pk"), n=1, verb="fix")


def start_of_day() -> datetime.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def filtered(user: User, only: str) -> QuerySet[WorkOrder]:
    orders = reported_by(user).select_related("category", "grid", "community")
    match only:
        case "today":
            return orders.filter(created__gte=start_of_day())
        case "fixed":
            return orders.filter(Exists(fixed_on_the_spot()))
        case "open":
            return orders.exclude(status__in=flow.ORDER.final)
        case "closed":
            return orders.filter(status__in=flow.ORDER.final)
        case _all:
            return orders


def report_rows(orders: list[WorkOrder]) -> list[dict[str, Any]]:
    """Each report with its stage of nine and its last step, in a constant number of queries."""
    last = last_steps(orders)
    stages = stages_of(orders)
    return [report_row(order, stages[order.pk], last.get(order.pk)) for order in orders]


def report_row(order: WorkOrder, stage: int, event: Any) -> dict[str, Any]:
    unit = order.grid or order.community
    return {
        "url": reverse("phone_my_report", args=[order.number]),
        "number": order.number,
        "key": order.pk,
        "title": order.title,
        "icon": category_icon(order.category),
        "badge": status_badge(order),
        "place": order.address or (unit.title if unit else ""),
        "at": order.created,
        "stage": stage,
        "stage_name": STAGES[stage][0] if stage < len(STAGES) else "",
        "parts": [done_part(i, stage) for i in range(len(STAGES))],
        "last": flow.ORDER.label(event.verb) if event else "",
        "last_by": event.post.unit.title if event and event.post else "",
        "last_at": event.at if event else None,
    }


def done_part(i: int, stage: int) -> str:
    return "done" if i < stage else "now" if i == stage else ""


def last_steps(orders: list[WorkOrder]) -> dict[int, Any]:
    """The newest event of each order that is a step, not a reminder."""
    events = WorkOrderEvent.objects.filter(paper__in=orders)
    steps = events.exclude(verb__in=["remind", "escalate"]).select_related("post__unit")
    newest = steps.order_by("paper", "-n").distinct("paper")
    return {event.paper_id: event for event in newest}


def stages_of(orders: list[WorkOrder]) -> dict[int, int]:
    """Which of the nine steps each order is in; 9 when it is over."""
    called = [order.pk for order in orders if order.status == flow.WHISTLED]
    whistles = {
        whistle.order_id: whistle
        for whistle in Whistle.objects.filter(order__in=called).open().order_by("pk")
    }
    answers: dict[int, list[Response]] = {}
    for response in Response.objects.filter(whistle__in=whistles.values()):
        answers.setdefault(response.whistle_id, []).append(response)
    found = {}
    for order in orders:
        whistle = whistles.get(order.pk)
        of_it = answers.get(whistle.pk, []) if whistle else []
        found[order.pk] = present_stage(order, whistle, of_it)
    return found
