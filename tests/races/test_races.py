"""Real threads on a real database: one winner, no deadlock, no gap, nothing twice."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from organization.models import User
from tests.committed import at_once, deadlocks
from tests.races.crowd import Crowd
from tests.whistle.paces import DAY, Paces
from whistle.actions.intake import report
from whistle.models import WorkOrder, WorkOrderClock
from workflow.actions import create, transition
from workflow.errors import NotPossible
from workflow.sweep import run_clock
from workflow.trace import verify_trace


@pytest.fixture
def paces(district):
    return Paces(district)


def again(paper):
    return type(paper).objects.get(pk=paper.pk)


def taking(paper, verb, user, **given):
    """The step as a request of its own takes it: own connection, own copy, own person."""
    copy, person = again(paper), User.objects.get(pk=user.pk)
    return lambda: transition(copy, verb, actor=person, **given)


def test_of_fifty_who_accept_one_wins_and_the_others_are_told(paces):
    order = paces.dispatched()
    results = at_once(*[taking(order, "accept", paces.p.office) for _ in range(50)])
    lost = [result for result in results if isinstance(result, NotPossible)]
    won = [result for result in results if not isinstance(result, Exception)]
    assert (len(won), len(lost)) == (1, 49)
    assert order.events.filter(verb="accept").count() == 1
    assert list(verify_trace()) == []


def test_of_two_answers_to_one_survey_the_first_counts(paces):
    survey = paces.surveyed()

    def answering(satisfaction):
        copy = again(survey)
        given = {"solved": True, "satisfaction": satisfaction}
        return lambda: transition(copy, "answer", trigger="link", **given)

    results = at_once(*[answering(1 + n % 5) for n in range(10)])
    won = [result for result in results if not isinstance(result, Exception)]
    assert len(won) == 1
    assert all(isinstance(result, NotPossible) for result in results if result not in won)
    order = again(survey.order)
    assert order.satisfaction == again(survey).satisfaction == won[0].data["satisfaction"]
    assert order.events.filter(verb="callback").count() == 1
    assert list(verify_trace()) == []


def test_two_orders_that_join_each_other_do_not_block_each_other(paces):
    for _round in range(5):
        one, two = paces.reported(), paces.reported()
        dispatcher = paces.p.dispatcher
        results = at_once(
            taking(one, "merge", dispatcher, into=two), taking(two, "merge", dispatcher, into=one)
        )
        assert sum(not isinstance(result, Exception) for result in results) <= 1
        lost = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(result, NotPossible | ValidationError) for result in lost)
    assert deadlocks() == 0


def test_an_order_is_not_joined_while_it_is_voided(paces):
    into, order = paces.reported(), paces.reported()
    results = at_once(
        taking(into, "void", paces.p.district, note="误报"),
        taking(order, "merge", paces.p.dispatcher, into=into),
    )
    assert sum(not isinstance(result, Exception) for result in results) == 1


def test_numbers_have_no_gap_though_acts_run_at_once_and_some_fail(paces):
    photo_less = [paces.new_order() for _ in range(48)]

    def report(order, fails):
        def act():
            with transaction.atomic():
                create(order, "report", actor=User.objects.get(username="warden"), now=paces.now)
                if fails:
                    raise RuntimeError("rolled back")

        return act

    at_once(*[report(order, fails=i % 3 == 0) for i, order in enumerate(photo_less)])
    serials = sorted(int(n[-6:]) for n in WorkOrder.objects.values_list("number", flat=True))
    assert serials == list(range(1, 33))


def test_a_source_s_number_that_comes_twice_at_once_is_received_once(paces):
    def receive():
        return report(
            actor=None,
            trigger="hotline",
            source="hotline",
            source_number="12345-1",
            title="井盖破损",
            address="平江府路26号",
        )

    results = at_once(*[receive] * 8)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert sum(isinstance(result, ValidationError) for result in results) == 7


def test_of_two_approvers_at_once_one_wins_and_the_limit_moves_once(paces):
    for _round in range(3):
        request = paces.extension()
        before = request.order.clocks.get(what="handle").due
        results = at_once(
            taking(request, "grant", paces.p.dispatcher),
            taking(request, "reject", paces.p.district, note="理由不足"),
            taking(request, "grant", paces.p.district),
        )
        lost = [result for result in results if isinstance(result, NotPossible)]
        assert len(lost) == 2
        granted = again(request).status == "granted"
        handle = request.order.clocks.get(what="handle")
        assert (handle.due > before) == granted
        assert handle.extended == (2 if granted else 0)
    assert deadlocks() == 0
    assert list(verify_trace()) == []


def test_a_request_made_twice_at_once_is_made_once(paces):
    order = paces.accepted()

    def ask():
        paces_of_mine = Paces(paces.d)
        return paces_of_mine.ask(again(order), "return")

    results = at_once(*[ask] * 4)
    assert sum(isinstance(result, NotPossible) for result in results) == 3
    assert order.requests.count() == 1


def test_a_decision_and_the_sweep_that_ends_the_time_do_not_both_count(paces):
    request = paces.extension()
    late = request.clocks.get().due
    run_clock(late)
    grant = taking(request, "grant", paces.p.dispatcher)
    results = at_once(grant, *[lambda: run_clock(late)] * 3)
    assert all(
        r is None or not isinstance(r, Exception) or isinstance(r, NotPossible) for r in results
    )
    ends = request.events.filter(verb__in=["grant", "decide"])
    assert ends.count() == 1
    assert list(verify_trace()) == []


def test_a_sweep_leaves_a_locked_paper_alone_and_takes_the_others(paces):
    held, free = paces.reported(), paces.reported()
    with transaction.atomic():
        WorkOrder.objects.select_for_update().get(pk=held.pk)
        assert at_once(lambda: run_clock(paces.now + DAY)) == [1]
    assert not held.clocks.get().firings.exists()
    assert free.clocks.get().firings.count() == 1
    assert run_clock(paces.now + DAY) == 2


def test_a_person_s_step_waits_for_the_sweep_and_then_stops_the_clock(paces):
    order = paces.dispatched()
    accept = taking(order, "accept", paces.p.office)
    results = at_once(accept, *[lambda: run_clock(paces.now + DAY)] * 3)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert again(order).status == "accepted"
    assert order.clocks.get(what="sign").next_at is None


def test_sweeps_at_the_same_time_fire_each_rung_once(paces):
    for _order in range(30):
        paces.reported()
    now = paces.reported().clocks.get().due
    results = at_once(*[lambda: run_clock(now)] * 4)
    results += [run_clock(now) for _sweep in range(3)]
    assert sum(results) == 62
    clocks = WorkOrderClock.objects.filter(what="triage")
    assert {tuple(c.firings.order_by("rung").values_list("rung", flat=True)) for c in clocks} == {
        (1, 2)
    }
    assert list(verify_trace()) == []


def test_people_act_while_the_sweep_runs_without_a_deadlock(paces, monkeypatch):
    crowd = Crowd(paces, papers=24, monkeypatch=monkeypatch)
    failures = crowd.act(people=6, sweeps=2, acts=12, seed=random.randrange(10**6))
    assert failures == []
    assert deadlocks() == 0
    assert list(verify_trace()) == []
    assert crowd.acted > 20
    assert crowd.fired() > 20
