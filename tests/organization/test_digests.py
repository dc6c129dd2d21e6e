"""Quiet hours that an alarm ignores, and reminders that become one message."""

import datetime

import pytest
from django.db import IntegrityError

from organization.digests import release, words_of
from organization.models import Outbox, QuietHours
from organization.sending import deliver_waiting
from tests.cast import MONDAY
from tests.organization.test_sending import MINUTE, Kind, State, again, promise, water

__all__ = ["water"]

EVENING = MONDAY.replace(hour=23)
MORNING = MONDAY.replace(day=20, hour=7)


@pytest.fixture
def night(db):
    return QuietHours.objects.create(start=datetime.time(22), end=datetime.time(7))


def test_at_night_reminders_and_calls_wait_for_the_morning(water, night):
    held = [promise(water, kind, kind, EVENING) for kind in (Kind.REMIND, Kind.CALL)]
    assert deliver_waiting(EVENING) == 0
    assert {(again(m).state, again(m).next_at) for m in held} == {(State.HELD, MORNING)}
    assert deliver_waiting(MORNING - MINUTE) == 0
    assert deliver_waiting(MORNING) == 2


def test_at_night_an_alarm_goes_at_once(water, night):
    promise(water, now=EVENING)
    assert deliver_waiting(EVENING) == 1


@pytest.mark.parametrize(
    ("hour", "day", "until"), [(21, 19, None), (22, 19, 20), (3, 19, 19), (7, 19, None)]
)
def test_quiet_hours_run_over_midnight(night, hour, day, until):
    found = night.until(MONDAY.replace(day=day, hour=hour))
    assert found == (until and MONDAY.replace(day=until, hour=7))


def test_quiet_hours_may_lie_within_a_day():
    noon = QuietHours(start=datetime.time(12), end=datetime.time(14))
    assert noon.until(MONDAY.replace(hour=13)) == MONDAY.replace(hour=14)
    assert noon.until(MONDAY.replace(hour=14)) is None


def test_a_phone_with_hours_of_its_own_keeps_these(water, night):
    QuietHours.objects.create(phone=water.duty_phone, start=datetime.time(1), end=datetime.time(2))
    promise(water, kind=Kind.CALL, now=EVENING)
    assert deliver_waiting(EVENING) == 1


def test_a_phone_has_one_row(night):
    with pytest.raises(IntegrityError):
        QuietHours.objects.create(start=datetime.time(22), end=datetime.time(7))


def test_reminders_of_one_moment_are_one_message(water):
    parts = [promise(water, f"r{n}", Kind.REMIND, subject=f"事项{n}") for n in range(3)]
    assert deliver_waiting(MONDAY) == 1
    digest = Outbox.objects.get(state=State.SENT)
    assert digest.text == "3 件工单即将超期：事项0，事项1，事项2"
    assert {(again(m).state, again(m).digest) for m in parts} == {(State.MERGED, digest)}


def test_what_comes_soon_after_is_collected_until_the_window_is_over(water):
    promise(water, "a", Kind.REMIND)
    assert deliver_waiting(MONDAY) == 1
    promise(water, "b", Kind.REMIND, MONDAY + MINUTE)
    assert deliver_waiting(MONDAY + MINUTE) == 0
    promise(water, "c", Kind.REMIND, MONDAY + 5 * MINUTE)
    promise(water, "d", Kind.ALARM, MONDAY + 5 * MINUTE)
    assert deliver_waiting(MONDAY + 5 * MINUTE) == 1
    assert again(Outbox.objects.get(key="d")).state == State.SENT
    assert deliver_waiting(MONDAY + 15 * MINUTE) == 1
    assert Outbox.objects.filter(key__startswith="digest:").count() == 1
    assert Outbox.objects.filter(state=State.MERGED).count() == 2


def test_each_phone_has_its_own_digest(water):
    other = type(water).objects.establish(
        code="320104B02000", name="水务", kind="department", parent=water, duty_phone="02500000009"
    )
    for n in range(2):
        promise(water, f"w{n}", Kind.REMIND)
        promise(other, f"o{n}", Kind.REMIND)
    assert deliver_waiting(MONDAY) == 2
    sent = Outbox.objects.filter(state=State.SENT)
    assert {m.to for m in sent} == {"02500000002", "02500000009"}


def test_a_digest_names_as_many_as_fit(db):
    text = words_of([f"第{n}件很长很长很长很长很长很长的事项" for n in range(30)])
    assert text.startswith("30 件工单即将超期：第0件") and text.endswith("…") and len(text) <= 300


def test_letting_go_takes_the_same_queries_for_any_number(water, django_assert_num_queries):
    for n in range(20):
        promise(water, f"r{n}", Kind.CALL)
    with django_assert_num_queries(7):
        assert release(MONDAY) == 20
