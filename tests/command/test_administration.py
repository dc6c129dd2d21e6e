"""The administrator's pages: an edit of limit or ladder is asked, shown, ordered and made."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from command.administration import names
from organization.models import User
from tests.cast import seat
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.load import FLOWS, KINDS
from workflow import recompute
from workflow.models import PolicyChange, Rung, TimeLimit

NOW = at(19, 9)
TRIAGE = "/administration/limits/new/?leg=workorder%3Atriage"
GIVEN = {
    "leg": "workorder:triage",
    "kind": "",
    "area": "",
    "amount": "1",
    "unit": "work_hour",
    "valid_from": "2026-10-19",
    "reason": "区委深改委第三次会议",
}
PAGES = ("administration", "limits", "limit_edit", "ladders", "ladder_edit", "policy_changes")
PAGES += ("calendar", "calendar_notice", "hours", "hours_edit")


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def admin(district):
    district.people.admin.set_password("right")
    district.people.admin.save()
    return browser_of(district.people.admin)


def asked(browser, url=TRIAGE, **given):
    """The page of the change that a form has asked for."""
    answer = browser.post(url, GIVEN | given)
    assert answer.status_code == 302, answer.text
    return answer.url


def change_of(url):
    return PolicyChange.objects.get(pk=int(url.rstrip("/").rpartition("/")[2]))


def errors(answer):
    found = re.findall(r'class="gc-form__err"[^>]*>.*?</svg>(.*?)</p>', answer.text)
    return [re.sub("<[^>]+>", "", error) for error in found]


@pytest.mark.parametrize("name", PAGES)
def test_only_who_administers_the_district_has_these_pages(paces, admin, name):
    assert admin.get(reverse(name)).status_code == 200
    for person in (paces.p.district, paces.p.leader, paces.p.street_head, paces.p.warden):
        assert browser_of(person).get(reverse(name)).status_code == 404


def test_who_administers_a_street_alone_does_not_make_the_district_s_rules(district):
    person = seat("street_admin", district.street, "administer")
    assert browser_of(person).get("/administration/").status_code == 404
    assert browser_of(person).post(TRIAGE, GIVEN).status_code == 404
    assert not PolicyChange.objects.exists()


def test_a_change_of_others_cannot_be_decided(paces, admin):
    url = asked(admin)
    recompute.work_off(paces.now)
    for verb in ("order", "drop"):
        assert browser_of(paces.p.district).post(f"{url}{verb}/").status_code == 404
        assert admin.get(f"{url}{verb}/").status_code == 405
    assert change_of(url).state == "shown"


def test_the_administrator_lands_on_his_workbench(admin):
    assert admin.get("/").url == "/administration/"
    assert 'href="/administration/"' in admin.get("/inbox/").text


def test_a_limit_is_asked_shown_ordered_and_made(paces, admin):
    order = paces.reported()
    paces.now += datetime.timedelta(hours=1, minutes=30)
    url = asked(admin)
    waiting = admin.get(url)
    assert "Reckoning what moves" in waiting.text and 'hx-trigger="every 2s"' in waiting.text
    recompute.work_off(paces.now)
    shown = admin.get(url)
    assert "1 running limit will move, 1 of them will be overdue at once." in shown.text
    assert order.number in shown.text and "2 working hours → 1 working hour" in shown.text
    assert 'hx-trigger="every' not in shown.text
    assert not TimeLimit.objects.filter(valid_from="2026-10-19").exists()
    assert admin.post(f"{url}order/", {"password": "right"}).url == url
    assert "Moving the deadlines" in admin.get(url).text
    recompute.work_off(paces.now)
    done = admin.get(url)
    assert "1 running limit was moved, 1 of them became overdue." in done.text
    assert order.clocks.get(what="triage").amount == 1
    table = admin.get("/administration/limits/").text
    assert "2026-10-19" in table and f'href="{url}"' in table
    log = admin.get("/administration/changes/").text
    assert "区委深改委第三次会议" in log and "1 moved, 1 overdue by it" in log


def test_confirming_wants_the_password(paces, admin):
    url = asked(admin)
    recompute.work_off(paces.now)
    refused = admin.post(f"{url}order/", {"password": "wrong"})
    assert refused.status_code == 400 and errors(refused) == ["This is not your password."]
    assert change_of(url).state == "shown"


def test_what_is_dropped_changes_nothing_and_cannot_be_confirmed(paces, admin):
    url = asked(admin)
    recompute.work_off(paces.now)
    admin.post(f"{url}drop/")
    assert change_of(url).state == "dropped"
    again = admin.post(f"{url}order/", {"password": "right"}, follow=True)
    assert "cannot be decided now" in again.text
    assert not TimeLimit.objects.filter(valid_from="2026-10-19").exists()


def test_papers_are_named_to_those_alone_who_see_them(paces, admin):
    order = paces.reported()
    url = asked(admin)
    recompute.work_off(paces.now)
    page = admin.get(url).text
    assert order.number in page
    assert order.title not in page and order.get_absolute_url() not in page
    person = seat("chief", paces.d.district, "view administer")
    page = browser_of(person).get(url).text
    assert order.title in page and order.get_absolute_url() in page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": ""}, "This field is required."),
        ({"amount": "0"}, "Ensure this value is greater than or equal to 0.01."),
        ({"amount": "2"}, "This limit is in force already."),
        ({"valid_from": "2026-10-18"}, "A rule begins today or later; what was in force stays."),
        ({"kind": "whistle:tough"}, "This kind does not go with the leg that was chosen."),
        ({"leg": "workorder:lunch"}, "Select a valid choice."),
    ],
)
def test_errors_stand_at_their_field(admin, given, message):
    answer = admin.post("/administration/limits/new/", GIVEN | given)
    assert answer.status_code == 400
    assert any(error.startswith(message) for error in errors(answer)), answer.text
    assert not PolicyChange.objects.exists()


def test_a_coming_limit_stands_beside_the_one_in_force(paces, admin):
    url = asked(admin, valid_from="2026-11-01")
    recompute.work_off(paces.now)
    admin.post(f"{url}order/", {"password": "right"})
    recompute.work_off(paces.now)
    assert "from 2026-11-01: 1 working hour" in admin.get("/administration/limits/").text


def test_a_row_s_form_keeps_to_its_leg(admin):
    TimeLimit.objects.create(
        flow="whistle", clock="confirm", kind="tough", amount=1, unit="work_day",
        valid_from="2026-01-01", sample=True,
    )  # fmt: skip
    table = admin.get("/administration/limits/").text
    url = re.search(r'href="([^"]+leg=whistle%3Aconfirm[^"]+tough)"', table)[1]
    page = admin.get(url.replace("&amp;", "&")).text
    assert "Whistle · confirmation · Tough whistle" in page
    assert '<input type="hidden" name="kind" value="whistle:tough"' in page
    assert '<option value="work_day" selected>' in page


def rungs(*rows, **more):
    given = {"rungs-TOTAL_FORMS": str(len(rows)), "rungs-INITIAL_FORMS": "0"}
    for n, (percent, after, does) in enumerate(rows):
        given |= {f"rungs-{n}-percent": percent, f"rungs-{n}-after": after, f"rungs-{n}-does": does}
    return given | {"unit": "work_hour", "valid_from": "2026-10-20", "reason": "试行", **more}


LADDER = "/administration/ladders/new/?flow=workorder&clock=triage&kind="


def test_a_ladder_reads_as_rungs_and_a_new_one_is_for_what_begins_later(paces, admin):
    page = admin.get("/administration/ladders/").text
    assert "80%" in page and "1 working hour overdue" in page
    steps = [("50", "", "holder"), ("100", "", "head"), ("", "1.5", "red"), ("", "", "")]
    url = admin.post(LADDER, rungs(*steps)).url
    recompute.work_off(paces.now)
    shown = admin.get(url).text
    assert "50% remind who has it in hand → when due tell the head of the unit" in shown
    assert "No running limit moves." in shown
    admin.post(f"{url}order/", {"password": "right"})
    recompute.work_off(paces.now)
    made = Rung.objects.filter(flow="workorder", clock="triage", valid_from="2026-10-20")
    said = [(rung.n, rung.percent, rung.unit, rung.does) for rung in made.order_by("n")]
    assert said == [(1, 50, "", "holder"), (2, 100, "", "head"), (3, None, "work_hour", "red")]
    assert "from 2026-10-20:" in admin.get("/administration/ladders/").text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (rungs(("", "", "")), "Give at least one rung."),
        (rungs(("80", "1", "head")), "Rung 1: give a percentage or a time after"),
        (rungs(("80", "", "")), "Rung 1: give a percentage or a time after"),
        (rungs(("100", "", "head"), ("80", "", "holder")), "Rungs rise"),
        (rungs(("80", "", "yellow")), "A card is not given before the deadline."),
        (rungs(("180", "", "head")), "A rung cannot be read"),
        (rungs(("80", "", "head"), valid_from="2026-10-19"), "A ladder begins tomorrow"),
        (rungs(("80", "", "head"), reason=""), "This field is required."),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_refused(admin, given, message):
    answer = admin.post(LADDER, given)
    assert answer.status_code == 400
    assert any(error.startswith(message) for error in errors(answer)), errors(answer)
    assert not PolicyChange.objects.exists()


def test_a_leg_without_a_ladder_gets_one_of_its_own(admin):
    page = admin.get("/administration/ladders/").text
    assert '<option value="whistle:score:tough">Whistle · scoring · Tough whistle</option>' in page
    answer = admin.post(
        "/administration/ladders/new/?place=whistle:score:tough", rungs(("90", "", "holder"))
    )
    url = answer.url
    body = change_of(url).body
    assert (body["flow"], body["clock"], body["kind"]) == ("whistle", "score", "tough")


def test_there_is_no_ladder_of_an_unknown_name(admin):
    unknown = ("flow=moon", "flow=workorder&clock=moon", "clock=sign", "flow=whistle&kind=x")
    for query in (*unknown, "place=a:b:c"):
        assert admin.get(f"/administration/ladders/new/?{query}").status_code == 404


def test_every_flow_and_kind_has_a_name():
    assert set(names.FLOW_WORDS) == set(FLOWS)
    assert {flow: set(words) for flow, words in names.KIND_WORDS.items()} == KINDS


def test_from_november_a_missing_year_is_told_on_every_page(admin):
    page = admin.get("/administration/").text
    assert "calendar of 2026 has not been entered" in page
    with time_machine.travel(at(1, 9).replace(month=11), tick=False):
        person = browser_of(User.objects.get(username="admin"))
        page = person.get("/administration/calendar/").text
    assert "calendar of 2026, 2027 has not been entered" in page


def test_the_pages_cost_the_same_however_many_changes_there_are(paces, admin):
    url = asked(admin)
    recompute.work_off(paces.now)
    pages = ("/administration/", "/administration/limits/", "/administration/changes/", url)
    few = [cost(admin, page) for page in pages]
    assert max(few) <= 16, few
    for day in range(20, 28):
        asked(admin, valid_from=f"2026-10-{day}")
    for _n in range(6):
        paces.reported()
    PolicyChange.objects.filter(state="asked").update(state="shown")
    assert [cost(admin, page) for page in pages] == few
