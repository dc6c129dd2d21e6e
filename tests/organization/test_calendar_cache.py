import datetime

import pytest
from django.db import connection

from organization import calendar_cache
from organization.calendar import due, is_workday
from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from tests.organization.published import Place, at

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2026, 9, 28)


@pytest.fixture
def seconds(monkeypatch):
    """A monotonic clock that a test may set forward."""
    now = [1000.0]
    monkeypatch.setattr("organization.watched.monotonic", lambda: now[0])
    return now


def test_nothing_entered_is_monday_to_friday_in_office_hours():
    assert due(at("2026-10-01 17:00"), 2, "work_hour") == at("2026-10-02 10:00")


def test_hot_path_asks_nothing(django_assert_num_queries):
    due(at("2026-09-28 10:00"), 1, "work_day")
    with django_assert_num_queries(0):
        for _ in range(50):
            due(at("2026-09-28 10:00"), 1, "work_day")


def test_edit_elsewhere_is_seen_after_some_seconds(seconds, django_assert_num_queries):
    assert is_workday(MONDAY)
    CalendarDay.objects.create(date=MONDAY, kind="holiday", name="示例")
    assert is_workday(MONDAY)
    seconds[0] += calendar_cache.watched.seconds
    assert not is_workday(MONDAY)
    seconds[0] += calendar_cache.watched.seconds
    with django_assert_num_queries(1):
        assert not is_workday(MONDAY)


EDITS = [
    "UPDATE organization_calendarday SET kind = 'workday'",
    "DELETE FROM organization_calendarday",
    "INSERT INTO organization_calendaryear (year, source, notice) VALUES (2030, 'notice', '')",
    "UPDATE organization_workinghours SET periods = '{600,660}'",
]


@pytest.mark.parametrize("edit", EDITS)
def test_no_edit_is_missed_not_even_raw_ones(edit):
    CalendarDay.objects.create(date=MONDAY, kind="holiday")
    WorkingHours.objects.create(valid_from=MONDAY)
    before = calendar_cache.refresh()
    assert calendar_cache.refresh() is before
    with connection.cursor() as cursor:
        cursor.execute(edit)
    assert calendar_cache.refresh() != before


def test_edit_here_is_seen_after_refresh():
    assert is_workday(MONDAY)
    CalendarDay.objects.create(date=MONDAY, kind="holiday")
    calendar_cache.refresh()
    assert not is_workday(MONDAY)


def test_working_hours_of_everybody_and_of_a_unit(unit):
    WorkingHours.objects.create(periods=[480, 720], valid_from="2026-01-01")
    WorkingHours.objects.create(unit=unit, periods=[0, 1440], valid_from="2026-01-01")
    start = at("2026-09-28 06:00")
    assert due(start, 2, "work_hour") == at("2026-09-28 10:00")
    assert due(start, 2, "work_hour", hours_of=unit) == at("2026-09-28 08:00")
    assert due(start, 2, "work_hour", hours_of=Place(-1)) == at("2026-09-28 10:00")


@pytest.fixture
def unit():
    from organization.models import Unit

    made = Unit.objects.create(code="320104000000", name="区", kind="district")
    made.path = [made.pk]
    return made


@pytest.mark.parametrize(
    ("now", "entered", "missing"),
    [
        ("2026-05-01", [2026], []),
        ("2026-05-01", [], [2026]),
        ("2026-10-31 23:59", [2026], []),
        ("2026-11-01 00:00", [2026], [2027]),
        ("2026-11-01 00:00", [2026, 2027], []),
        ("2027-01-01 00:00", [2026], [2027]),
        ("2026-11-20", [], [2026, 2027]),
    ],
)
def test_alarm_for_years_that_nobody_entered(now, entered, missing):
    for year in entered:
        CalendarYear.objects.create(year=year, source="notice")
    assert calendar_cache.missing_years(at(now)) == missing


def test_alarm_follows_the_day_of_shanghai():
    CalendarYear.objects.create(year=2026, source="notice")
    evening = datetime.datetime(2026, 10, 31, 16, 30, tzinfo=datetime.UTC)
    assert calendar_cache.missing_years(evening) == [2027]
