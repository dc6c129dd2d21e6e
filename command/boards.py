"""What boards share: columns of cards, what runs out first on top of each."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber


@dataclass
class Column:
    """Its first cards, how many there are in all, and how many of them are late.

    `none` is said where there is nothing; `url` leads to all of them.
    """

    name: str
    title: Any
    none: Any = ""
    url: str = ""
    cards: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0
    late: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.cards)

    def add(self, row: Any, card: dict[str, Any]) -> None:
        """The card of a row of `first_ones`."""
        self.total, self.late = row.total, row.late
        self.cards.append(card)


def first_ones(
    rows: QuerySet[Any], column: str, key: str, most: int, now: datetime.datetime
) -> QuerySet[Any]:
    """The first rows of each column, by one query; each knows the figures of its column."""
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=column, order_by=(key, "pk")),
        total=Window(Count("pk"), partition_by=column),
        late=Window(Count("pk", filter=Q(due_at__lt=now)), partition_by=column),
    )
    return placed.filter(place__lte=most).order_by(key, "pk")
