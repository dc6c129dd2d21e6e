"""The duty roster: entered, refused in words, ended."""

import pytest
import time_machine

from organization.models import DutyShift
from tests.command.pages import at, browser_of

URL = "/administration/roster/"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 9), tick=False):
        yield


@pytest.fixture
def admin(district):
    return browser_of(district.people.admin)


def given(district, **more):
    times = {"start": "2026-10-19T18:00", "end": "2026-10-20T09:00"}
    return {"unit": district.water.code, "person": "liaison", **times, **more}


def test_a_shift_is_entered_and_ended(district, admin):
    assert admin.post(URL, given(district)).status_code == 302
    page = admin.get(URL).text
    assert "区水务局" in page and "2026-10-19 18:00" in page
    shift = DutyShift.objects.get()
    admin.post(f"{URL}{shift.pk}/end/")
    assert not DutyShift.objects.exists()
    admin.post(URL, given(district, start="2026-10-19T08:00"))
    shift = DutyShift.objects.get()
    admin.post(f"{URL}{shift.pk}/end/")
    shift.refresh_from_db()
    assert shift.end == at(19, 9)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"person": "nobody"}, "Nobody logs in by this name."),
        ({"end": "2026-10-19T17:00"}, "After its beginning, at most 31 days later."),
        ({"start": "2026-10-18T08:00", "end": "2026-10-18T09:00"}, "A shift that is over"),
        ({"unit": "nowhere"}, "Select a valid choice."),
    ],
)
def test_errors_stand_at_their_field(district, admin, more, message):
    answer = admin.post(URL, given(district, **more))
    assert answer.status_code == 400 and message in answer.text
    assert not DutyShift.objects.exists()


def test_nobody_is_on_duty_twice_at_a_time(district, admin):
    admin.post(URL, given(district))
    answer = admin.post(URL, given(district, start="2026-10-19T20:00"))
    assert answer.status_code == 400 and "on duty for the unit at that time already" in answer.text
    assert DutyShift.objects.count() == 1
