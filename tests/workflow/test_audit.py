"""The nightly look at all logs: begun once, worked off in lots, its result kept and shown."""

import datetime
import json

import pytest
import time_machine

from govcenter import health
from tests.command.pages import at
from tests.whistle.paces import Paces
from tests.workflow.test_trace import run
from workflow import audit, trace
from workflow.models import Anchor, Audit

NIGHT = at(20, 1, 5)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def paces(district):
    return Paces(district)


def look(now=NIGHT):
    return audit.work_off(now=now)


def test_a_night_anchors_the_day_before_and_looks_at_every_paper(paces):
    paces.concluded()
    total = sum(model._base_manager.count() for model in trace.paper_models())
    assert look() == total
    found = Audit.latest_result()
    assert (found.papers, found.faults, found.examples) == (total, 0, [])
    assert {a.day for a in Anchor.objects.all()} == {datetime.date(2026, 10, 19)}


def test_one_night_looks_once(paces):
    paces.reported()
    assert look() == 1 and look() == 0
    assert look(at(20, 23)) == 0 and look(at(21, 0, 30)) == 0
    assert look(at(21, 1)) == 1
    assert Audit.objects.count() == 2


def test_what_it_finds_is_kept(paces):
    order = paces.reported()
    run("UPDATE whistle_workorder SET status = 'void' WHERE id = %s", order.pk)
    look()
    found = Audit.latest_result()
    assert found.faults == 1 and "no step led to its status" in found.examples[0]


def test_it_goes_on_where_it_was_cut_off(paces, monkeypatch):
    monkeypatch.setattr(audit, "LOT", 2)
    for _n in range(5):
        paces.reported()
    read = [audit.step(NIGHT).papers for _n in range(3)]
    assert read == [2, 2, 1]
    assert Audit.latest_result() is None
    look()
    assert Audit.latest_result().papers == 5


def test_as_many_papers_as_a_lot_holds_are_looked_at_once(paces, monkeypatch):
    monkeypatch.setattr(audit, "LOT", 2)
    for _n in range(2):
        paces.reported()
    look()
    assert Audit.latest_result().papers == 2


def test_anchors_are_looked_at_in_lots_too(paces, monkeypatch):
    monkeypatch.setattr(audit, "ANCHORS", 1)
    for day in (20, 21, 22):
        paces.reported()
        look(at(day, 1))
    with_faults = Anchor.objects.filter(flow="workorder").first()
    run("SET LOCAL session_replication_role = replica")
    run("UPDATE workflow_anchor SET events = 9 WHERE id = %s", with_faults.pk)
    look(at(23, 1))
    assert "its content was changed" in Audit.latest_result().examples[0]


def test_time_that_is_up_leaves_the_rest_for_the_next_minute(paces, monkeypatch):
    monkeypatch.setattr(audit, "LOT", 1)
    for _n in range(3):
        paces.reported()
    assert audit.work_off(seconds=0, now=NIGHT) == 1
    assert Audit.objects.get().after > 0


def test_the_health_page_tells_the_result_its_age_and_the_anchor(paces, client, monkeypatch):
    monkeypatch.setattr(health, "redis_answers", lambda: True)
    assert json.loads(client.get("/healthz", headers=ENGLISH).content)["trace_faults"] is None
    order = paces.reported()
    with time_machine.travel(NIGHT, tick=False):
        look()
    with time_machine.travel(NIGHT + datetime.timedelta(hours=1), tick=False):
        body = json.loads(client.get("/healthz", headers=ENGLISH).content)
    assert (body["trace_faults"], body["trace_age"]) == (0, 3600)
    assert body["trace_anchor"].startswith("2026-10-19 ")
    run("UPDATE whistle_workorder SET status = 'void' WHERE id = %s", order.pk)
    look(at(21, 1))
    body = json.loads(client.get("/healthz", headers=ENGLISH).content)
    assert body["trace_faults"] == 1 and not body["well"]


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        ({"trace_faults": None, "trace_age": None}, True),
        ({"trace_faults": 0, "trace_age": 80_000}, True),
        ({"trace_faults": 1, "trace_age": 80_000}, False),
        ({"trace_faults": 0, "trace_age": 200_000}, False),
        ({"trace_faults": 0, "trace_age": 80_000, "log_guarded": False}, False),
    ],
)
def test_a_fault_or_a_late_look_is_not_well(answer, whole):
    assert health.is_whole(answer) is whole
