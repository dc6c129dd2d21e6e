"""What happened to orders day by day: kept as sums for the days that are over, counted since."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from command.models import DayFigures, Summed
from command.overview.period import midnight
from command.scope import viewer_of
from organization.models import Unit, User
from whistle.filters import Settled, settled_by
from whistle.models import WorkOrder
from whistle.models.orders import WorkOrderClock

STREET = ("street__code", "street__name")
SATISFIED = 4
SETTLED = {f"by_{who.value}": who for who in Settled}
FIGURES = ("reported", "answered", "satisfied", "late", *SETTLED, "closed_late")

Day = datetime.date
Moment = datetime.datetime
Span = tuple[Moment, Moment]  # from a midnight up to a moment
Row = tuple[Any, ...]
Figures = dict[Any, Counter[str]]


def counted(orders: QuerySet[Any], start: Moment, end: Moment, *by: str) -> QuerySet[Any]:
    """Rows (*by, day, figure, how many) of what happened to the orders from start up to end."""
    called = within(orders, "called_back", start, end).filter(satisfaction__isnull=False)
    closed = within(orders, "closed_at", start, end)
    missed = WorkOrderClock.objects.filter(
        paper=OuterRef("pk"), what="handle", stopped__gt=F("due")
    )
    parts = [
        per_day("reported", within(orders, "created", start, end), "created", by),
        per_day("answered", called, "called_back", by),
        per_day("satisfied", called.filter(satisfaction__gte=SATISFIED), "called_back", by),
        per_day(settled(), closed, "closed_at", by),
        per_day("closed_late", closed.filter(Exists(missed)), "closed_at", by),
        per_day("late", run_out(orders, start, end), "clocks__due", by),
    ]
    return parts[0].union(*parts[1:], all=True)


def within(rows: QuerySet[Any], column: str, start: Moment, end: Moment) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})


def run_out(orders: QuerySet[Any], start: Moment, end: Moment) -> QuerySet[Any]:
    """The orders once for each of their limits that ran out unkept; one that is held has not."""
    stopped_late = Q(clocks__stopped__gt=F("clocks__due")) & Q(clocks__stopped__gt=start)
    return orders.filter(
        Q(clocks__stopped=None) | stopped_late,
        clocks__paused_at=None,
        clocks__due__gte=start,
        clocks__due__lt=end,
    )


def settled() -> Case:
    """The figure under which a closed order counts: by whom it was settled."""
    cases = [When(settled_by(who), then=Value(name)) for name, who in SETTLED.items()]
    return Case(*cases, output_field=CharField())


def per_day(name: str | Case, rows: QuerySet[Any], column: str, by: tuple[str, ...]) -> Any:
    figure = Value(name, CharField()) if isinstance(name, str) else name
    counted = rows.order_by().annotate(figure=figure, day=TruncDate(column))
    counted = counted.values(*by, "day", "figure").annotate(n=Count("pk"))
    return counted.values_list(*by, "day", "figure", "n")


@dataclass
class Book:
    """The orders that a reader may see, day by day.

    `sums` are those of the days before `until`; None where his sight is not simply that of the
    district or of a street (a department's): then everything is counted, in what he sees.
    """

    orders: QuerySet[Any]
    sums: QuerySet[DayFigures] | None
    until: Day
    read: dict[Span, list[Row]] = field(default_factory=dict)

    def by_street(self, *spans: Span) -> list[Figures]:
        """The figures of each span, none overlapping, by the (code, name) of the street."""
        return self.added(STREET, lambda row: tuple(row[:2]), spans)

    def by_day(self, span: Span) -> Figures:
        return self.added(("day",), lambda row: row[2], [span])[0]

    def added(
        self, columns: tuple[str, ...], key: Callable[[Row], Any], spans: Sequence[Span]
    ) -> list[Figures]:
        found: list[Figures] = [defaultdict(Counter) for _span in spans]
        closed = [self.closed_part(*span) for span in spans]
        for n, key_of_sum, counts in self.summed(columns, closed):
            found[n][key_of_sum].update(counts)
        for n, ((_start, since), (_begin, end)) in enumerate(zip(closed, spans, strict=True)):
            for row in self.rows(since, end):
                found[n][key(row)][row[3]] += row[4]
        return found

    def closed_part(self, start: Moment, end: Moment) -> Span:
        """The days of a span that are summed; the rest of it is counted."""
        if self.sums is None:
            return start, start
        return start, max(start, midnight(min(self.until, timezone.localdate(end))))

    def summed(self, columns: tuple[str, ...], spans: list[Span]) -> Iterator[Any]:
        """(which span, key, figures) of the sums, in one query for all spans."""
        days = [(timezone.localdate(start), timezone.localdate(end)) for start, end in spans]
        if self.sums is None or all(first == end for first, end in days):
            return
        cases = [When(day__gte=first, day__lt=end, then=n) for n, (first, end) in enumerate(days)]
        rows = self.sums.filter(day__gte=min(days)[0]).annotate(span=Case(*cases))
        rows = rows.filter(span__isnull=False).order_by().values(*columns, "span")
        for row in rows.annotate(**{name: Sum(name) for name in FIGURES}):
            found = tuple(row[name] for name in columns)
            yield row["span"], found if len(found) > 1 else found[0], {n: row[n] for n in FIGURES}

    def rows(self, start: Moment, end: Moment) -> list[Row]:
        if start < end and (start, end) not in self.read:
            self.read[start, end] = list(counted(self.orders, start, end, *STREET))
        return self.read.get((start, end), [])


def book_of(user: User, street: Unit | None) -> Book:
    """The orders of one street, or of all, as far as the reader may see them.

    A problem counts once: the parts of a divided order are left out.
    """
    orders = WorkOrder.objects.visible_to(user).filter(part_of=None)
    orders = orders.filter(street=street) if street else orders
    viewer, kept = viewer_of(user, street), Summed.objects.first()
    if viewer is None or kept is None:
        return Book(orders, None, Day.min)
    sums = DayFigures.objects.filter(viewer=viewer)
    return Book(orders, sums.filter(street=street) if street else sums, kept.until)
