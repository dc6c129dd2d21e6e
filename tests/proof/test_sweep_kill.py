"""Sweeps that die in the midst of ten thousand due clocks: each rung is taken once all the same."""

import os
import random
import signal
import subprocess
import sys
import time

from django.db.models import Count, Max, Min

from organization.models import Notice, Outbox
from tests.committed import db, deadlocks
from tests.govcenter.live import url
from tests.whistle.paces import DAY, Paces
from workflow.models import Rung
from workflow.sweep import clock_models, run_clock
from workflow.trace import verify_trace

__all__ = ["db"]

CLOCKS, WHISTLES, KILLS = 10_000, 125, 15
# Those who wait for a second rung have been warned and told; more of them show nothing new.
RUNGS = 2
SWEEP = """
import datetime, sys, django
django.setup()
from workflow.sweep import run_clock
now = datetime.datetime.fromisoformat(sys.argv[1])
while run_clock(now, limit=200):
    pass
"""


def fall_due(district, clocks, whistles):
    """So many clocks that are due: of orders, and of answers whose duty phones are called."""
    Rung.objects.filter(n__gt=RUNGS).delete()
    paces = Paces(district)
    for _whistle in range(whistles):
        paces.blown()
    for _order in range(clocks - running()):
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
        time.sleep(random.uniform(0.5, 4))
        i = random.randrange(2)
        if killed < times and fired() and sweeps[i].poll() is None:
            os.kill(sweeps[i].pid, signal.SIGKILL)
            sweeps[i].wait()
            sweeps[i] = sweep(now)
            killed += 1
    return killed


def test_each_rung_of_ten_thousand_clocks_fires_once_though_the_sweeps_are_killed(district, capsys):
    late = fall_due(district, CLOCKS, WHISTLES)
    began, clocks = time.monotonic(), running()
    killed = kill_in_the_midst(late, KILLS)
    took = time.monotonic() - began
    assert run_clock(late) == 0
    for model in clock_models():
        rungs = model.objects.filter(stopped=None).annotate(
            n=Count("firings"), first=Min("firings__rung"), last=Max("firings__rung")
        )
        assert not rungs.exclude(n=RUNGS, first=1, last=RUNGS).exists()
        for clock in rungs.select_related("paper").order_by("pk")[:50]:
            triggers = clock.paper.events.filter(trigger__startswith=f"clock:{clock.what}:")
            assert sorted(event.trigger[-1] for event in triggers) == ["1", "2"]
    keys = Outbox.objects.values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == WHISTLES * RUNGS
    assert list(verify_trace()) == []
    assert deadlocks() == 0
    with capsys.disabled():
        print(
            f"\n{clocks} due clocks, 2 sweeps, {killed} times kill -9: {fired()} rungs"
            f" in {took:.0f} s ({fired() / took:.0f} a second), none twice, none lost"
        )
    assert killed == KILLS
    assert fired() == clocks * RUNGS


def test_two_sweeps_in_two_processes_share_the_work(district, capsys):
    late = fall_due(district, clocks=2000, whistles=25)
    began = time.monotonic()
    sweeps = [sweep(late), sweep(late)]
    assert [each.wait() for each in sweeps] == [0, 0]
    assert run_clock(late) == 0
    assert fired() == running() * RUNGS
    with capsys.disabled():
        print(f"\n{fired()} rungs by 2 sweeps in {time.monotonic() - began:.0f} s")
