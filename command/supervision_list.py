"""The list of supervision orders and instructions: what its address asks for, as rows and chips."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.papers.around import short_number
from command.papers.rows import card_badges, status_badge, supervision_badge
from organization.models import User
from whistle.models import Card, SupervisionOrder
from whistle.supervision_api import SupervisionFilter
from workflow.paging import Page, count_to, page

ROWS = 50
FLAGS = ("open", "overdue", "soon")
MENUS = ("kind", "status", "ground", "card")
SINGLE = ("unit", "issuer", "street", "order")
START = "open=1"


@dataclass
class SupervisionList:
    """One address of the list, read by one person; filters that mean nothing are left out.

    The bare address shows what is still open.
    """

    user: User
    query: QueryDict
    now: datetime.datetime
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.query:
            self.query = QueryDict(START)
        self.form = SupervisionFilter(self.query)
        if not self.form.is_valid():
            self.ignored = [str(self.form.fields[name].label) for name in self.form.errors]
            query = self.query.copy()
            for name in self.form.errors:
                query.pop(name, None)
            self.form = SupervisionFilter(query)
            self.form.is_valid()

    @property
    def papers(self) -> QuerySet[Any]:
        seen = SupervisionOrder.objects.visible_to(self.user)
        found: QuerySet[Any] = self.form.apply(seen, self.now)
        return found

    def count(self) -> tuple[int, bool]:
        return count_to(self.papers)

    def page(self) -> Page:
        """The rows at the cursor; the first ones for a cursor that means nothing."""
        named = self.papers.select_related("order", "unit", "issuer", "post__unit")
        rows = named.prefetch_related(Prefetch("cards", Card.objects.order_by("pk")))
        try:
            return page(rows, self.query.get("cursor", ""), ROWS)
        except ValidationError:
            return page(rows, "", ROWS)

    def chosen(self, name: str) -> Any:
        return self.form.cleaned_data.get(name)

    def url(self, **changes: Any) -> str:
        """This address with other values; None takes one away. The page starts anew."""
        query = self.query.copy()
        query.pop("cursor", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query.setlist(name, value if isinstance(value, list) else [value])
        return f"?{query.urlencode()}" if query else "?open="

    def pages(self, shown: Page) -> dict[str, str]:
        return {
            "newer_url": self.url(cursor=shown.previous) if shown.previous else "",
            "older_url": self.url(cursor=shown.next) if shown.next else "",
        }

    def chips(self) -> list[dict[str, Any]]:
        """What is chosen; a click takes it away. The flags are offered always."""
        flags = [
            chip(self.form.fields[name].label, self.url(**{name: None if on else 1}), on)
            for name in FLAGS
            for on in [bool(self.chosen(name))]
        ]
        choices = [
            chip(label, self.without(name, value))
            for name in MENUS
            for value, label in self.form.fields[name].choices
            if value in (self.chosen(name) or [])
        ]
        single = [
            chip(getattr(value, "title", value), self.url(**{name: None}))
            for name in SINGLE
            if (value := self.chosen(name))
        ]
        return [*flags, *choices, *single]

    def menus(self) -> list[dict[str, Any]]:
        return [
            {"label": self.form.fields[name].label, "options": self.options(name)} for name in MENUS
        ]

    def options(self, name: str) -> list[dict[str, Any]]:
        chosen = self.chosen(name) or []
        return [
            {
                "label": label,
                "current": value in chosen,
                "url": self.without(name, value)
                if value in chosen
                else self.url(**{name: [*map(str, chosen), str(value)]}),
            }
            for value, label in self.form.fields[name].choices
        ]

    def without(self, name: str, value: Any) -> str:
        left = [str(other) for other in self.chosen(name) or [] if other != value]
        return self.url(**{name: left or None})


def chip(label: Any, url: str, current: bool = True) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}


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
