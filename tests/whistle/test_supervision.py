"""Supervision orders (督办) and instructions (批示): who holds whom to what, and until when."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from organization.models import Notice, Outbox
from tests.whistle.paces import DAY, Paces
from whistle.models import SupervisionOrder
from workflow.errors import NotPossible
from workflow.sweep import run_clock
from workflow.trace import verify_paper

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def test_a_unit_signs_reports_answers_and_is_signed_off(paces):
    paper = paces.signed_off()
    assert [event.verb for event in paper.events.all()] == ["issue", "sign", "answer", "sign_off"]
    assert (paper.status, paper.signed_off_at) == ("signed_off", paces.now)
    assert paper.number == "320104002-2026-000001"
    assert verify_paper(paper) == []


def test_the_log_says_what_was_required_on_which_ground(paces):
    event = paces.supervised(cadence=Decimal(2), cadence_unit="work_day").events.get()
    assert event.data["ground"] == "overdue" and event.data["cadence"] == "2"
    assert event.words["requirement"] == "三日内办结并报告"


def test_the_issuer_is_the_nearest_unit_at_which_the_person_supervises(paces):
    paper = paces.supervised()
    assert (paper.issuer, paper.post.code) == (paces.d.centre, "dispatcher")
    above = paces.held(paces.accepted(), paces.d.office, actor=paces.p.district)
    assert (above.issuer, above.number) == (paces.d.district, "320104000-2026-000001")


def test_the_unit_learns_of_it_in_its_inbox_and_on_its_duty_phone(paces):
    whistle = paces.blown()
    paper = paces.held(whistle.order, paces.d.water)
    notice = Notice.objects.get(flow="supervision")
    assert (notice.post.code, notice.kind, notice.verb) == ("liaison", "waits", "issue")
    assert paper.number in Outbox.objects.get(key=f"supervision:{paper.pk}").text


def test_only_who_is_at_work_on_the_order_can_be_held_to_it(paces):
    with pytest.raises(ValidationError, match="未在办理"):
        paces.held(paces.accepted(), paces.d.water)
    with pytest.raises(ValidationError, match="未在办理"):
        paces.held(paces.registered(), paces.d.office)
    with pytest.raises(NotPossible):
        paces.held(paces.closed(), paces.d.office)


def test_a_unit_is_under_supervision_for_an_order_once_at_a_time(paces):
    paper = paces.supervised()
    with pytest.raises(ValidationError, match="已有未销号"):
        paces.held(paper.order, paces.d.office)
    paces.step(paper, "cancel", paces.p.dispatcher, note="重新下达")
    assert paces.held(paper.order, paces.d.office).status == "issued"


def test_the_database_keeps_one_open_order_per_unit_too(paces):
    paper = paces.supervised()
    with pytest.raises(IntegrityError, match="supervision_one_open"), transaction.atomic():
        paper.pk = paper.number = None
        paper.save(force_insert=True)


def test_no_unit_supervises_itself(paces):
    order = paces.dispatched(unit=paces.d.centre)
    with pytest.raises(ValidationError, match="本单位自己"):
        paces.held(order, paces.d.centre)


@pytest.mark.parametrize("amount", [0, Decimal("1.5")])
def test_a_limit_that_cannot_be_reckoned_is_refused(paces, amount):
    with pytest.raises(ValidationError):
        paces.supervised(amount=amount)
    with pytest.raises(ValidationError):
        paces.supervised(cadence=amount, cadence_unit="work_day")


def test_nothing_is_issued_while_the_order_is_suspended(paces):
    with pytest.raises(NotPossible, match="挂账"):
        paces.held(paces.suspended(), paces.d.office)


def test_a_suspension_of_the_order_pauses_the_supervision(paces):
    paper = paces.supervision_signed()
    due = paper.clocks.get(what="finish").due
    paces.suspend(paper.order)
    assert not paper.clocks.filter(stopped=None, paused_at=None).exists()
    paces.now += 30 * DAY
    paces.step(paper.order, "resume", paces.p.dispatcher)
    assert paper.clocks.get(what="finish").due > due


# The clocks


def test_each_report_starts_the_cadence_anew_and_leaves_the_final_limit(paces):
    paper = paces.supervision_signed()
    final = paper.clocks.get(what="finish").due
    first = paper.clocks.get(what="report")
    paces.now += DAY
    paces.step(paper, "report", paces.p.office, result="井盖已订购")
    first.refresh_from_db()
    second = paper.clocks.get(what="report", stopped=None)
    assert (first.stopped_by, first.late) == ("report", False)
    assert second.started == paces.now and second.due > first.due
    assert paper.clocks.get(what="finish").due == final
    assert paper.status == "signed"


def test_the_cadence_is_as_given_else_the_policy_of_the_kind(paces):
    given = paces.supervision_signed(cadence=Decimal(4), cadence_unit="work_hour")
    assert given.clocks.get(what="report").amount == 4
    assert paces.supervision_signed().clocks.get(what="report").amount == 2
    order = paces.accepted()
    told = paces.held(order, paces.d.office, "instruction")
    paces.step(told, "sign", paces.p.office)
    assert told.clocks.get(what="report").amount == 5


def test_a_missed_report_climbs_the_ladder_and_whoever_issued_it_learns(paces):
    paper = paces.supervision_signed()
    clock = paper.clocks.get(what="report")
    Notice.objects.all().delete()
    run_clock(clock.warn_at)
    run_clock(clock.due + HOUR)
    verbs = [event.verb for event in paper.events.all()]
    assert verbs[-2:] == ["remind", "escalate"]
    late = Notice.objects.filter(flow="supervision", kind="late", clock="report")
    assert {"office", "dispatcher"} <= set(late.values_list("post__code", flat=True))


def test_a_rejected_answer_stands_under_the_old_limit(paces):
    paper = paces.supervision_answered()
    final = paper.clocks.get(what="finish")
    assert final.stopped is not None
    paces.step(paper, "reject", paces.p.dispatcher, note="现场仍未恢复")
    final.refresh_from_db()
    assert (paper.status, paper.rejects, final.stopped) == ("signed", 1, None)
    assert paper.clocks.filter(what="report", stopped=None).exists()
    assert not paper.clocks.filter(what="sign_off", stopped=None).exists()


def test_an_answer_that_nobody_signs_off_comes_up_to_the_issuer(paces):
    paper = paces.supervision_answered()
    clock = paper.clocks.get(stopped=None)
    assert (clock.what, paper.clock_unit(clock.what)) == ("sign_off", paces.d.centre)


# Who may judge


def test_the_supervised_do_not_sign_themselves_off(paces):
    paper = paces.supervision_answered()
    with pytest.raises(PermissionDenied):
        paces.step(paper, "sign_off", paces.p.office)


def test_who_supervises_and_did_the_work_does_not_sign_it_off(paces, monkeypatch):
    paper = paces.supervision_answered()
    monkeypatch.setattr(SupervisionOrder, "acts_of", lambda self, user: {"answer"})
    with pytest.raises(PermissionDenied, match="核查"):
        paces.step(paper, "sign_off", paces.p.dispatcher)


# The leader's instruction


@pytest.mark.parametrize("who", ["street_head", "leader", "deputy_leader"])
def test_the_leaders_of_an_order_instruct(paces, who):
    """The street's main leader, the one paired with the street, the one in charge of a unit."""
    whistle = paces.blown()
    leader = getattr(paces.p, who)
    paper = paces.held(whistle.order, paces.d.water, "instruction", leader)
    assert (paper.post.code, paper.issuer, paper.ground) == (who, paper.post.unit, "")


