"""The ledger of a clock: its life in intervals, from which the deadline can be replayed."""

import datetime

import pytest
import time_machine

from tests.command.pages import at
from tests.whistle.asking import fresh, grant, sweep_until_quiet
from tests.whistle.paces import DAY, Paces
from whistle.models import Response, Whistle, WorkOrder
from workflow.ledger import RUN, STORM, SUSPENDED, ledgers
from workflow.models import StormOrder

MONDAY = at(19, 9)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def paces(district):
    return Paces(district)


def ledger_of(paper, what, now):
    found = ledgers(paper.root, paper, paper.clocks.select_related("keeper"), now)
    return next(each for each in found if each.clock.what == what)


def told(ledger):
    return [(each.kind, each.by) for each in ledger.intervals()]


def whole(ledger):
    """The intervals follow each other without a gap from start to end, and never use less."""
    rows = ledger.intervals()
    joints = [row.until for row in rows]
    return [ledger.clock.started, *joints] == [row.since for row in rows] + [ledger.end] and [
        row.used for row in rows
    ] == sorted(row.used for row in rows)


def test_a_clock_that_ran_and_was_stopped_is_one_interval(paces):
    order = paces.accepted()
    ledger = ledger_of(order, "sign", MONDAY)
    assert told(ledger) == [(RUN, "dispatch")]
    assert ledger.intervals()[0].until == ledger.clock.stopped


def test_hands_extension_suspension_and_deadline_each_begin_an_interval(paces, on_monday):
    order = paces.accepted()
    grant(paces, paces.ask(order, "extension"))
    on_monday.move_to(MONDAY + DAY)
    paces.suspend(fresh(order), days=10)
    on_monday.move_to(MONDAY + 12 * DAY)
    sweep_until_quiet(MONDAY + 12 * DAY)
    on_monday.move_to(MONDAY + 200 * DAY)
    ledger = ledger_of(fresh(order), "handle", MONDAY + 200 * DAY)
    assert whole(ledger)
    assert [kind for kind, _by in told(ledger)].count(SUSPENDED) == 1
    assert [by for _kind, by in told(ledger)][-1] == "due"
    assert ledger.granted > 0


def test_what_is_suspended_uses_nothing(paces, on_monday):
    order = paces.suspended()
    on_monday.move_to(MONDAY + 3 * DAY)
    rows = ledger_of(order, "handle", MONDAY + 3 * DAY).intervals()
    assert (rows[-1].kind, rows[-1].used) == (SUSPENDED, rows[-2].used)


def test_a_storm_begins_and_ends_an_interval(paces, on_monday):
    storm = {"area": paces.d.district, "effect": "hold", "actor": paces.p.leader, "reason": "台风"}
    hours = datetime.timedelta(hours=1)
    StormOrder.objects.create(starts=MONDAY + hours, ends=MONDAY + 2 * hours, **storm)
    order = paces.accepted()
    now = MONDAY + 4 * hours
    ledger = ledger_of(order, "handle", now)
    assert whole(ledger)
    assert told(ledger)[-2:] == [(STORM, "storm"), (RUN, "run")]


LIVES = ["closed", "suspended", "extension", "granted_request", "concluded", "raised", "released"]


@pytest.mark.parametrize("life", LIVES)
def test_every_deadline_is_replayed_from_the_log(paces, life):
    getattr(paces, life)()
    seen = 0
    for model in (WorkOrder, Whistle, Response):
        for paper in model.objects.all():
            for ledger in ledgers(paper.root, paper, paper.clocks.all(), MONDAY + DAY):
                outer = ledger.clock.due if ledger.clock.cut else None
                assert ledger.replay(outer) == ledger.clock.due, ledger.clock
                assert whole(ledger)
                seen += 1
    assert seen
