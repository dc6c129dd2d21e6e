"""The figures of the overview: each a count over papers that the reader may see."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from command.overview.period import Period
from organization.models import Unit, User
from whistle.filters import Settled, late_answers
from whistle.models import Response, Score, Whistle, WorkOrder
from whistle.models.orders import WorkOrderClock
from whistle.models.responses import ResponseClock

SATISFIED = 4
DAY = datetime.timedelta(days=1)

Daily = dict[str, dict[datetime.date, int]]


@dataclass(frozen=True)
class Totals:
    """Counts of one span: reported, closed, called back, satisfied."""

    reported: int
    closed: int
    answered: int
    satisfied: int

    @property
    def satisfaction(self) -> float | None:
        """Share of callbacks that were answered "satisfied" or better, in percent."""
        return percent(self.satisfied, self.answered)


def percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def orders_of(user: User, street: Unit | None) -> QuerySet[Any]:
    orders = WorkOrder.objects.visible_to(user)
    return orders.filter(street=street) if street else orders


def whistles_of(user: User, street: Unit | None) -> QuerySet[Any]:
    """The whistles of streets for departments."""
    whistles = Whistle.objects.visible_to(user).filter(level=Whistle.Level.DISTRICT)
    return whistles.filter(centre__parent=street) if street else whistles


def totals(orders: QuerySet[Any], period: Period) -> tuple[Totals, Totals, int]:
    """The counts of the period, those of the period before, and what is overdue now."""
    spans = {"now": (period.start, period.now), "was": (period.before, period.before_end)}
    counts = {
        f"{when}_{name}": Count("pk", filter=condition)
        for when, (start, end) in spans.items()
        for name, condition in conditions(start, end).items()
    }
    late = Q(due_at__lt=period.now) & ~Q(status__in=WorkOrder.flow.final)
    row = orders.aggregate(**counts, late=Count("pk", filter=late))
    now, was = (
        Totals(*(row[f"{when}_{name}"] for name in ("reported", "closed", "answered", "satisfied")))
        for when in spans
    )
    return now, was, row["late"]


def conditions(start: datetime.datetime, end: datetime.datetime) -> dict[str, Q]:
    called = Q(called_back__gte=start, called_back__lt=end, satisfaction__isnull=False)
    return {
        "reported": Q(created__gte=start, created__lt=end),
        "closed": Q(closed_at__gte=start, closed_at__lt=end),
        "answered": called,
        "satisfied": called & Q(satisfaction__gte=SATISFIED),
    }


def daily(orders: QuerySet[Any], since: datetime.datetime, now: datetime.datetime) -> Daily:
    """How many fell on each day (in Shanghai): reported, closed, answered, satisfied, overdue."""
    clocks = WorkOrderClock.objects.filter(paper__in=orders.values("pk"), due__gte=since)
    missed = clocks.filter(due__lt=now).filter(Q(stopped=None) | Q(stopped__gt=F("due")))
    answered = orders.filter(called_back__gte=since, satisfaction__isnull=False)
    parts = [
        per_day("reported", orders.filter(created__gte=since), "created"),
        per_day("closed", orders.filter(closed_at__gte=since), "closed_at"),
        per_day("answered", answered, "called_back"),
        per_day("satisfied", answered.filter(satisfaction__gte=SATISFIED), "called_back"),
        per_day("late", missed, "due"),
    ]
    found: Daily = {}
    for name, day, n in parts[0].union(*parts[1:], all=True):
        found.setdefault(name, {})[day] = n
    return found


def per_day(name: str, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    counted = rows.order_by().annotate(name=Value(name), day=TruncDate(column))
    return counted.values_list("name", "day").annotate(n=Count("pk"))


def overdue_history(orders: QuerySet[Any], moments: list[datetime.datetime]) -> list[int]:
    """How many orders had a passed limit at each of the moments, read from their clocks."""
    late = WorkOrderClock.objects.filter(Q(stopped=None) | Q(stopped__gt=moments[0]))
    late = late.filter(paper__in=orders.values("pk"), due__lt=moments[-1], paused_at=None)
    counts = {
        f"at{n}": Count(
            "paper",
            distinct=True,
            filter=Q(due__lt=moment) & (Q(stopped=None) | Q(stopped__gt=moment)),
        )
        for n, moment in enumerate(moments)
    }
    row = late.aggregate(**counts)
    return [row[f"at{n}"] for n in range(len(moments))]


@dataclass
class UnitRow:
    """One line of a ranking: a unit, its score in percent or points, and how many papers count.

    `moved` is by how many places it rose (negative: fell) since the period before.
    """

    unit: dict[str, str]
    value: float
    count: int
    late: int = 0
    moved: int | None = None


@dataclass
class Closed:
    """The closed orders of a period: by who settled them, and how many of each street were late."""

    levels: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    streets: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: dict[str, Any]) -> None:
        self.levels[settled_at(row["level"], row["holder__kind"])] += row["n"]
        if row["street__code"]:
            self.streets[row["street__code"], row["street__name"]] += [row["n"], row["late"]]

    def ranking(self) -> list[UnitRow]:
        """Streets by the share of closed orders whose handling kept its limit, best first."""
        rows = []
        for (code, name), counts in self.streets.items():
            n, late = sum(counts[::2]), sum(counts[1::2])
            value = round(100 * (n - late) / n, 1)
            rows.append(UnitRow({"code": code, "name": name}, value, n, late))
        return best_first(rows)


def settled_at(level: int, kind: str | None) -> str:
    if level == WorkOrder.Level.GRID:
        return Settled.COMMUNITY if kind == Unit.Kind.COMMUNITY else Settled.GRID
    return Settled.STREET if level == WorkOrder.Level.STREET else Settled.DISTRICT


def closed_orders(orders: QuerySet[Any], period: Period) -> tuple[Closed, Closed]:
    """What was closed in the period, and in the period before."""
    missed = WorkOrderClock.objects.filter(
        paper=OuterRef("pk"), what="handle", stopped__gt=F("due")
    )
    within = Q(closed_at__gte=period.start) | Q(
        closed_at__gte=period.before, closed_at__lt=period.before_end
    )
    rows = (
        orders.filter(within)
        .order_by()
        .annotate(missed=Exists(missed), now=Q(closed_at__gte=period.start))
        .values("now", "level", "holder__kind", "street__code", "street__name")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(missed=True)))
    )
    now, was = Closed(), Closed()
    for row in rows:
        (now if row["now"] else was).add(row)
    return now, was


def best_first(rows: Iterable[UnitRow]) -> list[UnitRow]:
    return sorted(rows, key=lambda row: (-row.value, -row.count, row.unit["code"]))


def note_moves(rows: list[UnitRow], before: list[UnitRow]) -> list[UnitRow]:
    places = {row.unit["code"]: n for n, row in enumerate(before)}
    for n, row in enumerate(rows):
        if row.unit["code"] in places:
            row.moved = places[row.unit["code"]] - n
    return rows


def department_ranking(whistles: QuerySet[Any], period: Period) -> list[UnitRow]:
    """Departments by the mean of their whistle scores (platform's part plus the caller's)."""
    scores = Score.objects.filter(response__whistle__in=whistles.values("pk"))
    within = Q(at__gte=period.start) | Q(at__gte=period.before, at__lt=period.before_end)
    rows = (
        scores.filter(within)
        .order_by()
        .annotate(now=Q(at__gte=period.start))
        .values("now", name=F("response__unit__name"), code=F("response__unit__code"))
        .annotate(mean=Avg(F("platform") + F("caller")), n=Count("pk"))
    )
    found: dict[bool, list[UnitRow]] = {True: [], False: []}
    for row in rows:
        unit = {"name": row["name"], "code": row["code"]}
        found[row["now"]].append(UnitRow(unit, round(float(row["mean"]), 1), row["n"]))
    return note_moves(best_first(found[True]), best_first(found[False]))


BOARD = ("open", "overdue", "concluded", "solved", "called")


def whistle_board(whistles: QuerySet[Any], period: Period) -> list[dict[str, Any]]:
    """By type: open and overdue now; concluded, of those solved, and blown in the period."""
    is_open = ~Q(status__in=Whistle.flow.final)
    concluded = Q(closed_at__gte=period.start)
    late = Q(due_at__lt=period.now) | Q(late=True)
    rows = (
        whistles.order_by()
        .annotate(late=Exists(late_answers(period.now)))
        .values("kind")
        .annotate(
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=is_open & late),
            concluded=Count("pk", filter=concluded),
            solved=Count("pk", filter=concluded & Q(order__solved=True)),
            called=Count("pk", filter=Q(blown_at__gte=period.start)),
        )
    )
    found = {row["kind"]: row for row in rows}
    return [
        {"kind": kind} | {name: found.get(kind.value, {}).get(name, 0) for name in BOARD}
        for kind in Whistle.Kind
    ]


def arrivals(whistles: QuerySet[Any], period: Period) -> dict[str, float | None]:
    """By type: the share of departments that arrived within their limit, in percent."""
    clocks = ResponseClock.objects.filter(
        what="arrive", stopped__gte=period.start, paper__whistle__in=whistles.values("pk")
    )
    rows = clocks.order_by().values_list("paper__whistle__kind")
    counted = rows.annotate(n=Count("pk"), kept=Count("pk", filter=Q(stopped__lte=F("due"))))
    return {kind: percent(kept, n) for kind, n, kept in counted}


def latest_late(whistles: QuerySet[Any], now: datetime.datetime, most: int) -> list[Response]:
    """The answers that have been overdue longest, with their whistle and department."""
    late = Response.objects.filter(whistle__in=whistles.values("pk"), due_at__lt=now)
    late = late.exclude(status__in=Response.flow.final)
    return list(late.select_related("unit", "whistle__order").order_by("due_at")[:most])
