"""What holds for every start, limit, pause and calendar."""

import datetime
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from organization.calendar import TimeUnit, due, elapsed
from organization.working_time import DAY, SHANGHAI, tick
from tests.organization.published import DESK, PUBLISHED, SEASONAL, STREET, Place

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOUR_UNITS = st.sampled_from([TimeUnit.URGENT_HOUR, TimeUnit.WORK_HOUR])
DAY_UNITS = st.sampled_from([TimeUnit.WORK_DAY, TimeUnit.NATURAL_DAY])
UNITS = HOUR_UNITS | DAY_UNITS
ZONES = st.sampled_from([SHANGHAI, datetime.UTC, datetime.timezone(datetime.timedelta(hours=-5))])
MOMENTS = st.datetimes(
    datetime.datetime(2004, 1, 1),  # noqa: DTZ001
    datetime.datetime(2031, 12, 31),  # noqa: DTZ001
    timezones=ZONES,
)
PLACES = st.sampled_from([None, Place(1, STREET), Place(1, STREET, DESK), Place(DESK, 3)])
WHERE = st.fixed_dictionaries(
    {"calendar": st.sampled_from([PUBLISHED, SEASONAL]), "hours_of": PLACES}
)
HOURS = st.integers(1, 400 * 3600).map(lambda seconds: seconds / 3600)
WHOLE_DAYS = st.integers(1, 120)
LIMITS = st.tuples(HOURS, HOUR_UNITS) | st.tuples(WHOLE_DAYS, DAY_UNITS)


@st.composite
def pauses_after(draw, start):
    """Some pauses, overlapping or not, within two months of the start, in any order."""
    minutes = st.integers(-2000, 80_000)
    ends = draw(st.lists(st.tuples(minutes, minutes), max_size=4))
    minute = datetime.timedelta(minutes=1)
    return [(start + min(pair) * minute, start + max(pair) * minute) for pair in ends]


def same(hours, others):
    return round(hours * 3_600_000_000) == round(others * 3_600_000_000)


@unhurried
@given(MOMENTS, LIMITS, WHERE, st.booleans())
def test_measuring_finds_what_was_added(start, limit, where, roll):
    amount, unit = limit
    moment = due(start, amount, unit, **where)
    assert same(elapsed(start, moment, unit, **where), amount)
    assert due(start, amount, unit, roll=roll, **where) >= moment > start


@unhurried
@given(st.data(), MOMENTS, LIMITS, WHERE)
def test_measuring_finds_what_was_added_around_pauses(data, start, limit, where):
    amount, unit = limit
    pauses = data.draw(pauses_after(start))
    moment = due(start, amount, unit, pauses=pauses, **where)
    assert same(elapsed(start, moment, unit, pauses=pauses, **where), amount)
    assert moment >= due(start, amount, unit, **where)


@unhurried
@given(MOMENTS, MOMENTS, LIMITS, WHERE)
def test_later_start_is_never_due_earlier(one, other, limit, where):
    assume(one <= other)
    assert due(one, *limit, **where) <= due(other, *limit, **where)


@unhurried
@given(MOMENTS, LIMITS, st.integers(1, 50), WHERE, st.booleans())
def test_longer_limit_is_never_due_earlier(start, limit, more, where, roll):
    amount, unit = limit
    where |= {"roll": roll}
    assert due(start, amount, unit, **where) <= due(start, amount + more, unit, **where)


@unhurried
@given(MOMENTS, HOURS, HOURS, HOUR_UNITS, WHERE)
def test_hours_added_in_two_steps_are_hours_added_at_once(start, one, other, unit, where):
    seconds = round(one * 3600) + round(other * 3600)
    at_once = due(start, seconds / 3600, unit, **where)
    assert due(due(start, one, unit, **where), other, unit, **where) == at_once


@unhurried
@given(st.data(), st.lists(MOMENTS, min_size=3, max_size=3), UNITS, WHERE)
def test_splitting_an_interval_changes_nothing(data, moments, unit, where):
    """In days but for a midnight, and for pauses in the evening of a day that does not count."""
    begin, between, end = sorted(moments)
    assume(tick(between) % DAY)
    pauses = data.draw(pauses_after(begin))
    if unit.in_days:
        pauses = [(stop, go) for stop, go in pauses if tick(stop) // DAY > tick(begin) // DAY]
        assume(all(tick(stop) // DAY != tick(between) // DAY for stop, _go in pauses))
        assume(all(not stop < between < go for stop, go in pauses))
    whole = elapsed(begin, end, unit, pauses=pauses, **where)
    parts = [
        elapsed(a, b, unit, pauses=pauses, **where) for a, b in pairwise([begin, between, end])
    ]
    assert same(sum(parts), whole)


@unhurried
@given(st.data(), MOMENTS, LIMITS, WHERE)
def test_pause_without_length_changes_nothing(data, start, limit, where):
    instant = start + datetime.timedelta(minutes=data.draw(st.integers(-100, 100_000)))
    nothing = [(instant, instant)]
    assert due(start, *limit, pauses=nothing, **where) == due(start, *limit, **where)


@unhurried
@given(st.data(), MOMENTS, LIMITS, WHERE, st.booleans())
def test_pause_cut_in_two_is_the_same_pause(data, start, limit, where, roll):
    minutes = sorted(data.draw(st.tuples(*[st.integers(-100, 60_000)] * 3)))
    stop, cut, go = (start + datetime.timedelta(minutes=minute) for minute in minutes)
    where |= {"roll": roll}
    whole = due(start, *limit, pauses=[(stop, go)], **where)
    assert due(start, *limit, pauses=[(cut, go), (stop, cut)], **where) == whole


@unhurried
@given(st.data(), MOMENTS, LIMITS, WHERE)
def test_nothing_is_due_in_a_pause(data, start, limit, where):
    pauses = data.draw(pauses_after(start))
    moment = due(start, *limit, pauses=pauses, **where)
    assert not any(stop < moment < go for stop, go in pauses if stop > start)


@unhurried
@given(MOMENTS, HOURS, WHERE)
def test_working_hours_run_out_while_people_work(start, amount, where):
    day, rest = divmod(tick(due(start, amount, "work_hour", **where)) - 1, DAY)
    schedule = where["calendar"].measures(where["hours_of"]).schedule
    assert schedule.days.works(day)
    assert any(opened <= rest < closed for opened, closed in schedule.shift(day).periods)
