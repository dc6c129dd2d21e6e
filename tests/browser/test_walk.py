"""One problem through all nine steps by the pages of every office, at the desk and by phone."""

import contextlib

import pytest
import time_machine
from django.db import connection, transaction

from organization.models import Outbox
from tests.browser.person import DESK, PHONE
from tests.browser.walk import HALF_HOUR, HOUR, Walk, collect, coming_monday
from tests.whistle.paces import DAY
from whistle.models import Response, Whistle, WorkOrder
from workflow.trace import verify_trace

pytestmark = pytest.mark.browser

WALKS = {"desk": (DESK, 0), "phone": (PHONE, 1)}


@pytest.fixture
def walk(house, sit, settings, request):
    """The morning of a working day in the whole house; no two walks share one."""
    viewport, days = request.param
    settings.SESSION_COOKIE_AGE = 24 * 3600
    with time_machine.travel(coming_monday() + days * DAY + HALF_HOUR) as clock:
        yield Walk(house, sit, clock, viewport)


def whistle_for(walk, number):
    """需求发布"""
    tasks = (walk.d.housing, "更换井盖"), (walk.d.water, "核实产权")
    walk.dispatcher.draft(number, "请共同处置", *tasks)
    walk.street_head.confirm()
    whistle = Whistle.objects.get(order__number=number)
    walk.dispatcher.blow(whistle)
    return whistle


def answer_in_time(walk):
    """承办受理 · 部门报到 · 处理实施, by the place that the phone gives"""
    walk.housing.sign()
    walk.housing.contact()
    walk.housing.arrive()
    walk.housing.finish()


def answer_late(walk, whistle):
    """Nobody signs for the second department until its leaders have been told."""
    for _rung in range(5):
        walk.later(HOUR)
    assert walk.liaison.is_late()
    assert "超期" in walk.duty_leader.lane(whistle, walk.d.water)
    assert walk.duty_leader.escalations(whistle) == 3
    assert walk.deputy_leader.follow_what_climbed() == whistle.get_absolute_url()
    walk.liaison.sign()
    whistle.refresh_from_db()
    walk.liaison.arrive_by_code(whistle.arrival_code)
    walk.liaison.finish()


def settle(walk, whistle, number):
    """核实结项 · 评价反馈"""
    walk.duty_leader.verify(whistle)
    walk.dispatcher.call_back(number)
    walk.duty_leader.score(whistle, {r.pk: 45 for r in whistle.responses.all()})
    walk.dispatcher.close(number)
    walk.duty_leader.close(whistle)


@pytest.mark.parametrize("walk", WALKS.values(), indirect=True, ids=WALKS)
def test_nine_steps_with_two_departments_one_of_them_late(walk):
    number = collect(walk)
    whistle = whistle_for(walk, number)
    answer_in_time(walk)
    answer_late(walk, whistle)
    settle(walk, whistle, number)
    order = WorkOrder.objects.get(number=number)
    whistle.refresh_from_db()
    assert (order.status, whistle.status) == ("closed", "closed")
    assert walk.warden.became_of(number) == "已结案"
    assert walk.duty_leader.totals(whistle) == ["95", "92"]
    assert walk.dispatcher.traced(number) == events_of(order)
    assert Outbox.objects.filter(key__startswith="call:").exists()
    assert list(verify_trace()) == []
    with edited_by_hand(order):
        fault = f"workorder {order.pk} event 1: its content was changed"
        assert list(verify_trace()) == [fault]


def events_of(order):
    papers = [order, *order.whistles.all(), *order.verifications.all()]
    papers += Response.objects.filter(whistle__order=order)
    return sum(paper.events.count() for paper in papers)


@contextlib.contextmanager
def edited_by_hand(order):
    """What a database administrator could do with the triggers off."""
    first = order.events.earliest("n")
    write_over(first, "refuse")
    yield
    write_over(first, first.verb)


@transaction.atomic
def write_over(event, verb):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE {event._meta.db_table} SET verb = %s WHERE id = %s", [verb, event.pk]
        )
