"""A section chief shortens a limit and gives a day off, seeing first what moves."""

import datetime

import pytest
from django.utils import timezone

from organization.models.calendar import CalendarDay
from tests.browser.house import PASSWORD
from tests.browser.person import DESK
from tests.whistle.paces import Paces
from workflow import recompute
from workflow.models import PolicyChange

pytestmark = pytest.mark.browser

FORM = "/administration/limits/new/?leg=workorder%3Atriage"


@pytest.fixture(scope="module")
def order(house):
    house.district.now = timezone.now() - datetime.timedelta(hours=1)
    return Paces(house.district).reported()


def test_a_limit_is_shortened_with_its_consequences_seen(sit, order):
    person = sit("admin", DESK).log_in()
    page = person.open(FORM)
    page.fill("[name=amount]", "0.5")
    page.select_option("[name=unit]", "urgent_hour")
    page.fill("[name=reason]", "汛期提速")
    page.click("main form .gc-btn--main")
    page.locator(".gc-progress").wait_for()
    recompute.work_off()
    page.get_by_text("1件在办时限将变动，其中1件将立即超期").wait_for()
    assert order.number in page.inner_text("#change")
    page.fill("[name=password]", PASSWORD)
    page.click("#change .gc-btn--main")
    page.locator(".gc-progress").wait_for()
    recompute.work_off()
    page.get_by_text("1件在办时限已变动，其中1件因此超期").wait_for()
    assert order.clocks.get(what="triage").unit == "urgent_hour"


def test_days_are_clicked_in_the_calendar(sit, order):
    person = sit("admin", DESK).log_in()
    year = timezone.localdate().year
    page = person.open(f"/administration/calendar/{year}/")
    saturday = next(
        day for day in (datetime.date(year, 6, n) for n in range(1, 8)) if day.weekday() == 5
    )
    friday = saturday - datetime.timedelta(days=1)
    for day in (friday, saturday):
        page.click(f"[data-day='{day}']")
    assert page.input_value("[name=days]") == f"{friday} 休\n{saturday} 班"
    for _time in range(2):
        page.click(f"[data-day='{friday}']")
    assert page.input_value("[name=days]") == f"{saturday} 班"
    page.fill("[name=reason]", "试")
    page.click("#edit .gc-btn--main")
    page.locator(".gc-progress").wait_for()
    assert PolicyChange.objects.first().body["days"] == {str(saturday): ["workday", ""]}
    assert not CalendarDay.objects.filter(date=saturday).exists()
