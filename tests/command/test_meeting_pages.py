"""Plan, joint meeting and their tasks on the page of a whistle."""

import re

import pytest
import time_machine
from django.urls import reverse

from tests.command.pages import at, browser_of, cost
from tests.whistle.faces import Office
from tests.whistle.paces import DAY, Paces

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def page_of(user, whistle):
    return browser_of(user).get(whistle.get_absolute_url())


def agreed(page):
    text = page.text
    return text[text.index('id="agreed"') : text.index('id="trace"')]


def test_the_lead_writes_a_plan_in_rows(paces):
    response = paces.arrived()
    liaison, url = browser_of(paces.p.liaison), reverse("take_response", args=[response.pk, "plan"])
    assert url in page_of(paces.p.liaison, response.whistle).text
    form = liaison.get(url).text
    rows = re.findall(r'<select name="stages-0-unit".*?</select>', form, re.DOTALL)
    assert (
        "区住建局" in rows[0]
        and "夫子庙" in rows[0]
        and paces.d.district_centre.title not in rows[0]
    )
    typed = {
        "plan": "先抢修后确权",
        "stages-TOTAL_FORMS": "2",
        "stages-INITIAL_FORMS": "0",
        "stages-0-unit": paces.d.housing.code,
        "stages-0-text": "查明管网权属",
        "stages-0-day": "2026-10-22",
    }
    assert liaison.post(url, typed).status_code == 302
    shown = agreed(page_of(paces.p.duty_leader, response.whistle))
    for words in ("Plan of 区水务局", "先抢修后确权", "查明管网权属", "until 10-22", "To do"):
        assert words in shown


def test_stages_stand_beside_what_was_reported_of_them(paces):
    response = paces.planned()
    mine = response.whistle.assignments.order_by("pk").first()
    paces.step(response, "progress", paces.p.liaison, result="已抢修", stage=mine)
    shown = page_of(paces.p.leader, response.whistle).context["agreed"]
    assert [row["done"] for row in shown["stages"]] == [True, False]
    assert (shown["done"], shown["late"]) == (1, 0)


def test_a_meeting_says_who_must_come_and_then_who_came(paces):
    whistle = paces.meeting_called()
    before = agreed(page_of(paces.p.liaison, whistle))
    for words in ("夫子庙街道三楼", "管网权属", "must come: 区水务局, 区住建局"):
        assert words in before
    paces.minuted(whistle=whistle)
    after = agreed(page_of(paces.p.liaison, whistle))
    assert "came: 区水务局" in after and "由水务局牵头查明权属" in after


def test_a_unit_answers_its_task_on_its_lane_s_page(paces):
    task = paces.assignment()
    url = reverse("take_assignment", args=[task.pk, "answer"])
    assert url in page_of(paces.p.housing, task.whistle).text
    assert url not in page_of(paces.p.liaison, task.whistle).text
    browser_of(paces.p.housing).post(url, {"result": "权属已查明"})
    shown = agreed(page_of(paces.p.leader, task.whistle))
    assert "权属已查明" in shown and "Done" in shown


def test_the_task_waits_on_the_liaison_s_board(paces):
    task = paces.assignment()
    housing = browser_of(paces.p.housing).get("/answers/")
    assert [card["ask"] for card in housing.context["assigned"]] == ["查明管网权属"]
    assert reverse("take_assignment", args=[task.pk, "answer"]) in housing.text
    assert browser_of(paces.p.liaison).get("/answers/").context["assigned"] == []


def test_what_is_overdue_says_so_on_the_lane(paces):
    task = paces.assignment()
    with time_machine.travel(NOW + 5 * DAY, tick=False):
        page = page_of(paces.p.leader, task.whistle)
    row = page.context["agreed"]["tasks"][0]
    assert row["late"] and "Overdue" in agreed(page)
    lane = page.text[page.text.index("gc-lanes__tasks") :]
    assert f"#assignment-{task.pk}" in lane[:300]


def test_a_whistle_without_agreements_has_no_such_box(paces):
    page = page_of(paces.p.leader, paces.blown())
    assert page.context["agreed"] is None and 'id="agreed"' not in page.text


def test_the_page_costs_the_same_for_one_task_and_many(paces):
    leader, one = browser_of(paces.p.leader), paces.minuted()
    d = paces.d
    many = paces.minuted(*[paces.row(unit) for unit in (d.water, d.housing, d.street, d.water)])
    few = cost(leader, one.get_absolute_url())
    assert cost(leader, many.get_absolute_url()) == few <= 20


def test_the_api_plans_calls_and_answers(paces):
    whistle = paces.blown()
    street, housing = Office(paces.p.duty_leader), Office(paces.p.housing)
    told = {"meet_at": "2026-10-20T09:00:00+08:00", "meet_place": "三楼", "agenda": "权属"}
    street.take(f"whistles/{whistle.number}/meet/", **told)
    row = {"unit": paces.d.housing.code, "text": "查明权属", "day": "2026-10-22"}
    minutes = {"present": [paces.d.water.code], "decisions": "由住建局查明", "assignments": [row]}
    street.take(f"whistles/{whistle.number}/minute/", **minutes)
    listed = housing.get("assignments/", whistle=whistle.number).json()["results"]
    assert [(one["text"], one["status"]) for one in listed] == [("查明权属", "given")]
    done = housing.take(f"assignments/{listed[0]['id']}/answer/", result="已查明")
    assert (done["status"], done["result"]) == ("answered", "已查明")
