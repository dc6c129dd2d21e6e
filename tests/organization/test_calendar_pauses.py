import pytest

from organization.calendar import TimeUnit, due, elapsed, paused
from tests.organization.published import PUBLISHED, at

URGENT, HOURS, DAYS, NATURAL = TimeUnit


def between(stop, go):
    return at(stop), at(go)


CASES = [
    # the time that would have counted: 16:00–18:00 and 09:00–10:00
    ("2026-09-28 14:00", 4, HOURS, [("2026-09-28 16:00", "2026-09-29 10:00")], "2026-09-29 12:00"),
    # a pause over lunch and night takes nothing away
    ("2026-09-28 11:00", 2, HOURS, [("2026-09-28 12:00", "2026-09-28 14:00")], "2026-09-28 15:00"),
    ("2026-09-28 11:00", 2, URGENT, [("2026-09-28 12:00", "2026-09-28 14:00")], "2026-09-28 15:00"),
    # two closes of business inside
    ("2026-09-28 10:00", 2, DAYS, [("2026-09-29 10:00", "2026-10-08 09:00")], "2026-10-09 18:00"),
    # none inside: begun after one close, ended before the next
    ("2026-09-28 10:00", 2, DAYS, [("2026-09-28 18:00", "2026-09-29 17:59")], "2026-09-30 18:00"),
    # the close on which it ends is inside
    ("2026-09-28 10:00", 1, DAYS, [("2026-09-29 09:00", "2026-09-29 18:00")], "2026-09-30 18:00"),
    # the close of the day of the start is one as well
    ("2026-09-28 10:00", 1, DAYS, [("2026-09-28 11:00", "2026-09-29 09:00")], "2026-09-30 18:00"),
    ("2026-10-01 10:00", 3, NATURAL, [("2026-10-02", "2026-10-05")], "2026-10-07 24:00"),
    # begun only when the limit had run out
    ("2026-09-28 10:00", 1, HOURS, [("2026-09-28 11:00", "2026-09-30 11:00")], "2026-09-28 11:00"),
    ("2026-09-28 10:00", 1, DAYS, [("2026-09-29 18:00", "2026-10-08 11:00")], "2026-09-29 18:00"),
    # begun after the first deadline, but before the one an earlier pause had moved it to
    (
        "2026-09-28 10:00",
        1,
        HOURS,
        [("2026-09-28 11:30", "2026-09-28 14:30"), ("2026-09-28 10:30", "2026-09-28 11:30")],
        "2026-09-28 15:00",
    ),
    # overlapping ones count once, what lies before the start not at all
    (
        "2026-09-28 10:00",
        1,
        HOURS,
        [("2026-09-28 09:00", "2026-09-28 10:30"), ("2026-09-28 10:15", "2026-09-28 11:00")],
        "2026-09-28 12:00",
    ),
]


@pytest.mark.parametrize(("start", "amount", "unit", "pauses", "expected"), CASES)
def test_pause_moves_the_deadline(start, amount, unit, pauses, expected):
    spans = [between(*pause) for pause in pauses]
    moment = due(at(start), amount, unit, pauses=spans, calendar=PUBLISHED)
    assert moment == at(expected)
    assert elapsed(at(start), moment, unit, pauses=spans, calendar=PUBLISHED) == amount


def test_what_a_pause_adds():
    span = [between("2026-09-28 16:00", "2026-09-30 10:00")]
    start = at("2026-09-28 10:00")
    added = [paused(start, span, unit, calendar=PUBLISHED) for unit in TimeUnit]
    assert added == [42, 10, 2, 2]


def test_pause_within_the_days_a_last_day_rolled_over():
    """Due Saturday the 3rd, rolled to the 8th; two midnights were left when the pause began."""
    span = [between("2026-10-07 10:00", "2026-10-12 10:00")]
    moment = due(
        at("2026-09-30 10:00"), 3, TimeUnit.NATURAL_DAY, roll=True, pauses=span, calendar=PUBLISHED
    )
    assert moment == at("2026-10-13 24:00")


def test_pause_from_the_last_day_on_is_within_the_days_it_rolled_over():
    span = [between("2026-10-04", "2026-10-12 10:00")]
    moment = due(
        at("2026-09-30 10:00"), 3, TimeUnit.NATURAL_DAY, roll=True, pauses=span, calendar=PUBLISHED
    )
    assert moment == at("2026-10-16 24:00")


def test_pause_in_the_evening_of_the_first_day_never_measures_below_nothing():
    span = [between("2026-09-28 11:00", "2026-09-28 20:00")]
    for unit in TimeUnit:
        used = elapsed(
            at("2026-09-28 11:00"), at("2026-09-28 20:00"), unit, pauses=span, calendar=PUBLISHED
        )
        assert used == 0


def test_pause_from_the_rolled_deadline_on_changes_nothing():
    span = [between("2026-10-09", "2026-10-12 10:00")]
    moment = due(
        at("2026-09-30 10:00"), 3, TimeUnit.NATURAL_DAY, roll=True, pauses=span, calendar=PUBLISHED
    )
    assert moment == at("2026-10-08 24:00")


def test_time_measured_in_the_midst_of_a_pause_stands_still():
    span = [between("2026-09-28 16:00", "2026-09-30 10:00")]
    start = at("2026-09-28 10:00")
    used = [
        elapsed(start, at(end), HOURS, pauses=span, calendar=PUBLISHED)
        for end in ("2026-09-28 16:00", "2026-09-29 11:00", "2026-09-30 10:00", "2026-09-30 10:30")
    ]
    assert used == [4, 4, 4, 4.5]


def test_pause_backwards_is_refused():
    span = [between("2026-09-29 10:00", "2026-09-28 10:00")]
    with pytest.raises(ValueError, match="before it begins"):
        due(at("2026-09-28 10:00"), 1, HOURS, pauses=span, calendar=PUBLISHED)
