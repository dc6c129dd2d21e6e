"""The list of whistles: what its address asks for, as rows, chips, menus and links."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.countdown import paper_countdown
from command.order_list import with_red
from command.papers.around import short_number
from command.papers.rows import card_badge, kind_badge, status_badge
from organization.models import User
from whistle.filters import WhistleFilter
from whistle.models import Response, Whistle
from workflow.paging import Page, count_to, page

ROWS = 50
FLAGS = ("open", "overdue")
MENUS = ("kind", "status", "level")
SINGLE = ("street", "unit", "caller", "blown_since", "closed_since", "scored_since")
PREFIXES = {
    "unit": gettext_lazy("calls %(value)s"),
    "caller": gettext_lazy("blown by %(value)s"),
    "blown_since": gettext_lazy("blown since %(value)s"),
    "closed_since": gettext_lazy("concluded since %(value)s"),
    "scored_since": gettext_lazy("scored since %(value)s"),
}


@dataclass
class WhistleList:
    """One address of the list, read by one person; filters that mean nothing are left out."""

    user: User
    query: QueryDict
    now: datetime.datetime
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.form = WhistleFilter(self.query)
        if not self.form.is_valid():
            self.ignored = [str(self.form.fields[name].label) for name in self.form.errors]
            query = self.query.copy()
            for name in self.form.errors:
                query.pop(name, None)
            self.form = WhistleFilter(query)
            self.form.is_valid()

    @property
    def whistles(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.form.apply(Whistle.objects.visible_to(self.user), self.now)
        return found

    def count(self) -> tuple[int, bool]:
        return count_to(self.whistles)

    @property
    def counted(self) -> QuerySet[Any]:
        """With how many were called, and how many of them have come, counted row by row.

        Joined and grouped they would be counted for every whistle before the first is shown.
        """
        found: QuerySet[Any] = self.whistles.select_related("order", "caller").annotate(
            called=answers_in(~Q(status="released")),
            present=answers_in(Q(status__in=["arrived", "done"])),
        )
        return found

    def page(self) -> Page:
        """The rows at the cursor; the first ones for a cursor that means nothing."""
        try:
            return page(with_red(self.counted, "order"), self.query.get("cursor", ""), ROWS)
        except ValidationError:
            return page(with_red(self.counted, "order"), "", ROWS)

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
        return f"?{query.urlencode()}"

    def pages(self, shown: Page) -> dict[str, str]:
        return {
            "newer_url": self.url(cursor=shown.previous) if shown.previous else "",
            "older_url": self.url(cursor=shown.next) if shown.next else "",
        }

    def chips(self) -> list[dict[str, Any]]:
        """What is chosen; a click takes it away. The two flags are offered always."""
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
            chip(say(name, self.chosen(name)), self.url(**{name: None}))
            for name in SINGLE
            if self.chosen(name)
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


def answers_in(which: Q) -> Coalesce:
    """How many such answers a whistle (the outer query) has."""
    answers = Response.objects.filter(which, whistle=OuterRef("pk")).order_by()
    return Coalesce(Subquery(answers.values("whistle").values(n=Count("pk"))), 0)


def chip(label: Any, url: str, current: bool = True) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}


def say(name: str, value: Any) -> str:
    """A chosen value in words."""
    return str(PREFIXES.get(name, "%(value)s")) % {"value": getattr(value, "title", value)}


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
