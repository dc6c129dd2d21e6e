"""The operator's queues: which orders wait for what, in the order in which they run out."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from organization.models import Unit, User
from whistle import flow
from whistle.models import Request, Stranded, SupervisionOrder, WorkOrder
from whistle.models.orders import WorkOrderEvent
from whistle.surveying import displeased_orders
from workflow.paging import COUNTED

ENDING = datetime.timedelta(days=3)
FIRST = ("runs_out", "pk")

Condition = Callable[[datetime.datetime], Q]


@dataclass(frozen=True)
class Queue:
    """`statuses` are those that its orders can have; none: any."""

    name: str
    label: Any
    condition: Condition
    statuses: tuple[str, ...] = ()


def returned() -> Exists:
    """The last step of the order was that its holder sent it back (退单)."""
    last = WorkOrderEvent.objects.filter(
        paper=OuterRef("pk"), verb="send_back", at=OuterRef("status_since")
    )
    return Exists(last)


def in_status(status: str) -> Condition:
    return lambda now: Q(status=status)


def ending(now: datetime.datetime) -> Q:
    """Suspended, and the suspension ends within three days."""
    return Q(status=flow.SUSPENDED, suspended_until__lte=timezone.localdate(now + ENDING))


def fresh(now: datetime.datetime) -> Q:
    return Q(~returned(), status=flow.REGISTERED)


def sent_back(now: datetime.datetime) -> Q:
    return Q(returned(), status=flow.REGISTERED)


def to_call_back(now: datetime.datetime) -> Q:
    """Checked; or all have answered a whistle and the resident says that he is not content."""
    return Q(status=flow.VERIFIED) | displeased_orders()


def asked(now: datetime.datetime) -> Q:
    """Something has been asked about it that the order's own centre decides (延期 and so on)."""
    waiting = Request.objects.filter(order=OuterRef("pk"), approver=OuterRef("centre"))
    return Q(Exists(waiting.open()))


def soon(now: datetime.datetime) -> Q:
    return Q(due_at__gte=now, warn_at__lte=now)


def overdue(now: datetime.datetime) -> Q:
    return Q(due_at__lt=now)


def supervised(now: datetime.datetime) -> Q:
    """Some unit is held to the order and has not been signed off (督办、批示)."""
    return Q(Exists(SupervisionOrder.objects.filter(order=OuterRef("pk")).open()))


QUEUES = (
    Queue(
        "triage", pgettext_lazy("queue", "To triage"), in_status(flow.REPORTED), (flow.REPORTED,)
    ),
    Queue("dispatch", pgettext_lazy("queue", "To dispatch"), fresh, (flow.REGISTERED,)),
    Queue("returned", pgettext_lazy("queue", "Sent back"), sent_back, (flow.REGISTERED,)),
    Queue(
        "arbitrate",
        pgettext_lazy("queue", "To arbitrate"),
        in_status(flow.DISPUTED),
        (flow.DISPUTED,),
    ),
    Queue("requests", pgettext_lazy("queue", "Requests"), asked),
    Queue("verify", pgettext_lazy("queue", "To verify"), in_status(flow.HANDLED), (flow.HANDLED,)),
    Queue(
        "callback",
        pgettext_lazy("queue", "To call back"),
        to_call_back,
        (flow.VERIFIED, flow.WHISTLED),
    ),
    Queue("soon", pgettext_lazy("queue", "Due soon"), soon),
    Queue("overdue", pgettext_lazy("queue", "Overdue"), overdue),
    Queue("supervised", pgettext_lazy("queue", "Supervised"), supervised),
    Queue("suspended", pgettext_lazy("queue", "To resume"), ending, (flow.SUSPENDED,)),
)
BY_NAME = {queue.name: queue for queue in QUEUES}


def orders_in(
    queue: Queue, user: User, street: Unit | None, now: datetime.datetime
) -> QuerySet[Any]:
    """The orders of a queue that the person may see."""
    return waiting(user, street).filter(queue.condition(now))


def waiting(user: User, street: Unit | None) -> QuerySet[Any]:
    orders: QuerySet[Any] = WorkOrder.objects.visible_to(user).open()
    return orders if street is None else orders.filter(street=street)


def by_urgency(orders: QuerySet[Any]) -> QuerySet[Any]:
    """What runs out first comes first, for `workflow.paging` with the key FIRST.

    Orders without a running limit stand as if they ran out when they were reported.
    """
    return orders.annotate(runs_out=Coalesce(F("due_at"), F("created")))


def counts(user: User, street: Unit | None, now: datetime.datetime) -> dict[str, int]:
    """How many wait in each queue, none counted further than needed, by one query."""
    orders = waiting(user, street)
    found = {queue.name: orders.filter(queue.condition(now)) for queue in QUEUES}
    return count_together(found | {"stranded": stranded(user, street)}, COUNTED + 1)


def stranded(user: User, street: Unit | None) -> QuerySet[Any]:
    """What nobody can act on now, as far as the person sees it."""
    rows = Stranded.objects.visible_to(user)
    return rows if street is None else rows.filter(order__street=street)


def count_together(querysets: dict[str, QuerySet[Any]], most: int) -> dict[str, int]:
    """The sizes of several querysets, each counted up to `most`, by one query."""
    parts, given = [], []
    for queryset in querysets.values():
        part, params = _count_sql(queryset.order_by().values("pk")[:most])
        parts.append(part)
        given += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return dict(zip(querysets, cursor.fetchone(), strict=True))


def _count_sql(queryset: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:  # for who sees nothing, Django asks nothing
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) found)", params


def say_count(count: int) -> str:
    return f"{COUNTED}+" if count > COUNTED else str(count)
