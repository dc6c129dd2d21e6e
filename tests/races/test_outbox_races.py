"""Several workers at one outbox: each message once, and no lock while a gateway thinks."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from organization import digests
from organization.models import Outbox
from organization.outbox import call_duty_phone
from organization.sending import deliver_waiting
from tests.cast import MONDAY
from tests.committed import at_once
from tests.organization.gateway import gateway

__all__ = ["gateway"]


@pytest.fixture
def sms(gateway, settings):
    cache.clear()
    settings.GATEWAYS = {"sms": gateway.settings(timeout=5)}
    return gateway


def promise_many(unit, most, kind=Outbox.Kind.ALARM):
    for n in range(most):
        call_duty_phone(unit, key=f"k{n}", kind=kind, subject=f"{n}", text=f"{n}", now=MONDAY)


def test_four_workers_send_each_message_once(district, sms):
    promise_many(district.water, 60)
    sent = at_once(*[lambda: deliver_waiting(MONDAY)] * 4)
    assert sum(sent) == 60
    assert len(sms.calls) == len(sms.taken) == 60
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_only_a_lost_reply_is_sent_twice_and_taken_once(district, sms):
    promise_many(district.water, 40)
    sms.plan = [200, 200, "lose", 200, 500] * 3
    for minute in range(0, 60, 5):
        now = MONDAY.replace(minute=minute)
        at_once(*[lambda now=now: deliver_waiting(now)] * 3)
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert len(sms.taken) == 40
    assert len(sms.calls) == 40 + 6  # three lost replies, three errors


def test_a_slow_gateway_holds_no_lock(district, sms):
    """While it thinks, others may lock the row, and no transaction of the worker is open."""
    promise_many(district.water, 1)
    sms.plan, sms.seconds = ["sleep"], 2
    seen = {}

    def look():
        while not sms.calls:
            pass
        with transaction.atomic():
            seen["row"] = Outbox.objects.select_for_update(nowait=True).get()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()"
            )
            seen["open"] = cursor.fetchone()[0]
        seen["answered"] = Outbox.objects.filter(state="sent").exists()

    results = at_once(lambda: deliver_waiting(MONDAY), look)
    assert results[0] == 1 and results[1] is None
    assert (seen["row"].state, seen["open"], seen["answered"]) == ("waiting", 0, False)


def test_two_who_gather_make_one_digest(district):
    promise_many(district.water, 30, Outbox.Kind.REMIND)
    at_once(*[lambda: digests.release(MONDAY)] * 4)
    assert Outbox.objects.filter(key__startswith="digest:").count() == 1
    assert Outbox.objects.filter(state="merged").count() == 30
