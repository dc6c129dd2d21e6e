"""What silence means and what reporters are told: on pages, dated, with a reason in the log."""

import datetime

import pytest
import time_machine
from django.utils import translation

from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.models import Category, ReporterText, SilenceRule
from workflow import recompute
from workflow.models import PolicyChange

TODAY = datetime.date(2026, 10, 19)
DAY = datetime.timedelta(days=1)
SILENCE = "/administration/silence/"
TELLINGS = "/administration/tellings/"
DATED = {"valid_from": "2026-10-19", "reason": "试行"}
TEXT = {"verb": "register", "category": "", "text": "{number}已受理", **DATED}


@pytest.fixture(autouse=True)
def on_monday(monkeypatch):
    monkeypatch.setattr(recompute, "STALE", 0)
    with time_machine.travel(at(19, 9), tick=False), translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def admin(district):
    district.people.admin.set_password("right")
    district.people.admin.save()
    return browser_of(district.people.admin)


def make(paces, admin, url, given):
    """Ask for an edit, look at it, confirm it; what its page said before."""
    page = admin.post(url, given).url
    recompute.work_off(paces.now)
    shown = admin.get(page).text
    admin.post(f"{page}order/", {"password": "right"})
    recompute.work_off(paces.now)
    return shown


def test_without_rules_silence_settles_nothing(admin):
    page = admin.get(SILENCE).text
    assert page.count("counts as rejected") == 5 and "the reporter is to be called" in page


def test_a_meaning_is_in_force_once_it_is_confirmed(paces, admin):
    shown = make(paces, admin, f"{SILENCE}survey/", {"outcome": "closed", **DATED})
    assert "Survey as callback" in shown and "No running limit moves." in shown
    assert SilenceRule.on("survey", TODAY) == "closed"
    assert SilenceRule.on("survey", TODAY - DAY) == "called"
    page = admin.get(SILENCE).text
    assert "the order is closed" in page and str(paces.p.admin) in page
    make(
        paces,
        admin,
        f"{SILENCE}survey/",
        {"outcome": "called", **DATED, "valid_from": "2026-11-01"},
    )
    assert "from 2026-11-01: the reporter is to be called" in admin.get(SILENCE).text
    assert "Survey as callback" in admin.get("/administration/changes/").text


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("survey", {"outcome": "granted"}, "Select a valid choice"),
        ("return", {"outcome": "closed"}, "Select a valid choice"),
        ("return", {"outcome": "granted", "valid_from": "2026-10-18"}, "begins today or later"),
        ("return", {"outcome": "granted", "reason": ""}, "This field is required."),
    ],
)
def test_errors_stand_at_their_field(admin, kind, given, message):
    answer = admin.post(f"{SILENCE}{kind}/", DATED | given)
    assert answer.status_code == 400 and message in answer.text
    assert admin.get(f"{SILENCE}lunch/").status_code == 404
    assert not PolicyChange.objects.exists()


def test_what_stands_is_not_entered_again(paces, admin):
    SilenceRule.objects.create(kind="return", outcome="granted", valid_from=TODAY - DAY)
    answer = admin.post(f"{SILENCE}return/", {"outcome": "granted", **DATED})
    assert answer.status_code == 400 and "This is in force already." in answer.text


def test_a_text_is_sent_once_it_is_confirmed(paces, admin):
    shown = make(paces, admin, f"{TELLINGS}new/", TEXT)
    assert "{number}已受理" in shown and "All classes" in shown
    assert ReporterText.objects.get().text == "{number}已受理"
    order = paces.registered(reporter_phone="13812341234")
    assert order.events.get(verb="register").data["told"]


def test_a_class_has_a_text_of_its_own_or_none(paces, admin):
    case = paces.d.condition.category.case
    make(paces, admin, f"{TELLINGS}new/", TEXT)
    make(paces, admin, f"{TELLINGS}new/", TEXT | {"category": case, "text": ""})
    order = paces.registered(reporter_phone="13812341234")
    assert "told" not in order.events.get(verb="register").data
    page = admin.get(TELLINGS).text
    assert "Nothing is sent" in page and "{number}已受理" in page
    assert page.count(str(paces.d.condition.category)) >= 1


def test_the_form_begins_with_what_stands(paces, admin):
    category = paces.d.condition.category
    ReporterText.objects.create(verb="close", category=category, text="井盖", valid_from=TODAY)
    page = admin.get(f"{TELLINGS}new/?verb=close&category={category.pk}").text
    assert "井盖</textarea>" in page and f'value="{category.pk}" selected' in page
    assert admin.get(f"{TELLINGS}new/?verb=lunch&category=²").status_code == 200


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": "{until}恢复"}, "This means nothing after this step: until"),
        ({"text": "{number"}, "This means nothing after this step: {number"),
        ({"text": "收" * 151}, "at most 150 characters"),
        ({"verb": "verify"}, "Select a valid choice"),
        ({"category": "event-99-99"}, "There is no such category."),
        ({"text": ""}, "This is in force already."),
    ],
)
def test_errors_of_a_text_stand_at_their_field(admin, given, message):
    answer = admin.post(f"{TELLINGS}new/", TEXT | given)
    assert answer.status_code == 400 and message in answer.text
    assert not PolicyChange.objects.exists()


def test_others_have_no_such_pages(paces):
    for person in (paces.p.dispatcher, paces.p.leader):
        for url in (SILENCE, f"{SILENCE}survey/", TELLINGS, f"{TELLINGS}new/"):
            assert browser_of(person).get(url).status_code == 404


def test_the_tables_cost_the_same_for_many_rows(paces, admin):
    few = [cost(admin, SILENCE), cost(admin, TELLINGS)]
    for n in range(20):
        day = TODAY - n * DAY
        SilenceRule.objects.create(kind="return", outcome="granted", valid_from=day)
        kind = {"kind": "event", "major_code": "01", "major_name": "市容", "code": f"{n}"}
        category = Category.objects.create(name=f"占道{n}", **kind)
        ReporterText.objects.create(verb="close", category=category, text="办结", valid_from=day)
    assert [cost(admin, SILENCE), cost(admin, TELLINGS)] == few
    assert max(few) <= 16
