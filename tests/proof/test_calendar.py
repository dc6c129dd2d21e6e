"""Ten thousand limits with pauses against the reckoning that walks minute by minute."""

import random
from functools import lru_cache

import pytest

from organization.calendar import due, elapsed
from tests.organization import test_calendar_oracle as oracle
from tests.organization.test_calendar_oracle import WORLDS, closes_after, draw, due_in_days

CASES = 10_000


@pytest.fixture(autouse=True)
def days_looked_up_once(monkeypatch):
    """The library is asked for each day once, not for each minute."""
    asked = lru_cache(maxsize=None)(oracle.chinese_calendar.is_workday)
    monkeypatch.setattr(oracle.chinese_calendar, "is_workday", asked)


def test_ten_thousand_limits_with_pauses_are_reckoned_alike():
    dice = random.Random(20261126)
    paused = sum(case_agrees(dice) for _ in range(CASES))
    print(f"\n{CASES} limits, {paused} of them with pauses: both reckonings agree")


def case_agrees(dice):
    """Whether the case had a pause; both adding and measuring agree with the walk."""
    calendar, place, hours = dice.choice(WORLDS)
    start, pauses = draw(dice)
    unit = dice.choice(["work_hour", "urgent_hour", "work_day", "natural_day"])
    where = {"pauses": pauses, "calendar": calendar, "hours_of": place}
    amount, moment = walked(dice, start, pauses, unit, hours)
    assert due(start, amount, unit, **where) == moment, (start, amount, unit, pauses)
    assert elapsed(start, moment, unit, **where) == pytest.approx(amount)
    return bool(pauses)


def walked(dice, start, pauses, unit, hours):
    if unit.endswith("day"):
        days = dice.randrange(1, 30)
        return days, due_in_days(start, days, pauses, closes_after(start, hours, unit))
    minutes = dice.randrange(1, 20 * 60)
    counts = (lambda minute: oracle.on_duty(minute, hours)) if unit == "work_hour" else bool
    return minutes / 60, oracle.due_in_minutes(start, minutes, pauses, counts)
