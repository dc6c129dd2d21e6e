"""What waits for a person on the ground: questions to answer, orders to take, sign for, settle."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from command.category_signs import category_icon
from command.countdown import paper_countdown
from organization.authority import units_where
from organization.duty import Duty
from organization.models import User
from whistle import flow
from whistle.models import Verification, Whistle, WorkOrder
from workflow.paging import count_to

NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
MOST = 99
PAGE = 30

KINDS = {
    "answer": gettext_lazy("To look at"),
    "handle": gettext_lazy("To settle"),
    "take": gettext_lazy("To take on"),
    "whistle": pgettext_lazy("tasks", "Whistles"),
}

WORDS = {
    Verification.Kind.CHECK: pgettext_lazy("task", "Check"),
    Verification.Kind.VERIFY: pgettext_lazy("task", "Verify"),
    flow.REPORTED: pgettext_lazy("task", "Take on"),
    flow.DISPATCHED: pgettext_lazy("task", "Sign for"),
    flow.ACCEPTED: pgettext_lazy("task", "Settle"),
    flow.SETTLED: pgettext_lazy("task", "Verify"),
    flow.VERIFIED: pgettext_lazy("task", "Score"),
    flow.SCORED: pgettext_lazy("task", "Conclude"),
}

Key = tuple[datetime.datetime, str, int]


@dataclass
class Tasks:
    """Some tasks, what runs out first at the head, and the key of those that follow."""

    cards: list[dict[str, Any]]
    after: str


def waiting(user: User) -> dict[str, QuerySet[Any]]:
    """The papers that wait for this person, by kind of task."""
    handled = list(units_where(user, Duty.HANDLE))
    judged = units_where(user, Duty.INSPECT) | units_where(user, Duty.SCORE)
    orders = WorkOrder.objects.visible_to(user)
    asked = Verification.objects.visible_to(user).filter(status=flow.ASKED)
    own = Whistle.objects.visible_to(user).filter(level=Whistle.Level.STREET, caller__in=judged)
    return {
        "answer": asked.filter(unit__path__overlap=list(units_where(user, Duty.REPORT))),
        "handle": orders.filter(status__in=(flow.DISPATCHED, flow.ACCEPTED), holder__in=handled),
        "take": orders.filter(status=flow.REPORTED, community__in=handled),
        "whistle": own.filter(status__in=(flow.SETTLED, flow.VERIFIED, flow.SCORED)),
    }


def count_tasks(found: dict[str, QuerySet[Any]]) -> dict[str, int]:
    """How many of each kind, counted no further than `MOST`."""
    return {kind: count_to(papers, MOST)[0] for kind, papers in found.items()}


def read_tasks(
    found: dict[str, QuerySet[Any]], size: int = 0, after: str = "", only: str = ""
) -> Tasks:
    """Tasks of all kinds (or of one) in the order in which they run out."""
    size = size or PAGE
    last = read_key(after) if after else None
    kinds = [only] if only in found else list(found)
    rows = [keyed(found[kind], kind, last) for kind in kinds]
    union = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
    keys = [
        (r["due"], r["kind_"], r["id"]) for r in union.order_by("due", "kind_", "id")[: size + 1]
    ]
    papers = {kind: papers_of(found[kind], kind, keys[:size]) for kind in kinds}
    now = timezone.now()
    cards = [card(kind, papers[kind][pk], now) for _due, kind, pk in keys[:size]]
    return Tasks(cards, write_key(keys[size - 1]) if len(keys) > size else "")


def keyed(papers: QuerySet[Any], kind: str, last: Key | None) -> QuerySet[Any]:
    rows = papers.annotate(due=Coalesce("due_at", Value(NEVER)), kind_=Value(kind))
    if last is not None:
        due, before, pk = last
        later = Q(due__gt=due)
        if kind > before:
            later |= Q(due=due)
        elif kind == before:
            later |= Q(due=due, pk__gt=pk)
        rows = rows.filter(later)
    return rows.order_by().values("due", "kind_", "id")


def papers_of(papers: QuerySet[Any], kind: str, keys: list[Key]) -> dict[int, Any]:
    wanted = [pk for _due, each, pk in keys if each == kind]
    if not wanted:
        return {}
    with_order = ("order__category", "order__grid", "order__community")
    related = ("category", "grid", "community") if kind in ("handle", "take") else with_order
    rows: QuerySet[Any] = papers.model._base_manager.select_related(*related)
    return rows.in_bulk(wanted)


def card(kind: str, paper: Any, now: datetime.datetime) -> dict[str, Any]:
    """A task as `parts/pcard.html` shows it."""
    order = paper if isinstance(paper, WorkOrder) else paper.order
    return {
        "key": f"{kind}-{paper.pk}",
        "title": order.title,
        "url": task_url(paper),
        "icon": category_icon(order.category),
        "count": paper_countdown(paper, now),
        "kind": WORDS[paper.kind if kind == "answer" else paper.status],
        "place": place_words(order),
        "lng": order.lng,
        "lat": order.lat,
    }


def task_url(paper: Any) -> str:
    if isinstance(paper, Verification):
        return reverse("phone_task", args=[paper.pk])
    return str(paper.get_absolute_url())


def place_words(order: WorkOrder) -> str:
    """The address; without one the grid or community, wants them loaded."""
    unit = order.grid or order.community
    return order.address or (unit.title if unit else _("No place given"))


def write_key(key: Key) -> str:
    due, kind, pk = key
    return f"{due.isoformat()}~{kind}~{pk}"


def read_key(text: str) -> Key:
    due, _tilde, rest = text.partition("~")
    kind, _tilde, pk = rest.partition("~")
    try:
        moment = parse_datetime(due)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or kind not in KINDS or not pk.isdecimal():
        raise Http404
    return moment, kind, int(pk)
