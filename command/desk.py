"""The operator's desk: queues with their counts, one page of rows, and the order that is open."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from command.batch import batch_bar
from command.category_signs import category_icon
from command.countdown import paper_countdown
from command.handovers import waiting
from command.papers.around import look_around, near_rows, same_rows, short_number
from command.papers.order_page import may_take, order_page
from command.papers.place import map_key, map_panel
from command.queues import BY_NAME, FIRST, QUEUES, Queue, by_urgency, counts, orders_in, say_count
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import WorkOrder
from whistle.surveying import displeased_orders
from workflow.paging import Page, make_cursor, page, read_cursor

ROWS = 50
EVENTS = 8


@dataclass
class Desk:
    """One reader at one queue. `street` narrows it; None: all that the reader sees."""

    user: User
    street: Unit | None
    now: datetime.datetime
    counts: dict[str, int] = field(default_factory=dict)
    queue: Queue = QUEUES[0]

    def sit_down(self, name: str) -> None:
        """Count the queues and choose one: that asked for, else the first with work in it."""
        self.counts = counts(self.user, self.street, self.now)
        self.choose(name)

    def choose(self, name: str) -> None:
        waiting = (queue for queue in QUEUES if self.counts.get(queue.name))
        self.queue = BY_NAME.get(name) or next(waiting, QUEUES[0])

    def url(self, number: str = "", **more: str) -> str:
        place = reverse("desk_order", args=[number]) if number else reverse("desk")
        keep = {"queue": self.queue.name, "street": self.street.code if self.street else ""}
        query = {key: value for key, value in (keep | more).items() if value}
        return f"{place}?{urlencode(query)}"

    def page(self, cursor: str) -> Page:
        """The rows at a cursor; the first ones for a cursor that means nothing."""
        orders = orders_in(self.queue, self.user, self.street, self.now)
        orders = by_urgency(orders).annotate(displeased=displeased_orders())
        orders = orders.select_related("category", "grid")
        try:
            return page(orders, cursor, ROWS, FIRST)
        except ValidationError:
            return page(orders, "", ROWS, FIRST)

    def tabs(self) -> list[dict[str, Any]]:
        return [
            {
                "label": queue.label,
                "count": say_count(self.counts[queue.name]),
                "url": self.of(queue).url(),
                "current": queue == self.queue,
            }
            for queue in QUEUES
        ]

    def of(self, queue: Queue) -> "Desk":
        return Desk(self.user, self.street, self.now, self.counts, queue)

    def row(self, order: Any, current: str) -> dict[str, Any]:
        return {
            "key": order.pk,
            "number": short_number(order),
            "full": order.number,
            "title": order.title,
            "sub": order.address or (order.grid.title if order.grid else ""),
            "icon": category_icon(order.category),
            "url": self.url(order.number),
            "count": paper_countdown(order, self.now),
            "current": order.number == current,
            "mark": _("Resident not content") if order.displeased else "",
            "end": "",
        }


def queue_part(desk: Desk, query: Mapping[str, str], shown: Page, current: str) -> dict[str, Any]:
    """What `command/desk_queue.html` shows."""
    elsewhere = next((queue for queue in QUEUES if desk.counts[queue.name]), None)
    street = desk.street.code if desk.street else ""
    return {
        "queue": desk.queue,
        "tabs": desk.tabs(),
        "stranded": say_count(desk.counts["stranded"]) if desk.counts["stranded"] else "",
        "keeps_desk": bool(units_where(desk.user, Duty.DISPATCH)),
        "handover": waiting(desk.user),
        "stranded_url": f"{reverse('stranded')}?{urlencode({'street': street} if street else {})}",
        "rows": [desk.row(order, current) for order in shown.rows],
        "newer_url": desk.url(cursor=shown.previous) if shown.previous else "",
        "older_url": desk.url(cursor=shown.next) if shown.next else "",
        "queue_url": desk.url(part="queue", cursor=query.get("cursor", "")),
        "list_url": list_url(desk),
        "blank": nothing_waits(desk, elsewhere),
        "batch": batch_bar(WorkOrder.flow, desk.user, desk.url(), desk.queue.statuses),
    }


def all_keys() -> list[dict[str, Any]]:
    """What `parts/keys.html` lists."""
    rows = (
        (["J", "K"], pgettext("keys", "next and previous order")),
        (["Enter"], pgettext("keys", "open the order")),
        (["A"], pgettext("keys", "register")),
        (["D"], pgettext("keys", "dispatch")),
        (["V"], pgettext("keys", "verify")),
        (["C"], pgettext("keys", "call back")),
        (["E"], pgettext("keys", "close")),
        (["R"], pgettext("keys", "refuse, recall or send to rework")),
        (["M"], pgettext("keys", "merge")),
        (["W"], pgettext("keys", "whistle")),
        (["U"], pgettext("keys", "urge")),
        (["X"], pgettext("keys", "choose the order; the keys above are then for all chosen")),
        (["Shift", "X"], pgettext("keys", "choose all or none")),
        (["Ctrl", "Enter"], pgettext("keys", "send the form that is open")),
        (["/"], pgettext("keys", "search")),
        (["?"], pgettext("keys", "these keys")),
    )
    return [{"keys": keys, "label": label} for keys, label in rows]


def nothing_waits(desk: Desk, elsewhere: Queue | None) -> dict[str, Any]:
    words = _("Nothing waits in “%(queue)s”") % {"queue": desk.queue.label}
    found = {"state": "empty", "title": words, "text": _("What arrives will appear here.")}
    if elsewhere is not None:
        label = f"{elsewhere.label} {say_count(desk.counts[elsewhere.name])}"
        found |= {"url": desk.of(elsewhere).url(), "label": label}
    return found


def list_url(desk: Desk) -> str:
    """The same queue as a list, to be filtered and exported, as far as filters can say it."""
    query = {"status": LISTED[desk.queue.name]} if desk.queue.name in LISTED else {}
    if desk.queue.name in ("soon", "overdue", "supervised"):
        query = {desk.queue.name: "on"}
    if desk.street is not None:
        query["street"] = desk.street.code
    return f"{reverse('work_orders')}?{urlencode(query)}"


LISTED = {
    "triage": "reported",
    "dispatch": "registered",
    "returned": "registered",
    "arbitrate": "disputed",
    "verify": "handled",
    "callback": "verified",
    "suspended": "suspended",
}


def open_part(desk: Desk, order: WorkOrder) -> dict[str, Any]:
    """What `command/desk_open.html` shows: the order's column and the map's."""
    past = make_cursor(with_key(order), FIRST, back=False)
    shown = order_page(order, desk.user, desk.now, desk.url(past=past), EVENTS)
    around = look_around(order, desk.user)
    merges = may_take(shown["actions"], "merge") is not None
    return shown | {
        "open_url": desk.url(order.number or "", part="open"),
        "back_url": desk.url(),
        "map": map_panel(around, desk.now),
        "key": map_key(around),
        "same": same_rows(around, desk.url(past=past) if merges else ""),
        "near": near_rows(around, desk.now),
    }


def with_key(order: Any) -> Any:
    """The order with the moment by which queues are sorted, wherever it was read from."""
    order.runs_out = order.due_at or order.created
    return order


def next_order(shown: Page, past: str) -> Any | None:
    """The first row after the one that was just dealt with; else the first one."""
    key = read_past(past)
    after = (order for order in shown.rows if (order.runs_out, order.pk) > key)
    return next(after, next(iter(shown.rows), None))


def read_past(past: str) -> tuple[Any, ...]:
    orders = by_urgency(WorkOrder.objects.all())
    try:
        return tuple(read_cursor(orders, past, FIRST)[1]) if past else ()
    except ValidationError:
        return ()
