"""The list of orders: what its address asks for, as rows, chips, menus and links."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from command.queues import count_together, say_count
from organization.models import Unit, User
from whistle.filters import OrderFilter
from whistle.models import Card, Category, WorkOrder
from workflow.paging import COUNTED, NEWEST, Page, page
from workflow.sight import load_units

SIZES = (50, 100, 200)
START = "open=on&sort=due"
NAMED = ("category", "condition")
SORTS: dict[str, tuple[str, ...]] = {"created": NEWEST, "due": ("due_at", "pk")}
MENUS = ("status", "source", "urgency", "level", "settled", "card")
KEPT = 300
# What a shortcut asks for, what it takes away, and its sign.
SHORTCUTS = (
    ("overdue", "soon", "alert"),
    ("soon", "overdue", "clock"),
    ("followed", "", "star"),
)


@dataclass
class OrderList:
    """One address of the list, read by one person.

    The bare address shows what is in work, what runs out first at the top. Filters that mean
    nothing are left out and named in `ignored`.
    """

    user: User
    query: QueryDict
    now: datetime.datetime
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.query:
            self.query = QueryDict(START)
        self.form = OrderFilter(self.query, self.user)
        if not self.form.is_valid():
            self.leave_out(list(self.form.errors))

    def leave_out(self, names: list[str]) -> None:
        self.ignored = [str(self.form.fields[name].label) for name in names]
        query = self.query.copy()
        for name in names:
            query.pop(name, None)
        self.form = OrderFilter(query, self.user)
        self.form.is_valid()

    @property
    def sort(self) -> str:
        asked = self.query.get("sort", "")
        return asked if asked in SORTS else "created"

    @property
    def size(self) -> int:
        """How many rows a page has; as many as may be dealt with at once."""
        asked = self.query.get("rows", "")
        return next((size for size in SIZES if str(size) == asked), SIZES[0])

    def sizes(self) -> list[dict[str, Any]]:
        return [
            {"label": size, "url": self.url(rows=size), "current": size == self.size}
            for size in SIZES
        ]

    @cached_property
    def orders(self) -> QuerySet[Any]:
        found = self.form.apply(WorkOrder.objects.visible_to(self.user), self.now)
        return found.filter(due_at__isnull=False) if self.sort == "due" else found

    def page(self, *named: str) -> Page:
        """The rows at the cursor, with what is `named` of NAMED; the first for a wrong cursor."""
        orders, key = with_red(self.orders.select_related(*named)), SORTS[self.sort]
        try:
            found = page(orders, self.query.get("cursor", ""), self.size, key)
        except ValidationError:
            found = page(orders, "", self.size, key)
        load_units(*found.rows)
        return found

    def counts(self) -> dict[str, str]:
        """How many there are, how many of these are overdue or soon will be, by one query."""
        soon, late = ({"due_at__gte": self.now, "warn_at__lte": self.now}, {"due_at__lt": self.now})
        found = count_together(
            {
                "all": self.orders,
                "overdue": self.orders.filter(**late),
                "soon": self.orders.filter(**soon),
            },
            COUNTED + 1,
        )
        return {name: say_count(n) for name, n in found.items()}

    def url(self, **changes: Any) -> str:
        """This address with other values; None takes one away. The page starts anew."""
        given = changes | {"cursor": changes.get("cursor")}
        query = {name: values for name, values in self.query.lists() if name not in given}
        query |= {name: value for name, value in given.items() if value is not None}
        return f"?{urlencode(query, doseq=True)}" if query else "?sort=created"

    def values(self, name: str) -> list[Any]:
        """What is chosen of a filter that takes several values."""
        return self.form.cleaned_data.get(name) or []

    def without(self, name: str, value: Any) -> str:
        left = [str(other) for other in self.values(name) if other != value]
        return self.url(**{name: left or None})

    def chips(self) -> list[dict[str, Any]]:
        """What is chosen; a click takes it away."""
        return [
            chip
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [], False)
            for chip in self.chips_of(name, value)
        ]

    def chips_of(self, name: str, value: Any) -> list[dict[str, Any]]:
        field = self.form.fields[name]
        if isinstance(value, list):
            labels = dict(field.choices)
            return [chip(labels[one], self.without(name, one)) for one in value]
        words = say(name, value) if name in PREFIXES else field.label
        return [chip(words, self.url(**{name: None}))]

    def menus(self) -> list[dict[str, Any]]:
        """What can be chosen, one menu for each filter."""
        menus = [
            {"label": self.form.fields[name].label, "options": self.options(name)} for name in MENUS
        ]
        categories = {"label": _("Category"), "options": self.category_options()}
        return [menus[0], categories, *menus[1:]]

    def options(self, name: str) -> list[dict[str, Any]]:
        """The choices of a menu; a click adds one, or takes it away again."""
        chosen, rest = self.values(name), self.url(**{name: None})
        return [
            {
                "label": label,
                "current": value in chosen,
                "url": with_values(rest, name, toggled(chosen, value)),
                "count": "",
            }
            for value, label in self.form.fields[name].choices
        ]

    def category_options(self) -> list[dict[str, Any]]:
        chosen = getattr(self.form.cleaned_data.get("category"), "pk", None)
        rest = self.url(category=None)
        return [
            {
                "label": label,
                "current": pk == chosen,
                "url": f"{rest}&category={pk}",
                "count": "",
            }
            for pk, label in categories()
        ]

    def dates(self) -> dict[str, Any]:
        given = self.form.cleaned_data
        return {
            "label": _("Reported between"),
            "action": "",
            "since": day(given.get("since")),
            "until": day(given.get("until")),
            "keep": self.keep("since", "until", "cursor"),
        }

    def keep(self, *dropped: str) -> list[dict[str, str]]:
        """The rest of the address as hidden fields of a form."""
        return [
            {"name": name, "value": value}
            for name, values in self.query.lists()
            if name not in dropped
            for value in values
        ]

    def shortcuts(self, counts: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "label": self.form.fields[name].label,
                "url": self.url(**{name: "on", other: None}),
                "icon": icon,
                "count": counts.get(name, ""),
                "current": False,
            }
            for name, other, icon in SHORTCUTS
            if not self.form.cleaned_data.get(name)
        ]


def toggled(chosen: list[Any], value: Any) -> list[Any]:
    """The values with this one, or without it if it is among them."""
    if value in chosen:
        return [other for other in chosen if other != value]
    return [*chosen, value]


def with_values(url: str, name: str, values: list[Any]) -> str:
    return "&".join([url, *(urlencode({name: value}) for value in values)])


def with_red(papers: QuerySet[Any], order: str = "pk") -> QuerySet[Any]:
    """With whether a red card was shown for the order."""
    cards = Card.objects.filter(order=OuterRef(order), colour=Card.Colour.RED)
    return papers.annotate(red=Exists(cards))


def chip(label: Any, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "current": True, "icon": ""}


PREFIXES = {
    "category": "%(value)s",
    "street": "%(value)s",
    "grid": "%(value)s",
    "unit": gettext_lazy("concerns %(value)s"),
    "holder": gettext_lazy("in hand of %(value)s"),
    "part_of": gettext_lazy("parts of %(value)s"),
    "q": gettext_lazy("“%(value)s”"),
    "only": gettext_lazy("%(value)s chosen orders"),
    "since": gettext_lazy("since %(value)s"),
    "until": gettext_lazy("until %(value)s"),
    "closed_since": gettext_lazy("closed since %(value)s"),
    "answered_since": gettext_lazy("called back since %(value)s"),
}


def say(name: str, value: Any) -> str:
    """A chosen value in words; filters without words of their own are named by their label."""
    words = value.title if isinstance(value, Unit) else value
    words = len(value) if isinstance(value, tuple) else words
    return str(PREFIXES[name]) % {"value": words}


def day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


def categories() -> list[tuple[int, str]]:
    """The classes in use; kept for a few minutes, since they change with a new workbook."""
    key = f"categories-{get_language()}"
    return list(caches["process"].get_or_set(key, read_categories, KEPT) or [])


def read_categories() -> list[tuple[int, str]]:
    rows = Category.objects.filter(active=True)
    return [(row.pk, f"{row.name} · {row.major_name}") for row in rows]
