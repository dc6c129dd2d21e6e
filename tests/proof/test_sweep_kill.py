"""Sweeps that die in the midst of two thousand due clocks: each rung is taken once all the same."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db.models import Count, Max, Min

from organization.models import Notice, Outbox
from tests.committed import db, deadlocks
from tests.govcenter.live import url
from tests.whistle.paces import DAY, Paces
from workflow.sweep import clock_models, run_clock
from workflow.trace import verify_trace

__all__ = ["db"]

CLOCKS = 2000
SWEEP = """
import datetime, sys, django
django.setup()
from workflow.sweep import run_clock
now = datetime.datetime.fromisoformat(sys.argv[1])
while run_clock(now, limit=200):
    pass
"""


@pytest.fixture
def late(district):
    """Two thousand clocks that are due: of orders, and of answers whose duty phones are called."""
    paces = Paces(district)
    for _whistle in range(25):
        paces.blown()
    while running() < CLOCKS:
        paces.reported()
    Notice.objects.all().delete()
    Outbox.objects.all().delete()
    return paces.now + 60 * DAY


def running():
    return sum(model.objects.filter(stopped=None).count() for model in clock_models())


def fired():
    return sum(model.firings.rel.related_model.objects.count() for model in clock_models())


def sweep(now):
    command = [sys.executable, "-c", SWEEP, now.isoformat()]
    there = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url()}
    return subprocess.Popen(command, env=os.environ | there)


def kill_in_the_midst(now, times):
    """Two sweeps at once; each is killed (−9) after some firings, and started again."""
    sweeps = [sweep(now), sweep(now)]
    killed = 0
    while any(each.poll() is None for each in sweeps):
        time.sleep(random.uniform(0.5, 1.5))
        i = killed % 2
        if killed < times and fired() and sweeps[i].poll() is None:
            os.kill(sweeps[i].pid, signal.SIGKILL)
            sweeps[i].wait()
            sweeps[i] = sweep(now)
            killed += 1
    return killed


def test_each_rung_of_two_thousand_clocks_fires_once_though_the_sweeps_are_killed(late, capsys):
    began, clocks = time.monotonic(), running()
    killed = kill_in_the_midst(late, times=12)
    took = time.monotonic() - began
    assert run_clock(late) == 0
    for model in clock_models():
        rungs = model.objects.filter(stopped=None).annotate(
            n=Count("firings"), first=Min("firings__rung"), last=Max("firings__rung")
        )
        assert not rungs.exclude(n=4, first=1, last=4).exists()
        for clock in rungs.select_related("paper").order_by("pk")[:50]:
            triggers = clock.paper.events.filter(trigger__startswith=f"clock:{clock.what}:")
            assert sorted(event.trigger[-1] for event in triggers) == ["1", "2", "3", "4"]
    keys = Outbox.objects.values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == 25 * 4
    assert list(verify_trace()) == []
    assert deadlocks() == 0
    with capsys.disabled():
        print(
            f"\n{clocks} due clocks, 2 sweeps, {killed} times kill -9:"
            f" {fired()} rungs in {took:.0f} s, none twice, none lost"
        )
    assert killed >= 6
    assert fired() == clocks * 4


def test_two_sweeps_in_two_processes_share_the_work(late, capsys):
    began = time.monotonic()
    sweeps = [sweep(late), sweep(late)]
    assert [each.wait() for each in sweeps] == [0, 0]
    assert run_clock(late) == 0
    assert fired() == running() * 4
    with capsys.disabled():
        print(f"\n{fired()} rungs by 2 sweeps in {time.monotonic() - began:.0f} s")
