"""The board of orders (看板): a column for each stage, what runs out first at its top."""

import datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from command.boards import Column, first_ones
from command.countdown import paper_countdown
from command.field_work import NEVER
from command.order_list import OrderList, with_red
from command.papers.around import short_number
from command.papers.rows import card_badge, status_badge
from whistle import flow
from whistle.models import WorkOrder
from workflow.sight import load_units

ON_BOARD = 20
STAGES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "triage": (pgettext_lazy("queue", "To triage"), (flow.REPORTED,)),
    "dispatch": (pgettext_lazy("queue", "To dispatch"), (flow.REGISTERED, flow.DISPUTED)),
    "sign": (pgettext_lazy("status", "To sign"), (flow.DISPATCHED,)),
    "work": (pgettext_lazy("status", "In hand"), (flow.ACCEPTED, flow.DIVIDED)),
    "whistled": (pgettext_lazy("status", "Whistled"), (flow.WHISTLED,)),
    "verify": (pgettext_lazy("queue", "To verify"), (flow.HANDLED,)),
    "callback": (pgettext_lazy("queue", "To call back"), (flow.VERIFIED,)),
    "suspended": (pgettext_lazy("status", "Suspended"), (flow.SUSPENDED,)),
}


def board(found: OrderList) -> list[Column]:
    """The open orders that the address asks for, by one query for all columns."""
    stages = {
        name: Column(name, title, none=_("Nothing here"), url=all_of(found, statuses))
        for name, (title, statuses) in STAGES.items()
    }
    orders = list(shown(found))
    load_units(*orders)
    for order in orders:
        stages[order.stage].add(order, card(order, found.now))
    return list(stages.values())


def all_of(found: OrderList, statuses: tuple[str, ...]) -> str:
    return reverse("work_orders") + found.url(status=statuses, sort="due")


def shown(found: OrderList) -> QuerySet[Any]:
    """Asked for by what is open, not by what is not: the index then leaves history out."""
    asked: QuerySet[Any] = found.form.apply(WorkOrder.objects.visible_to(found.user), found.now)
    cases = [When(status__in=statuses, then=Value(name)) for name, (_t, statuses) in STAGES.items()]
    rows = asked.filter(status__in=flow.ORDER_OPEN)
    rows = rows.annotate(stage=Case(*cases), runs_out=Coalesce("due_at", Value(NEVER)))
    return with_red(
        first_ones(rows, "stage", "runs_out", ON_BOARD, found.now).select_related("category")
    )


def card(order: Any, now: datetime.datetime) -> dict[str, Any]:
    """What `parts/ticket.html` shows of an order."""
    late = order.due_at is not None and order.due_at < now
    held = order.status == flow.SUSPENDED
    return {
        "key": order.pk,
        "badges": badges(order),
        "count": paper_countdown(order, now),
        "title": order.title,
        "url": order.get_absolute_url(),
        "sub": " · ".join(filter(None, (short_number(order), where(order)))),
        "ask": order.holder.title if order.holder else "",
        "tone": "still" if held else "late" if late else "",
    }


def badges(order: Any) -> list[dict[str, str]]:
    """The source; the status where a column holds several; urgency and a red card."""
    found = [{"word": order.get_source_display(), "tone": "line", "icon": ""}]
    if order.status in (flow.DISPUTED, flow.DIVIDED):
        found.append(status_badge(order))
    if order.urgency != WorkOrder.Urgency.NORMAL:
        found.append({"word": order.get_urgency_display(), "tone": "soon", "icon": "bolt"})
    if order.red:
        found.append(card_badge("red"))
    return found


def where(order: Any) -> str:
    unit = order.community or order.street or order.centre
    return order.address or str(unit.title)
