"""Storm mode: limits held or stretched in an area for a time, restored by themselves."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from organization.calendar import due
from tests.whistle.paces import DAY, Paces
from workflow import recompute
from workflow.models import PolicyChange, StormOrder

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def paces(district):
    return Paces(district)


def storm(paces, effect="hold", *, hours=24, **more):
    """The storm order, given now and in force at once."""
    body = {
        "area": paces.d.street.pk,
        "effect": effect,
        "starts": paces.now.isoformat(),
        "ends": (paces.now + hours * HOUR).isoformat(),
        "reason": "暴雨红色预警",
        "actor": paces.p.district.pk,
        **more,
    }
    edit(paces, PolicyChange.Kind.STORM, body)
    return StormOrder.objects.latest("pk")


def edit(paces, kind, body):
    change = recompute.ask(kind, body, actor=paces.p.district, reason="汛期", now=paces.now)
    recompute.work_off(paces.now)
    recompute.order(change, actor=paces.p.district, now=paces.now)
    recompute.work_off(paces.now)
    change.refresh_from_db()
    assert change.state == PolicyChange.State.DONE
    return change


def running(paper):
    return {clock.what: clock for clock in paper.clocks.filter(stopped=None)}


def test_what_is_held_does_not_count_until_the_storm_is_over(paces):
    paces.give_room()
    response = paces.called()
    before = running(response)
    order = storm(paces, hours=48)
    after = running(response)
    assert after["contact"].due == before["contact"].due + 48 * HOUR
    assert after["arrive"].due == after["finish"].due
    assert after["finish"].due == due(before["finish"].started, 2 + 2, "work_day")
    assert {clock.storm for clock in after.values()} == {order}
    response.refresh_from_db()
    assert response.due_at == min(clock.due for clock in after.values())


def test_what_begins_in_the_storm_is_held_as_well(paces):
    paces.give_room()
    order = storm(paces, hours=24)
    response = paces.called()
    contact = running(response)["contact"]
    assert contact.due == order.ends + 24 * HOUR
    assert contact.storm == order


def test_what_begins_after_the_storm_runs_as_usual(paces):
    paces.give_room()
    storm(paces, hours=2)
    paces.now += DAY
    contact = running(paces.called())["contact"]
    assert (contact.due, contact.storm) == (contact.started + 24 * HOUR, None)


def test_a_storm_elsewhere_or_of_another_class_changes_nothing(paces):
    order = paces.reported(category=paces.d.condition.category)
    before = running(order)["triage"].due
    storm(paces, area=paces.d.water.pk)
    storm(paces, case="component-99")
    assert running(order)["triage"].due == before


def test_a_storm_of_the_very_class_holds_it(paces):
    category = paces.d.condition.category
    order = paces.reported(category=category)
    before = running(order)["triage"].due
    storm(paces, case=f"{category.kind}-{category.major_code}")
    assert running(order)["triage"].due > before


def test_a_stretched_limit_is_longer_by_its_share_in_its_own_unit(paces):
    response = paces.called()
    storm(paces, "stretch", percent=50)
    clocks = running(response)
    assert (clocks["contact"].limit, clocks["arrive"].limit) == (36, 5)
    assert running(paces.called())["contact"].limit == 36


def test_a_storm_that_is_made_twice_stretches_once(paces):
    response = paces.called()
    storm(paces, "stretch", percent=100)
    change = PolicyChange.objects.latest("pk")
    recompute.make(change, paces.now)
    assert running(response)["contact"].limit == 48
    assert StormOrder.objects.count() == 1


def test_a_storm_ended_early_lets_the_clocks_run_on_from_then(paces):
    paces.give_room()
    response = paces.called()
    before = running(response)["contact"].due
    order = storm(paces, hours=48)
    paces.now += 6 * HOUR
    edit(paces, PolicyChange.Kind.CALM, {"storm": order.pk, "ended_at": paces.now.isoformat()})
    assert running(response)["contact"].due == before + 6 * HOUR


def test_a_suspension_ends_on_its_day_all_the_same(paces):
    order = paces.suspended()
    before = running(order)["suspension"].due
    storm(paces, hours=200)
    assert running(order)["suspension"].due == before


@pytest.mark.parametrize(
    "wrong",
    [{"percent": 50}, {"effect": "stretch"}, {"reason": ""}, {"hours": 0}],
)
def test_the_database_refuses_an_order_without_time_share_or_reason(paces, wrong):
    hours = wrong.pop("hours", 1)
    fields = {
        "area": paces.d.street,
        "effect": "hold",
        "starts": paces.now,
        "ends": paces.now + hours * HOUR,
        "reason": "暴雨",
        "actor": paces.p.district,
        **wrong,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        StormOrder.objects.create(**fields)
