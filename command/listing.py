"""A list of papers under one address: what it asks for, as rows, chips, menus and links."""

import datetime
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from organization.models import User
from workflow.paging import Page, count_to, page

ROWS = 50


@dataclass
class Listing:
    """One address of a list, read by one person; filters that mean nothing are left out.

    `flags` are offered always, `menus` take several values, `single` ones come from links and are
    said with their `prefixes`. `bare` stands for an address without any filter.
    """

    user: User
    query: QueryDict
    now: datetime.datetime
    ignored: list[str] = field(default_factory=list)

    filter: ClassVar[type[Any]]
    model: ClassVar[type[Any]]
    flags: ClassVar[tuple[str, ...]] = ()
    menus_of: ClassVar[tuple[str, ...]] = ()
    single: ClassVar[tuple[str, ...]] = ()
    prefixes: ClassVar[dict[str, Any]] = {}
    bare: ClassVar[str] = ""

    def __post_init__(self) -> None:
        self.form = self.filter(self.query, self.user)
        if not self.form.is_valid():
            self.ignored = [str(self.form.fields[name].label) for name in self.form.errors]
            query = self.query.copy()
            for name in self.form.errors:
                query.pop(name, None)
            self.form = self.filter(query, self.user)
            self.form.is_valid()

    @property
    def papers(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.form.apply(self.model.objects.visible_to(self.user), self.now)
        return found

    def rows(self) -> QuerySet[Any]:
        """The papers with what their rows name."""
        return self.papers

    def count(self) -> tuple[int, bool]:
        return count_to(self.papers)

    def page(self) -> Page:
        """The rows at the cursor; the first ones for a cursor that means nothing."""
        try:
            return page(self.rows(), self.query.get("cursor", ""), ROWS)
        except ValidationError:
            return page(self.rows(), "", ROWS)

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
        return f"?{query.urlencode()}" if query else f"?{self.bare}"

    def pages(self, shown: Page) -> dict[str, str]:
        return {
            "newer_url": self.url(cursor=shown.previous) if shown.previous else "",
            "older_url": self.url(cursor=shown.next) if shown.next else "",
        }

    def chips(self) -> list[dict[str, Any]]:
        """What is chosen; a click takes it away."""
        flags = [
            chip(self.form.fields[name].label, self.url(**{name: None if on else 1}), on)
            for name in self.flags
            for on in [bool(self.chosen(name))]
        ]
        choices = [
            chip(label, self.without(name, value))
            for name in self.menus_of
            for value, label in self.form.fields[name].choices
            if value in (self.chosen(name) or [])
        ]
        single = [
            chip(self.say(name, value), self.url(**{name: None}))
            for name in self.single
            if (value := self.chosen(name))
        ]
        return [*flags, *choices, *single]

    def say(self, name: str, value: Any) -> str:
        """A chosen value in words."""
        words = str(self.prefixes.get(name, "%(value)s"))
        return words % {"value": getattr(value, "title", value)}

    def menus(self) -> list[dict[str, Any]]:
        return [
            {"label": self.form.fields[name].label, "options": self.options(name)}
            for name in self.menus_of
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
