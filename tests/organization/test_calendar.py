import datetime
from decimal import Decimal

import pytest

from organization.calendar import TimeUnit, due, elapsed, is_workday, next_workday
from organization.working_time import HOUR, SHANGHAI, Calendar, HoursRule
from tests.organization.published import DESK, PUBLISHED, SEASONAL, STREET, Place, at

URGENT, HOURS, DAYS, NATURAL = TimeUnit

VECTORS = [
    ("2026-09-30 10:00", 5, DAYS, "2026-10-13 18:00"),
    ("2026-02-13 16:00", 4, HOURS, "2026-02-14 11:00"),
    ("2026-09-30 17:00", 2, HOURS, "2026-10-08 10:00"),
    ("2026-09-30 23:30", 2, URGENT, "2026-10-01 01:30"),
    ("2026-10-01", 3, NATURAL, "2026-10-04 24:00"),
]
MORE = [
    ("2026-09-28 10:00", 2, HOURS, "2026-09-28 12:00"),
    ("2026-09-28 17:00", 1, HOURS, "2026-09-28 18:00"),
    ("2026-09-28 12:00", 1, HOURS, "2026-09-28 15:00"),
    ("2026-09-28 12:30", 1, HOURS, "2026-09-28 15:00"),
    ("2026-09-28 07:00", 0.5, HOURS, "2026-09-28 09:30"),
    ("2026-09-28 18:00", 0.5, HOURS, "2026-09-29 09:30"),
    ("2026-09-28 22:00", 7, HOURS, "2026-09-29 18:00"),
    ("2026-09-28 13:00", 0, HOURS, "2026-09-28 13:00"),
    ("2026-09-28 00:00", 1, DAYS, "2026-09-29 18:00"),
    ("2026-09-28 23:59", 1, DAYS, "2026-09-29 18:00"),
    ("2026-10-03 11:00", 1, DAYS, "2026-10-08 18:00"),
    ("2026-10-09 11:00", 1, DAYS, "2026-10-10 18:00"),
    ("2026-10-09 11:00", 2, DAYS, "2026-10-12 18:00"),
    ("2026-10-01 23:59", 1, NATURAL, "2026-10-02 24:00"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "expected"), VECTORS + MORE)
def test_limit_is_due(start, amount, unit, expected):
    assert due(at(start), amount, unit, calendar=PUBLISHED) == at(expected)


@pytest.mark.parametrize(("start", "amount", "unit", "expected"), VECTORS + MORE)
def test_measuring_finds_the_limit_again(start, amount, unit, expected):
    assert elapsed(at(start), at(expected), unit, calendar=PUBLISHED) == amount


def test_due_is_given_in_shanghai_time_whatever_the_zone_of_the_start():
    start = at("2026-09-30 17:00").astimezone(datetime.UTC)
    moment = due(start, 2, "work_hour", calendar=PUBLISHED)
    assert moment == at("2026-10-08 10:00")
    assert moment.tzinfo is SHANGHAI


def test_seconds_are_kept():
    start = at("2026-09-28 11:59").replace(second=58, microsecond=5)
    moment = due(start, Decimal("0.5"), HOURS, calendar=PUBLISHED)
    assert moment == at("2026-09-28 14:29").replace(second=58, microsecond=5)


def test_naive_moments_are_refused():
    with pytest.raises(ValueError, match="aware"):
        due(datetime.datetime(2026, 9, 28), 1, HOURS, calendar=PUBLISHED)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, DAYS), (-1, HOURS), (1.5, DAYS), (0.5, NATURAL), (-1, NATURAL)]
)
def test_what_is_no_limit_is_refused(amount, unit):
    with pytest.raises(ValueError, match="not a limit"):
        due(at("2026-09-28 10:00"), amount, unit, calendar=PUBLISHED)


def test_last_natural_day_on_a_holiday_rolls_only_where_the_law_says_so():
    start = at("2026-09-30 10:00")
    assert due(start, 3, NATURAL, calendar=PUBLISHED) == at("2026-10-03 24:00")
    assert due(start, 3, NATURAL, roll=True, calendar=PUBLISHED) == at("2026-10-08 24:00")
    assert due(start, 8, NATURAL, roll=True, calendar=PUBLISHED) == at("2026-10-08 24:00")


def test_rolling_to_a_make_up_saturday():
    start = at("2026-05-07 10:00")
    assert due(start, 2, NATURAL, roll=True, calendar=PUBLISHED) == at("2026-05-09 24:00")


@pytest.mark.parametrize("unit", [URGENT, HOURS, DAYS])
def test_other_units_never_roll(unit):
    start = at("2026-09-30 10:00")
    assert due(start, 1, unit, roll=True, calendar=PUBLISHED) == due(
        start, 1, unit, calendar=PUBLISHED
    )


def test_days_count_from_the_day_after_the_start_to_the_day_of_the_end():
    def days(start, end, unit=DAYS):
        return elapsed(at(start), at(end), unit, calendar=PUBLISHED)

    assert days("2026-09-28 09:00", "2026-09-28 18:00") == 0
    assert days("2026-09-28 23:00", "2026-09-29 08:00") == 1
    assert days("2026-09-30 10:00", "2026-10-08 09:00") == 1
    assert days("2026-09-30 10:00", "2026-10-08 09:00", NATURAL) == 8
    assert days("2026-09-30 10:00", "2026-09-30 24:00", NATURAL) == 0


