"""The rules by API: read by everybody, edited by who administers the district, as on the pages."""

import datetime

import pytest
import time_machine
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from organization.models.calendar import CalendarDay, WorkingHours
from tests.command.pages import at
from tests.whistle.paces import Paces
from whistle.models import Category, Condition, ConditionLimit
from workflow import recompute
from workflow.models import PolicyChange, StormOrder, TimeLimit

NOW = at(19, 9)
LIMIT = {
    "flow": "workorder",
    "clock": "triage",
    "amount": "1",
    "unit": "work_hour",
    "valid_from": "2026-10-19",
    "reason": "区委深改委第三次会议",
}


@pytest.fixture(autouse=True)
def on_monday(monkeypatch):
    monkeypatch.setattr(recompute, "STALE", 0)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def program(user):
    user.set_password("right-enough-7")
    user.save()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


@pytest.fixture
def admin(district):
    return program(district.people.admin)


def propose(client, kind, /, **given):
    return client.post(f"/api/policy/changes/{kind}/", given, format="json")


def test_everybody_reads_the_rules_of_a_day(paces):
    TimeLimit.objects.create(
        flow="workorder", clock="triage", amount=9, unit="work_hour", valid_from="2026-12-01"
    )
    CalendarDay.objects.create(date="2027-01-01", kind="holiday", name="New Year's Day")
    client = program(paces.p.warden)

    def triage(query=""):
        rows = client.get(f"/api/policy/limits/{query}").json()
        return [r["amount"] for r in rows if (r["flow"], r["clock"]) == ("workorder", "triage")]

    assert (triage(), triage("?on=2026-12-01")) == (["2.00"], ["9.00"])
    ladder = client.get("/api/policy/ladders/").json()[0]
    assert [rung["percent"] for rung in ladder["rungs"]] == [80, 100, None, None]
    year = client.get("/api/policy/calendar/?year=2027").json()
    assert (year["known"], [day["date"] for day in year["days"]]) == (False, ["2027-01-01"])
    assert client.get("/api/policy/hours/").status_code == 200
    assert client.get("/api/policy/storms/").json() == []
    assert client.get("/api/policy/limits/?on=soon").json()["fields"].keys() == {"on"}


def test_conditions_are_read_with_their_limits_of_a_day(paces):
    row = {"condition": paces.d.condition, "valid_from": "2026-11-01"}
    ConditionLimit.objects.create(**row, amount=6, unit="work_hour")
    client = program(paces.p.warden)
    found = client.get("/api/policy/filings/?q=井盖").json()["results"]
    assert [(r["amount"], r["valid_from"]) for r in found] == [("4.00", None)]
    later = client.get("/api/policy/filings/?on=2026-11-02&case=component-01").json()["results"]
    assert [(r["amount"], r["valid_from"]) for r in later] == [("6.00", "2026-11-01")]


def test_a_limit_is_proposed_shown_confirmed_and_made(paces, admin):
    order = paces.reported()
    asked = propose(admin, "limit", **LIMIT)
    assert (asked.status_code, asked.json()["state"]) == (202, "asked")
    url = f"/api/policy/changes/{asked.json()['id']}/"
    assert admin.post(f"{url}order/", {"password": "right-enough-7"}).status_code == 409
    recompute.work_off(paces.now)
    shown = admin.get(url).json()
    assert (shown["state"], shown["moved"]) == ("shown", 1)
    assert [(row["number"], row["title"]) for row in shown["examples"]] == [(order.number, "")]
    wrong = admin.post(f"{url}order/", {"password": "guess"}, format="json")
    assert wrong.status_code == 400 and "password" in wrong.json()["fields"]
    done = admin.post(f"{url}order/", {"password": "right-enough-7"}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "ordered")
    recompute.work_off(paces.now)
    assert order.clocks.get(what="triage").amount == 1
    assert admin.get("/api/policy/changes/").json()["results"][0]["state"] == "done"


def test_what_is_dropped_stays_as_it_is(paces, admin):
    url = f"/api/policy/changes/{propose(admin, 'limit', **LIMIT).json()['id']}/"
    recompute.work_off(paces.now)
    assert admin.post(f"{url}drop/").json()["state"] == "dropped"
    assert admin.post(f"{url}drop/").status_code == 409


