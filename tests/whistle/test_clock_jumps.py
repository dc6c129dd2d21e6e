"""The machine's time jumps two hours ahead and back: no step is taken twice, and none is lost."""

import datetime
import random

import pytest

from tests.whistle.paces import DAY, MINUTE, Paces
from whistle.models import WorkOrder
from workflow.sweep import clock_models, run_clock
from workflow.trace import verify_trace

JUMP = datetime.timedelta(hours=2)


@pytest.fixture
def paces(district):
    return Paces(district)


def sweep(now):
    """As the beat does, until nothing more is due; how many rungs were climbed."""
    total = 0
    while fired := run_clock(now):
        total += fired
    return total


def climbed():
    """(clock, rung, version) of every rung that was taken."""
    firings = [model.firings.rel.related_model.objects for model in clock_models()]
    names = ("clock__what", "clock", "rung", "version")
    return sorted(row for each in firings for row in each.values_list(*names))


def test_what_a_jump_ahead_fired_is_not_fired_again_when_the_time_is_set_right(paces):
    paces.blown()
    paces.reported()
    assert sweep(paces.now + JUMP) > 0
    taken = climbed()
    for back in (paces.now, paces.now - JUMP, paces.now + JUMP):
        assert sweep(back) == 0
    assert climbed() == taken


def test_whatever_way_the_time_jumps_each_rung_is_climbed_once(paces):
    """Three days in steps of an hour, at random two hours off, and all that is left at the end."""
    paces.blown()
    paces.reported()
    rng = random.Random(1)
    for hour in range(3 * 24):
        off = rng.choice([-JUMP, JUMP, datetime.timedelta()])
        run_clock(paces.now + hour * 60 * MINUTE + off)
    end = paces.now + 60 * DAY
    sweep(end)
    taken = climbed()
    assert len(taken) == len(set(taken))
    for model in clock_models():
        for clock in model.objects.filter(stopped=None):
            rungs = [rung for _what, pk, rung, _v in taken if (_what, pk) == (clock.what, clock.pk)]
            assert rungs == [1, 2, 3, 4]
    assert list(verify_trace()) == []


def test_an_order_suspended_while_the_time_was_ahead_can_be_resumed(paces):
    """It seems to come back before it was suspended: nothing was held, and nothing breaks."""
    order = paces.accepted()
    before = order.clocks.get(what="handle").due
    paces.now += JUMP
    paces.suspend(order)
    paces.now -= JUMP
    order = WorkOrder.objects.get(pk=order.pk)
    paces.step(order, "resume", paces.p.dispatcher)
    handle = order.clocks.get(what="handle")
    assert (handle.due, handle.paused_at) == (before, None)
    assert order.status == "accepted"
    paces.now += DAY
    paces.step(order, "recall", paces.p.dispatcher, note="改派")
    assert list(verify_trace()) == []
