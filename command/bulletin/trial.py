"""A month scored by another scheme (试算): what each department would have, nothing is changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.bulletin.figures import Month, ranked
from whistle.actions.scoring import Facts, Prices, cards_among, costs, prices_of
from whistle.flow import RESPONSE
from whistle.models import Card, Request, Score, ScoreLine, ScoreScheme

Fact = ScoreLine.Fact
# The steps that a rule may price, besides those that the scheme itself names.
VERBS = ("redo", "deny", "designate")
LOOK, MINUTES = gettext_lazy("Minutes that deserve a second look"), 10
CORRECTING = (Request.Kind.EXEMPTION, Request.Kind.APPEAL)


@dataclass(frozen=True)
class Tried:
    """Points of the two parts, and what each fact costs."""

    platform: int
    caller: int
    prices: Prices

    @classmethod
    def of(cls, scheme: ScoreScheme) -> "Tried":
        return cls(scheme.platform_points, scheme.caller_points, prices_of(scheme))


def scheme_of(month: Month) -> ScoreScheme | None:
    """The one in force on the last day of the month."""
    schemes = ScoreScheme.objects.prefetch_related("rules").order_by("-valid_from")
    return schemes.filter(valid_from__lte=month.last).first()


def priced(scheme: ScoreScheme) -> list[tuple[str, str]]:
    """Every fact that can cost something: limits, steps, cards."""
    facts = [(str(Fact.LATE), timer.what) for timer in RESPONSE.timers]
    facts += [(str(Fact.VERB), verb) for verb in VERBS]
    facts += [(str(Fact.CARD), colour) for colour in Card.Colour.values]
    return list(dict.fromkeys([*facts, *prices_of(scheme)]))


class TrialForm(forms.Form):
    """A scheme to try; it begins with what is in force."""

    platform = forms.IntegerField(
        label=gettext_lazy("Platform's points"), min_value=0, max_value=100
    )
    caller = forms.IntegerField(label=gettext_lazy("Caller's points"), min_value=0, max_value=100)

    def __init__(self, scheme: ScoreScheme, *args: Any) -> None:
        super().__init__(*args)
        now = Tried.of(scheme)
        self.whole = now.platform + now.caller
        self.names = {f"{fact}-{name}": (fact, name) for fact, name in priced(scheme)}
        self.initial = {"platform": now.platform, "caller": now.caller, "minutes": MINUTES}
        for field, (fact, name) in self.names.items():
            label = ScoreLine(fact=fact, name=name).what
            self.fields[field] = forms.IntegerField(label=label, min_value=0, max_value=100)
            self.initial[field] = -now.prices.get((fact, name), 0)
        self.fields["minutes"] = forms.IntegerField(label=LOOK, min_value=1, max_value=1440)

    def clean(self) -> dict[str, Any]:
        """Means are compared, so the whole stays what it is."""
        given = super().clean() or {}
        if {"platform", "caller"} <= given.keys():
            if given["platform"] + given["caller"] != self.whole:
                words = _("The two parts together make %(whole)s points.")
                raise ValidationError({"caller": words % {"whole": self.whole}})
        return given

    def tried(self) -> Tried:
        """Until something is asked, what is in force."""
        given = self.cleaned_data if self.is_bound else self.initial
        prices = {name: -given[field] for field, name in self.names.items() if given[field]}
        return Tried(given["platform"], given["caller"], prices)


def scores_among(blown: QuerySet[Any]) -> QuerySet[Score]:
    """The scores of the whistles with all that they were made from."""
    granted = Request.objects.filter(status=Request.Status.GRANTED, kind__in=CORRECTING)
    answers = Prefetch("response__requests", granted.prefetch_related("events"))
    return (
        Score.objects.filter(response__whistle__in=blown.values("pk"))
        .exclude(response__status="released")
        .select_related("scheme", "response__unit", "response__whistle__order")
        .prefetch_related("lines", "scheme__rules", "response__clocks", "response__events", answers)
        .order_by("pk")
    )


def cards_by_order(scores: Iterable[Score]) -> dict[int, list[Card]]:
    orders = {score.response.whistle.order_id for score in scores}
    found: dict[int, list[Card]] = defaultdict(list)
    for card in Card.objects.filter(order__in=orders).order_by("pk"):
        found[card.order_id].append(card)
    return found


def rescored(score: Score, tried: Tried, cards: Iterable[Card]) -> float:
    """The total that an answer would have; what was given back to it stays given back."""
    response, at = score.response, score.at
    if any(frees(request) for request in response.requests.all()):
        taken = 0
    else:
        facts = Facts.of(
            [clock for clock in response.clocks.all() if clock.started <= at],
            [event for event in response.events.all() if event.at <= at],
            [card for card in cards_among(cards, response) if card.at <= at],
        )
        back = given_back(score)
        lines = costs(facts, tried.prices, at)
        taken = sum(line.points for line in lines if proof(line) not in back)
    mark = score.caller * tried.caller / (score.scheme.caller_points or 1)
    return max(0, tried.platform + taken) + mark


def frees(request: Request) -> bool:
    """Whether by it nothing costs anything; another appeal only gives single lines back."""
    request.log = sorted(request.events.all(), key=lambda event: event.n)  # type: ignore[attr-defined]
    return request.correction() is None


def given_back(score: Score) -> set[tuple[Any, ...]]:
    lines = {line.pk: line for line in score.lines.all()}
    return {proof(lines[line.of_id]) for line in lines.values() if line.of_id}


def proof(line: ScoreLine) -> tuple[Any, ...]:
    """By which a line of the log is known again."""
    return line.fact, line.name, line.clock, line.card_id, line.event_n


def trial(blown: QuerySet[Any], tried: Tried) -> dict[str, Any]:
    """The departments as they were scored and as they would be, the best first.

    `same` is how many of the `scored` answers their own scheme, reckoned anew, gives what they
    have: unless it is all of them, the trial is not to be trusted.
    """
    scores = list(scores_among(blown))
    cards = cards_by_order(scores)
    totals: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    same = 0
    for score in scores:
        shown = cards[score.response.whistle.order_id]
        totals[score.response.unit].append((score.total, rescored(score, tried, shown)))
        same += rescored(score, Tried.of(score.scheme), shown) == score.total
    return {"rows": rows_of(totals), "scored": len(scores), "same": same}


def rows_of(totals: dict[Any, list[tuple[float, float]]]) -> list[dict[str, Any]]:
    """One row a department, with both means and by how many places it would rise."""
    rows = [
        {
            "code": unit.code,
            "name": unit.title,
            "n": len(pairs),
            "was": mean(was for was, _would in pairs),
            "mean": mean(would for _was, would in pairs),
        }
        for unit, pairs in totals.items()
    ]
    before = {
        row["code"]: row["rank"] for row in ranked([row | {"mean": row["was"]} for row in rows])
    }
    found = ranked(rows)
    for row in found:
        row["moved"] = before[row["code"]] - row["rank"]
        row["fell"] = -row["moved"]
        row["change"] = round(row["mean"] - row["was"], 1)
    return found


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), 1)
