"""An unanswered clock climbs by itself: whom each rung tells, and that each rung fires once."""

import datetime
import logging

import pytest

from organization.models import Notice, Outbox, Relation
from tests.cast import relation, seat
from tests.whistle.paces import DAY, Paces
from whistle.models import ResponseClock, WorkOrderClock
from workflow import sweep as clocks
from workflow.sweep import oldest_unfired, run_clock

HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def paces(district):
    seat("centre_head", district.centre, "", head=True)
    return Paces(district)


def sweep_until_quiet(now):
    """As the beat does; returns how many fired."""
    total = 0
    while fired := run_clock(now):
        total += fired
    return total


def told(paper, what, kind=None):
    number, _title = paper.subject_line()
    notices = Notice.objects.filter(number=number, flow=paper.flow.name, clock=what)
    if kind:
        notices = notices.filter(kind=kind)
    return sorted(notices.values_list("post__code", flat=True))


def climb(paper, what, rungs):
    """Let the clock climb so many rungs, at the very moment of each; the moments."""
    moments = []
    for _rung in range(rungs):
        clock = paper.clocks.get(what=what)
        moments.append(clock.next_at)
        Notice.objects.all().delete()
        clocks.fire(type(clock), clock.pk, clock.next_at)
    return moments


TOP_OF_STREET = "leader street_head"
# fmt: off
LADDERS = [
    # pace, clock, warned, told when due, and more with each rung above
    ("reported", "triage", "dispatcher", "centre_head", "duty_leader", TOP_OF_STREET),
    ("dispatched", "sign", "office", "centre_head", "duty_leader", TOP_OF_STREET),
    ("called", "sign", "liaison", "centre_head duty_leader", "district", "deputy_leader leader"),
    ("called", "arrive", "liaison", "centre_head duty_leader", "district", "deputy_leader leader"),
    ("called_street", "sign", "dispatcher", "centre_head community", "duty_leader", TOP_OF_STREET),
    ("drafted", "confirm", "street_head", "duty_leader", "district", "leader"),
    ("verified_whistle", "score", "duty_leader", "", "district", TOP_OF_STREET),
    ("disputed", "arbitrate", "district", "centre_head duty_leader", "", "leader"),
]
# fmt: on


@pytest.mark.parametrize("pace, what, holders, when_due, above, leaders", LADDERS)
def test_each_rung_tells_those_of_the_lower_ones_and_somebody_above(
    paces, pace, what, holders, when_due, above, leaders
):
    paper = getattr(paces, pace)()
    expected, heads = set(), paper.clock_unit(what).posts.filter(head=True)
    when_due = " ".join([when_due, *(post.code for post in heads)])
    for more in (holders, when_due, above, leaders):
        expected |= set(more.split())
        climb(paper, what, 1)
        assert told(paper, what) == sorted(expected)


def test_who_is_paired_with_a_street_is_not_in_charge_of_its_late_ones(paces):
    paired = seat("paired", paces.d.district, "view")
    relation(paired, paces.d.street, Relation.Kind.PAIRED)
    order = paces.dispatched()
    climb(order, "sign", 4)
    assert "paired" not in told(order, "sign")


def test_the_kinds_of_notices_and_events_follow_the_rungs(paces):
    order = paces.dispatched()
    climb(order, "sign", 1)
    assert told(order, "sign", Notice.Kind.SOON) == ["office"]
    climb(order, "sign", 1)
    assert told(order, "sign", Notice.Kind.SOON) == []
    assert "office" in told(order, "sign", Notice.Kind.LATE)
    log = [(e.verb, e.trigger, e.actor) for e in order.events.filter(trigger__startswith="clock")]
    assert log == [("remind", "clock:sign:1", None), ("escalate", "clock:sign:2", None)]
    assert order.events.last().data["told"]


def test_rungs_are_an_interval_of_the_policy_apart_and_end_at_the_top(paces):
    order = paces.dispatched()
    sign = order.clocks.get(what="sign")
    moments = climb(order, "sign", 4)
    assert moments == [sign.warn_at, sign.due, sign.due + HOUR, sign.due + 3 * HOUR + HOUR]
    assert order.clocks.get(what="sign").next_at is None


def test_the_duty_phone_is_called_once_for_each_rung(paces):
    response = paces.called()
    assert [m.to for m in Outbox.objects.all()] == ["02500000002"]
    climb(response, "sign", 4)
    assert Outbox.objects.count() == 5
    assert len(set(Outbox.objects.values_list("key", flat=True))) == 5
    message = Outbox.objects.order_by("pk").last()
    assert response.whistle.number in message.text
    assert message.state == Outbox.State.WAITING


