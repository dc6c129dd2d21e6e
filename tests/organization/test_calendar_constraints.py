import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime.date(2026, 1, 1)


def refused(model, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)
    return True


def test_day_stands_once_and_is_of_a_known_kind():
    CalendarDay.objects.create(date=NEW_YEAR, kind="holiday")
    assert refused(CalendarDay, date=NEW_YEAR, kind="workday")
    assert refused(CalendarDay, date="2026-01-02", kind="half")
    assert refused(CalendarDay, date="2026-01-02", kind="holiday", source="hearsay")
    assert refused(CalendarYear, year=20266, source="notice")


PERIODS = [
    [],
    [540],
    [540, 720, 840],
    [720, 540],
    [540, 720, 700, 1080],
    [540, 540],
    [840, 1080, 540, 720],
    [540, 1441],
    [0, 60, 120, 180, 240, 300, 360, 420, 480, 540],
]


@pytest.mark.parametrize("periods", PERIODS)
def test_periods_out_of_order_are_refused(periods):
    assert refused(WorkingHours, periods=periods, valid_from=NEW_YEAR)
    with pytest.raises(ValidationError):
        WorkingHours(periods=periods, valid_from=NEW_YEAR).full_clean()


@pytest.mark.parametrize("periods", [[0, 1440], [540, 720, 840, 1080], [0, 1, 2, 3, 4, 5, 6, 7]])
def test_periods_in_order_are_accepted(periods):
    row = WorkingHours(periods=periods, valid_from=NEW_YEAR)
    row.full_clean()
    row.save()


@pytest.mark.parametrize("day", [0, 1301, 230, 100])
def test_season_is_made_of_days_of_the_year(day):
    with pytest.raises(ValidationError, match="MMDD|月日"):
        WorkingHours(season_from=day, valid_from=NEW_YEAR).full_clean()


def test_season_outside_the_year_is_refused_by_the_database():
    assert refused(WorkingHours, season_from=0, valid_from=NEW_YEAR)
    assert refused(WorkingHours, season_to=1300, valid_from=NEW_YEAR)
    assert refused(WorkingHours, valid_from=NEW_YEAR, valid_to="2025-12-31")


def test_two_rows_never_hold_at_the_same_time():
    summer = {"season_from": 615, "season_to": 915}
    winter = {"season_from": 1101, "season_to": 228}
    WorkingHours.objects.create(valid_from=NEW_YEAR, valid_to="2026-12-31", **summer)
    WorkingHours.objects.create(valid_from=NEW_YEAR, valid_to="2026-12-31", **winter)
    WorkingHours.objects.create(valid_from="2027-01-01", **summer)
    assert refused(WorkingHours, valid_from="2026-06-01", valid_to="2026-06-30")
    assert refused(WorkingHours, valid_from="2026-12-31", **winter)
    assert refused(
        WorkingHours, valid_from=NEW_YEAR, valid_to=NEW_YEAR, season_from=201, season_to=301
    )
    assert refused(
        WorkingHours, valid_from=NEW_YEAR, valid_to=NEW_YEAR, season_from=1201, season_to=102
    )


def test_row_says_its_periods():
    assert str(WorkingHours()) == "09:00–12:00 14:00–18:00"
