"""The list of whistles: filters that live in the URL, rows ready for the table."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.papers.rows import kind_badge, status_badge
from organization.models import Unit
from whistle.models import Response, Whistle


def filtered(
    whistles: QuerySet[Any], query: Mapping[str, str], street: Unit | None, now: datetime.datetime
) -> QuerySet[Any]:
    """The whistles that the URL asks for; a value that means nothing is left out."""
    if street is not None:
        whistles = whistles.filter(centre__parent=street)
    if query.get("kind") in Whistle.Kind.values:
        whistles = whistles.filter(kind=query["kind"])
    if query.get("status") in Whistle.Status.values:
        whistles = whistles.filter(status=query["status"])
    if query.get("open"):
        whistles = whistles.open()
    if query.get("overdue"):
        whistles = whistles.open().filter(Q(due_at__lt=now) | Exists(late_answers(now)))
    if query.get("unit"):
        called = Response.objects.filter(whistle=OuterRef("pk"), unit__code=query["unit"])
        whistles = whistles.filter(Exists(called))
    counted = whistles.annotate(
        called=Count("responses", filter=~Q(responses__status="released")),
        present=Count("responses", filter=Q(responses__status__in=["arrived", "done"])),
    )
    return counted.select_related("order", "caller")


def late_answers(now: datetime.datetime) -> QuerySet[Response]:
    late = Response.objects.filter(whistle=OuterRef("pk"), due_at__lt=now)
    return late.exclude(status__in=Response.flow.final)


def list_rows(whistles: list[Any], now: datetime.datetime) -> list[dict[str, Any]]:
    """Each whistle with what runs out first among it and its open answers."""
    answers = Response.objects.filter(whistle__in=whistles, due_at__isnull=False)
    answers = answers.exclude(status__in=Response.flow.final).order_by("due_at")
    first: dict[int, Any] = {}
    for response in answers:
        first.setdefault(response.whistle_id, response)
    return [row(whistle, first.get(whistle.pk), now) for whistle in whistles]


def row(whistle: Any, answer: Any, now: datetime.datetime) -> dict[str, Any]:
    running = [p for p in (whistle, answer) if p is not None and p.due_at is not None]
    paper = min(running, key=lambda p: p.due_at, default=None)
    return {
        "whistle": whistle,
        "badge": status_badge(whistle),
        "kind": kind_badge(whistle),
        "count": paper_countdown(paper, now) if paper is not None else None,
    }


def chips(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filters as chips; a click sets one, a second click takes it away."""
    rows = [chip(query, "open", "1", _("Open")), chip(query, "overdue", "1", _("Overdue"))]
    rows += [chip(query, "kind", kind.value, str(kind.label)) for kind in Whistle.Kind]
    rows += [
        chip(query, "status", status.value, str(status.label))
        for status in (Whistle.Status.DRAFTED, Whistle.Status.SETTLED, Whistle.Status.VERIFIED)
    ]
    if query.get("unit"):
        unit = Unit.objects.filter(code=query["unit"]).first()
        rows.append(chip(query, "unit", query["unit"], unit.title if unit else query["unit"]))
    return rows


def chip(query: Mapping[str, str], name: str, value: str, label: str) -> dict[str, Any]:
    on = query.get(name) == value
    keep = {k: v for k, v in query.items() if k not in (name, "cursor")}
    url = "?" + urlencode(keep if on else keep | {name: value})
    return {"label": label, "url": url, "current": on}