def test_before_its_limit_the_phone_is_reminded_and_from_then_on_alarmed(paces):
    response = paces.called()
    climb(response, "sign", 4)
    messages = Outbox.objects.order_by("pk")
    assert [m.kind for m in messages] == ["call", "remind", "alarm", "alarm", "alarm"]
    assert [m.state for m in messages] == ["held", "held", "waiting", "waiting", "waiting"]
    assert messages[1].subject == f"平江府路污水井盖破损 ({response.whistle.number})"


def test_an_emergency_whistle_rings_as_an_alarm(paces):
    paces.blown_now(paces.d.water)
    message = Outbox.objects.get(key__startswith="call:")
    assert (message.kind, message.state) == ("alarm", "waiting")


def test_a_unit_without_a_duty_phone_is_told_by_its_inbox_alone(paces):
    whistle = paces.blown(paces.d.housing)
    climb(paces.response_of(whistle, paces.d.housing), "sign", 2)
    assert not Outbox.objects.exists()


def test_an_answer_in_time_stops_the_ladder(paces):
    order = paces.accepted()
    before = order.trace_count
    assert run_clock(paces.now + 2 * HOUR) == 0
    order.refresh_from_db()
    assert order.trace_count == before


def test_running_twice_changes_nothing(paces):
    order = paces.dispatched()
    now = order.clocks.get(what="sign").due - SECOND
    assert run_clock(now) == 1
    assert run_clock(now) == 0
    assert order.clocks.get(what="sign").firings.count() == 1


def test_after_a_long_silence_every_rung_is_taken_in_its_turn(paces):
    response = paces.called()
    fired = sweep_until_quiet(paces.now + 60 * DAY)
    rungs = {c.what: [f.rung for f in c.firings.order_by("rung")] for c in response.clocks.all()}
    assert rungs == dict.fromkeys(["sign", "contact", "arrive", "finish"], [1, 2, 3, 4])
    verbs = response.events.filter(trigger="clock:sign:1").values_list("verb", flat=True)
    assert list(verbs) == ["remind"]
    assert fired == ResponseClock.objects.count() * 4 + 4


def test_what_is_due_first_fires_first_across_flows(paces, monkeypatch):
    order, response = paces.dispatched(), paces.called()
    seen = []
    monkeypatch.setattr(clocks, "fire", lambda model, pk, now: seen.append((model, pk)) or 1)
    run_clock(paces.now + 60 * DAY)
    moments = [model.objects.get(pk=pk).next_at for model, pk in seen]
    assert moments == sorted(moments)
    assert {order.clocks.model, response.clocks.model} <= {model for model, _pk in seen}


def test_a_sweep_takes_no_more_than_its_limit(paces):
    for _order in range(3):
        paces.reported()
    assert run_clock(paces.now + DAY, limit=2) == 2


def test_a_row_that_fails_is_put_off_and_the_others_go_on(paces, monkeypatch, caplog):
    bad, good = paces.dispatched(), paces.dispatched()
    real = clocks.fire

    def fail_for_one(model, pk, now):
        if model is WorkOrderClock and model.objects.get(pk=pk).paper_id == bad.pk:
            raise RuntimeError("broken")
        return real(model, pk, now)

    monkeypatch.setattr(clocks, "fire", fail_for_one)
    now = good.clocks.get(what="sign").warn_at
    with caplog.at_level(logging.CRITICAL, logger="workflow.sweep"):
        assert run_clock(now) == 1
    broken = bad.clocks.get(what="sign")
    assert (broken.next_at, broken.failures, broken.rung) == (now + clocks.PUT_OFF, 1, 0)
    monkeypatch.setattr(clocks, "fire", real)
    assert run_clock(now + clocks.PUT_OFF) >= 1
    assert bad.clocks.get(what="sign").rung == 1


def test_a_failure_in_the_midst_of_a_rung_leaves_no_trace(paces, monkeypatch, caplog):
    order = paces.dispatched()
    before = order.trace_count

    def broken(act):
        raise RuntimeError("no inbox")

    monkeypatch.setattr("workflow.ladder.tell", broken)
    with caplog.at_level(logging.CRITICAL, logger="workflow.sweep"):
        run_clock(order.clocks.get(what="sign").warn_at)
    order.refresh_from_db()
    assert order.trace_count == before
    assert not order.clocks.get(what="sign").firings.exists()


def test_a_question_that_nobody_answers_lapses_and_the_centre_learns_of_it(paces):
    asked = paces.asked()
    sweep_until_quiet(asked.clocks.get().due)
    asked.refresh_from_db()
    assert asked.status == "lapsed"
    assert told(asked, "answer", Notice.Kind.LATE) == ["dispatcher"]


def test_the_gauge_shows_how_long_the_oldest_clock_waits(paces):
    assert oldest_unfired(paces.now) is None
    order = paces.dispatched()
    sign = order.clocks.get(what="sign")
    assert oldest_unfired(sign.warn_at + HOUR) == HOUR
    run_clock(sign.warn_at)
    assert oldest_unfired(sign.warn_at) is None
