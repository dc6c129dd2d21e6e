"""The whole life of an order, on a page and as a sealed file that anybody can check."""

import copy
import json

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from tests.command.pages import at, browser_of, cost
from tests.documented import trace_rule
from tests.whistle.paces import DAY, Paces
from whistle.erasing import erase
from whistle.models import TraceExport, WorkOrder
from workflow import anchors, life, trace
from workflow.models import StormOrder

NOW = at(19, 18)


@pytest.fixture(autouse=True)
def in_the_evening():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def rule():
    """The rule as documented, run as it stands there."""
    return trace_rule()


def url_of(order, rest="/"):
    return f"/work-orders/{order.number}/life{rest}"


def export(user, order, kind="json"):
    answer = browser_of(user).post(url_of(order, f".{kind}"))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def record_of(user, order):
    return json.loads(export(user, order))


def flows(record):
    return [paper["flow"] for paper in record["papers"]]


def test_the_file_holds_every_paper_and_can_be_checked_without_the_platform(paces, rule):
    order = paces.concluded().order
    anchors.anchor_all(trace.paper_models(), NOW.date(), NOW)
    record = record_of(paces.p.leader, order)
    assert flows(record) == ["workorder", "whistle", "response", "response"]
    assert record["papers"][1]["letter_number"] and record["papers"][2]["reply_number"]
    assert [paper["score"] and paper["score"]["total"] for paper in record["papers"]][2:] == [
        95
    ] * 2
    assert {anchor["flow"] for anchor in record["anchors"]} >= {"workorder", "response"}
    assert all(paper["clocks"] for paper in record["papers"])
    assert rule(record) == []


def test_the_page_shows_the_same(paces):
    order = paces.concluded().order
    page = browser_of(paces.p.leader).get(url_of(order)).text
    record = life.record_of(order, paces.p.leader, NOW)
    for paper in record["papers"]:
        assert paper["head"][:16] in page
    photo = order.attachments.get().sha256
    assert photo in page and "Conclude" in page and "total 95" in page


def test_pauses_are_told(paces):
    order = paces.suspended()
    assert len(record_of(paces.p.leader, order)["pauses"]) == 1
    assert "Suspended from 2026-10-19" in browser_of(paces.p.leader).get(url_of(order)).text


def test_the_times_held_by_a_storm_are_told(paces):
    storm = {"area": paces.d.district, "effect": "hold", "actor": paces.p.leader, "reason": "台风"}
    StormOrder.objects.create(starts=NOW - DAY, ends=NOW, **storm)
    order = paces.accepted()
    assert len(record_of(paces.p.leader, order)["storms"]) == 1
    assert "Limits held by a storm order" in browser_of(paces.p.leader).get(url_of(order)).text


SPOILT = [
    (lambda r: r["papers"][0]["events"][1].update(verb="void"), "its content was changed"),
    (lambda r: r["papers"][0]["events"][0]["data"]["photos"].clear(), "its content was changed"),
    (lambda r: r["papers"][0]["events"][0]["photos"].clear(), "its photos were changed"),
    (
        lambda r: r["papers"][0]["events"][4]["words"].update(result="没修"),
        "its words were changed",
    ),
    (lambda r: r["papers"][0]["events"].pop(2), "does not follow"),
    (lambda r: r["papers"][0]["events"].pop(), "its end was cut"),
    (lambda r: r["anchors"][0].update(events=1), "was changed"),
    (lambda r: r.update(made_by="x"), "the seal does not fit"),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILT)
def test_a_file_that_was_changed_is_found_out(paces, rule, spoil, fault):
    order = paces.closed()
    anchors.anchor_all(trace.paper_models(), NOW.date(), NOW)
    record = life.record_of(order, paces.p.leader, NOW)
    record = copy.deepcopy(json.loads(json.dumps(record, default=str)))
    spoil(record)
    found = rule(record)
    assert "the seal does not fit" in found and any(fault in line for line in found)


def test_the_pdf_carries_the_seal_that_was_kept(paces):
    order = paces.concluded().order
    assert export(paces.p.leader, order, "pdf").startswith(b"%PDF-")
    assert TraceExport.objects.get().kind == "pdf"


def test_who_took_it_when_and_which_is_kept_and_shown(paces):
    order = paces.closed()
    record = record_of(paces.p.leader, order)
    kept = TraceExport.objects.get()
    assert (kept.order, kept.by, kept.at, kept.seal) == (
        order,
        paces.p.leader,
        NOW,
        record["seal"],
    )
    assert record["seal"] in browser_of(paces.p.dispatcher).get(url_of(order)).text


@pytest.mark.parametrize("sql", ["UPDATE {} SET seal = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_forget_it(paces, sql):
    export(paces.p.leader, paces.closed())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.format("whistle_traceexport"))


def test_looking_at_the_page_takes_nothing_away(paces):
    order = paces.closed()
    client = browser_of(paces.p.leader)
    client.get(url_of(order))
    assert client.get(url_of(order, ".json")).status_code == 405
    assert not TraceExport.objects.exists()


def test_strangers_get_nothing(paces):
    order = paces.closed()
    stranger = browser_of(paces.p.stranger)
    assert stranger.get(url_of(order)).status_code == 404
    for kind in ("json", "pdf"):
        assert stranger.post(url_of(order, f".{kind}")).status_code == 404
    assert not TraceExport.objects.exists()


def test_a_paper_that_the_reader_may_not_see_is_not_in_his_file(paces, monkeypatch):
    order = paces.answered().order
    assert "verification" in flows(life.record_of(order, paces.p.leader, NOW))
    monkeypatch.setattr(
        "whistle.models.verifications.VerificationQuerySet.visible_to", lambda q, user: q.none()
    )
    assert flows(life.record_of(order, paces.p.leader, NOW)) == ["workorder"]


def test_nothing_private_is_in_it(paces):
    """Neither phones, nor who reported, nor the code of arrival: the log never held them."""
    response = paces.arrived()
    order = response.whistle.order
    WorkOrder.objects.filter(pk=order.pk).update(reporter_name="张建国")
    text = export(paces.p.leader, order).decode()
    for secret in ("13900000000", "张建国", response.whistle.arrival_code):
        assert secret not in text


def test_erased_words_are_not_in_it_and_the_chain_holds(paces, rule):
    order = paces.closed()
    erase(order)
    record = record_of(paces.p.leader, order)
    assert "换新井盖" not in str(record) and rule(record) == []
    assert "erased by law" in browser_of(paces.p.leader).get(url_of(order)).text


def test_every_flow_under_an_order_comes_by_itself():
    roots = {model.root_model() for model in trace.paper_models()}
    assert roots == {WorkOrder}


def test_the_page_costs_the_same_for_few_and_many_papers(paces):
    leader = browser_of(paces.p.leader)
    few = cost(leader, url_of(paces.called().whistle.order))
    lines_and_schemes_of_scores = 2
    assert cost(leader, url_of(paces.concluded().order)) <= few + lines_and_schemes_of_scores


def test_the_order_leads_to_it(paces):
    order = paces.closed()
    assert url_of(order) in browser_of(paces.p.leader).get(order.get_absolute_url()).text
