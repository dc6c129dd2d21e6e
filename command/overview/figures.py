"""The figures of the overview: each a count over papers that the reader may see."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Exists, F, Q, QuerySet

from command.overview.days import SETTLED, Figures
from command.overview.period import Period
from organization.models import Unit, User
from whistle.facts import of_predecessors
from whistle.filters import late_answers
from whistle.models import Response, Score, Whistle
from whistle.models.orders import WorkOrderClock
from whistle.models.responses import ResponseClock

DAY = datetime.timedelta(days=1)


def percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


@dataclass(frozen=True)
class Totals:
    """Counts of one span: reported, closed (by whom settled), called back, satisfied."""

    reported: int
    levels: dict[str, int]
    answered: int
    satisfied: int

    @property
    def closed(self) -> int:
        return sum(self.levels.values())

    @property
    def satisfaction(self) -> float | None:
        """Share of callbacks that were answered "satisfied" or better, in percent."""
        return percent(self.satisfied, self.answered)


def totals(streets: Figures) -> Totals:
    whole = sum(streets.values(), Counter())
    levels = {who.value: whole[name] for name, who in SETTLED.items()}
    return Totals(whole["reported"], levels, whole["answered"], whole["satisfied"])


def closed_in(counts: Counter[str]) -> int:
    return sum(counts[name] for name in SETTLED)


def whistles_of(user: User, street: Unit | None) -> QuerySet[Any]:
    """The whistles of streets for departments."""
    whistles = Whistle.objects.visible_to(user).filter(level=Whistle.Level.DISTRICT)
    return whistles.filter(centre__parent=street) if street else whistles


def overdue_history(orders: QuerySet[Any], moments: list[datetime.datetime]) -> list[int]:
    """How many orders had a passed limit at each of the moments, read from their clocks."""
    stopped_late = Q(stopped__gt=moments[0], due__lt=F("stopped"))
    late = WorkOrderClock.objects.filter(Q(stopped=None) | stopped_late)
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


def street_ranking(streets: Figures) -> list[UnitRow]:
    """Streets by the share of closed orders whose handling kept its limit, best first."""
    rows = []
    for (code, name), counts in streets.items():
        n, late = closed_in(counts), counts["closed_late"]
        if code is not None and n:
            unit = {"code": code, "name": name}
            rows.append(UnitRow(unit, round(100 * (n - late) / n, 1), n, late))
    return best_first(rows)


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
        whistles.filter(is_open | concluded | Q(blown_at__gte=period.start))
        .order_by()
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
    rows = clocks.exclude(Exists(of_predecessors())).order_by().values_list("paper__whistle__kind")
    counted = rows.annotate(n=Count("pk"), kept=Count("pk", filter=Q(stopped__lte=F("due"))))
    return {kind: percent(kept, n) for kind, n, kept in counted}


def latest_late(whistles: QuerySet[Any], now: datetime.datetime, most: int) -> list[Response]:
    """The answers that have been overdue longest, with their whistle and department."""
    late = Response.objects.filter(whistle__in=whistles.values("pk"), due_at__lt=now)
    late = late.exclude(status__in=Response.flow.final)
    return list(late.select_related("unit", "whistle__order").order_by("due_at")[:most])
