"""The figures of a month: counts over whistles, answers, clocks, scores and cards.

What is counted are the whistles for departments that were blown in the month, and what has become
of them until now: so every number is that of a list. The number of queries does not depend on how
much there is.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Case, CharField, Count, Exists, F, Prefetch, Q, QuerySet, When
from django.utils import timezone

from command.overview.figures import percent
from organization.models import Unit, User
from whistle.facts import SATISFIED, late_clocks, lost_disputes, of_predecessors
from whistle.models import Card, Response, Whistle
from whistle.models.responses import ResponseClock
from whistle.models.whistles import WhistleClock

SLOWEST = 10
REDS = 30
OF_STREETS = ("confirm", "score")
OF_DEPARTMENTS = ("sign", "arrive", "finish")
Figures = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """A month in Shanghai time, from its first midnight to the one after its last day."""

    first: datetime.date

    @property
    def start(self) -> datetime.datetime:
        return midnight(self.first)

    @property
    def next(self) -> "Month":
        return Month((self.first + datetime.timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> "Month":
        return Month((self.first - datetime.timedelta(days=1)).replace(day=1))

    @property
    def end(self) -> datetime.datetime:
        return self.next.start

    @property
    def last(self) -> datetime.date:
        return self.next.first - datetime.timedelta(days=1)

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def seen_by(user: User) -> QuerySet[Any]:
    return Whistle.objects.visible_to(user)


def of_district(district: Unit) -> QuerySet[Any]:
    """All that the district sees: what it issues."""
    return Whistle.objects.filter(Whistle.seen_from(frozenset({district.pk})))


def reckon(whistles: QuerySet[Any], month: Month, now: datetime.datetime) -> Figures:
    """The figures of a month over the whistles given, as plain values that JSON keeps."""
    called = whistles.filter(level=Whistle.Level.DISTRICT, blown_at__lt=month.end)
    blown = blown_in(whistles, month)
    return {
        "reckoned": now.isoformat(),
        "streets": streets(blown, now),
        "departments": departments(blown, now),
        "red": red_cards(blown),
        "slow": slowest(called, now),
    }


def blown_in(whistles: QuerySet[Any], month: Month) -> QuerySet[Any]:
    """The whistles for departments that were blown in the month."""
    called = whistles.filter(level=Whistle.Level.DISTRICT)
    return called.filter(blown_at__gte=month.start, blown_at__lt=month.end)


def named(prefix: str) -> dict[str, Any]:
    """Code and the short name, else the whole one, of the unit at the end of a path."""
    short = When(**{f"{prefix}__short": ""}, then=F(f"{prefix}__name"))
    name = Case(short, default=F(f"{prefix}__short"), output_field=CharField())
    return {"code": F(f"{prefix}__code"), "name": name}


def streets(blown: QuerySet[Any], now: datetime.datetime) -> list[Figures]:
    """街道吹哨: one row a street, in the order of their codes."""
    asked = Q(order__solved__isnull=False)
    rated = Q(order__satisfaction__isnull=False)
    rows = (
        blown.order_by()
        .values(**named("caller"))
        .annotate(
            blown=Count("pk"),
            **{kind: Count("pk", filter=Q(kind=kind)) for kind in Whistle.Kind.values},
            closed=Count("pk", filter=Q(status=Whistle.Status.CLOSED)),
            reworked=Count("pk", filter=Q(reworks__gt=0)),
            asked=Count("pk", filter=asked),
            solved=Count("pk", filter=Q(order__solved=True)),
            rated=Count("pk", filter=rated),
            satisfied=Count("pk", filter=Q(order__satisfaction__gte=SATISFIED)),
        )
    )
    clocks = WhistleClock.objects.filter(paper__in=blown.values("pk"), what__in=OF_STREETS)
    kept = in_time(clocks, "paper__caller__code", now)
    whole = [row | kept_of(kept, row["code"], OF_STREETS) for row in rows]
    return sorted(whole, key=lambda row: row["code"])


def departments(blown: QuerySet[Any], now: datetime.datetime) -> list[Figures]:
    """部门应哨: one row a department, the best mean score first, those without one at the end."""
    answers = Response.objects.standing().filter(whistle__in=blown.values("pk"))
    total = F("score__platform") + F("score__caller")
    rows = (
        answers.order_by()
        .annotate(lost=Exists(lost_disputes()))
        .values(**named("unit"))
        .annotate(
            called=Count("pk"),
            done=Count("pk", filter=Q(status=Response.Status.DONE)),
            redone=Count("pk", filter=Q(redone__gt=0)),
            disputes=Count("pk", filter=Q(lost=True)),
            scored=Count("score"),
            mean=Avg(total),
        )
    )
    clocks = ResponseClock.objects.filter(paper__in=answers.values("pk"), what__in=OF_DEPARTMENTS)
    clocks = clocks.exclude(Exists(of_predecessors()))
    kept = in_time(clocks, "paper__unit__code", now)
    cards = cards_by_unit(blown)
    whole = [
        row
        | {"mean": None if row["mean"] is None else round(float(row["mean"]), 1)}
        | kept_of(kept, row["code"], OF_DEPARTMENTS)
        | {colour: cards.get((row["code"], colour), 0) for colour in Card.Colour.values}
        for row in rows
    ]
    return ranked(whole)


def ranked(rows: list[Figures]) -> list[Figures]:
    """With the place of each in the order of the means; equal means share a place."""
    means = [row["mean"] for row in rows if row["mean"] is not None]
    for row in rows:
        mean = row["mean"]
        row["rank"] = None if mean is None else 1 + sum(other > mean for other in means)
    return sorted(rows, key=lambda row: (row["rank"] or len(rows) + 1, row["code"]))


def in_time(clocks: QuerySet[Any], unit: str, now: datetime.datetime) -> dict[Any, tuple[int, int]]:
    """(unit, limit) → of how many papers it is over, and of how many it was missed."""
    over = Q(stopped__isnull=False) | Q(due__lt=now, paused_at=None)
    rows = clocks.filter(over).order_by().values_list(unit, "what")
    counted = rows.annotate(
        n=Count("paper", distinct=True),
        late=Count("paper", distinct=True, filter=late_clocks(now)),
    )
    return {(code, what): (n, late) for code, what, n, late in counted}


def kept_of(found: dict[Any, tuple[int, int]], code: str, names: tuple[str, ...]) -> Figures:
    """For each limit the share kept in percent (None: of none it is over), and how many missed."""
    figures: Figures = {}
    for what in names:
        n, late = found.get((code, what), (0, 0))
        figures |= {f"{what}_over": n, f"{what}_late": late, f"{what}_kept": percent(n - late, n)}
    return figures


def cards_of(blown: QuerySet[Any]) -> QuerySet[Any]:
    """The cards that were shown for the whistles, or under supervision for their orders."""
    about = Q(whistle__in=blown.values("pk")) | Q(response__whistle__in=blown.values("pk"))
    watched = Q(supervision__isnull=False, order__in=blown.values("order"))
    return Card.objects.filter(about | watched)


def cards_by_unit(blown: QuerySet[Any]) -> dict[tuple[str, str], int]:
    rows = cards_of(blown).order_by().values_list("unit__code", "colour")
    return {(code, colour): n for code, colour, n in rows.annotate(n=Count("pk"))}


def red_cards(blown: QuerySet[Any]) -> list[Figures]:
    """The newest red cards: to whom, when, for which order. No words of the matter are kept."""
    rows = cards_of(blown).filter(colour=Card.Colour.RED).select_related("unit", "order")
    return [
        {"unit": c.unit.title, "order": c.order.number, "at": c.at.isoformat()}
        for c in rows.order_by("-at", "-pk")[:REDS]
    ]


def slowest(called: QuerySet[Any], now: datetime.datetime) -> list[Figures]:
    """What was blown longest ago and is not concluded yet, with those still at work on it."""
    at_work = Response.objects.open().select_related("unit").order_by("pk")
    rows = called.open().select_related("caller").order_by("blown_at", "pk")
    return [
        {
            "number": whistle.number,
            "kind": whistle.kind,
            "street": whistle.caller.title,
            "units": [response.unit.title for response in whistle.responses.all()],
            "status": whistle.status,
            "days": (timezone.localdate(now) - timezone.localdate(whistle.blown_at)).days,
        }
        for whistle in rows.prefetch_related(Prefetch("responses", at_work))[:SLOWEST]
    ]
