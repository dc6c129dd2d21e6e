"""The list of supervision orders and instructions."""

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.listing import Listing
from command.papers.around import short_number
from command.papers.rows import card_badges, status_badge, supervision_badge
from whistle.models import Card, SupervisionOrder
from whistle.supervision_api import SupervisionFilter

START = "open=1"


class SupervisionList(Listing):
    """The bare address shows what is still open."""

    filter = SupervisionFilter
    model = SupervisionOrder
    flags = ("open", "overdue", "soon")
    menus_of = ("kind", "status", "ground", "card")
    single = ("unit", "issuer", "street", "order")
    bare = "open="

    def __post_init__(self) -> None:
        if not self.query:
            self.query = QueryDict(START)
        super().__post_init__()

    def rows(self) -> QuerySet[Any]:
        named = self.papers.select_related("order", "unit", "issuer", "post__unit")
        return named.prefetch_related(Prefetch("cards", Card.objects.order_by("pk")))


def row(paper: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "paper": paper,
        "number": short_number(paper),
        "kind": supervision_badge(paper),
        "status": status_badge(paper),
        "cards": card_badges(paper.cards.all()),
        "count": paper_countdown(paper, now),
        "rejects": _("sent back %(n)s times") % {"n": paper.rejects} if paper.rejects else "",
    }
