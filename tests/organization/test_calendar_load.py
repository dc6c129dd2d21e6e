import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from organization import calendar_cache
from organization.calendar import due, is_workday
from organization.calendar_load import load_years
from organization.models.calendar import CalendarDay, CalendarYear
from tests.organization.published import PUBLISHED, at

pytestmark = pytest.mark.django_db
NATIONAL_DAY = datetime.date(2026, 10, 1)


def test_all_published_years_are_loaded():
    loaded = load_years()
    assert loaded.years == list(range(2004, 2027))
    assert loaded.added == CalendarDay.objects.count() == len(PUBLISHED.listed)
    assert calendar_cache.current().listed == PUBLISHED.listed
    assert calendar_cache.current().years == PUBLISHED.years
    assert due(at("2026-09-30 10:00"), 5, "work_day") == at("2026-10-13 18:00")


def test_loading_again_changes_nothing():
    load_years()
    rows = list(CalendarDay.objects.values_list())
    again = load_years()
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert list(CalendarDay.objects.values_list()) == rows


def test_what_people_entered_stays():
    CalendarDay.objects.create(date=NATIONAL_DAY, kind="workday", name="防汛")
    CalendarDay.objects.create(date="2026-03-02", kind="holiday", source="notice")
    assert load_years([2026]).kept == 2
    assert is_workday(NATIONAL_DAY)
    assert not is_workday(datetime.date(2026, 3, 2))


def test_what_the_library_corrected_is_corrected_here():
    CalendarDay.objects.create(date=NATIONAL_DAY, kind="workday", source="library")
    CalendarDay.objects.create(date="2026-03-02", kind="holiday", source="library")
    loaded = load_years([2026])
    assert (loaded.changed, loaded.removed) == (1, 1)
    assert not is_workday(NATIONAL_DAY)
    assert is_workday(datetime.date(2026, 3, 2))


def test_only_the_year_asked_for_is_touched():
    load_years([2025])
    assert set(CalendarYear.objects.values_list("year", flat=True)) == {2025}
    assert not CalendarDay.objects.exclude(date__year=2025).exists()


def test_year_entered_from_the_notice_keeps_its_number():
    CalendarYear.objects.create(year=2026, source="notice", notice="国办发明电〔2025〕7号")
    load_years()
    assert CalendarYear.objects.get(year=2026).source == "notice"


def test_year_no_library_knows_rings_the_alarm_and_is_not_entered():
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command("load_calendar", "--year", "2027", stdout=out, stderr=err)
    assert "calendar of" in err.getvalue() and "2027" in err.getvalue()
    assert out.getvalue() == ""
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert is_workday(datetime.date(2027, 1, 1))


def test_command_tells_what_it_did():
    out = StringIO()
    with translation.override("en"):
        call_command("load_calendar", stdout=out, stderr=StringIO())
    assert "2004 to 2026: 771 days added" in out.getvalue()
