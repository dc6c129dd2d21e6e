"""Yellow and red cards: shown inside a step only, each once."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from organization.models import Notice
from tests.whistle.paces import DAY, Paces
from whistle.models import Card
from workflow.models import Rung
from workflow.sweep import run_clock


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def red_when_late(paces):
    """The rung at the deadline of signing shows the red card."""
    Rung.objects.filter(flow="response", clock="sign", n=2).update(does="red")


def test_a_card_by_hand_is_a_row_beside_its_event(paces):
    paper = paces.supervised()
    paces.step(paper, "card", paces.p.dispatcher, colour="yellow", note="逾期未报告")
    card, event = Card.objects.get(), paper.events.last()
    assert (card.colour, card.unit, card.supervision) == ("yellow", paces.d.office, paper)
    assert (card.order, card.event_n, card.at) == (paper.order, event.n, paces.now)
    assert (event.verb, event.data["colour"], card.clock) == ("card", "yellow", None)
    told = Notice.objects.get(flow="supervision", verb="card")
    assert (told.post.code, told.kind) == ("office", "late")


def test_a_unit_may_be_shown_several_cards(paces):
    paper = paces.supervised()
    for colour in ("yellow", "red"):
        paces.step(paper, "card", paces.p.dispatcher, colour=colour, note="逾期")
    assert [card.colour for card in paper.cards.all()] == ["yellow", "red"]


def test_a_rung_of_a_clock_shows_its_card(paces, red_when_late):
    response = paces.called()
    clock = response.clocks.get(what="sign")
    run_clock(clock.warn_at)
    run_clock(clock.due)
    card = Card.objects.get(response=response)
    assert (card.unit, card.response, card.order) == (
        paces.d.water,
        response,
        response.whistle.order,
    )
    assert (card.clock, card.rung, card.version) == (clock.pk, 2, 1)
    assert card.event_n == response.events.last().n


def test_a_rung_shows_its_card_once_however_often_the_sweep_runs(paces, red_when_late):
    clock = paces.called().clocks.get(what="sign")
    for _again in range(3):
        run_clock(clock.due)
    assert Card.objects.filter(clock=clock.pk, rung=2).count() == 1


def test_the_database_keeps_a_card_unique_per_event_and_per_rung(paces, red_when_late):
    response = paces.called()
    clock = response.clocks.get(what="sign")
    run_clock(clock.warn_at)
    run_clock(clock.due)
    card = Card.objects.get(response=response)
    for name, changes in (
        ("card_once_per_event", {"rung": 9}),
        ("card_once_per_rung", {"event_n": 99}),
    ):
        fields = {f.attname: getattr(card, f.attname) for f in Card._meta.fields}
        again = Card(**{**fields, "id": None, **changes})
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            again.save(force_insert=True)


def test_a_card_stands_for_ever(paces):
    paper = paces.supervised()
    paces.step(paper, "card", paces.p.dispatcher, colour="red", note="逾期")
    for sql in ("DELETE FROM whistle_card", "UPDATE whistle_card SET colour = 'yellow'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize(
    ("flow", "clock", "pace", "unit"),
    [
        ("workorder", "handle", "accepted", "office"),
        ("whistle", "score", "verified_whistle", "street"),
        ("supervision", "report", "supervision_signed", "office"),
    ],
)
def test_every_paper_with_a_ladder_shows_the_card_to_whom_its_clock_runs_against(
    paces, flow, clock, pace, unit
):
    Rung.objects.filter(flow=flow, clock=clock, n=2).update(does="yellow")
    paper = getattr(paces, pace)()
    late = paper.clocks.get(what=clock)
    run_clock(late.warn_at)
    run_clock(late.due)
    card = Card.objects.get(order=paper.root, colour="yellow")
    assert (card.unit, card.clock) == (getattr(paces.d, unit), late.pk)
    assert getattr(card, flow, None) in (paper, None)


def test_a_rung_without_a_card_shows_none(paces):
    clock = paces.called().clocks.get(what="sign")
    run_clock(clock.due + DAY)
    assert not Card.objects.exists()
