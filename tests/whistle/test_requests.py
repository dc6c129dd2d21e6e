"""Requests instead of edits: who asks whom, what silence means, what is offered."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from organization.models import Notice
from tests.cast import LONG_AGO, seat
from tests.cast import grant as allow
from tests.whistle.asking import fresh, grant, refuses, refuses_input, sweep_until_quiet
from tests.whistle.paces import DAY, Paces
from whistle.models import Request, SilenceRule
from whistle.request_birth import asks_for
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


# Who asks whom


def test_the_centre_above_decides_and_both_see_the_request(paces, district):
    request = paces.extension()
    assert (request.unit, request.approver) == (district.office, district.centre)
    seen = Request.objects.visible_to
    assert seen(paces.p.office).get() == seen(paces.p.dispatcher).get() == request
    assert not seen(paces.p.stranger).exists()


def test_a_department_asks_the_centre_of_the_district(paces, district):
    paces.give_room()
    request = paces.ask(paces.arrived(), "extension", paces.p.liaison, amount=1)
    assert (request.unit, request.approver) == (district.water, district.district_centre)
    with pytest.raises(PermissionDenied):
        grant(paces, request, paces.p.dispatcher)
    grant(paces, request, paces.p.district)


def test_only_who_has_it_in_hand_asks(paces):
    with pytest.raises(PermissionDenied):
        paces.ask(paces.accepted(), "extension", paces.p.community)
    refuses("nobody's hands", paces.ask, paces.registered(), "extension")


def test_who_asked_does_not_decide(paces, district):
    clerk = paces.p.office
    allow(clerk.postings.get().post, district.centre, "dispatch")
    request = paces.extension()
    with pytest.raises(PermissionDenied, match="judge"):
        grant(paces, request, clerk)


def test_the_same_is_not_asked_twice_at_a_time(paces):
    request = paces.extension()
    refuses("still to be decided", paces.ask, request.order, "extension")
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.create(
            order=request.order,
            kind="extension",
            unit=request.unit,
            approver=request.approver,
            amount=1,
            status="asked",
            status_since=paces.now,
            created=paces.now,
        )


def test_a_reason_is_always_given(paces):
    refuses_input("reason", paces.ask, paces.accepted(), "extension", note=" ")


def test_who_asked_learns_of_the_decision(paces):
    request = paces.extension()
    paces.step(request, "reject", paces.p.dispatcher, note="理由不足")
    told = Notice.objects.get(flow="request", verb="reject")
    assert (told.kind, told.post.unit) == ("told", request.unit)


def test_it_can_be_taken_back_until_it_is_decided(paces):
    request = paces.extension()
    paces.step(request, "withdraw", paces.p.office)
    assert request.status == "withdrawn"
    again = paces.ask(request.order, "extension")
    grant(paces, again)
    refuses("stands at", paces.step, again, "withdraw", paces.p.office)


# Silence


def silence(kind, outcome):
    SilenceRule.objects.create(kind=kind, outcome=outcome, valid_from=LONG_AGO, sample=True)


def test_silence_is_a_refusal_unless_the_policy_says_otherwise(paces):
    request = paces.extension()
    due = request.clocks.get().due
    sweep_until_quiet(due)
    request = fresh(request)
    assert (request.status, request.silence) == ("rejected", "rejected")
    assert [e.verb for e in request.events.all()] == ["ask", "remind", "decide"]
    assert request.events.last().trigger == "clock:decide:2"
    assert not fresh(request.order).events.filter(verb="extend").exists()


def test_by_policy_silence_grants_and_the_step_is_taken(paces):
    silence("return", "granted")
    request = paces.returning()
    sweep_until_quiet(request.clocks.get().due)
    assert fresh(request).status == "granted"
    assert fresh(request.order).status == "registered"
    assert verify_paper(fresh(request)) == []


def test_silence_grants_nothing_that_has_become_impossible(paces):
    silence("suspension", "granted")
    request = paces.ask(
        paces.accepted(), "suspension", until=timezone.localdate(paces.now) + 1 * DAY
    )
    sweep_until_quiet(paces.now + 5 * DAY)
    assert fresh(request).status == "rejected"


def test_the_rule_of_the_day_of_asking_holds(paces):
    request = paces.exemption()
    silence("exemption", "granted")
    sweep_until_quiet(request.clocks.get().due)
    assert fresh(request).status == "rejected"


def test_a_reminder_goes_to_who_can_decide(paces, second):
    request = paces.appeal()
    sweep_until_quiet(request.clocks.get().warn_at)
    told = Notice.objects.filter(flow="request", verb="remind")
    assert {notice.post.code for notice in told} == {"district", "second"}


# What is offered


def kinds(paces, subject, actor):
    return [str(kind) for kind, why in asks_for(fresh(subject), actor) if not why]


def test_only_what_may_be_asked_is_offered(paces, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: paces.now)
    order = paces.accepted()
    office = paces.p.office
    assert kinds(paces, order, office) == ["extension", "suspension", "return", "exemption"]
    assert kinds(paces, order, paces.p.dispatcher) == []
    paces.ask(order, "return")
    assert kinds(paces, order, office) == ["extension", "suspension", "exemption"]
    assert kinds(paces, paces.closed(), office) == ["exemption", "appeal"]
    assert kinds(paces, paces.registered(), office) == []
    assert kinds(paces, paces.arrived(), paces.p.liaison) == [
        "extension",
        "suspension",
        "exemption",
    ]
