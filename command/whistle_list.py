"""The list of whistles."""

import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.countdown import paper_countdown
from command.listing import Listing
from command.order_list import with_red
from command.papers.around import short_number
from command.papers.rows import card_badge, kind_badge, status_badge
from whistle.filters import WhistleFilter
from whistle.models import Response, Whistle


class WhistleList(Listing):
    filter = WhistleFilter
    model = Whistle
    flags = ("open", "overdue", "followed")
    menus_of = ("kind", "status", "level", "fact")
    single = (
        "street",
        "unit",
        "caller",
        "blown_since",
        "blown_until",
        "closed_since",
        "scored_since",
    )
    prefixes = {
        "unit": gettext_lazy("calls %(value)s"),
        "caller": gettext_lazy("blown by %(value)s"),
        "blown_since": gettext_lazy("blown since %(value)s"),
        "blown_until": gettext_lazy("blown until %(value)s"),
        "closed_since": gettext_lazy("concluded since %(value)s"),
        "scored_since": gettext_lazy("scored since %(value)s"),
    }

    @property
    def counted(self) -> QuerySet[Any]:
        """With how many were called, and how many of them have come, counted row by row.

        Joined and grouped they would be counted for every whistle before the first is shown.
        """
        found: QuerySet[Any] = self.papers.select_related("order", "caller").annotate(
            called=answers_in(~Q(status="released")),
            present=answers_in(Q(status__in=["arrived", "done"])),
        )
        return found

    def rows(self) -> QuerySet[Any]:
        return with_red(self.counted, "order")


def answers_in(which: Q) -> Coalesce:
    """How many such answers a whistle (the outer query) has."""
    answers = Response.objects.filter(which, whistle=OuterRef("pk")).order_by()
    return Coalesce(Subquery(answers.values("whistle").values(n=Count("pk"))), 0)


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
        "number": short_number(whistle),
        "badge": status_badge(whistle),
        "kind": kind_badge(whistle),
        "card": card_badge("red") if whistle.red else None,
        "level": whistle.get_level_display(),
        "count": paper_countdown(paper, now) if paper is not None else None,
        "what": _("%(present)s of %(called)s there")
        % {"present": whistle.present, "called": whistle.called}
        if whistle.called
        else "",
    }
