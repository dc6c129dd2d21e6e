"""The page by which the answers of a department go to its successor after a reform."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from command.overview.figures import arrivals
from organization.models import Unit
from tests.command.pages import browser_of, cost
from tests.whistle.asking import fresh
from tests.whistle.paces import DAY, Paces

PAGE = "/whistles/successors/"


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def arbiter(district):
    return browser_of(district.people.district)


def of(unit):
    return f"{PAGE}?of={unit.code}"


def given(unit, *answers, note="机构改革"):
    return {"unit": unit.code, "note": note, "keys": [answer.pk for answer in answers]}


def test_the_departments_stand_there_with_what_they_have_in_hand(paces, arbiter):
    paces.called()
    paces.blown(paces.d.water)
    Unit.objects.filter(pk=paces.d.housing.pk).update(valid_to=datetime.date(2020, 1, 1))
    rows = arbiter.get(PAGE).context["departments"]
    assert [(row["unit"], row["n"], row["ended"]) for row in rows] == [
        (paces.d.housing, 1, True),
        (paces.d.water, 2, False),
    ]


def test_what_would_move_is_shown_first_and_nothing_is_moved(paces, arbiter):
    response = paces.called()
    page = arbiter.get(of(paces.d.water))
    assert response.whistle.number in page.text
    assert fresh(response).unit == paces.d.water


def test_all_that_were_chosen_go_to_the_successor(paces, arbiter):
    first, second = paces.called(), paces.signed()
    left = paces.called()
    chosen = given(paces.d.district_centre, first, second)
    page = arbiter.post(of(paces.d.water), chosen, follow=True)
    assert "2 answers were handed on." in page.text
    units = [fresh(response).unit for response in (first, second, left)]
    assert units == [paces.d.district_centre, paces.d.district_centre, paces.d.water]


def test_one_that_cannot_move_says_why_and_hinders_no_other(paces, arbiter):
    both, alone = paces.called(), paces.blown(paces.d.water).responses.get()
    page = arbiter.post(of(paces.d.water), given(paces.d.housing, both, alone))
    assert "1 answer was handed on." in page.text
    [(why, refused)] = page.context["reasons"]
    assert why == "This department has been called already."
    assert [outcome.paper for outcome in refused] == [both]
    assert (fresh(both).unit, fresh(alone).unit) == (paces.d.water, paces.d.housing)


def test_without_successor_or_reason_nothing_moves_and_the_choice_is_kept(paces, arbiter):
    first, other = paces.called(), paces.called()
    page = arbiter.post(of(paces.d.water), {"keys": [first.pk], "note": ""})
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {"unit", "note"}
    assert page.context["keys"] == [str(first.pk)]
    none = arbiter.post(of(paces.d.water), given(paces.d.housing) | {"keys": []})
    assert "Choose at least one paper." in none.text
    assert {fresh(r).unit for r in (first, other)} == {paces.d.water}


def test_what_another_department_has_is_not_moved_by_this_page(paces, arbiter):
    response = paces.called()
    other = paces.response_of(response.whistle, paces.d.housing)
    page = arbiter.post(of(paces.d.water), given(paces.d.district_centre, other))
    assert "There is nothing here that you may see." in page.text
    assert fresh(other).unit == paces.d.housing


def test_only_who_arbitrates_finds_the_page(paces):
    for user in (paces.p.dispatcher, paces.p.liaison, paces.p.stranger):
        assert browser_of(user).get(PAGE).status_code == 404
        assert browser_of(user).post(of(paces.d.water)).status_code == 404


def test_the_page_asks_no_more_often_when_there_is_more(paces, arbiter):
    paces.called()
    few = cost(arbiter, of(paces.d.water))
    paces.called()
    paces.signed()
    assert cost(arbiter, of(paces.d.water)) == few


def test_what_is_refused_opens_and_is_read_with_the_rest(paces, arbiter):
    answer = paces.called()
    page = arbiter.post(of(paces.d.water), given(paces.d.housing, answer))
    [(_why, [outcome])] = page.context["reasons"]
    with CaptureQueriesContext(connection) as asked:
        assert f'href="{outcome.paper.get_absolute_url()}"' in page.text
    assert len(asked) == 0


def test_an_arrival_that_a_hand_over_cut_off_is_none(paces):
    response = paces.called()
    paces.step(response, "move", paces.p.district, unit=paces.d.district_centre, note="改革")
    period = SimpleNamespace(start=paces.now - DAY)
    whistles = type(response.whistle).objects.filter(pk=response.whistle_id)
    assert arrivals(whistles, period) == {}
