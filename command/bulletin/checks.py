"""What deserves a second look in a month (核查): figures that were perhaps made to look well.

Nothing here says that anybody did wrong, and nothing of it enters a score or a bulletin.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _

from command.overview.figures import percent
from organization.models import Unit
from whistle.facts import of_predecessors
from whistle.models import Response, Score, Whistle
from whistle.models.responses import ResponseClock

# So many marks that are all the same say something.
ALIKE = 5


@dataclass
class Row:
    """A unit: how many papers there are of its, which of them to look at, newest first."""

    unit: str
    code: str
    n: int
    of: int
    whistles: list[Whistle]
    note: str = ""

    @property
    def share(self) -> float | None:
        return percent(self.n, self.of)


@dataclass
class Check:
    """One question, and the units about which it is asked."""

    title: str
    why: str
    rows: list[Row]


def checks(blown: QuerySet[Any], minutes: int) -> list[Check]:
    """Each with the units concerned, most papers first."""
    short = datetime.timedelta(minutes=minutes)
    asked = {"minutes": minutes}
    return [
        Check(
            _("Finished in the last moment"),
            _("The answer came in the last %(minutes)s minutes before its limit.") % asked,
            last_moment(blown, short),
        ),
        Check(
            _("Finished as soon as arrived"),
            _("Not more than %(minutes)s minutes lie between arrival and result.") % asked,
            at_once(blown, short),
        ),
        Check(
            _("Released when it was late"),
            _("The unit had missed a limit when it was released: it has no score."),
            released_late(blown),
        ),
        Check(
            _("Called off and blown again"),
            _("Another whistle for the same order followed: all limits began anew."),
            blown_again(blown),
        ),
        Check(
            _("All marks alike"),
            _("Every department got the same mark from the street, however it answered."),
            marks_alike(blown),
        ),
    ]


def answers_of(blown: QuerySet[Any]) -> QuerySet[Any]:
    answers = Response.objects.filter(whistle__in=blown.values("pk"))
    return answers.select_related("unit", "whistle__order").order_by("-whistle__blown_at", "-pk")


def finish_clocks() -> QuerySet[Any]:
    return ResponseClock.objects.filter(paper=OuterRef("pk"), what="finish")


def last_moment(blown: QuerySet[Any], short: datetime.timedelta) -> list[Row]:
    near = finish_clocks().filter(stopped__lte=F("due"), stopped__gt=F("due") - short)
    done = answers_of(blown).filter(status=Response.Status.DONE)
    return of_departments(done.filter(Exists(near)), done)


def at_once(blown: QuerySet[Any], short: datetime.timedelta) -> list[Row]:
    quick = finish_clocks().filter(stopped__lte=OuterRef("arrived_at") + short)
    done = answers_of(blown).filter(status=Response.Status.DONE)
    return of_departments(done.filter(Exists(quick)), done)


def released_late(blown: QuerySet[Any]) -> list[Row]:
    released = answers_of(blown).filter(status=Response.Status.RELEASED)
    own = ResponseClock.objects.exclude(Exists(of_predecessors()))
    late = own.filter(paper=OuterRef("pk"), stopped__gt=F("due"))
    return of_departments(released.filter(Exists(late)), answers_of(blown))


def blown_again(blown: QuerySet[Any]) -> list[Row]:
    later = Whistle.objects.filter(order=OuterRef("order"), blown_at__gt=OuterRef("blown_at"))
    off = blown.filter(Exists(later), status=Whistle.Status.CANCELLED)
    found = off.select_related("caller", "order").order_by("-blown_at", "-pk")
    return rows_of(((w.caller, w) for w in found), counted(blown, "caller__code"))


def marks_alike(blown: QuerySet[Any]) -> list[Row]:
    """The streets whose marks of the month, five or more, are one and the same."""
    scores = Score.objects.filter(response__whistle__in=blown.values("pk"))
    streets = scores.order_by().values(code=F("response__whistle__caller__code"))
    told = streets.annotate(n=Count("pk"), mark=Min("caller"), most=Max("caller"))
    alike = {row["code"]: row for row in told if row["n"] >= ALIKE and row["mark"] == row["most"]}
    found = blown.filter(caller__code__in=alike, responses__score__isnull=False).distinct()
    whistles = found.select_related("caller", "order").order_by("-blown_at", "-pk")
    rows = rows_of(((w.caller, w) for w in whistles), {code: alike[code]["n"] for code in alike})
    words = _("%(n)s times %(mark)s")
    return [replace(row, n=row.of, note=words % alike[row.code]) for row in rows]


def of_departments(found: QuerySet[Any], all_of_them: QuerySet[Any]) -> list[Row]:
    return rows_of(((r.unit, r.whistle) for r in found), counted(all_of_them, "unit__code"))


def counted(papers: QuerySet[Any], code: str) -> dict[str, int]:
    return dict(papers.order_by().values_list(code).annotate(n=Count("pk")))


def rows_of(pairs: Iterable[tuple[Unit, Whistle]], of: dict[str, int]) -> list[Row]:
    units: dict[Unit, list[Whistle]] = defaultdict(list)
    for unit, whistle in pairs:
        units[unit].append(whistle)
    rows = [
        Row(unit.title, unit.code, len(found), of[unit.code], found)
        for unit, found in units.items()
    ]
    return sorted(rows, key=lambda row: (-row.n, row.code))
