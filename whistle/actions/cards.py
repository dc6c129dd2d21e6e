"""Showing a unit a yellow or red card: by a person on a supervision order, or by a clock's rung."""

from typing import Any

from organization.models import Notice, Post, Unit
from whistle.flow import ORDER, RESPONSE, WHISTLE
from whistle.models import Card, Response, SupervisionOrder, Whistle
from whistle.supervision_flow import SUPERVISION
from workflow.actions import Act

FIELD: dict[type, str] = {
    Whistle: "whistle",
    Response: "response",
    SupervisionOrder: "supervision",
}


@ORDER.on("then", "escalate")
@WHISTLE.on("then", "escalate")
@RESPONSE.on("then", "escalate")
@SUPERVISION.on("then", "escalate")
def card_by_clock(act: Act) -> None:
    """A rung of the ladder may show a card to the unit that the clock runs against."""
    colour = act.given["clock"].reached.does
    if colour in Card.Colour.values:
        card_from_rung(act, colour)


def card_from_rung(act: Act, colour: str) -> Card:
    clock = act.given["clock"]
    rung = {"clock": clock.pk, "rung": clock.rung, "version": clock.version}
    return show(act, colour, act.paper.clock_unit(clock.what), **rung)


@SUPERVISION.on("then", "card")
def card_by_hand(act: Act) -> None:
    unit = act.paper.unit
    show(act, act.given["colour"], unit)
    heads = Post.objects.filter(unit=unit, head=True)
    Notice.objects.bulk_create(
        act.paper.notice(post, Notice.Kind.LATE, act.step.verb, act.now) for post in heads
    )


def show(act: Act, colour: str, unit: Unit, **rung: Any) -> Card:
    """Write the card beside the event of the step that gives it."""
    paper = act.paper
    about = {FIELD[type(paper)]: paper} if type(paper) in FIELD else {}
    return Card.objects.create(
        colour=colour,
        unit=unit,
        order=paper.root,
        event_n=act.event.n,
        at=act.now,
        **about,
        **rung,
    )
