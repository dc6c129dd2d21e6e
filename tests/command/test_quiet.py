"""Quiet hours are edited where the district is administered; the rooms of 管理 are one."""

import datetime

import pytest

from organization.models import QuietHours
from tests.cast import seat
from tests.command.pages import browser_of

URL = "/administration/quiet/"
GIVEN = {"phone": "", "start": "22:00", "end": "07:00", "window": "30"}


@pytest.fixture
def admin(district):
    return browser_of(district.people.admin)


def test_hours_for_all_phones_are_entered_changed_and_taken_out(admin):
    assert admin.post(URL, GIVEN).url == URL
    row = QuietHours.objects.get()
    assert (row.phone, row.start, row.window) == ("", datetime.time(22), 30)
    assert "22:00–07:00" in admin.get(URL).text
    form = admin.get(f"{URL}{row.pk}/").text
    assert 'value="22:00"' in form
    admin.post(f"{URL}{row.pk}/", GIVEN | {"end": "06:30"})
    row.refresh_from_db()
    assert row.end == datetime.time(6, 30)
    admin.post(f"{URL}{row.pk}/remove/")
    assert not QuietHours.objects.exists()


def test_a_phone_of_its_own_is_masked_and_named_after_its_unit(district, admin):
    admin.post(URL, GIVEN | {"phone": district.water.duty_phone})
    page = admin.get(URL).text
    assert "区水务局" in page and district.water.duty_phone not in page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"end": "22:00"}, "Beginning and end are the same."),
        ({"window": "0"}, "Ensure this value"),
        ({"start": "25:00"}, "Enter a valid time."),
    ],
)
def test_errors_stand_at_their_field(admin, given, message):
    answer = admin.post(URL, GIVEN | given)
    assert answer.status_code == 400 and message in answer.text
    assert not QuietHours.objects.exists()


def test_a_phone_has_its_hours_once(admin):
    admin.post(URL, GIVEN)
    answer = admin.post(URL, GIVEN)
    assert answer.status_code == 400 and "This phone has quiet hours already." in answer.text


def test_the_administrator_has_one_room_with_all_its_pages(district, admin):
    page = admin.get("/administration/audits/").text
    assert page.count('href="/administration/sendings/"') == 1
    for leaf in ("quiet", "roster", "limits", "filings", "storms", "audits"):
        assert f'href="/administration/{leaf}/"' in page
    street = browser_of(seat("street_admin", district.street, "administer"))
    page = street.get("/administration/sendings/").text
    assert 'href="/administration/audits/"' in page
    assert 'href="/administration/limits/"' not in page
    assert street.get(URL).status_code == 404
