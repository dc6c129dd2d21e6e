"""A filing condition's own limit: dated, found among many, edited with its consequences shown."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.filings import limit_on
from whistle.models import Category, Condition, ConditionLimit
from workflow import recompute
from workflow.models import PolicyChange
from workflow.reason import say_basis

TODAY = datetime.date(2026, 10, 19)
DAY = datetime.timedelta(days=1)
GIVEN = {"amount": "2", "unit": "work_hour", "valid_from": "2026-10-19", "reason": "立案标准修订"}


@pytest.fixture(autouse=True)
def on_monday(monkeypatch):
    monkeypatch.setattr(recompute, "STALE", 0)
    with time_machine.travel(at(19, 9), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def admin(district):
    district.people.admin.set_password("right")
    district.people.admin.save()
    return browser_of(district.people.admin)


def edit_url(paces):
    return f"/administration/filings/{paces.d.condition.pk}/"


def make(paces, admin, **given):
    url = admin.post(edit_url(paces), GIVEN | given).url
    recompute.work_off(paces.now)
    shown = admin.get(url)
    admin.post(f"{url}order/", {"password": "right"})
    recompute.work_off(paces.now)
    return shown


def test_a_new_limit_is_shown_then_moves_what_was_filed_under_it(paces, admin):
    order = paces.registered()
    before = order.clocks.get(what="handle").due
    shown = make(paces, admin)
    assert "4 working hours → 2 working hours" in shown.text
    assert "破损大于25平方厘米" in shown.text and "1 running limit will move" in shown.text
    clock = order.clocks.get(what="handle")
    assert (clock.amount, clock.own_from, clock.policy) == (2, TODAY, None)
    assert clock.due == before - datetime.timedelta(hours=4)  # two of them are the lunch break
    with translation.override("zh-hans"):
        assert "2026-10-19" in say_basis(clock) and "立案条件" in say_basis(clock)


def test_what_runs_keeps_its_limit_when_the_day_is_to_come(paces, admin):
    order = paces.registered()
    make(paces, admin, valid_from="2026-10-20")
    assert order.clocks.get(what="handle").amount == 4
    assert limit_on(paces.d.condition, TODAY).amount == 4
    paces.now += DAY
    fresh = paces.registered().clocks.get(what="handle")
    assert (fresh.amount, fresh.own_from) == (2, TODAY + DAY)


def test_loading_the_table_again_leaves_the_versions_in_force(paces, admin):
    make(paces, admin)
    Condition.objects.update(amount=9)
    assert limit_on(Condition.objects.get(), TODAY).amount == 2
    assert limit_on(Condition.objects.get(), TODAY - DAY).amount == 9


def test_the_table_shows_versions_and_finds_words(paces, admin):
    make(paces, admin)
    make(paces, admin, amount="6", valid_from="2026-11-01")
    page = admin.get("/administration/filings/", {"q": "井盖"}).text
    assert "2 working hours" in page and "from 2026-11-01: 6 working hours" in page
    assert "4 working hours" in page
    assert "No filing condition matches" in admin.get("/administration/filings/?q=路灯").text
    assert "井盖" in admin.get("/administration/filings/?case=component-01").text
    assert "井盖" in admin.get("/administration/filings/?case=nonsense").text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"amount": "4"}, "This limit is in force already."),
        ({"amount": "0"}, "Ensure this value"),
        ({"amount": "1.5", "unit": "work_day"}, "A limit is some hours, or whole days."),
        ({"valid_from": "2026-10-18"}, "A rule begins today or later"),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_errors_stand_at_their_field(paces, admin, given, message):
    answer = admin.post(edit_url(paces), GIVEN | given)
    assert answer.status_code == 400 and message in answer.text
    assert not PolicyChange.objects.exists()


def test_a_version_of_a_day_is_one(paces):
    first = {"condition": paces.d.condition, "valid_from": TODAY, "unit": "work_hour"}
    ConditionLimit.objects.create(**first, amount=1)
    with pytest.raises(IntegrityError):
        ConditionLimit.objects.create(**first, amount=2)


def test_the_table_costs_the_same_for_many_conditions(paces, admin):
    few = cost(admin, "/administration/filings/")
    for n in range(30):
        kind = {"kind": "event", "major_code": f"{n % 5:02}", "major_name": "市容", "code": f"{n}"}
        category = Category.objects.create(name=f"占道{n}", **kind)
        Condition.objects.create(category=category, text="占道", amount=2, unit="work_hour")
    assert cost(admin, "/administration/filings/") == few <= 16
