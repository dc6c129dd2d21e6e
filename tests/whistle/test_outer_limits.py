"""The order's whole limit (and its source's) holds every leg until it is handled."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from tests.whistle.paces import DAY, Paces
from tests.whistle.test_policy_changes import TODAY, asked, made
from whistle.models import Condition
from workflow import clock
from workflow.actions import Act
from workflow.flow import STAY
from workflow.reason import explain_clock

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def paces(district):
    return Paces(district)


def running(paper):
    return {clock.what: clock for clock in paper.clocks.filter(stopped=None)}


def extend(paces, paper, what, amount):
    """As a granted request does it."""
    step = next(step for step in paper.flow.steps if step.verb == "extend" and step.to == STAY)
    with transaction.atomic():
        act = Act(paper, step, None, None, paces.now, trigger="test")
        clock.extend(act, running(paper)[what], Decimal(amount))
        paper.save(update_fields=clock.SHOWN)


def test_every_leg_ends_no_later_than_the_order_s_whole_limit(paces):
    response = paces.called()
    whole = running(response.root)["handle"].due
    legs = running(response)
    assert {what: leg.cut for what, leg in legs.items()} == {
        "sign": "", "contact": "handle", "arrive": "handle", "finish": "handle",
    }  # fmt: skip
    assert all(leg.due <= whole and leg.warn_at <= leg.due for leg in legs.values())
    assert response.due_at == legs["sign"].due


def test_the_legs_of_an_answer_end_no_later_than_its_own_limit(paces):
    paces.limit_condition(20, "work_day")
    response = paces.called()
    legs = running(response)
    assert (legs["finish"].cut, legs["arrive"].cut) == ("", "finish")
    assert legs["arrive"].due == legs["finish"].due


def test_the_source_s_earlier_limit_is_the_whole_limit_too(paces):
    whistle = paces.blown(source_due=paces.now + 2 * HOUR)
    response = paces.response_of(whistle, paces.d.water)
    assert running(whistle.order)["handle"].cut == "source"
    legs = running(response)
    assert legs["arrive"].due == whistle.order.source_due
    assert legs["arrive"].cut == "source"


def test_what_comes_after_the_handling_lies_outside(paces):
    order = paces.handled()
    verify = running(order)["verify"]
    assert (verify.cut, verify.due > order.clocks.get(what="handle").due) == ("", True)
    confirm = running(paces.blown_now())["confirm"]
    assert (confirm.cut, confirm.due) == ("", confirm.started + DAY)


def test_nobody_is_late_before_he_could_begin(paces):
    order = paces.registered()
    paces.now = running(order)["handle"].due + HOUR
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    sign = running(order)["sign"]
    assert (sign.cut, sign.due > paces.now) == ("", True)


def test_more_time_for_the_order_gives_its_legs_their_own_limits_back(paces):
    response = paces.called()
    extend(paces, response.root, "handle", 80)
    legs = running(response)
    assert (legs["contact"].cut, legs["contact"].due) == ("", legs["contact"].started + DAY)
    assert legs["arrive"].cut == "finish"
    response.refresh_from_db()
    assert response.due_at == legs["sign"].due


def test_an_answer_is_not_extended_beyond_the_order(paces):
    paces.limit_condition(3, "work_day")
    answer = paces.arrived()
    request = paces.ask(answer, "extension", paces.p.liaison, amount=1)
    assert request.hindrance() == ""
    answer.root.clocks.filter(what="handle").update(due=running(answer)["finish"].due)
    with translation.override("zh-hans"):
        assert "工单总时限" in request.hindrance()


def test_an_edit_that_moves_the_whole_limit_moves_the_legs_inside(paces):
    response = paces.called()
    before = running(response)
    change = asked(paces, "calendar", days={"2026-10-19": ["holiday", "台风停工"]})
    assert running(response)["finish"].due == before["finish"].due
    after = {row["clock"]: row["after"] for row in change.examples}
    assert after["finish"] == after["handle"]
    made(paces, change)
    legs, whole = running(response), running(response.root)["handle"]
    assert legs["finish"].due == legs["arrive"].due == whole.due > before["finish"].due
    assert legs["contact"].cut == ""


def test_the_reason_names_the_limit_that_cuts(paces):
    response = paces.called()
    with translation.override("zh-hans"):
        said = explain_clock(running(response)["arrive"], "报到")
    assert "不超过工单总时限" in said


def test_parts_follow_the_limit_of_the_whole(paces):
    """A longer limit of the whole's condition gives room to a part under quite another one."""
    condition = paces.d.condition
    long = Condition.objects.create(
        category=condition.category, text="沉降", amount=30, unit="work_day"
    )
    order = paces.registered()
    rows = [{"title": "疏通", "condition": condition}, {"title": "加固", "condition": long}]
    paces.step(order, "divide", paces.p.dispatcher, parts=rows)
    part = order.parts.get(condition=long)
    before = part.clocks.get(what="handle").due
    change = asked(
        paces, "filing", condition=condition.pk, amount="5", unit="work_day", valid_from=TODAY
    )
    supposed = {(row["number"], row["clock"]): row["after"] for row in change.examples}
    made(paces, change)
    whole = order.clocks.get(what="handle").due
    after = part.clocks.get(what="handle").due
    assert before < after == whole
    for paper in (order, part):
        shown = datetime.datetime.fromisoformat(supposed[paper.number, "handle"])
        assert shown == whole
    part.refresh_from_db()
    assert part.trace_count and part.due_at <= whole
