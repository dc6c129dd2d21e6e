"""A hundred thousand open clocks: the one that is overdue is not lost among them."""

import time

import pytest
from django.db import connection

from tests.many import multiply
from tests.whistle.paces import DAY, Paces
from workflow.sweep import clock_models, oldest_unfired, run_clock

MANY = 100_000
SECONDS = 1


@pytest.fixture
def crowd(district):
    """One order that nobody takes up, then a hundred thousand that run for days."""
    paces = Paces(district)
    old = paces.reported()
    paces.now += DAY
    multiply(paces.taken(), MANY)
    return paces, old.clocks.get()


def open_clocks():
    return sum(model.objects.filter(next_at__isnull=False).count() for model in clock_models())


def timed(act):
    began = time.perf_counter()
    found = act()
    return found, time.perf_counter() - began


@pytest.mark.django_db
def test_the_one_overdue_clock_fires_in_the_next_sweep(crowd, capsys):
    paces, clock = crowd
    late = oldest_unfired(paces.now)
    fired, seconds = timed(lambda: run_clock(paces.now))
    rungs = 1
    while run_clock(paces.now):
        rungs += 1
    quiet, idle = timed(lambda: run_clock(paces.now))
    with capsys.disabled():
        print(
            f"\n{open_clocks()} open clocks, one late by {late}: fired by the next sweep,"
            f" which took {1000 * seconds:.0f} ms; one with nothing to fire {1000 * idle:.0f} ms"
        )
    clock.refresh_from_db()
    assert (fired, quiet) == (1, 0)
    assert clock.rung == rungs == 4
    assert seconds < SECONDS


@pytest.mark.django_db
def test_the_oldest_is_first_when_all_are_due(crowd, capsys):
    paces, clock = crowd
    later = paces.now + 30 * DAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM whistle_workorderclock WHERE next_at < %s", [later])
        [waiting] = cursor.fetchone()
    fired, seconds = timed(lambda: run_clock(later, limit=1))
    with capsys.disabled():
        print(f"\n{waiting} due clocks: the oldest was fired first, after {1000 * seconds:.0f} ms")
    clock.refresh_from_db()
    assert (fired, clock.rung) == (1, 1)
    assert waiting > MANY
