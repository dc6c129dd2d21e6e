"""The figures of the overview: each a count over papers that the reader may see."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from command.overview.period import Period
from organization.models import Unit, User
from whistle.models import Response, Score, Whistle, WorkOrder

SATISFIED = 4


@dataclass(frozen=True)
class Totals:
    """Counts of one span: reported, closed, called back, satisfied, solved."""

    reported: int
    closed: int
    answered: int
    satisfied: int
    solved: int

    @property
    def satisfaction(self) -> float | None:
        """Share of callbacks that were answered "satisfied" or better, in percent."""
        return round(100 * self.satisfied / self.answered, 1) if self.answered else None


def orders_of(user: User, street: Unit | None) -> QuerySet[Any]:
    orders = WorkOrder.objects.visible_to(user)
    return orders.filter(street=street) if street else orders


def totals(orders: QuerySet[Any], start: datetime.datetime, end: datetime.datetime) -> Totals:
    called = Q(called_back__gte=start, called_back__lt=end, satisfaction__isnull=False)
    row = orders.aggregate(
        reported=Count("pk", filter=Q(created__gte=start, created__lt=end)),
        closed=Count("pk", filter=Q(closed_at__gte=start, closed_at__lt=end)),
        answered=Count("pk", filter=called),
        satisfied=Count("pk", filter=called & Q(satisfaction__gte=SATISFIED)),
        solved=Count("pk", filter=called & Q(solved=True)),
    )
    return Totals(**row)


def overdue(orders: QuerySet[Any], now: datetime.datetime) -> int:
    return int(orders.open().overdue(now).count())


def daily(orders: QuerySet[Any], column: str, since: datetime.datetime) -> dict[Any, int]:
    """How many fell on each day, by the day in Shanghai."""
    rows = orders.filter(**{f"{column}__gte": since}).annotate(day=TruncDate(column))
    return dict(rows.values_list("day").annotate(n=Count("pk")).order_by("day"))


def by_level(orders: QuerySet[Any], period: Period) -> dict[int, int]:
    """Closed orders by the level that settled them (小事不出网格、大事不出社区、难事不出街道)."""
    rows = orders.filter(closed_at__gte=period.start).values_list("level")
    return dict(rows.annotate(n=Count("pk")))


@dataclass(frozen=True)
class UnitRow:
    """One line of a ranking: a unit, its score in percent or points, and how many papers count."""

    unit: Any
    value: float
    count: int
    late: int = 0


def street_ranking(orders: QuerySet[Any], period: Period, now: datetime.datetime) -> list[UnitRow]:
    """Streets by the share of closed orders whose handling kept its limit, best first."""
    handled = Q(clocks__what="handle", clocks__stopped__isnull=False)
    rows = (
        orders.filter(handled, closed_at__gte=period.start, street__isnull=False)
        .values("street", "street__name", "street__code")
        .annotate(
            n=Count("clocks"),
            kept=Count("clocks", filter=Q(clocks__stopped__lte=F("clocks__due"))),
        )
    )
    found = [
        UnitRow(
            {"name": r["street__name"], "code": r["street__code"]},
            round(100 * r["kept"] / r["n"], 1),
            r["n"],
            r["n"] - r["kept"],
        )
        for r in rows
    ]
    return sorted(found, key=lambda row: (-row.value, -row.count))


def department_ranking(user: User, period: Period) -> list[UnitRow]:
    """Departments by the mean of their whistle scores (platform's part plus the caller's)."""
    whistles = Whistle.objects.visible_to(user).filter(level=Whistle.Level.DISTRICT)
    scores = Score.objects.filter(at__gte=period.start, response__whistle__in=whistles)
    rows = scores.values(name=F("response__unit__name"), code=F("response__unit__code")).annotate(
        mean=Avg(F("platform") + F("caller")), n=Count("pk")
    )
    found = [
        UnitRow({"name": r["name"], "code": r["code"]}, round(float(r["mean"]), 1), r["n"])
        for r in rows
    ]
    return sorted(found, key=lambda row: (-row.value, -row.count))


def whistle_board(user: User, period: Period, now: datetime.datetime) -> list[dict[str, Any]]:
    """By type: open now, overdue now, concluded and of those solved in the period."""
    whistles = Whistle.objects.visible_to(user).filter(level=Whistle.Level.DISTRICT)
    is_open = ~Q(status__in=Whistle.flow.final)
    concluded = Q(closed_at__gte=period.start)
    late = Response.objects.filter(due_at__lt=now).exclude(status__in=Response.flow.final)
    rows = whistles.values("kind").annotate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(pk__in=late.values("whistle"))),
        concluded=Count("pk", filter=concluded),
        solved=Count("pk", filter=concluded & Q(order__solved=True)),
        called=Count("pk", filter=Q(blown_at__gte=period.start)),
    )
    found = {row["kind"]: row for row in rows}
    empty = {"open": 0, "overdue": 0, "concluded": 0, "solved": 0, "called": 0}
    return [
        {
            "kind": kind,
            **empty,
            **{k: v for k, v in found.get(kind.value, {}).items() if k != "kind"},
        }
        for kind in Whistle.Kind
    ]


def latest_late(user: User, now: datetime.datetime, most: int = 5) -> list[Response]:
    """The answers that have been overdue longest, with their whistle and department."""
    late = Response.objects.visible_to(user).filter(due_at__lt=now)
    late = late.exclude(status__in=Response.flow.final)
    return list(late.select_related("unit", "whistle__order").order_by("due_at")[:most])
