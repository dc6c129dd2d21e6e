"""Storm mode as an administrator gives and ends it: seen first, then made, then marked."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from tests.command.pages import browser_of, cost
from tests.whistle.paces import Paces
from workflow import recompute
from workflow.models import PolicyChange, StormOrder

NOW = datetime.datetime(2026, 10, 19, 9, 30, tzinfo=timezone.get_fixed_timezone(480))


@pytest.fixture
def paces(district):
    with time_machine.travel(NOW, tick=False):
        yield Paces(district)


@pytest.fixture
def admin(paces):
    return browser_of(paces.p.admin)


def given(paces, **fields):
    return {
        "area": paces.d.street.code,
        "case": "",
        "effect": "hold",
        "percent": "",
        "starts": "",
        "ends": "2026-10-21T09:00",
        "reason": "台风红色预警",
        **fields,
    }


def make(browser, url, body):
    """Through the pages: ask, let the worker reckon, order with the password, let it be made."""
    change = browser.post(url, body).url
    recompute.work_off(NOW)
    assert browser.get(change).status_code == 200
    asked = PolicyChange.objects.latest("pk")
    recompute.order(asked, actor=asked.actor)
    recompute.work_off(NOW)
    asked.refresh_from_db()
    return asked


def test_a_storm_is_seen_before_it_is_made_and_then_marked(paces, admin):
    response = paces.called()
    page = admin.post("/administration/storms/new/", given(paces), follow=True)
    assert not StormOrder.objects.exists()
    assert "limits held" in page.text
    change = make(admin, "/administration/storms/new/", given(paces))
    assert change.state == PolicyChange.State.DONE and change.moved
    storm = StormOrder.objects.get()
    assert "台风红色预警" in admin.get("/administration/storms/").text
    whistle = browser_of(paces.p.liaison).get(response.whistle.get_absolute_url()).text
    assert "Storm order: limits held until 10-21 09:00" in whistle
    assert response.clocks.filter(storm=storm).exists()


def test_a_storm_is_ended_before_its_time(paces, admin):
    response = paces.called()
    before = response.clocks.get(what="contact").due
    make(admin, "/administration/storms/new/", given(paces))
    storm = StormOrder.objects.get()
    url = f"/administration/storms/{storm.pk}/end/"
    assert "limits held" in admin.get(url).text
    make(admin, url, {"reason": "预警解除"})
    storm.refresh_from_db()
    assert storm.ended_at == NOW
    assert response.clocks.get(what="contact").due == before
    answer = admin.post(url, {"reason": "再来一次"})
    assert answer.status_code == 400 and "over already" in answer.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ends", "2026-10-18T09:00", "in the future"),
        ("ends", "2027-10-18T09:00", "at most 60 days"),
        ("starts", "2026-10-01T09:00", "At most a day back"),
        ("effect", "stretch", "Say by how much"),
        ("reason", "", "required"),
        ("area", "999", "valid choice"),
        ("case", "event-99", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_asked(paces, admin, field, value, words):
    answer = admin.post("/administration/storms/new/", given(paces, **{field: value}))
    assert answer.status_code == 400
    assert words in answer.text
    assert not PolicyChange.objects.exists()


def test_nobody_else_gives_or_sees_storm_orders(paces):
    for person in ("district", "duty_leader", "leader", "liaison"):
        browser = browser_of(getattr(paces.p, person))
        assert browser.get("/administration/storms/").status_code == 404
        assert browser.post("/administration/storms/new/", given(paces)).status_code == 404


def test_the_changes_cost_no_more_for_many_storms(paces, admin):
    make(admin, "/administration/storms/new/", given(paces))
    few = cost(admin, "/administration/changes/")
    for day in (22, 23, 24):
        make(admin, "/administration/storms/new/", given(paces, ends=f"2026-10-{day}T09:00"))
    assert cost(admin, "/administration/changes/") == few <= 20
    assert cost(admin, "/administration/storms/") <= 20
