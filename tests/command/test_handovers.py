"""交接班: what one shift leaves to the next, as it stood, signed by both and fixed."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from command import handovers
from command.models import Handover
from tests.cast import seat
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from workflow.errors import NotPossible
from workflow.sweep import run_clock

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def comes(district):
    """Another operator of the same desk."""
    return seat("next_operator", district.centre, "view triage dispatch inspect supervise")


def hand_over(paces, words="注意平江府路积水"):
    browser_of(paces.p.dispatcher).post("/handovers/new/", {"words": words})
    return Handover.objects.latest("pk")


def test_the_note_keeps_what_stood(paces):
    late = paces.reported()
    run_clock(late.due_at + datetime.timedelta(days=1))
    note = hand_over(paces)
    assert (note.unit, note.user, note.at) == (paces.d.centre, paces.p.dispatcher, NOW)
    assert note.standing["counts"]["triage"] == 1
    paces.step(late, "refuse", paces.p.dispatcher, ground="no_power", note="不属本街道")
    page = browser_of(paces.p.dispatcher).get(note.get_absolute_url())
    assert "注意平江府路积水" in page.text and late.number in page.text


def test_what_climbed_in_the_shift_is_listed(paces):
    order = paces.reported()
    with time_machine.travel(NOW + datetime.timedelta(hours=6), tick=False):
        run_clock()
        run_clock()
        note = hand_over(paces)
    assert [row["number"] for row in note.standing["late"]] == [order.number]
    assert [row["number"] for row in note.standing["climbed"]] == [order.number]


def test_who_comes_is_told_at_the_desk_and_signs_once(paces, comes):
    note = hand_over(paces)
    desk, own = browser_of(comes), browser_of(paces.p.dispatcher)
    url = note.get_absolute_url()
    assert url in desk.get("/desk/").text and url not in own.get("/desk/").text
    assert own.post(f"{url}receive/").status_code == 302
    note.refresh_from_db()
    assert note.receiver is None
    assert desk.post(f"{url}receive/").url == url
    note.refresh_from_db()
    assert (note.receiver, note.received_at) == (comes, NOW)
    assert url not in desk.get("/desk/").text
    third = seat("third", paces.d.centre, "view triage dispatch")
    with pytest.raises(NotPossible):
        handovers.receive(note, third, NOW)
    note.refresh_from_db()
    assert note.receiver == comes


def test_without_words_nothing_is_handed_over(paces):
    answer = browser_of(paces.p.dispatcher).post("/handovers/new/", {"words": " "})
    assert answer.status_code == 400
    assert not Handover.objects.exists()


def test_others_know_nothing_of_it(paces, district):
    note = hand_over(paces)
    for person in (district.people.stranger, district.people.liaison, district.people.leader):
        browser = browser_of(person)
        assert browser.get(note.get_absolute_url()).status_code == 404
        assert browser.post(f"{note.get_absolute_url()}receive/").status_code == 404
    assert (
        note.get_absolute_url() in browser_of(district.people.duty_leader).get("/handovers/").text
    )


def test_the_database_refuses_a_note_received_by_its_writer(paces):
    note = hand_over(paces)
    for given in (
        {"receiver": paces.p.dispatcher, "received_at": NOW},
        {"receiver": paces.p.liaison},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=note.pk).update(**given)


def test_many_notes_cost_no_more_than_one(paces):
    paces.reported()
    hand_over(paces)
    desk = browser_of(paces.p.dispatcher)
    few = [cost(desk, url) for url in ("/handovers/", "/handovers/new/", "/desk/")]
    for n in range(4):
        paces.reported()
        hand_over(paces, f"第{n}条")
    assert [cost(desk, url) for url in ("/handovers/", "/handovers/new/", "/desk/")] == few
    assert max(few) <= 20
