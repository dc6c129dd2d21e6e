"""A limit runs in the working hours of the unit against which it was started."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from command.countdown import countdown_of, paper_countdown
from organization import calendar_cache
from organization.models.calendar import WorkingHours
from tests.cast import LONG_AGO
from tests.whistle.paces import DAY, Paces
from workflow import clock
from workflow.actions import Act
from workflow.reason import explain_clock

HOUR = datetime.timedelta(hours=1)
# A department's window: without a lunch break, until eight in the evening.
LONG_DAY = [9 * 60, 20 * 60]


@pytest.fixture
def paces(district):
    return Paces(district)


def works_until_eight(unit):
    WorkingHours.objects.create(unit=unit, periods=LONG_DAY, valid_from=LONG_AGO)
    calendar_cache.refresh()


def test_the_working_hours_of_the_department_count_for_its_limits(paces):
    works_until_eight(paces.d.water)
    paces.now = paces.now.replace(hour=17, minute=50)
    sign = paces.called().clocks.get(what="sign")
    assert sign.due == sign.started + HOUR


def test_without_hours_of_its_own_those_of_everybody_count(paces):
    paces.now = paces.now.replace(hour=17, minute=50)
    sign = paces.called().clocks.get(what="sign")
    assert sign.due > sign.started + DAY / 2


def test_the_countdown_and_the_reason_count_in_the_same_hours(paces):
    works_until_eight(paces.d.water)
    paces.now = paces.now.replace(hour=11, minute=40)
    response = paces.called()
    sign = response.clocks.get(what="sign")
    half = sign.started + HOUR / 2
    assert countdown_of(sign, half).left == paper_countdown(response, half).left == 30
    assert "午休" not in explain_clock(sign, "签收")


def test_more_time_is_granted_in_the_unit_of_the_limit(paces):
    paces.give_room()
    response = paces.arrived()
    finish = response.clocks.get(what="finish")
    before, version = finish.due, finish.version
    with transaction.atomic():
        step = response.flow.at("arrived", "progress")[0]
        clock.extend(Act(response, step, paces.p.liaison, None, paces.now), finish, Decimal(2))
        response.save(update_fields=clock.SHOWN)
    finish.refresh_from_db()
    assert (finish.limit, finish.version) == (finish.amount + 2, version + 1)
    assert finish.due > before
    assert response.due_at == finish.due


def test_more_time_never_passes_the_outer_limit(paces):
    paces.give_room()
    response = paces.arrived()
    order, finish = response.root, response.clocks.get(what="finish")
    order.source_due = finish.due + HOUR
    order.save(update_fields=["source_due"])
    step = response.flow.at("arrived", "progress")[0]
    clock.extend(Act(response, step, paces.p.liaison, None, paces.now), finish, Decimal(20))
    assert finish.due == order.source_due