@pytest.mark.parametrize("unit", TimeUnit)
def test_an_end_before_the_start_has_used_nothing(unit):
    assert elapsed(at("2026-09-30"), at("2026-09-28"), unit, calendar=PUBLISHED) == 0


def test_working_days_follow_each_other():
    assert not is_workday(datetime.date(2026, 10, 7), PUBLISHED)
    assert is_workday(datetime.date(2026, 10, 10), PUBLISHED)
    assert next_workday(datetime.date(2026, 9, 30), PUBLISHED) == datetime.date(2026, 10, 8)
    assert next_workday(datetime.date(2026, 10, 8), PUBLISHED) == datetime.date(2026, 10, 9)
    assert next_workday(datetime.date(2026, 10, 9), PUBLISHED) == datetime.date(2026, 10, 10)


def test_year_that_nobody_entered_is_monday_to_friday():
    assert is_workday(datetime.date(2027, 1, 1), PUBLISHED)
    assert due(at("2026-12-31 10:00"), 2, DAYS, calendar=PUBLISHED) == at("2027-01-04 18:00")
    assert due(at("2090-01-06 10:00"), 1, DAYS, calendar=Calendar()) == at("2090-01-09 18:00")


def test_summer_hours_begin_and_end_with_the_season():
    assert due(at("2026-06-12 17:30"), 1, HOURS, calendar=SEASONAL) == at("2026-06-15 08:30")
    assert due(at("2026-09-15 18:00"), 1, HOURS, calendar=SEASONAL) == at("2026-09-16 09:30")
    assert due(at("2026-07-01 10:00"), 1, DAYS, calendar=SEASONAL) == at("2026-07-02 18:30")


def test_nearest_unit_above_sets_the_hours_and_only_in_its_season():
    street, office = Place(1, STREET), Place(1, STREET, 8)
    for place in (street, office):
        winter = due(at("2026-12-01 09:00"), 7, HOURS, calendar=SEASONAL, hours_of=place)
        assert winter == at("2026-12-02 11:00")
        summer = due(at("2026-07-01 07:00"), 1, HOURS, calendar=SEASONAL, hours_of=place)
        assert summer == at("2026-07-01 09:00")
    elsewhere = due(at("2026-12-01 09:00"), 7, HOURS, calendar=SEASONAL, hours_of=Place(1, 2))
    assert elsewhere == at("2026-12-01 18:00")


def test_hours_end_with_their_validity():
    desk = Place(1, STREET, DESK)
    day = due(at("2025-06-27 10:00"), 1, DAYS, calendar=SEASONAL, hours_of=desk)
    assert day == at("2025-06-30 24:00")
    assert elapsed(at("2025-06-27 10:00"), day, DAYS, calendar=SEASONAL, hours_of=desk) == 1
    later = due(at("2025-06-30 23:00"), 2, HOURS, calendar=SEASONAL, hours_of=desk)
    assert later == at("2025-07-01 09:00")


@pytest.mark.parametrize(
    "season", [(229, 430), (1201, 229), (229, 229), (501, 531), (1215, 1231), (101, 131)]
)
def test_season_begins_and_ends_on_its_days_in_leap_and_other_years(season):
    rule = HoursRule(None, (540, 600), *season)
    schedule = Calendar(hours=(rule,)).measures().schedule
    first = datetime.date(2023, 1, 1)
    days = [first + n * datetime.timedelta(days=1) for n in range(6 * 365)]
    differing = [
        d for d in days if (schedule.shift(d.toordinal()).length == HOUR) != rule.covers(d)
    ]
    assert differing == []


def test_season_covers_its_first_and_last_day():
    winter = HoursRule(None, (540, 600), 1201, 229)
    covered = ["2024-12-01", "2024-12-31", "2025-01-01", "2024-02-29", "2025-02-28"]
    assert all(winter.covers(datetime.date.fromisoformat(day)) for day in covered)
    others = ["2024-11-30", "2024-03-01", "2025-03-01"]
    assert not any(winter.covers(datetime.date.fromisoformat(day)) for day in others)


def test_hours_of_a_single_day():
    friday = datetime.date(2026, 10, 9)
    calendar = Calendar(hours=(HoursRule(None, (540, 600), 101, 1231, friday, friday),))
    assert elapsed(at("2026-10-08"), at("2026-10-10"), HOURS, calendar=calendar) == 8
    assert due(at("2026-10-08 10:00"), 1, DAYS, calendar=calendar) == at("2026-10-09 10:00")


def test_fractions_of_a_second_count():
    start = at("2026-09-28 09:00")
    half = start + datetime.timedelta(milliseconds=500)
    assert elapsed(start, half, HOURS, calendar=PUBLISHED) * 3600 == 0.5


def test_nearer_of_two_units_above_counts():
    desk = Place(1, STREET, DESK)
    start = at("2024-12-02 01:00")
    assert due(start, 2, HOURS, calendar=SEASONAL, hours_of=desk) == at("2024-12-02 03:00")
    street = Place(1, DESK, STREET)
    assert due(start, 2, HOURS, calendar=SEASONAL, hours_of=street) == at("2024-12-02 12:00")
