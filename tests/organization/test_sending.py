"""Messages leave the house once each, whatever the gateway does."""

import datetime
import hashlib
import hmac

import pytest
from django.core import mail
from django.core.cache import cache

from organization import sending
from organization.models import Outbox, QuietHours, Unit
from organization.outbox import FALLBACK_AFTER, call_duty_phone
from organization.sending import ATTEMPTS, LEASE, MISSES, deliver_waiting, oldest_unsent
from tests.cast import MONDAY
from tests.organization.gateway import gateway

__all__ = ["gateway"]

MINUTE = datetime.timedelta(minutes=1)
State, Kind = Outbox.State, Outbox.Kind


@pytest.fixture(autouse=True)
def no_pause():
    cache.clear()


@pytest.fixture
def water(db):
    return Unit.objects.establish(
        code="320104000000",
        name="秦淮区",
        kind=Unit.Kind.DISTRICT,
        duty_phone="02500000002",
        duty_mail="duty@water.example",
    )


@pytest.fixture
def sms(gateway, settings):
    settings.GATEWAYS = {"sms": gateway.settings()}
    return gateway


def promise(unit, key="a", kind=Kind.ALARM, now=MONDAY, subject="井盖破损"):
    call_duty_phone(unit, key=key, kind=kind, subject=subject, text=f"请签收：{subject}", now=now)
    return Outbox.objects.get(key=key)


def again(message):
    return Outbox.objects.get(pk=message.pk)


def test_without_a_gateway_the_message_stands_in_the_log(water, caplog):
    caplog.set_level("INFO")
    message = promise(water)
    assert deliver_waiting(MONDAY) == 1
    assert again(message).state == State.SENT
    assert "sms to 02500000002: 请签收：井盖破损" in caplog.text


def test_the_same_key_promises_one_message(water):
    promise(water)
    promise(water)
    assert Outbox.objects.count() == 1


def test_a_unit_without_a_phone_is_not_called(db):
    unit = Unit.objects.establish(code="320104000000", name="区", kind=Unit.Kind.DISTRICT)
    call_duty_phone(unit, key="a", kind=Kind.ALARM, subject="", text="x", now=MONDAY)
    assert not Outbox.objects.exists()


def test_the_gateway_gets_the_fields_of_its_template_signed(water, gateway, settings):
    template = {"mobile": "{to}", "params": {"content": "【秦淮】{text}"}, "id": "{id}", "n": 1}
    headers = {"Authorization": "Bearer {secret}"}
    settings.GATEWAYS = {
        "sms": gateway.settings(template=template, headers=headers, secret="geheim")
    }
    message = promise(water, subject="{secret}")
    deliver_waiting(MONDAY)
    body, sent, raw = gateway.calls[0]
    assert body == {
        "mobile": "02500000002",
        "params": {"content": "【秦淮】请签收：{secret}"},
        "id": str(message.message_id),
        "n": 1,
    }
    assert sent["Authorization"] == "Bearer geheim"
    assert sent["Idempotency-Key"] == str(message.message_id)
    digest = hmac.new(b"geheim", raw, hashlib.sha256).hexdigest()
    assert sent["X-Signature"] == f"sha256={digest}"


def test_a_server_error_is_tried_again_later_and_longer_each_time(water, sms):
    sms.plan = [500, 500]
    message = promise(water)
    assert deliver_waiting(MONDAY) == 0
    first = again(message)
    assert (first.state, first.error, first.next_at - MONDAY) == ("waiting", "HTTP 500", MINUTE / 2)
    assert deliver_waiting(MONDAY + MINUTE / 4) == 0 and len(sms.calls) == 1
    deliver_waiting(MONDAY + MINUTE)
    assert again(message).next_at == MONDAY + 2 * MINUTE
    assert deliver_waiting(MONDAY + 2 * MINUTE) == 1
    assert (again(message).state, again(message).error) == (State.SENT, "")


def test_after_the_last_attempt_it_has_failed(water, sms):
    sms.plan = [500] * ATTEMPTS
    message, now = promise(water), MONDAY
    for _attempt in range(ATTEMPTS):
        deliver_waiting(now)
        now += datetime.timedelta(hours=1)
    assert (again(message).state, len(sms.calls)) == (State.FAILED, ATTEMPTS)
    assert deliver_waiting(now) == 0


def test_what_the_gateway_does_not_want_fails_at_once(water, sms):
    sms.plan = [422]
    message = promise(water)
    deliver_waiting(MONDAY)
    assert (again(message).state, again(message).error) == (State.FAILED, "HTTP 422")


def test_a_busy_gateway_is_left_alone_as_long_as_it_asks(water, sms):
    sms.plan = [(429, {"Retry-After": "90"}, b"")]
    messages = [promise(water, key) for key in "abc"]
    assert deliver_waiting(MONDAY) == 0
    assert len(sms.calls) == 1
    assert deliver_waiting(MONDAY + MINUTE) == 0 and len(sms.calls) == 1
    first = again(messages[0])
    assert (first.next_at, first.attempts) == (MONDAY + 1.5 * MINUTE, 0)
    cache.clear()  # the pause is over
    assert deliver_waiting(MONDAY + 2 * MINUTE) == 3


def test_a_lost_reply_is_sent_again_under_the_same_id_and_taken_once(water, sms):
    sms.plan = ["lose", 409]
    message = promise(water)
    assert deliver_waiting(MONDAY) == 0
    assert deliver_waiting(MONDAY + MINUTE) == 1
    assert [call[0]["id"] for call in sms.calls] == [str(message.message_id)] * 2
    assert len(sms.taken) == 1
    assert again(message).state == State.SENT


