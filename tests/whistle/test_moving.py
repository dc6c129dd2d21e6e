"""After a reform a department's answers go to its successor (划转): nothing of them is lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from tests.whistle.asking import fresh
from tests.whistle.paces import DAY, Paces
from whistle.actions.scoring import costs, facts_of
from whistle.facts import happened
from workflow.errors import NotPossible
from workflow.trace_page import say_given


@pytest.fixture
def paces(district):
    return Paces(district)


def moved(paces, response, unit=None):
    unit = unit or paces.d.district_centre
    paces.step(response, "move", paces.p.district, unit=unit, note="机构改革")
    return fresh(response)


def signed_late(paces, response):
    """Whether the list of whistles finds it so under the unit that has it."""
    found = happened("late_sign", response.unit, paces.now)
    return type(response.whistle).objects.filter(found, pk=response.whistle_id).exists()


def running(response):
    return {clock.what for clock in response.clocks.filter(stopped=None)}


def test_the_successor_signs_and_comes_anew_within_the_same_limit(paces):
    before = paces.arrived()
    limit = before.clocks.get(what="finish").due
    response = moved(paces, before)
    assert (response.status, response.unit) == ("called", paces.d.district_centre)
    assert (response.lead_name, response.arrived_at, response.meet_at) == ("", None, None)
    assert running(response) == {"sign", "contact", "arrive", "finish"}
    assert response.clocks.get(what="finish").due == limit
    event = response.events.last()
    assert event.data["from"]["name"] == paces.d.water.title
    with translation.override("en"):
        assert f"Until then: {paces.d.water.title}" in say_given(response.flow, event)


def test_what_the_predecessor_was_late_with_is_not_the_successor_s(paces):
    paces.give_room()
    whistle = paces.blown()
    paces.now += DAY
    water = paces.response_of(whistle, paces.d.water)
    paces.step(water, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    assert signed_late(paces, water)
    response = moved(paces, water)
    assert not signed_late(paces, response)
    assert costs(facts_of(response), {("late", "sign"): -3}, paces.now) == []


def test_who_has_been_called_and_who_is_no_department_takes_nothing_over(paces):
    response = paces.called()
    for unit in (response.unit, paces.d.housing, paces.d.office):
        with pytest.raises(ValidationError):
            moved(paces, response, unit)
    assert fresh(response).unit == paces.d.water


def test_only_who_arbitrates_hands_on(paces):
    response = paces.called()
    for actor in (paces.p.liaison, paces.p.street_head, paces.p.dispatcher):
        with pytest.raises(PermissionDenied):
            paces.step(response, "move", actor, unit=paces.d.district_centre, note="划转")


def test_what_is_done_or_disputed_is_not_handed_on(paces):
    for response in (paces.done(), paces.disputed()):
        with pytest.raises(NotPossible):
            moved(paces, response)


def test_the_successor_sees_the_whistle_and_the_order(paces):
    response = moved(paces, paces.called())
    user = paces.p.district
    assert type(response.whistle).objects.visible_to(user).filter(pk=response.whistle_id).exists()


def test_what_the_predecessor_had_asked_for_is_dropped(paces):
    paces.give_room()
    response = paces.signed()
    request = paces.ask(response, "extension", paces.p.liaison)
    moved(paces, response)
    assert fresh(request).status == "dropped"


def test_a_limit_that_was_over_when_it_came_is_not_the_successor_s(paces):
    whistle = paces.blown()
    water = paces.response_of(whistle, paces.d.water)
    paces.now = water.clocks.get(what="finish").due + DAY
    prices = {("late", what): -5 for what in ("sign", "arrive", "finish")}
    assert len(costs(facts_of(water), prices, paces.now)) == 3
    response = moved(paces, water)
    assert costs(facts_of(response), prices, paces.now) == []
    paces.now += DAY
    assert [line.name for line in costs(facts_of(response), prices, paces.now)] == ["sign"]
    happened_late = happened("late_finish", response.unit, paces.now)
    assert not type(whistle).objects.filter(happened_late, pk=whistle.pk).exists()
