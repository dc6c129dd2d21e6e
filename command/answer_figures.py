"""How a department stands this year beside all departments: scores, and limits that were kept."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, Q
from django.utils import timezone

from organization.models import Unit
from whistle import flow
from whistle.models import Score
from whistle.models.responses import ResponseClock

LIMITS = ("sign", "arrive", "finish")


@dataclass(frozen=True)
class Share:
    """Limits kept, in percent, of one's own and of all departments; None without any."""

    what: str
    own: int | None
    all: int | None


@dataclass(frozen=True)
class Standing:
    """The mean score with its rank, the caller's marks of `most`, and the limits kept."""

    score: float | None
    rank: int
    of: int
    marks: float | None
    all_marks: float | None
    most: int
    shares: list[Share]


def standing(unit: Unit, now: datetime.datetime) -> Standing:
    """Two queries, however many departments and answers there are."""
    year = timezone.localtime(now).replace(
        month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    rows = score_rows(year)
    own = next((row for row in rows if row["unit"] == unit.pk), None)
    scored = sum(row["n"] for row in rows)
    total = sum(row["marks"] * row["n"] for row in rows)
    return Standing(
        score=round(own["mean"], 1) if own else None,
        rank=1 + sum(row["mean"] > own["mean"] for row in rows) if own else 0,
        of=len(rows),
        marks=round(own["marks"], 1) if own else None,
        all_marks=round(total / scored, 1) if scored else None,
        most=max((row["most"] for row in rows), default=0),
        shares=shares(unit, year, now),
    )


def score_rows(year: datetime.datetime) -> list[dict[str, Any]]:
    scores = Score.objects.filter(at__gte=year, response__unit__kind=Unit.Kind.DEPARTMENT)
    rows = scores.values(unit=F("response__unit")).annotate(
        mean=Avg(F("platform") + F("caller")),
        marks=Avg("caller"),
        most=Max("scheme__caller_points"),
        n=Count("pk"),
    )
    return [{**row, "mean": float(row["mean"]), "marks": float(row["marks"])} for row in rows]


def shares(unit: Unit, year: datetime.datetime, now: datetime.datetime) -> list[Share]:
    """Of the limits of this year that are over, how many were kept."""
    clocks = ResponseClock.objects.filter(
        Q(stopped__isnull=False) | Q(due__lt=now, paused_at=None),
        what__in=LIMITS,
        started__gte=year,
        paper__unit__kind=Unit.Kind.DEPARTMENT,
    ).exclude(paper__status=flow.RELEASED)
    own = Q(paper__unit=unit)
    kept = Q(stopped__lte=F("due"))
    rows = clocks.values("what").annotate(
        n=Count("pk"),
        kept=Count("pk", filter=kept),
        own_n=Count("pk", filter=own),
        own_kept=Count("pk", filter=own & kept),
    )
    found = {row["what"]: row for row in rows}
    return [share(what, found.get(what)) for what in LIMITS]


def share(what: str, row: dict[str, Any] | None) -> Share:
    if row is None:
        return Share(what, None, None)
    own = round(100 * row["own_kept"] / row["own_n"]) if row["own_n"] else None
    return Share(what, own, round(100 * row["kept"] / row["n"]))
