"""What has happened to a whistle or to an answer of it, as lists of whistles are narrowed by it."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import pgettext_lazy

from organization.models import Unit
from whistle.models import Card, Response
from whistle.models.responses import ResponseClock, ResponseEvent
from whistle.models.whistles import WhistleClock

SATISFIED = 4
# By these steps an answer comes from one unit to another.
HANDED = ("designate", "move")


class Fact(models.TextChoices):
    """Those of answers go with the unit called, where one is named."""

    LATE_CONFIRM = "late_confirm", pgettext_lazy("fact", "Confirmed late")
    LATE_SCORE = "late_score", pgettext_lazy("fact", "Scored late")
    REWORKED = "reworked", pgettext_lazy("fact", "Sent back as unsolved")
    ASKED = "asked", pgettext_lazy("fact", "Reporter asked")
    SOLVED = "solved", pgettext_lazy("fact", "Solved")
    RATED = "rated", pgettext_lazy("fact", "Satisfaction told")
    SATISFIED = "satisfied", pgettext_lazy("fact", "Satisfied")
    LATE_SIGN = "late_sign", pgettext_lazy("fact", "Signed late")
    LATE_ARRIVE = "late_arrive", pgettext_lazy("fact", "Arrived late")
    LATE_FINISH = "late_finish", pgettext_lazy("fact", "Finished late")
    DONE = "done", pgettext_lazy("fact", "Answered")
    REDONE = "redone", pgettext_lazy("fact", "Redone")
    LOST = "lost", pgettext_lazy("fact", "Dispute lost")
    SCORED = "scored", pgettext_lazy("fact", "Scored")
    YELLOW = "yellow", pgettext_lazy("fact", "Yellow card")
    RED = "red", pgettext_lazy("fact", "Red card")


OF_WHISTLE = {
    Fact.REWORKED: Q(reworks__gt=0),
    Fact.ASKED: Q(order__solved__isnull=False),
    Fact.SOLVED: Q(order__solved=True),
    Fact.RATED: Q(order__satisfaction__isnull=False),
    Fact.SATISFIED: Q(order__satisfaction__gte=SATISFIED),
}
OF_ANSWER = {
    Fact.DONE: Q(status=Response.Status.DONE),
    Fact.REDONE: Q(redone__gt=0),
    Fact.SCORED: Q(score__isnull=False),
}
LATE_WHISTLE = {Fact.LATE_CONFIRM: "confirm", Fact.LATE_SCORE: "score"}
LATE_ANSWER = {Fact.LATE_SIGN: "sign", Fact.LATE_ARRIVE: "arrive", Fact.LATE_FINISH: "finish"}


def late_clocks(now: datetime.datetime) -> Q:
    """The clocks whose deadline was missed, as `Clock.missed` says."""
    return Q(stopped__gt=F("due")) | Q(stopped=None, paused_at=None, due__lt=now)


def of_predecessors() -> Any:
    """The steps that gave an answer to another unit when a clock (the outer query) was over."""
    over = Q(at__gte=OuterRef("stopped")) | Q(at__gte=OuterRef("due"))
    handed = ResponseEvent.objects.filter(over, paper=OuterRef("paper"), verb__in=HANDED)
    return handed.filter(data__has_key="from")


def lost_disputes() -> Any:
    """The rulings by which an answer (the outer query) stayed with the unit that disputed it."""
    rulings = ResponseEvent.objects.filter(paper=OuterRef("pk"), verb="designate")
    return rulings.exclude(data__has_key="from")


def happened(fact: str, unit: Unit | None, now: datetime.datetime) -> Q:
    """The whistles to which it happened: to the unit's own answers, where one is named."""
    if fact in OF_WHISTLE:
        return OF_WHISTLE[Fact(fact)]
    if fact in LATE_WHISTLE:
        clocks = WhistleClock.objects.filter(late_clocks(now), paper=OuterRef("pk"))
        return Q(Exists(clocks.filter(what=LATE_WHISTLE[Fact(fact)])))
    if fact in (Fact.YELLOW, Fact.RED):
        return shown(fact, unit)
    answers = Response.objects.standing().filter(whistle=OuterRef("pk"))
    if unit is not None:
        answers = answers.filter(unit=unit)
    return Q(Exists(answers.filter(of_answer(Fact(fact), now))))


def of_answer(fact: Fact, now: datetime.datetime) -> Q:
    if fact in OF_ANSWER:
        return OF_ANSWER[fact]
    if fact == Fact.LOST:
        return Q(Exists(lost_disputes()))
    clocks = ResponseClock.objects.filter(late_clocks(now), ~Exists(of_predecessors()))
    return Q(Exists(clocks.filter(paper=OuterRef("pk"), what=LATE_ANSWER[fact])))


def shown(colour: str, unit: Unit | None) -> Q:
    """The whistles for which a card was shown, or under supervision for their order."""
    about = Q(whistle=OuterRef("pk")) | Q(response__whistle=OuterRef("pk"))
    watched = Q(supervision__isnull=False, order=OuterRef("order"))
    cards = Card.objects.filter(about | watched, colour=colour)
    return Q(Exists(cards.filter(unit=unit) if unit is not None else cards))


def with_facts(facts: list[str], unit: Unit | None, now: datetime.datetime) -> Q:
    """The whistles to which any of these happened."""
    found = Q()
    for fact in facts:
        found |= happened(fact, unit, now)
    return found
