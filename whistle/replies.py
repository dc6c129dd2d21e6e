"""What the hotline is told of its orders once they have ended: the reply (答复), and its mark."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organization.models import User
from whistle import flow
from whistle.elements import TOLD, elements_of, said
from whistle.labels import Satisfaction
from whistle.models import HandOver, Response, WorkOrder, WorkOrderEvent

ENDED = (flow.CLOSED, flow.REFUSED)


@dataclass(frozen=True)
class Reply:
    """The four elements and what the reporter said, in the hotline's order of columns."""

    order: WorkOrder
    accepted: datetime.datetime | None
    talked_to: str
    measures: str
    settled_on: str
    callback: str
    handed_over: datetime.datetime | None
    event: int


def replies_due(user: User) -> QuerySet[WorkOrder]:
    """The hotline's orders that have ended, as far as the person sees them; parts of them not."""
    orders = WorkOrder.objects.visible_to(user).filter(part_of=None)
    ended = orders.filter(source=WorkOrder.Source.HOTLINE, status__in=ENDED)
    last = WorkOrderEvent.objects.filter(paper=OuterRef("pk"), new__in=ENDED)
    last = last.exclude(old__in=ENDED).order_by("-n")
    return ended.annotate(ending=Subquery(last.values("pk")[:1]))


def handed(orders: QuerySet[WorkOrder], yes: bool) -> QuerySet[WorkOrder]:
    mark = Exists(HandOver.objects.filter(event=OuterRef("ending")))
    return orders.filter(mark if yes else ~mark)


def replies(orders: Iterable[Any]) -> list[Reply]:
    """The replies of annotated orders (`replies_due`): three queries for any number."""
    orders = list(orders)
    events: dict[int, dict[str, Any]] = defaultdict(dict)
    log = WorkOrderEvent.objects.filter(paper__in=orders, verb__in=TOLD)
    for event in log.order_by("paper", "n"):
        events[event.paper_id][event.verb] = event
    answers: dict[int, list[Response]] = defaultdict(list)
    done = Response.objects.filter(whistle__order__in=orders, status=flow.DONE)
    for response in done.select_related("unit", "whistle").order_by("pk"):
        answers[response.whistle.order_id].append(response)
    marks = dict(
        HandOver.objects.filter(event__in=[o.ending for o in orders]).values_list("event", "at")
    )
    return [
        reply_of(order, events[order.pk], answers[order.pk], marks.get(order.ending))
        for order in orders
    ]


def reply_of(
    order: Any,
    told: dict[str, Any],
    answers: list[Response],
    handed_over: datetime.datetime | None,
) -> Reply:
    found = elements_of(order, told, answers)
    return Reply(
        order=order,
        accepted=found.accepted,
        talked_to=found.talked_to,
        measures=found.measures,
        settled_on=found.settled_on,
        callback=callback_of(order, told.get("callback")),
        handed_over=handed_over,
        event=order.ending,
    )


def callback_of(order: WorkOrder, event: Any) -> str:
    """Solved or not and how satisfied; or why nobody could be asked."""
    if order.called_back is None:
        return ""
    if order.solved is None:
        why = said(event, "remark") or (event.note if event else "")
        return _("not reached: %s") % why
    solved = pgettext("reply", "solved") if order.solved else pgettext("reply", "not solved")
    return _("%(solved)s, %(satisfied)s") % {
        "solved": solved,
        "satisfied": Satisfaction(order.satisfaction or 3).label,
    }


def hand_over(user: User, events: list[int], *, by_api: bool, now: datetime.datetime) -> int:
    """Note that these replies were handed over; returns how many were not noted before."""
    due = handed(replies_due(user), False).filter(ending__in=events)
    rows = [
        HandOver(event_id=ending, by=user, by_api=by_api, at=now)
        for ending in due.values_list("ending", flat=True)
    ]
    HandOver.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
