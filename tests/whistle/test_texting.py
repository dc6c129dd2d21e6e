"""告知短信: what reporters are told by themselves, and who is not told."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.calendar_words import format_due
from organization.models import Outbox
from tests.cast import LONG_AGO
from tests.whistle.paces import DAY, Paces
from whistle.erasing import erase
from whistle.models import ReporterText, WorkOrder

PHONE = "13812341234"


@pytest.fixture
def paces(district):
    return Paces(district)


def rule(verb, text, **fields):
    return ReporterText.objects.create(
        **{"verb": verb, "text": text, "valid_from": LONG_AGO, **fields}
    )


def texts(order=None):
    sent = Outbox.objects.filter(key__startswith="inform:")
    if order is not None:
        sent = sent.filter(key__startswith=f"inform:{order.pk}:")
    return [message.real_text for message in sent.order_by("pk")]


def test_without_a_row_nobody_is_told(paces):
    order = paces.registered(reporter_phone=PHONE)
    assert texts() == []
    assert "told" not in order.events.get(verb="register").data


def test_each_step_says_its_text_with_the_places_filled(paces):
    rule("report", "{kind}已收到，编号{number}")
    rule("register", "{number}将于{due}前办结【{centre}】")
    order = paces.registered(reporter_phone=PHONE)
    due = format_due(order.clocks.get(what="handle").due)
    received, registered = texts(order)
    assert received == f"{order.title}已收到，编号{order.number}"
    signed = order.street.name + order.centre.name
    assert registered == f"{order.number}将于{due}前办结【{signed}】"
    message = Outbox.objects.filter(key__startswith="inform:").first()
    assert (message.to, message.real_to) == ("138****1234", PHONE)
    assert order.events.get(verb="register").data["told"] == ["上报人（短信）"]


def test_the_class_goes_before_all_and_the_newest_day_before_the_older(paces):
    category = paces.d.condition.category
    today = paces.now.date()
    rule("register", "旧")
    rule("register", "新", valid_from=today)
    rule("register", "将来", valid_from=today + datetime.timedelta(days=9))
    assert texts(paces.registered(reporter_phone=PHONE)) == ["新"]
    rule("register", "井盖", category=category)
    assert texts(paces.registered(reporter_phone=PHONE)) == ["井盖"]
    rule("register", "", category=category, valid_from=today)
    assert texts(paces.registered(reporter_phone=PHONE)) == []


def test_who_reported_the_same_is_told_under_his_own_number(paces):
    rule("close", "{number}已办结")
    order = paces.verified(reporter_phone=PHONE)
    other, split = (paces.reported(reporter_phone="13900000009") for _n in range(2))
    for each in (other, split):
        paces.step(each, "merge", paces.p.dispatcher, into=order)
    paces.step(split, "split", paces.p.dispatcher, note="不是同一处")
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    assert texts(order) == [f"{order.number}已办结"]
    assert texts(other) == [f"{other.number}已办结"]
    assert texts(split) == []


def test_many_who_reported_the_same_cost_no_more_queries(paces):
    rule("close", "{kind}（{number}）已办结，{centre}")
    costs = []
    for many in (1, 6):
        order = paces.verified(reporter_phone=PHONE)
        for n in range(many):
            other = paces.reported(
                reporter_phone=f"1390000000{n}", category=paces.d.condition.category
            )
            paces.step(other, "merge", paces.p.dispatcher, into=order)
        paces.call_back(order)
        with CaptureQueriesContext(connection) as asked:
            paces.step(order, "close", paces.p.dispatcher)
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert len(texts()) == 2 + 1 + 6


def test_callers_of_the_hotline_and_those_without_a_phone_are_not_told(paces):
    rule("register", "已受理")
    paces.registered(reporter_phone=PHONE, source=WorkOrder.Source.HOTLINE, source_number="12345-1")
    paces.registered()
    assert texts() == []


def test_parts_say_nothing_for_themselves(paces):
    rule("close", "{number}已办结")
    order = paces.gathered(reporter_phone=PHONE)
    assert texts() == []
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    assert texts() == [f"{order.number}已办结"]


def test_until_when_it_waits_is_said(paces):
    rule("suspend", "{number}预计{until}恢复")
    order = paces.accepted(reporter_phone=PHONE)
    until = (paces.now + 30 * DAY).date()
    paces.step(order, "suspend", paces.p.district, until=until, note="管线改造")
    assert texts(order) == [f"{order.number}预计{until}恢复"]


def test_when_it_goes_on_the_new_day_is_said(paces):
    rule("resume", "{number}恢复办理，{due}前办结")
    order = paces.accepted(reporter_phone=PHONE)
    until = (paces.now + 30 * DAY).date()
    paces.step(order, "suspend", paces.p.district, until=until, note="管线改造")
    paces.now += 9 * DAY
    paces.step(order, "resume", paces.p.district)
    due = format_due(order.clocks.get(what="handle").due)
    assert texts(order) == [f"{order.number}恢复办理，{due}前办结"]


def test_erasing_takes_what_was_sent(paces):
    rule("close", "{number}已办结")
    order = paces.verified(reporter_phone=PHONE)
    other = paces.reported(reporter_phone="13900000009")
    paces.step(other, "merge", paces.p.dispatcher, into=order)
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    erase(other)
    assert (texts(other), len(texts(order))) == ([], 1)


@pytest.mark.parametrize("text", ["{until}恢复", "{number", "{phone}", "{}", "{number:>99999}"])
def test_what_could_not_be_filled_is_refused(paces, text):
    row = ReporterText(verb="register", text=text, valid_from=LONG_AGO)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert list(refusal.value.error_dict) == ["text"]
