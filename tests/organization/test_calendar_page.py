import datetime

from django.utils import translation

from organization.calendar_page import year_view
from tests.organization.published import PUBLISHED


def day(year, date):
    month = year.months[date.month - 1]
    return next(d for week in month.weeks for d in week if d and d.date == date)


def test_every_day_of_the_year_stands_once_in_whole_weeks():
    year = year_view(2026, PUBLISHED)
    weeks = [week for month in year.months for week in month.weeks]
    assert all(len(week) == 7 for week in weeks)
    assert sum(d is not None for week in weeks for d in week) == 365
    assert [month.workdays for month in year.months][8:10] == [22, 18]
    assert year.workdays == 248
    assert year.entered


def test_exchanged_days_are_marked_and_named():
    with translation.override("en"):
        year = year_view(2026, PUBLISHED)
    assert day(year, datetime.date(2026, 10, 1))[1:] == (False, True, "National Day")
    assert day(year, datetime.date(2026, 10, 3))[1:] == (False, False, "National Day")
    assert day(year, datetime.date(2026, 10, 10))[1:] == (True, True, "National Day")
    assert day(year, datetime.date(2026, 10, 12))[1:] == (True, False, "")


def test_year_that_nobody_entered_says_so():
    assert not year_view(2027, PUBLISHED).entered