def test_every_kind_of_edit_is_proposed_as_on_its_page(paces, admin):
    storm = StormOrder.objects.create(
        area=paces.d.street, effect="hold", starts=NOW, ends=NOW + datetime.timedelta(days=1),
        reason="台风", actor=paces.p.admin,
    )  # fmt: skip
    day, reason = {"valid_from": "2026-10-20"}, {"reason": "试行"}
    season = {"first": "05-01", "last": "09-30", "periods": "08:30-12:00 14:30-18:00"}
    rung = {"percent": 50, "does": "holder"}
    case = paces.d.condition.category.case
    for kind, given in {
        "filing": {"condition": paces.d.condition.pk, "amount": 2, "unit": "work_hour", **day},
        "ladder": {"flow": "workorder", "unit": "work_day", "rungs": [rung], **day},
        "calendar": {"days": [{"date": "2026-10-21", "kind": "holiday", "name": "停工"}]},
        "hours": {"unit": paces.d.street.code, "seasons": [season], **day},
        "storm": {"area": paces.d.street.code, "effect": "stretch", "percent": 50,
                  "ends": "2026-10-21T09:00:00+08:00"},
        "calm": {"storm": storm.pk},
        "silence": {"kind": "survey", "outcome": "closed", **day},
        "telling": {"verb": "close", "text": "{number}已办结", "category": case, **day},
    }.items():  # fmt: skip
        answer = propose(admin, kind, **given, **reason)
        assert answer.status_code == 202, (kind, answer.json())
        assert answer.json()["kind"] == kind
    assert recompute.work_off(paces.now) == 8
    assert set(PolicyChange.objects.values_list("state", flat=True)) == {"shown"}
    assert not WorkingHours.objects.filter(unit=paces.d.street).exists()


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("limit", LIMIT | {"clock": "lunch"}, "clock"),
        ("limit", LIMIT | {"amount": "2"}, "amount"),
        ("limit", LIMIT | {"reason": ""}, "reason"),
        ("limit", LIMIT | {"valid_from": "soon"}, "valid_from"),
        ("ladder", {"flow": "moon", "unit": "work_day", "valid_from": "2026-10-20", "rungs": [],
                    "reason": "试行"}, "flow"),
        ("silence", {"kind": "return", "outcome": "closed", "valid_from": "2026-10-20",
                     "reason": "试行"}, "outcome"),
        ("telling", {"verb": "close", "text": "{due}", "valid_from": "2026-10-20",
                     "reason": "试行"}, "text"),
        ("storm", {"area": "nowhere", "effect": "hold", "ends": "2026-10-21T09:00:00+08:00",
                   "reason": "台风"}, "area"),
    ],
)  # fmt: skip
def test_errors_name_their_input(admin, kind, given, field):
    answer = propose(admin, kind, **given)
    assert answer.status_code == 400
    assert field in answer.json()["fields"] or field == "reason", answer.json()
    assert not PolicyChange.objects.exists()


def test_for_others_there_are_no_changes(paces, admin):
    url = f"/api/policy/changes/{propose(admin, 'limit', **LIMIT).json()['id']}/"
    recompute.work_off(paces.now)
    for person in (paces.p.district, paces.p.leader, paces.p.warden):
        client = program(person)
        assert propose(client, "limit", **LIMIT).status_code == 404
        for address in ("/api/policy/changes/", url):
            assert client.get(address).status_code == 404
        assert client.post(f"{url}drop/").status_code == 404
    assert PolicyChange.objects.get().state == "shown"


def test_the_lists_cost_the_same_for_many_rows(paces, django_assert_max_num_queries):
    for n in range(20):
        kind = {"kind": "event", "major_code": "01", "major_name": "市容", "code": f"{n}"}
        category = Category.objects.create(name=f"占道{n}", **kind)
        Condition.objects.create(category=category, text="占道", amount=2, unit="work_hour")
    client = program(paces.p.warden)
    client.get("/api/policy/filings/")
    for name in (
        "filings",
        "limits",
        "ladders",
        "hours",
        "storms",
        "calendar",
        "silence",
        "tellings",
    ):
        with django_assert_max_num_queries(12):
            assert client.get(f"/api/policy/{name}/").status_code == 200
