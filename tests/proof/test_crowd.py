"""People acting on six hundred papers while sweeps fire all their clocks."""

import random
import time

from tests.committed import db, deadlocks
from tests.races.crowd import Crowd
from tests.whistle.paces import Paces
from tests.whistle.search import faults_of
from workflow.trace import verify_trace

__all__ = ["db"]


def test_no_deadlock_in_a_crowd(district, monkeypatch, capsys):
    crowd = Crowd(Paces(district), papers=300, monkeypatch=monkeypatch)
    papers, seed, began = crowd.papers(), random.randrange(10**6), time.monotonic()
    failures = crowd.act(people=12, sweeps=3, acts=150, seed=seed)
    with capsys.disabled():
        print(
            f"\n{papers} papers, 12 people, 3 sweeps, seed {seed}: {crowd.acted} acts and"
            f" {crowd.fired()} rungs in {time.monotonic() - began:.0f} s"
        )
    assert failures == []
    assert deadlocks() == 0
    assert list(verify_trace()) == []
    assert [fault for pk in crowd.orders for fault in faults_of(pk)] == []
    assert papers >= 600
