"""The same answers from a second, slow reckoning that walks minute by minute, day by day.

It shares no code with the first: it asks chinese_calendar for each day and looks at each minute.
"""

import datetime
import random

import chinese_calendar
import pytest

from organization.calendar import due, elapsed
from organization.working_time import SHANGHAI
from tests.organization.published import PUBLISHED, SEASONAL, STREET, Place

MINUTE = datetime.timedelta(minutes=1)
ONE_DAY = datetime.timedelta(days=1)
OFFICE, SUMMER, WINTER = ((9, 12, 14, 18), (8, 11.5, 15, 18.5), (10, 16))


def plain(day):
    return OFFICE


def seasonal(day):
    if day.month in (11, 12, 1, 2) and day.year >= 2020:
        return WINTER if (day.month, day.day) != (2, 29) else OFFICE
    return SUMMER if (6, 15) <= (day.month, day.day) <= (9, 15) else OFFICE


def on_duty(minute, hours):
    clock = minute.hour + minute.minute / 60
    edges = hours(minute.date())
    return chinese_calendar.is_workday(minute.date()) and any(
        opened <= clock < closed for opened, closed in zip(edges[::2], edges[1::2], strict=True)
    )


def running(minute, pauses):
    return not any(stop <= minute < go for stop, go in pauses)


def due_in_minutes(start, minutes, pauses, counts):
    moment = start
    while minutes:
        minutes -= counts(moment) and running(moment, pauses)
        moment += MINUTE
    return moment


def closes_after(start, hours, unit):
    """Every (day, moment) at which a day of the limit ends, from the day of the start on."""
    day = start.date()
    while True:
        midnight = datetime.datetime.combine(day, datetime.time(), SHANGHAI)
        if unit == "natural_day":
            yield day, midnight + ONE_DAY
        elif chinese_calendar.is_workday(day):
            yield day, midnight + hours(day)[-1] * datetime.timedelta(hours=1)
        day += ONE_DAY


def due_in_days(start, days, pauses, closes):
    for day, close in closes:
        if close > start and any(stop < close <= go for stop, go in pauses):
            days += day == start.date()
        elif day > start.date():
            days -= 1
        if not days:
            return close


def draw(dice):
    first = datetime.datetime(2005, 1, 1, tzinfo=SHANGHAI)
    start = first + dice.randrange(21 * 365 * 1440) * MINUTE
    pauses, edge = [], start
    for _ in range(dice.choice([0, 0, 1, 2, 3])):
        stop = edge + dice.randrange(6000) * MINUTE
        edge = stop + dice.randrange(9000) * MINUTE
        pauses.append((stop, edge))
    return start, pauses


WORLDS = [
    (PUBLISHED, None, plain),
    (SEASONAL, Place(1, STREET), seasonal),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("calendar", "place", "hours"), WORLDS)
def test_hours_against_walking_the_minutes(calendar, place, hours, seed):
    dice = random.Random(seed)
    for _ in range(20):
        start, pauses = draw(dice)
        unit = dice.choice(["work_hour", "urgent_hour"])
        minutes = dice.randrange(1, 20 * 60)
        moment = due_in_minutes(
            start,
            minutes,
            pauses,
            (lambda minute: on_duty(minute, hours)) if unit == "work_hour" else lambda _: True,
        )
        where = {"pauses": pauses, "calendar": calendar, "hours_of": place}
        assert due(start, minutes / 60, unit, **where) == moment, (start, minutes, unit, pauses)
        assert round(elapsed(start, moment, unit, **where) * 60) == minutes


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("calendar", "place", "hours"), WORLDS)
def test_days_against_walking_the_closes(calendar, place, hours, seed):
    dice = random.Random(seed)
    for _ in range(150):
        start, pauses = draw(dice)
        unit = dice.choice(["work_day", "natural_day"])
        days = dice.randrange(1, 30)
        moment = due_in_days(start, days, pauses, closes_after(start, hours, unit))
        where = {"pauses": pauses, "calendar": calendar, "hours_of": place}
        assert due(start, days, unit, **where) == moment, (start, days, unit, pauses)
        assert elapsed(start, moment, unit, **where) == days
