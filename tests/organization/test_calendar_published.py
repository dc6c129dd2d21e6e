"""Two libraries that were written apart agree on every day, and so do we."""

import datetime

import chinese_calendar
import holidays
import pytest

from organization.calendar import is_workday, next_workday
from organization.working_time import WorkDays
from tests.organization.published import PUBLISHED

ONE_DAY = datetime.timedelta(days=1)


def days_of(year):
    first = datetime.date(year, 1, 1)
    return [first + ONE_DAY * n for n in range(366) if (first + ONE_DAY * n).year == year]


@pytest.mark.parametrize("year", range(2008, 2027))
def test_every_day_agrees_with_holidays(year):
    other = holidays.country_holidays("CN", years=year)
    differing = [d for d in days_of(year) if is_workday(d, PUBLISHED) != other.is_working_day(d)]
    assert differing == []


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_agrees_with_chinese_calendar(year):
    differing = [
        d for d in days_of(year) if is_workday(d, PUBLISHED) != chinese_calendar.is_workday(d)
    ]
    assert differing == []


def test_counting_and_finding_working_days_agree():
    days = PUBLISHED.days
    number = days.count(datetime.date(2003, 12, 31).toordinal())
    last = datetime.date(2027, 12, 31)
    day = datetime.date(2004, 1, 1)
    while day <= last:
        if is_workday(day, PUBLISHED):
            number += 1
            assert days.nth(number) == day.toordinal()
        assert days.count(day.toordinal()) == number
        day += ONE_DAY


def test_next_working_day_after_every_day_of_a_year():
    for day in days_of(2026):
        expected = day + ONE_DAY
        while expected.year == 2026 and not chinese_calendar.is_workday(expected):
            expected += ONE_DAY
        if expected.year == 2026:
            assert next_workday(day, PUBLISHED) == expected


def test_calendar_without_entries_knows_the_week():
    week = [WorkDays({}).works(day) for day in range(1, 8)]
    assert week == [True] * 5 + [False] * 2