def test_a_slow_gateway_is_not_waited_for_and_stops_the_run(water, sms):
    sms.plan, sms.seconds = ["sleep"] * MISSES, 1
    messages = [promise(water, key) for key in "abcde"]
    assert deliver_waiting(MONDAY) == 0
    assert len(sms.calls) == MISSES
    assert [again(message).attempts for message in messages] == [1, 1, 1, 0, 0]


def test_one_message_that_is_not_answered_does_not_hold_up_the_others(water, sms):
    sms.plan = [500]
    for key in "abc":
        promise(water, key)
    assert deliver_waiting(MONDAY) == 2


def test_a_redirect_is_not_followed(water, sms):
    sms.plan = [(302, {"Location": sms.url}, b"")]
    promise(water)
    assert deliver_waiting(MONDAY) == 0 and len(sms.calls) == 1


def test_an_answer_of_200_may_still_refuse(water, gateway, settings):
    settings.GATEWAYS = {"sms": gateway.settings(accepts={"Code": "OK"})}
    gateway.plan = [(200, {}, b'{"Code": "isv.MOBILE"}'), (200, {}, b"<html>")]
    one, two = promise(water, "a"), promise(water, "b")
    deliver_waiting(MONDAY)
    assert again(one).state == State.FAILED and "isv.MOBILE" in again(one).error
    assert again(two).state == State.WAITING
    gateway.plan = [(200, {}, b'{"Code": "OK", "BizId": "1"}')]
    assert deliver_waiting(MONDAY + MINUTE) == 1


def test_a_worker_that_died_leaves_the_message_to_another_after_its_lease(water, sms):
    message = promise(water)
    assert sending.claim(message.pk, MONDAY) is not None
    assert deliver_waiting(MONDAY + LEASE / 2) == 0 and not sms.calls
    assert deliver_waiting(MONDAY + LEASE) == 1


def test_who_has_lost_the_lease_settles_nothing(water):
    message = promise(water)
    slow = sending.claim(message.pk, MONDAY)
    quick = sending.claim(message.pk, MONDAY + LEASE)
    assert sending.note_sent(slow, MONDAY + LEASE) == 0
    assert sending.note_sent(quick, MONDAY + LEASE) == 1


def test_alarms_go_before_calls_and_calls_before_reminders(water, sms):
    for key in (Kind.REMIND, Kind.CALL, Kind.ALARM):
        promise(water, key, key, subject=key)
    deliver_waiting(MONDAY)
    assert [call[0]["text"] for call in sms.calls] == [
        f"请签收：{kind}" for kind in (Kind.ALARM, Kind.CALL, Kind.REMIND)
    ]


def test_what_sms_does_not_deliver_in_time_is_told_by_voice_then_by_mail(water, gateway, settings):
    voice = gateway.settings(template={"id": "{id}", "call": "{to}", "say": "{text}"})
    settings.GATEWAYS = {"sms": gateway.settings(), "voice": voice}
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", "gov@gov.example"
    gateway.plan = [422, 422]
    promise(water)
    deliver_waiting(MONDAY)
    deliver_waiting(MONDAY + FALLBACK_AFTER - MINUTE)
    assert Outbox.objects.count() == 1
    deliver_waiting(MONDAY + FALLBACK_AFTER)
    assert gateway.calls[-1][0]["call"] == "02500000002"
    deliver_waiting(MONDAY + FALLBACK_AFTER * 2)
    deliver_waiting(MONDAY + FALLBACK_AFTER * 9)
    assert [m.channel for m in Outbox.objects.order_by("pk")] == ["sms", "voice", "mail"]
    assert [m.to for m in mail.outbox] == [["duty@water.example"]]
    assert mail.outbox[0].body == "请签收：井盖破损"
    message_id = Outbox.objects.get(channel="mail").message_id
    assert str(message_id) in mail.outbox[0].extra_headers["Message-ID"]


def test_what_was_handed_over_in_time_needs_no_other_channel(water, gateway, settings):
    settings.GATEWAYS = {"sms": gateway.settings(), "voice": gateway.settings()}
    promise(water)
    deliver_waiting(MONDAY)
    deliver_waiting(MONDAY + FALLBACK_AFTER)
    assert Outbox.objects.count() == 1


def test_where_receipts_are_sent_one_that_is_missing_turns_to_voice(water, gateway, settings):
    settings.GATEWAYS = {"sms": gateway.settings(), "voice": gateway.settings()}
    settings.RECEIPT_SECRET = "r" * 40
    promise(water)
    deliver_waiting(MONDAY)
    deliver_waiting(MONDAY + FALLBACK_AFTER)
    assert Outbox.objects.filter(channel="voice", state=State.SENT).count() == 1


def test_a_reminder_is_not_called_after(water, gateway, settings):
    settings.GATEWAYS = {"sms": gateway.settings(), "voice": gateway.settings()}
    gateway.plan = [422]
    promise(water, kind=Kind.REMIND)
    deliver_waiting(MONDAY)
    deliver_waiting(MONDAY + FALLBACK_AFTER)
    assert Outbox.objects.count() == 1


def test_the_age_of_the_oldest_unsent_begins_when_it_may_go(water, sms):
    QuietHours.objects.create(start=datetime.time(22), end=datetime.time(7))
    assert oldest_unsent(MONDAY) is None
    night = MONDAY.replace(hour=23)
    promise(water, kind=Kind.CALL, now=night)
    deliver_waiting(night)
    assert oldest_unsent(night + 7 * 60 * MINUTE) is None
    assert oldest_unsent(night + 9 * 60 * MINUTE) == 60 * MINUTE


def test_a_run_takes_as_many_queries_as_it_has_messages(water, sms, django_assert_num_queries):
    for n in range(5):
        promise(water, f"k{n}")
    with django_assert_num_queries(8 + 3 * 5):
        assert deliver_waiting(MONDAY) == 5
