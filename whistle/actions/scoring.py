"""Scoring an answer from its own clocks, log and cards: every point names what gave or took it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from whistle.facts import HANDED
from whistle.models import Card, Request, Response, Score, ScoreLine, ScoreScheme

Fact = ScoreLine.Fact
# (fact, its name) → the points, below nothing.
Prices = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Facts:
    """What happened to an answer in the hands of the unit that has it now.

    What it was late with before it was given to this unit was another's doing.
    """

    clocks: list[Any]
    events: list[Any]
    cards: list[Any]

    @classmethod
    def of(cls, clocks: Iterable[Any], events: Iterable[Any], cards: Iterable[Any]) -> "Facts":
        events = list(events)
        ruled = [e.at for e in events if e.verb in HANDED and "from" in e.data]
        came = max(ruled, default=None)
        if came is None:
            return cls(list(clocks), events, list(cards))
        return cls(
            [clock for clock in clocks if min(clock.due, clock.stopped or clock.due) > came],
            [event for event in events if event.at > came],
            [card for card in cards if card.at > came],
        )


def facts_of(response: Response) -> Facts:
    cards = cards_among(response.whistle.order.cards.all(), response)
    return Facts.of(response.clocks.all(), response.events.all(), cards)


def cards_among(cards: Iterable[Card], response: Response) -> list[Card]:
    """Of an order's those shown to the unit for this answer, or while it was answering."""
    shown = [card for card in cards if card.unit_id == response.unit_id]
    return [card for card in shown if card.response_id == response.pk or is_watched(card, response)]


def is_watched(card: Card, response: Response) -> bool:
    """Whether it was shown under supervision of the order while the answer was under way."""
    return card.supervision_id is not None and card.at >= response.created


def prices_of(scheme: ScoreScheme) -> Prices:
    return {(str(rule.fact), rule.name): -rule.points for rule in scheme.rules.all()}


def costs(facts: Facts, rules: Prices, now: datetime.datetime) -> list[ScoreLine]:
    """The lines that the facts cost under these rules, not written yet."""
    lines = []
    for clock in facts.clocks:
        if (points := rules.get((Fact.LATE, clock.what))) and clock.missed(now):
            n = stopped_by(clock, facts.events)
            line = ScoreLine(fact=Fact.LATE, name=clock.what, points=points, event_n=n)
            line.clock = clock.pk
            lines.append(line)
    for event in facts.events:
        if points := rules.get((Fact.VERB, event.verb)):
            n = event.n
            lines.append(ScoreLine(fact=Fact.VERB, name=event.verb, points=points, event_n=n))
    for card in facts.cards:
        if points := rules.get((Fact.CARD, card.colour)):
            n = card.event_n
            lines.append(
                ScoreLine(fact=Fact.CARD, name=card.colour, points=points, event_n=n, card=card)
            )
    return lines


def stopped_by(clock: Any, events: list[Any]) -> int | None:
    """The step of the log that stopped the clock."""
    found = [e.n for e in events if e.at == clock.stopped and e.verb == clock.stopped_by]
    return found[0] if found else None


def expected(lines: list[ScoreLine], scheme: ScoreScheme) -> int:
    """The platform's part that these costs leave of the scheme's points."""
    return max(0, scheme.platform_points + sum(line.points for line in lines))


def score_response(response: Response, mark: int, now: datetime.datetime, event_n: int) -> Score:
    """Write the one score of a response: the platform's facts and the caller's mark.

    `event_n` is the step of the whistle by which the caller gave the mark.
    """
    scheme = ScoreScheme.on(timezone.localdate(now))
    check_mark("marks", mark, scheme)
    score = Score.objects.create(response=response, scheme=scheme, at=now)
    lines = [
        ScoreLine(fact=Fact.BASE, points=scheme.platform_points),
        *costs(facts_of(response), prices_of(scheme), now),
        ScoreLine(fact=Fact.MARK, points=mark, event_n=event_n),
    ]
    enter(score, lines, now)
    for request in Request.objects.of(response).exempting():
        strike(score, standing_costs(score), request, now)
    return score


def check_mark(name: str, mark: int, scheme: ScoreScheme) -> None:
    if not 0 <= mark <= scheme.caller_points:
        words = _("A mark lies between 0 and %(most)s.") % {"most": scheme.caller_points}
        raise ValidationError({name: words})


def enter(score: Score, lines: list[ScoreLine], now: datetime.datetime) -> None:
    """Add lines to a score and bring its sums up to date; the platform's is never below 0."""
    known = list(score.lines.all())
    platform = sum(line.points for line in (*known, *lines) if not line.is_callers)
    floors = sum(line.points for line in known if line.fact == Fact.FLOOR)
    if short := max(0, floors - platform) - floors:
        lines = [*lines, ScoreLine(fact=Fact.FLOOR, points=short)]
    for n, line in enumerate(lines, len(known) + 1):
        line.score, line.n, line.at = score, n, now
    ScoreLine.objects.bulk_create(lines)
    score.platform = platform + short
    score.caller = sum(line.points for line in (*known, *lines) if line.is_callers)
    score.save(update_fields=["platform", "caller"])


def standing_costs(score: Score) -> list[ScoreLine]:
    """The lines that took points and have not been given back."""
    return list(score.lines.filter(fact__in=ScoreLine.COSTS, struck=None))


def strike(
    score: Score, lines: Iterable[ScoreLine], request: Request, now: datetime.datetime
) -> None:
    """Give back what these lines took, because of the request that was granted."""
    enter(score, [given_back(line, request) for line in lines], now)


def given_back(line: ScoreLine, request: Request) -> ScoreLine:
    return ScoreLine(
        fact=Fact.STRUCK,
        name=line.name,
        points=-line.points,
        of=line,
        request=request,
        event_n=request.trace_count,
    )


def correct(request: Request, now: datetime.datetime) -> None:
    """Enter into the score of an answer what a granted exemption or appeal changes of it.

    An exemption takes out every fact (剔除); an appeal what its first reviewer named and the
    second agreed to, or every fact if silence granted it.
    """
    score = getattr(request.response, "score", None)
    if score is None:
        return
    lines, named = standing_costs(score), request.correction()
    if named is not None:
        lines = [line for line in lines if line.pk in named.struck]
    strike(score, lines, request, now)
    if named is not None and named.mark is not None and named.mark != score.caller:
        points, n = named.mark - score.caller, request.trace_count
        change = ScoreLine(fact=Fact.REMARK, points=points, request=request, event_n=n)
        enter(score, [change], now)