@pytest.mark.parametrize("who", ["deputy_leader", "dispatcher", "office", "stranger"])
def test_others_do_not_instruct(paces, who):
    """Being in charge of a department that is not called gives no say in the order."""
    with pytest.raises(PermissionDenied):
        paces.held(paces.accepted(), paces.d.office, "instruction", getattr(paces.p, who))


def test_an_instruction_is_answered_and_signed_off_by_the_seat_that_gave_it(paces):
    paper = paces.supervision_answered(kind="instruction")
    for other in (paces.p.dispatcher, paces.p.leader, paces.p.office):
        with pytest.raises(PermissionDenied):
            paces.step(paper, "sign_off", other)
    told = Notice.objects.filter(flow="supervision", verb="answer")
    assert [notice.post.code for notice in told] == ["street_head"]
    paces.step(paper, "sign_off", paces.p.street_head)
    assert paper.status == "signed_off"


def test_an_instruction_stands_beside_a_supervision_order_of_the_same_unit(paces):
    paper = paces.supervised()
    assert paces.held(paper.order, paces.d.office, "instruction").status == "issued"


# What it means for the order


def test_an_order_closes_only_when_its_supervision_is_signed_off(paces):
    order = paces.verified()
    paper = paces.held(order, paces.d.office)
    paces.call_back(order)
    with pytest.raises(NotPossible, match="未销号"):
        paces.step(order, "close", paces.p.dispatcher)
    paces.step(paper, "sign", paces.p.office)
    paces.step(paper, "answer", paces.p.office, result="井盖已换")
    paces.step(paper, "sign_off", paces.p.dispatcher)
    paces.step(order, "close", paces.p.dispatcher)
    assert order.status == "closed"


def test_a_void_order_withdraws_its_supervision(paces):
    paper = paces.supervision_signed()
    paces.step(paper.order, "void", paces.p.dispatcher, note="误报")
    paper.refresh_from_db()
    assert paper.status == "cancelled"
    event = paper.events.last()
    assert (event.verb, event.trigger) == ("cancel", f"workorder:{paper.order_id}:void")
    assert verify_paper(paper) == []


def test_a_merged_order_withdraws_its_supervision(paces):
    paper = paces.supervised()
    paces.step(paper.order, "recall", paces.p.dispatcher, note="改派")
    into = paces.registered()
    paces.step(paper.order, "merge", paces.p.dispatcher, into=into)
    paper.refresh_from_db()
    assert paper.status == "cancelled"


def test_who_sees_the_order_sees_its_supervision_and_nobody_else(paces):
    paper = paces.supervised()
    for who, sees in (("office", True), ("leader", True), ("stranger", False), ("liaison", False)):
        found = SupervisionOrder.objects.visible_to(getattr(paces.p, who))
        assert found.filter(pk=paper.pk).exists() is sees, who
