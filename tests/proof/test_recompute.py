"""A hundred thousand open clocks under an edited calendar: moved within two minutes."""

import time

import pytest

from tests.many import multiply
from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from workflow import recompute
from workflow.models import PolicyChange

MANY = 100_000
SECONDS = 120


@pytest.mark.django_db
def test_a_hundred_thousand_open_clocks_move_within_two_minutes(district):
    paces = Paces(district)
    order = paces.taken()
    multiply(order, MANY)
    change = recompute.ask(
        "calendar",
        {"days": {"2026-10-20": ["holiday", "台风停工"]}},
        actor=paces.p.district,
        reason="台风",
        now=paces.now,
    )
    seconds = {}
    for step in ("reckoned", "made"):
        began = time.monotonic()
        assert recompute.work_off(paces.now) == 1
        seconds[step] = time.monotonic() - began
        change.refresh_from_db()
        if step == "reckoned":
            recompute.order(change, actor=paces.p.district, now=paces.now)
    print({name: f"{took:.1f} s" for name, took in seconds.items()}, change.total, change.moved)
    assert change.state == PolicyChange.State.DONE
    assert change.total == change.moved == MANY + 1
    due = order.clocks.get(what="handle").due
    assert WorkOrder.objects.filter(due_at=due).count() == MANY + 1
    assert max(seconds.values()) < SECONDS
