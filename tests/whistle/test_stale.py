"""What was decided on an older state is refused, with what happened meanwhile, and not lost."""

import pytest
from django.test import Client
from django.utils import translation

from tests.command.pages import BACKEND
from tests.whistle.faces import Office, picture
from tests.whistle.paces import Paces
from workflow.actions import transition
from workflow.buttons import step_url
from workflow.errors import MovedOn

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def browser(user):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, BACKEND)
    return client


def call_back(paces, order, who="duty_leader", **given):
    given = {"contacted": "yes", "solved": True, "satisfaction": 5, **given}
    paces.step(order, "callback", getattr(paces.p, who), **given)


def test_everything_since_is_told_with_who_and_what_was_given(paces):
    order = paces.registered()
    seen = order.trace_count
    paces.step(order, "dispatch", paces.p.duty_leader, unit=paces.d.office, note="请速办")
    paces.step(order, "recall", paces.p.duty_leader, note="派错了")
    given = {"unit": paces.d.grid.code, "note": "就近处理", "seen": seen}
    page = browser(paces.p.dispatcher).post(step_url(order, "dispatch"), given)
    assert page.status_code == 409
    stale = page.context["stale"]
    assert [(row["name"], row["actor"], row["note"]) for row in stale["since"]] == [
        ("派遣", "duty_leader", "请速办"),
        ("改派", "duty_leader", "派错了"),
    ]
    assert {row["label"]: (row["theirs"], row["mine"]) for row in stale["fields"]} == {
        "单位": ("夫子庙城管部", "综合网格01"),
        "说明": ("请速办", "就近处理"),
    }
    order.refresh_from_db()
    assert order.status == "registered" and order.holder is None


def test_going_on_all_the_same_takes_the_step_with_what_was_typed(paces):
    order = paces.registered()
    seen = order.trace_count
    paces.step(order, "dispatch", paces.p.duty_leader, unit=paces.d.office)
    paces.step(order, "recall", paces.p.duty_leader, note="派错了")
    client = browser(paces.p.dispatcher)
    given = {"unit": paces.d.grid.code, "note": "就近处理", "seen": seen}
    stale = client.post(step_url(order, "dispatch"), given).context["stale"]
    hidden = {it["name"]: it["value"] for it in stale["hidden"]}
    assert client.post(step_url(order, "dispatch"), hidden).status_code == 302
    order.refresh_from_db()
    assert order.holder == paces.d.grid and order.events.last().note == "就近处理"


def test_the_same_step_taken_by_somebody_else_is_told_though_no_status_changed(paces):
    order = paces.verified()
    seen = order.trace_count
    call_back(paces, order)
    given = {"contacted": "yes", "solved": "no", "satisfaction": "1", "seen": seen}
    page = browser(paces.p.dispatcher).post(step_url(order, "callback"), given)
    assert page.status_code == 409 and page.context["stale"]["can_go_on"]
    assert order.events.filter(verb="callback").count() == 1


def test_a_reminder_and_another_step_that_moves_nothing_do_not_stop_anybody(paces):
    order = paces.accepted()
    seen = order.trace_count
    paces.step(order, "urge", paces.p.dispatcher)
    given = {"result": "换新井盖", "talked_to": "陈先生", "settled_on": "当日", "seen": seen}
    done = browser(paces.p.office).post(
        step_url(order, "handle"), given | {"photos_after": picture()}
    )
    assert done.status_code == 302


def test_where_it_cannot_go_on_what_was_typed_is_still_there_to_read(paces):
    order = paces.reported()
    seen = order.trace_count
    paces.step(order, "refuse", paces.p.district, ground="legal", note="走信访")
    given = {"ground": "no_power", "note": "不属本街道", "seen": seen}
    page = browser(paces.p.dispatcher).post(step_url(order, "refuse"), given, headers=HTMX)
    assert page.status_code == 409 and not page.context["stale"]["can_go_on"]
    text = page.content.decode()
    assert "不属本街道" in text and "走信访" in text and "data-stale" in text


def test_the_mark_is_looked_at_under_the_lock(paces):
    """Who was quicker by a moment, after the page had looked, is found by the engine itself."""
    order = paces.verified()
    seen = order.trace_count
    mine = type(order).objects.get(pk=order.pk)
    call_back(paces, order)
    with pytest.raises(MovedOn):
        transition(
            mine, "callback", actor=paces.p.dispatcher, seen=seen, contacted="no", remark="无人接"
        )


def test_the_api_lists_what_happened_and_goes_on_under_the_new_mark(paces):
    order = paces.registered()
    office, url = Office(paces.p.dispatcher), f"work-orders/{order.number}/dispatch/"
    seen = office.get(f"work-orders/{order.number}/").json()["trace_count"]
    paces.step(order, "dispatch", paces.p.duty_leader, unit=paces.d.office)
    paces.step(order, "recall", paces.p.duty_leader, note="派错了")
    body = {"unit": paces.d.grid.code, "seen": seen}
    refused = office.post(url, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "moved_on")
    since = refused.json()["since"]
    assert [(row["verb"], row["actor"]) for row in since] == [
        ("dispatch", "duty_leader"),
        ("recall", "duty_leader"),
    ]
    assert since[0]["given"]["unit"]["name"] == "夫子庙城管部"
    assert office.take(url, **body | {"seen": since[-1]["n"]})["status"] == "dispatched"
