"""A suspended order holds every clock under it; the deadlines come from the log again."""

import datetime

import pytest

from organization.calendar import due
from tests.whistle.paces import DAY, Paces
from whistle.models import WorkOrder
from workflow.sweep import run_clock
from workflow.trace import pauses_of

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def paces(district):
    return Paces(district)


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def resume(paces, order):
    paces.step(order, "resume", paces.p.dispatcher)


def sweep_until_quiet(now):
    while run_clock(now):
        pass


@pytest.fixture
def answer(paces):
    """A response that has been signed, and its suspended order."""
    response = paces.signed()
    paces.suspend(fresh(response.whistle.order), days=10)
    return response


def test_a_suspended_order_its_whistle_and_its_answers_stand_still(paces, answer):
    order = fresh(answer.whistle.order)
    held = [c for paper in (order, answer) for c in paper.clocks.filter(stopped=None)]
    assert {c.what for c in held if c.paused_at} == {"handle", "contact", "arrive", "finish"}
    before = answer.events.count()
    sweep_until_quiet(paces.now + 5 * DAY)
    assert answer.events.count() == before
    assert fresh(answer).due_at is None
    assert order.due_what == "suspension"


def test_after_it_the_limits_run_on_as_if_the_pause_had_not_been(paces, answer):
    order = fresh(answer.whistle.order)
    paces.now += 5 * DAY
    resume(paces, order)
    pauses = pauses_of(order, paces.now)
    whole = order.clocks.get(what="handle", stopped=None).due
    for clock in [*order.clocks.filter(stopped=None), *answer.clocks.filter(stopped=None)]:
        own = due(clock.started, clock.amount, clock.unit, pauses=pauses)
        assert clock.due == min(own, whole)
        assert clock.cut == ("handle" if own > whole else "")
        assert clock.started < clock.warn_at < clock.due
        assert (clock.paused_at, clock.rung, clock.next_at) == (None, 0, clock.warn_at)
    assert fresh(answer).due_at == min(c.due for c in answer.clocks.filter(stopped=None))


def test_two_pauses_add_up_from_the_log(paces):
    order = paces.accepted()
    first = order.clocks.get(what="handle").due
    for _time in range(2):
        paces.suspend(order)
        paces.now += DAY
        resume(paces, order)
        paces.now += HOUR
    handle = order.clocks.get(what="handle")
    assert len(pauses_of(order, paces.now)) == 2
    assert handle.due == due(handle.started, 4, "work_hour", pauses=pauses_of(order, paces.now))
    assert handle.due > first + 2 * DAY - HOUR


def test_a_warning_given_before_the_pause_is_given_again_if_time_was_won(paces):
    order = paces.accepted()
    handle = order.clocks.get(what="handle")
    run_clock(handle.warn_at)
    paces.now = handle.warn_at
    paces.suspend(order)
    paces.now += DAY
    resume(paces, order)
    handle = order.clocks.get(what="handle")
    assert (handle.rung, handle.version) == (0, 2)
    assert run_clock(handle.next_at) == 1


def test_a_clock_late_before_the_pause_goes_on_where_it_stood(paces):
    order = paces.accepted()
    handle = order.clocks.get(what="handle")
    sweep_until_quiet(handle.due)
    paces.now = handle.due + HOUR / 2
    paces.suspend(order, days=7)
    paces.now += 3 * DAY
    resume(paces, order)
    late = order.clocks.get(what="handle")
    assert (late.due, late.rung, late.version) == (handle.due, 2, 1)
    assert late.next_at > paces.now
    assert run_clock(paces.now) == 0
    assert run_clock(late.next_at) == 1
    assert late.firings.count() == 3
    assert order.clocks.get(what="handle").next_at > late.next_at


def test_a_clock_at_the_top_of_its_ladder_stays_there(paces):
    order = paces.accepted()
    sweep_until_quiet(paces.now + 30 * DAY)
    paces.now += 30 * DAY
    paces.suspend(order)
    resume(paces, order)
    assert order.clocks.get(what="handle").next_at is None
    sweep_until_quiet(paces.now + 30 * DAY)
    assert order.clocks.get(what="handle").firings.count() == 4


def test_the_outer_limit_of_the_source_does_not_wait(paces):
    order = paces.accepted(source_due=paces.now + 2 * DAY)
    paces.suspend(order)
    paces.now += 5 * DAY
    resume(paces, order)
    assert order.clocks.get(what="handle").due == order.source_due


def test_a_suspension_lasts_through_its_last_day_and_ends_by_itself(paces):
    order = paces.accepted()
    paces.suspend(order, days=3)
    end = order.clocks.get(what="suspension").due
    assert end == paces.now.replace(hour=0, minute=0) + 4 * DAY
    sweep_until_quiet(end - HOUR)
    assert fresh(order).status == "suspended"
    assert order.events.last().verb == "remind"
    sweep_until_quiet(end)
    order = fresh(order)
    assert (order.status, order.suspended_until) == ("accepted", None)
    assert order.events.last().trigger == "clock:suspension:2"
    assert not order.clocks.filter(stopped=None).exclude(what="handle").exists()


def test_while_it_is_suspended_only_cancelling_moves_the_whistle(paces, answer):
    paces.step(fresh(answer.whistle), "cancel", paces.p.street_head, note="不再需要")
    assert fresh(answer).status == "released"
    order = fresh(answer.whistle.order)
    assert order.status == "suspended"
    resume(paces, order)
    assert order.status == "registered"


def test_an_arrival_denied_after_a_pause_gives_the_pause_back(paces):
    paces.give_room()
    response = paces.arrived()
    order = fresh(response.whistle.order)
    paces.suspend(order)
    paces.now += 10 * DAY
    resume(paces, order)
    paces.step(fresh(response), "deny", paces.p.duty_leader, note="无人到场")
    arrive = response.clocks.get(what="arrive")
    finish = response.clocks.get(what="finish")
    assert arrive.due == finish.due
    assert finish.due == due(finish.started, 2, "work_day", pauses=pauses_of(order, paces.now))
    assert arrive.next_at > paces.now


def test_a_pause_before_a_clock_began_is_none_of_its_own(paces):
    order = paces.registered()
    paces.suspend(order)
    paces.now += 5 * DAY
    resume(paces, order)
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    paces.step(order, "accept", paces.p.office)
    paces.suspend(order)
    paces.now += DAY
    resume(paces, order)
    assert WorkOrder.objects.get(pk=order.pk).status == "accepted"
    sign = order.clocks.get(what="sign")
    assert sign.due == due(sign.started, 1, "work_hour")
