"""Each kind of request: its rules with its refusals, and what granting sets off."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from tests.cast import seat
from tests.whistle.asking import fresh, grant, refuses, refuses_input, sweep_until_quiet
from tests.whistle.paces import DAY, Paces
from whistle.models import Request, WorkOrder
from workflow.trace import verify_paper

HOUR = datetime.timedelta(hours=1)
NOT_OURS = {"ground": "not_ours", "note": "不属本部门职责"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def second(district):
    """Another person at the arbitration desk."""
    return seat("second", district.district, "view arbitrate")


# 延期


def test_a_granted_extension_moves_the_limit_in_its_own_unit(paces):
    request = paces.extension()
    before = request.order.clocks.get(what="handle")
    grant(paces, request)
    after = request.order.clocks.get(what="handle")
    assert (after.extended, after.version) == (2, before.version + 1)
    assert after.due > before.due
    order = fresh(request.order)
    event = order.events.get(verb="extend")
    assert event.trigger == f"request:{request.pk}:grant"
    assert order.due_at == after.due
    assert verify_paper(order) == verify_paper(fresh(request)) == []


def test_an_answer_s_limit_is_extended_too(paces):
    paces.give_room()
    answer = paces.arrived()
    before = answer.clocks.get(what="finish").due
    request = paces.ask(answer, "extension", paces.p.liaison, amount=1)
    grant(paces, request, paces.p.district)
    assert answer.clocks.get(what="finish").due > before
    assert fresh(answer).events.last().verb == "extend"
    assert fresh(answer).due_at == answer.clocks.get(what="finish").due


def test_it_is_asked_for_before_the_limit_ends_and_may_be_granted_after(paces):
    request = paces.extension()
    due = request.order.clocks.get(what="handle").due
    paces.now = due - 2 * HOUR
    grant(paces, request)
    late = paces.accepted()
    paces.now = late.clocks.get(what="handle").due + HOUR
    refuses("overdue", paces.ask, late, "extension")


def test_at_most_the_limit_itself_once_more(paces):
    order = paces.accepted()
    for amount in (5, 4.5):
        refuses_input("amount", paces.ask, order, "extension", amount=amount)
    paces.ask(order, "extension", amount=4)


def test_two_are_granted_and_no_third_while_rejected_ones_do_not_count(paces):
    order = paces.accepted()
    for verdict in ("grant", "reject", "grant"):
        request = paces.ask(order, "extension")
        paces.step(request, verdict, paces.p.dispatcher, note="已核")
    refuses("twice", paces.ask, order, "extension")
    assert order.clocks.get(what="handle").extended == 4


def test_never_beyond_the_outer_limit_of_the_source(paces):
    order = paces.accepted(source_due=paces.now + 5 * HOUR)
    refuses_input("amount", paces.ask, order, "extension", amount=4)


def test_an_extension_falls_when_the_order_has_left_the_hands(paces):
    for verb, actor, given in [
        ("recall", paces.p.dispatcher, {"note": "改派"}),
        ("pass_on", paces.p.office, {"unit": paces.d.community}),
        ("void", paces.p.district, {"note": "误报"}),
    ]:
        request = paces.extension()
        paces.step(request.order, verb, actor, **given)
        assert fresh(request).status == "dropped", verb
        assert not request.clocks.filter(stopped=None).exists()
        assert verify_paper(fresh(request)) == []


def test_an_extension_falls_when_the_answer_is_done(paces):
    paces.give_room()
    answer = paces.arrived()
    request = paces.ask(answer, "extension", paces.p.liaison, amount=1)
    paces.step(answer, "release", paces.p.street_head, note="不需要")
    assert fresh(request).status == "dropped"


# 挂账


def test_a_granted_suspension_suspends_the_order_which_resumes_by_itself(paces):
    request = paces.suspension()
    grant(paces, request)
    order = fresh(request.order)
    assert (order.status, order.suspended_until) == ("suspended", request.until)
    assert order.events.last().trigger == f"request:{request.pk}:grant"
    sweep_until_quiet(paces.now + 40 * DAY)
    assert fresh(order).status == "accepted"


def test_a_department_may_ask_for_it_and_the_whole_order_waits(paces):
    paces.give_room()
    answer = paces.arrived()
    request = paces.ask(answer, "suspension", paces.p.liaison)
    other = paces.ask(answer, "extension", paces.p.liaison, amount=1)
    grant(paces, request, paces.p.district)
    assert fresh(answer.whistle.order).status == "suspended"
    assert other.clocks.get(stopped=None).paused_at is not None
    refuses("suspended until", grant, paces, fresh(other), paces.p.district)
    paces.step(fresh(other), "withdraw", paces.p.liaison)


def test_once_per_order_and_for_a_year_at_most(paces):
    order = paces.accepted()
    today = timezone.localdate(paces.now)
    for until in (today, today + 367 * DAY):
        refuses_input("until", paces.ask, order, "suspension", until=until)
    grant(paces, paces.ask(order, "suspension"))
    paces.step(fresh(order), "resume", paces.p.dispatcher)
    refuses("once already", paces.ask, order, "suspension")


def test_what_is_suspended_directly_needs_no_request_any_more(paces):
    request = paces.suspension()
    paces.suspend(request.order)
    assert fresh(request).status == "dropped"


# 退单


def test_the_order_s_limit_runs_on_until_the_return_is_granted(paces):
    request = paces.returning()
    order = request.order
    assert order.status == "accepted"
    grant(paces, request)
    order = fresh(order)
    assert (order.status, order.holder) == ("registered", None)
    event = order.events.get(verb="send_back")
    assert event.data["ground"] == "not_ours"
    assert event.data["from"]["id"] == request.unit_id
    assert order.clocks.get(what="handle").running


def test_a_rejected_return_changes_nothing(paces):
    request = paces.returning()
    paces.step(request, "reject", paces.p.dispatcher, note="属职责清单第12项")
    order = fresh(request.order)
    assert (order.status, order.holder) == ("accepted", request.unit)


def test_both_roads_count_and_the_third_return_goes_to_the_arbiter(paces):
    order = paces.dispatched()
    paces.send_back(order)
    for _time in range(2):
        paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
        paces.step(order, "accept", paces.p.office)
        grant(paces, paces.ask(order, "return"))
        order = fresh(order)
    assert order.status == "disputed"
    paces.step(order, "designate", paces.p.district, unit=paces.d.office, note="依职责清单")
    paces.step(order, "accept", paces.p.office)
    refuses("ruling", paces.ask, order, "return")


def test_only_a_signed_order_is_returned_by_a_request(paces):
    refuses("signed for", paces.ask, paces.dispatched(), "return")
    refuses("signed for", paces.ask, paces.arrived(), "return", paces.p.liaison)


# 剔除


@pytest.mark.parametrize("pace", ["accepted", "closed"])
def test_an_order_open_or_closed_is_left_out_and_stays_visible(paces, pace):
    order = getattr(paces, pace)()
    request = paces.ask(order, "exemption", ground="impossible")
    grant(paces, request)
    assert Request.objects.of(order).exempting().get() == request
    assert WorkOrder.objects.visible_to(paces.p.dispatcher).filter(pk=order.pk).exists()
    refuses("left out", paces.ask, order, "exemption")
    refuses("left out" if pace == "closed" else "after closing", paces.ask, order, "appeal")


def test_a_released_answer_needs_no_exemption(paces):
    refuses("not assessed", paces.ask, paces.released(), "exemption", paces.p.liaison)


# 申诉


def test_an_appeal_takes_two_different_reviewers(paces, second):
    request = paces.appeal_granted_once()
    assert request.status == "granted_once"
    with pytest.raises(PermissionDenied, match="judge"):
        grant(paces, request, paces.p.district)
    with pytest.raises(PermissionDenied, match="judge"):
        paces.step(request, "reject", paces.p.district, note="改变主意")
    grant(paces, request, second)
    assert request.status == "granted"
    assert Request.objects.of(request.order).exempting().exists()


def test_each_reviewer_has_a_limit_of_his_own(paces):
    request = paces.appeal()
    first = request.clocks.get()
    grant(paces, request, paces.p.district)
    assert [c.stopped_by for c in request.clocks.order_by("pk")] == ["grant", ""]
    assert request.clocks.get(stopped=None).started > first.started


def test_an_appeal_after_closing_once(paces):
    refuses("after closing", paces.ask, paces.accepted(), "appeal")
    request = paces.appeal()
    paces.step(request, "reject", paces.p.district, note="事实清楚")
    refuses("once only", paces.ask, request.order, "appeal")


def test_a_department_appeals_once_against_its_score(paces, second):
    whistle = paces.verified_whistle()
    answer = paces.response_of(whistle, paces.d.water)
    refuses("no score", paces.ask, answer, "appeal", paces.p.liaison)
    marks = {r.pk: 45 for r in whistle.responses.filter(status="done")}
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)
    request = paces.ask(answer, "appeal", paces.p.liaison)
    paces.step(request, "grant", paces.p.district, mark=48)
    grant(paces, request, second)
    assert not Request.objects.of(answer).exempting().exists()
    assert fresh(answer).score.caller == 48
    refuses("once only", paces.ask, answer, "appeal", paces.p.liaison)
