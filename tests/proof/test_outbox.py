"""Ten thousand messages through a gateway that errs, asks for patience and loses replies."""

import datetime
import random
import time

from django.core.cache import cache

from organization.models import Outbox
from organization.outbox import call_duty_phone
from organization.sending import deliver_waiting
from tests.cast import MONDAY
from tests.committed import at_once, db
from tests.organization.gateway import gateway

__all__ = ["db", "gateway"]

MOST = 10_000
ERRORS, BUSY, LOST = 100, 20, 8


def troubles():
    busy = (429, {"Retry-After": "1"}, b"")
    plan = [500] * ERRORS + [busy] * BUSY + ["lose"] * LOST
    plan += [200] * (MOST - len(plan))
    random.Random(8).shuffle(plan)
    return plan


def test_ten_thousand_messages_arrive_each_under_one_id(district, gateway, settings):
    cache.clear()
    settings.GATEWAYS = {"sms": gateway.settings(timeout=5)}
    gateway.plan = troubles()
    for n in range(MOST):
        call_duty_phone(district.water, key=f"k{n}", kind="alarm", text=f"{n}", now=MONDAY)
    began, now = time.monotonic(), MONDAY
    while Outbox.objects.filter(state="waiting").exists():
        now += datetime.timedelta(minutes=1)
        cache.clear()  # the pause that a busy gateway asked for is over
        at_once(*[lambda now=now: deliver_waiting(now)] * 2)
    seconds = time.monotonic() - began
    repeats = len(gateway.calls) - ERRORS - BUSY - MOST
    print(f"\n{MOST} messages in {seconds:.0f} s, {repeats} repeated under their own id")
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert len(gateway.taken) == MOST
    assert repeats == LOST <= MOST / 1000
