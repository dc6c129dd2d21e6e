"""Supervision orders by API: issued for several units, walked, narrowed, refused."""

import pytest
import time_machine

from tests.command.pages import at
from tests.whistle.faces import Office
from tests.whistle.paces import Paces


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 15), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def body(order, *units, **more):
    return {
        "order": order.number,
        "kind": "supervision",
        "units": [unit.code for unit in units],
        "ground": "overdue",
        "requirement": "三日内办结并报告",
        "amount": 3,
        "time_unit": "work_day",
        **more,
    }


def test_two_departments_are_held_and_one_is_signed_off(paces):
    order, centre = paces.blown().order, Office(paces.p.dispatcher)
    answer = centre.post("supervisions/", body(order, paces.d.water, paces.d.housing))
    assert answer.status_code == 201, answer.json()
    water, housing = answer.json()
    assert {water["unit"]["code"], housing["unit"]["code"]} == {
        paces.d.water.code,
        paces.d.housing.code,
    }
    url = f"supervisions/{water['number']}/"
    liaison = Office(paces.p.liaison)
    liaison.take(f"{url}sign/")
    liaison.take(f"{url}report/", result="已订购")
    assert liaison.take(f"{url}answer/", result="已修复")["status"] == "answered"
    assert liaison.post(f"{url}sign_off/").status_code == 403
    shown = centre.take(f"{url}card/", colour="yellow", note="逾期")
    assert [card["colour"] for card in shown["cards"]] == ["yellow"]
    assert centre.take(f"{url}sign_off/")["status"] == "signed_off"
    verbs = [event["verb"] for event in centre.get(f"{url}events/").json()["results"]]
    assert verbs == ["issue", "sign", "report", "answer", "card", "sign_off"]


def test_a_leader_instructs_and_no_other(paces):
    order = paces.accepted()
    told = body(order, paces.d.office, kind="instruction")
    del told["ground"]
    assert Office(paces.p.dispatcher).post("supervisions/", told).status_code == 403
    made = Office(paces.p.street_head).post("supervisions/", told)
    assert made.status_code == 201 and made.json()[0]["kind"] == "instruction"


def test_what_is_missing_or_surplus_is_named(paces):
    order, centre = paces.accepted(), Office(paces.p.dispatcher)
    asked = body(order, paces.d.office)
    for name in ("units", "ground", "requirement", "amount"):
        partial = {key: value for key, value in asked.items() if key != name}
        assert name in centre.post("supervisions/", partial).json()["fields"]
    assert "x" in centre.post("supervisions/", {**asked, "x": 1}).json()["fields"]
    elsewhere = centre.post("supervisions/", body(order, paces.d.water))
    assert "units" in elsewhere.json()["fields"]


def test_strangers_can_neither_issue_nor_see(paces):
    order, stranger = paces.accepted(), Office(paces.p.stranger)
    assert stranger.post("supervisions/", body(order, paces.d.office)).status_code == 400
    paper = paces.held(order, paces.d.office)
    assert stranger.get(f"supervisions/{paper.number}/").status_code == 404
    assert stranger.get("supervisions/").json()["results"] == []


def test_the_list_is_narrowed_like_the_page(paces):
    paper = paces.supervised()
    paces.held(paper.order, paces.d.office, "instruction")
    centre = Office(paces.p.dispatcher)
    rows = centre.get("supervisions/", kind="supervision", order=paper.order.number).json()
    assert [row["number"] for row in rows["results"]] == [paper.number]
