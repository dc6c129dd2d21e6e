"""The liaison's inbox, signing in on the spot, and the code that the street shows."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from command.answer_figures import standing
from organization.models import Posting
from tests.cast import LONG_AGO, seat
from tests.command.pages import at, browser_of, cost, rows_of
from tests.whistle.faces import picture
from tests.whistle.paces import Paces
from whistle.models import Response

NOW = at(20, 10)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def liaison(district):
    return browser_of(district.people.liaison)


def column(answer, name):
    """The text of one group of the board."""
    return re.search(rf'<section id="{name}">(.*?)</section>', answer.text, re.S)[1]


def test_each_answer_stands_in_its_group(paces, liaison):
    called, signed, arrived, done = (
        paces.called(),
        paces.signed(),
        paces.arrived(),
        paces.done(),
    )
    board = liaison.get("/answers/")
    for name, response in zip(
        ("sign", "arrive", "work", "score"), (called, signed, arrived, done), strict=True
    ):
        assert f'data-row="{response.pk}"' in column(board, name)
    assert board.text.count("gc-btn--main") == 1


def test_each_card_leads_to_its_next_step(paces, liaison):
    called, signed, arrived = paces.called(), paces.signed(), paces.arrived()
    board = liaison.get("/answers/")
    assert f"/responses/{called.pk}/sign/?" in column(board, "sign")
    assert f"/responses/{called.pk}/assign/?" in column(board, "sign")
    assert f"/answers/{signed.pk}/arrive/" in column(board, "arrive")
    assert f"/responses/{arrived.pk}/finish/?" in column(board, "work")


def test_what_runs_out_first_stands_first(paces, liaison):
    routine, emergency = (
        paces.called(),
        paces.response_of(paces.blown(kind="emergency"), paces.d.water),
    )
    assert rows_of(liaison.get("/answers/")) == [emergency.pk, routine.pk]


def test_a_disputed_answer_waits_where_it_came_from(paces, liaison):
    response = paces.disputed()
    card = column(liaison.get("/answers/"), "sign")
    assert f'data-row="{response.pk}"' in card
    assert "To arbitrate" in card and "/sign/" not in card


def test_a_suspended_answer_rests(paces, liaison):
    response = paces.called()
    order = response.whistle.order
    order.refresh_from_db()
    paces.suspend(order)
    card = column(liaison.get("/answers/"), "sign")
    assert "Suspended until" in card and "gc-ticket--still" in card and "/sign/" not in card


def test_scored_and_closed_answers_leave_the_board(paces, liaison):
    whistle = paces.scored()
    mine = paces.response_of(whistle, paces.d.water)
    assert f"See the score: {mine.score.total}" in column(liaison.get("/answers/"), "score")
    paces.step(whistle, "close", paces.p.duty_leader)
    assert rows_of(liaison.get("/answers/")) == []
    assert "Nothing to sign." in liaison.get("/answers/").text


def test_others_see_nothing_of_it(paces):
    paces.called()
    assert browser_of(paces.p.warden).get("/answers/").status_code == 404
    assert rows_of(browser_of(paces.p.stranger).get("/answers/")) == []
    housing = rows_of(browser_of(paces.p.housing).get("/answers/"))
    assert housing == [Response.objects.get(unit=paces.d.housing).pk]


def test_the_street_sends_somebody_when_its_community_calls(paces):
    response = paces.called_street()
    worker = seat("street worker", paces.d.street, "view handle")
    assert "/name/" not in browser_of(worker).get("/answers/").text
    named = seat("sender", paces.d.street, "view handle")
    post = named.postings.get().post
    Posting.objects.create(
        post=paces.p.dispatcher.postings.get().post, user=named, valid_from=LONG_AGO
    )
    assert post.unit == paces.d.street
    assert f"/responses/{response.pk}/name/" in browser_of(named).get("/answers/").text


def test_the_section_reads_what_was_passed_to_it(paces, liaison):
    clerk = seat("clerk", paces.d.section, "view handle")
    response = paces.arrived()
    other = paces.called()
    paces.step(response, "assign", paces.p.liaison, section=paces.d.section, person=clerk)
    assert "not read yet" in liaison.get("/answers/").text
    board = browser_of(clerk).get("/answers/")
    assert rows_of(board) == [response.pk]
    assert "See the papers" in board.text and "/finish/" not in board.text
    opened = browser_of(clerk).get(reverse("answer_open", args=[response.pk]))
    assert opened.url == response.get_absolute_url()
    assert browser_of(clerk).get(opened.url.split("#")[0]).status_code == 200
    response.refresh_from_db()
    assert response.read_at == NOW
    assert "read today 10:00" in liaison.get("/answers/").text
    assert browser_of(clerk).get(reverse("answer_open", args=[other.pk])).status_code == 404


def test_without_a_name_anybody_of_the_section_is_the_reader(paces):
    clerk = seat("clerk", paces.d.section, "view handle")
    response = paces.arrived()
    paces.step(response, "assign", paces.p.liaison, section=paces.d.section)
    browser_of(paces.p.liaison).get(reverse("answer_open", args=[response.pk]))
    response.refresh_from_db()
    assert response.read_at is None
    browser_of(clerk).get(reverse("answer_open", args=[response.pk]))
    response.refresh_from_db()
    assert response.read_at == NOW


def test_a_full_group_is_read_in_pages(paces, liaison, monkeypatch):
    monkeypatch.setattr("command.answering.ON_BOARD", 2)
    monkeypatch.setattr("command.views.answers.PAGE", 2)
    called = [paces.called().pk for _n in range(5)]
    board = liaison.get("/answers/")
    assert len(rows_of(board)) == 2 and "3 more" in board.text
    seen, url = [], "/answers/?group=sign"
    while url:
        answer = liaison.get(url)
        seen += rows_of(answer)
        found = re.search(r'gc-push" href="(\?group=sign&amp;cursor=[^"]+)"', answer.text)
        url = "/answers/" + found[1].replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(called)
    assert liaison.get("/answers/?group=sign&cursor=nonsense").status_code == 404


def test_own_figures_stand_beside_those_of_all(paces):
    paces.concluded()
    late = paces.blown()
    paces.now += datetime.timedelta(hours=3)
    answer = paces.response_of(late, paces.d.housing)
    paces.step(answer, "sign", paces.p.housing, lead_name="王工", lead_phone="13900000002")
    water, housing = (standing(unit, NOW) for unit in (paces.d.water, paces.d.housing))
    assert (water.rank, water.of) == (1, 2)
    assert water.score == max(water.score, housing.score)
    signed = {figures.shares[0].own for figures in (water, housing)}
    assert signed == {50}
    assert water.shares[0].all == 50
    assert standing(paces.d.district_centre, NOW).score is None


def test_the_code_of_the_street_leads_to_the_own_answer(paces, liaison):
    response = paces.signed()
    code = response.whistle.arrival_code
    found = liaison.get(reverse("arrive_by_code"), {"code": code.upper()})
    assert found.url == f"/answers/{response.pk}/arrive/?code={code}"
    page = liaison.get(found.url)
    assert "The street's code has been read." in page.text
    done = liaison.post(found.url, {"who": "刘工", "code": code, "photos": picture()})
    assert done.url == "/answers/"
    response.refresh_from_db()
    assert response.status == "arrived"
    assert response.events.last().data["by"] == "code"
    assert liaison.get(found.url).status_code == 409


def test_a_wrong_code_leads_nowhere(paces, liaison):
    paces.signed()
    assert liaison.get(reverse("arrive_by_code")).status_code == 200
    assert liaison.get(reverse("arrive_by_code"), {"code": "0" * 16}).status_code == 404
    code = paces.blown(paces.d.housing).arrival_code
    assert liaison.get(reverse("arrive_by_code"), {"code": code}).status_code == 404


def test_who_stands_at_the_place_signs_in_without_a_code(paces, liaison):
    response = paces.signed()
    order = response.whistle.order
    url = reverse("answer_sign_in", args=[response.pk])
    far = liaison.post(url, {"who": "刘工", "lng": order.lng + 0.02, "lat": order.lat})
    assert far.status_code == 400
    assert "within 500 m" in far.text
    near = liaison.post(url, {"who": "刘工", "lng": order.lng + 0.001, "lat": order.lat})
    assert near.status_code == 302
    response.refresh_from_db()
    assert response.status == "arrived"


def test_signing_in_is_for_the_department_that_was_called(paces):
    url = reverse("answer_sign_in", args=[paces.signed().pk])
    assert browser_of(paces.p.housing).get(url).status_code == 403
    assert browser_of(paces.p.stranger).get(url).status_code == 404


def test_only_the_caller_shows_the_code(paces):
    response = paces.signed()
    whistle = response.whistle
    url = reverse("arrival_code", args=[whistle.number])
    page = browser_of(paces.p.dispatcher).get(url)
    signs = " ".join(re.findall("....", whistle.arrival_code))
    assert signs in page.text and 'class="gc-qr"' in page.text
    assert paces.d.water.title in page.text
    for person in (paces.p.liaison, paces.p.stranger, paces.p.street_head):
        assert browser_of(person).get(url).status_code == 404
    draft = paces.drafted()
    text = browser_of(paces.p.dispatcher).get(reverse("arrival_code", args=[draft.number])).text
    assert 'class="gc-qr"' not in text


def test_thirty_answers_cost_no_more_than_one(paces, liaison):
    response = paces.signed()
    for _n in range(9):
        paces.called()
        paces.arrived()
        paces.done()
    order = response.whistle.order
    order.refresh_from_db()
    paces.suspend(order)
    pages = ["/answers/", "/answers/?group=work", reverse("arrive_by_code")]
    costs = {url: cost(liaison, url) for url in pages}
    assert max(costs.values()) <= 20, costs
    code = reverse("arrival_code", args=[response.whistle.number])
    assert cost(browser_of(paces.p.dispatcher), code) <= 20
