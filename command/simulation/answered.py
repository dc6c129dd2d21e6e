"""What a lived past leaves in the inboxes: answered notices are read, made calls are sent."""

import bisect
import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterator

from django.db import connection
from django.db.models import F, Max, Q

from command.simulation.life import Life
from organization.models import Notice, Outbox
from whistle.actions.noting import key_of
from whistle.models import (
    RequestEvent,
    Response,
    ResponseEvent,
    Survey,
    WhistleEvent,
    WorkOrderEvent,
)
from whistle.models.supervisions import SupervisionOrderEvent
from whistle.models.verifications import VerificationEvent

# flow: its log, the way to the order, to the number in the inbox, and to the answering unit
EVENTS = {
    "workorder": (WorkOrderEvent, "paper", "paper__number", "n"),
    "verification": (VerificationEvent, "paper__order", "paper__order__number", "paper__unit"),
    "whistle": (WhistleEvent, "paper__order", "paper__number", "n"),
    "response": (
        ResponseEvent,
        "paper__whistle__order",
        "paper__whistle__number",
        "paper__unit",
    ),
    # What a resident answers is dealt with by a step of the whistle.
    "survey": (WhistleEvent, "paper__order", "paper__order__number", "n"),
    "request": (RequestEvent, "paper__order", "paper__order__number", "paper__unit"),
    "supervision": (SupervisionOrderEvent, "paper__order", "paper__number", "paper__unit"),
}

READ = """
UPDATE organization_notice n SET read = r.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS r(id, at) WHERE n.id = r.id
"""


@contextlib.contextmanager
def mark_answered(life: Life) -> Iterator[None]:
    """Whatever the life writes between, if a later step answered it, counts as read then."""
    last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    read_notices(life, last)
    if "response" in life.flows:
        send_calls(life)


def read_notices(life: Life, last: int) -> None:
    steps, read = moments(life), {}
    numbers = {number for _flow, number, _unit in steps}
    notices = Notice.objects.filter(pk__gt=last, number__in=numbers).select_related("post")
    for notice in notices:
        key = (notice.flow, notice.number)
        taken = steps.get((*key, notice.post.unit_id)) or steps[*key, 0]
        place = bisect.bisect_right(taken, notice.created)
        if place < len(taken):
            read[notice.pk] = taken[place]
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(read), list(read.values())])


def moments(life: Life) -> dict[tuple[str, str, int], list[datetime.datetime]]:
    """When papers moved on, in order, by flow, number and answering unit (0: any)."""
    found: dict[tuple[str, str, int], list[datetime.datetime]] = defaultdict(list)
    for flow in life.flows:
        model, orders, number, unit = EVENTS[flow]
        events = model.objects.filter(**{f"{orders}__in": life.orders}).exclude(old=F("new"))
        for at, code, answerer in events.order_by("at").values_list("at", number, unit):
            found[flow, code, 0].append(at)
            if flow == "response":
                found[flow, code, answerer].append(at)
    return found


def send_calls(life: Life) -> None:
    """The duty phones rang at the time, and residents were texted."""
    surveys = Survey.objects.filter(order__in=life.orders).values_list("pk", flat=True)
    mine = Q(key__in=[f"survey:{pk}" for pk in surveys])
    for pk in Response.objects.filter(whistle__order__in=life.orders).values_list("pk", flat=True):
        mine |= Q(key__startswith=f"call:{pk}:") | Q(key__startswith=f"response:{pk}:")
    for order in life.orders:
        mine |= Q(key__startswith=key_of(order))
    waiting = Outbox.objects.filter(mine, state__in=[Outbox.State.HELD, Outbox.State.WAITING])
    waiting.update(state=Outbox.State.SENT, attempts=1, sent_at=F("created"), next_at=None)
