"""Which clocks run where, how long, and under which policy: the table of words.md, lived."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from organization.calendar import due
from tests.cast import LONG_AGO, plain_photo
from tests.whistle.paces import DAY, Paces
from tests.whistle.stations import STATIONS
from workflow.actions import create
from workflow.models import TimeLimit

HOUR = datetime.timedelta(hours=1)
RUNNING = {
    "order reported": "triage",
    "order registered": "dispatch handle",
    "order related": "dispatch handle",
    "order divided": "handle",
    "order that is a part": "dispatch handle",
    "order dispatched": "sign handle",
    "order accepted": "handle",
    "order whistled": "handle",
    "order handled": "verify",
    "order fixed": "verify",
    "order verified": "",
    "order verified, not called back": "callback",
    "order verified in parts": "",
    "order closed": "",
    "order refused": "",
    "order merged": "",
    "order suspended": "handle suspension",
    "order void": "",
    "whistle drafted": "confirm",
    "whistle drafted, tough": "confirm",
    "whistle confirmed": "blow",
    "whistle blown": "",
    "whistle blown to the street": "",
    "whistle blown, unconfirmed": "confirm",
    "whistle settled": "",
    "whistle settled, unconfirmed": "confirm",
    "whistle verified": "score",
    "whistle scored": "",
    "whistle closed": "",
    "whistle raised": "",
    "whistle cancelled": "",
    "response called": "sign contact arrive finish",
    "response of the street": "sign contact arrive finish",
    "response of the street, signed": "contact arrive finish",
    "response of the street, arrived": "finish",
    "response signed": "contact arrive finish",
    "response arrived": "finish",
    "response done": "",
    "response disputed": "contact arrive finish arbitrate",
    "response released": "",
    "verification asked": "answer",
    "verification answered": "",
    "verification lapsed": "",
    "survey asked": "answer",
    "survey answered": "",
    "survey lapsed": "",
    "survey dropped": "",
}


@pytest.fixture
def paces(district):
    return Paces(district)


def running(paper):
    return {clock.what: clock for clock in paper.clocks.filter(stopped=None)}


@pytest.mark.parametrize("station", RUNNING)
def test_at_each_station_the_clocks_of_its_status_run(paces, station):
    paper = STATIONS[station](paces)()
    clocks = running(paper)
    assert set(clocks) == set(RUNNING[station].split())
    ticking = [clock for clock in clocks.values() if clock.paused_at is None]
    first = min(ticking, key=lambda clock: clock.due, default=None)
    assert paper.due_at == (first and first.due)
    assert paper.due_what == (first.what if first else "")


def test_a_verified_order_waits_for_its_callback(paces):
    assert set(running(paces.verified())) == {"callback"}


def test_an_agreed_appointment_stops_the_contact_clock(paces):
    response = paces.signed()
    paces.step(response, "contact", paces.p.liaison, meet_at=paces.now, meet_place="现场")
    assert set(running(response)) == {"arrive", "finish"}


def test_an_arrival_denied_lets_the_old_clock_run_on(paces):
    response = paces.arrived()
    before = response.clocks.get(what="arrive")
    paces.now += 2 * DAY
    paces.step(response, "deny", paces.p.duty_leader, note="无人到场")
    after = response.clocks.get(what="arrive")
    assert (after.pk, after.due, after.stopped) == (before.pk, before.due, None)
    assert after.next_at == after.warn_at


def test_work_done_again_has_its_whole_limit_again(paces):
    response = paces.done()
    paces.step(response, "redo", paces.p.duty_leader, note="没有修好")
    first, second = response.clocks.filter(what="finish").order_by("pk")
    assert (first.stopped_by, second.started) == ("finish", paces.now)


def test_a_late_clock_stays_late_in_the_record(paces):
    order = paces.reported()
    paces.now += DAY
    paces.step(order, "register", paces.p.dispatcher, condition=paces.d.condition)
    assert order.clocks.get(what="triage").late
    assert not order.clocks.get(what="dispatch").late


@pytest.mark.parametrize(
    "pace, what, amount, unit",
    [
        ("reported", "triage", 2, "work_hour"),
        ("registered", "handle", 4, "work_hour"),
        ("taken", "handle", 5, "work_day"),
        ("drafted", "confirm", 4, "work_hour"),
        ("blown_now", "confirm", 24, "urgent_hour"),
        ("called", "sign", 1, "work_hour"),
        ("called_street", "arrive", 3, "work_day"),
        ("called", "finish", 2, "work_day"),
        ("called_street", "finish", 3, "work_day"),
        ("asked", "answer", 2, "work_hour"),
    ],
)
def test_a_limit_is_the_condition_s_the_task_s_or_the_policy_s(paces, pace, what, amount, unit):
    if pace.startswith("called"):
        paces.give_room()
    clock = running(getattr(paces, pace)())[what]
    assert (clock.amount, clock.unit) == (amount, unit)
    assert clock.due == due(clock.started, amount, unit)
    assert clock.started < clock.warn_at < clock.due
    assert (clock.next_at, clock.rung) == (clock.warn_at, 0)


@pytest.mark.parametrize(
    "kind, sign, arrive",
    [
        ("emergency", (Decimal("0.5"), "urgent_hour"), (2, "urgent_hour")),
        ("tough", (1, "work_hour"), (5, "work_day")),
        ("routine", (1, "work_hour"), (3, "work_day")),
    ],
)
def test_the_type_of_the_whistle_sets_the_limits_of_its_answers(paces, kind, sign, arrive):
    whistle = paces.blown(kind=kind)
    clocks = running(paces.response_of(whistle, paces.d.water))
    assert (clocks["sign"].amount, clocks["sign"].unit) == sign
    assert (clocks["arrive"].amount, clocks["arrive"].unit) == arrive


def test_a_new_policy_counts_from_its_day_for_what_begins_then(paces):
    today = timezone.localdate(paces.now)
    for day, amount in [(today, 6), (today + DAY, 9)]:
        TimeLimit.objects.create(
            flow="workorder",
            clock="triage",
            amount=amount,
            unit="work_hour",
            valid_from=day,
        )
    assert running(paces.reported())["triage"].amount == 6
    paces.now += DAY
    assert running(paces.reported())["triage"].amount == 9


def test_without_a_limit_there_is_no_clock(paces):
    TimeLimit.objects.filter(clock="triage").delete()
    order = paces.reported()
    assert running(order) == {}
    assert order.due_at is None


def test_a_source_s_own_limit_caps_every_clock_of_the_order_and_its_answers(paces):
    outer = paces.now + HOUR
    whistle = paces.blown(source_due=outer)
    for paper in (whistle.order, paces.response_of(whistle, paces.d.water)):
        for clock in running(paper).values():
            assert clock.due <= outer
            assert clock.warn_at <= clock.due


def test_a_source_s_later_limit_changes_nothing(paces):
    order = paces.registered(source_due=paces.now + 30 * DAY)
    clock = running(order)["handle"]
    assert clock.due == due(clock.started, 4, "work_hour")


def test_a_limit_that_had_passed_before_the_report_is_due_at_once(paces):
    order = paces.reported(source_due=paces.now - DAY)
    clock = running(order)["triage"]
    assert clock.warn_at <= clock.due == order.source_due


def test_a_report_at_night_runs_from_the_next_morning(paces):
    order = paces.new_order()
    night = paces.now.replace(hour=23)
    create(order, "report", actor=paces.p.warden, now=night, photos=[plain_photo()])
    assert order.due_at == night.replace(hour=11) + DAY


def test_policies_of_a_kind_go_before_the_default(paces):
    TimeLimit.objects.create(
        flow="workorder",
        clock="triage",
        kind="critical",
        amount=1,
        unit="urgent_hour",
        valid_from=LONG_AGO,
    )
    assert running(paces.reported(urgency="critical"))["triage"].unit == "urgent_hour"
    assert running(paces.reported())["triage"].unit == "work_hour"
