"""The gateways tell whether a message has arrived: signed, as often as they like."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from organization import sending
from organization.delivery.gateway import signature
from organization.sending import deliver_waiting
from tests.cast import MONDAY
from tests.organization.test_sending import State, again, promise, water

__all__ = ["water"]

SECRET = "r" * 40
URL = "/gateway/receipts/"


@pytest.fixture
def expected(settings):
    settings.RECEIPT_SECRET = SECRET


def tell(told, secret=SECRET):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"X-Signature": signature(secret, body)} if secret else {}
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = client.post(URL, body, content_type="application/json", headers=headers)
    return answer.status_code


def told_of(message, state="delivered", **more):
    return {"id": str(message.message_id), "state": state, **more}


@pytest.fixture
def sent(water, expected):
    message = promise(water)
    deliver_waiting(MONDAY)
    return message


def test_a_message_has_arrived(sent):
    assert tell(told_of(sent)) == 204
    assert again(sent).state == State.DELIVERED
    assert again(sent).delivered_at and again(sent).fallback_at is None


def test_a_message_has_not_arrived(sent):
    assert tell(told_of(sent, "failed", error="空号")) == 204
    assert (again(sent).state, again(sent).error) == (State.FAILED, "空号")


def test_the_same_receipt_again_changes_nothing(sent):
    assert tell(told_of(sent)) == 204
    first = again(sent).delivered_at
    assert tell(told_of(sent)) == 204
    assert again(sent).delivered_at == first


def test_what_has_arrived_does_not_fail_afterwards(sent):
    tell(told_of(sent))
    assert tell(told_of(sent, "failed")) == 204
    assert again(sent).state == State.DELIVERED


def test_what_was_told_as_failed_may_arrive_after_all(sent):
    tell(told_of(sent, "failed"))
    tell(told_of(sent))
    assert again(sent).state == State.DELIVERED


def test_a_receipt_may_be_quicker_than_the_worker(water, expected):
    message = sending.claim(promise(water).pk, MONDAY)
    assert tell(told_of(message)) == 204
    assert sending.note_sent(message, MONDAY) == 0
    assert again(message).state == State.DELIVERED


def test_another_signature_is_refused(sent):
    assert tell(told_of(sent), secret="s" * 40) == 403
    assert tell(told_of(sent), secret="") == 403
    assert again(sent).state == State.SENT


def test_a_signature_that_is_no_ascii_is_refused(sent):
    headers = {"X-Signature": "sha256=\u00e9"}
    answer = Client().post(URL, b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 403


def test_nobody_is_told_of_an_unknown_message(expected, db):
    assert tell({"id": str(uuid4()), "state": "delivered"}) == 404


@pytest.mark.parametrize(
    "told",
    [b"", b"[]", b"{", b'"x"', {"id": "1", "state": "delivered"}, {"id": 3, "state": "failed"},
     {"state": "delivered"}, {"id": str(uuid4()), "state": "perhaps"},
     {"id": str(uuid4()), "state": []}],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(expected, db, told):
    assert tell(told) == 400


def test_where_no_receipts_are_expected_there_is_no_such_address(water):
    assert tell(told_of(promise(water))) == 404


def test_a_receipt_is_posted(expected, db):
    assert Client().get(URL).status_code == 405
