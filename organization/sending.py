"""What leaves the house: claimed under a lease, sent without any lock, settled afterwards.

A slow gateway holds no row and no transaction. If a worker dies, or its reply is lost, the lease
ends and the message goes again under the same id, by which the gateway knows it.
"""

import datetime
import logging
from collections.abc import Callable
from enum import Enum

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from organization import delivery, digests
from organization.models import Outbox
from organization.outbox import turn_to_next_channel

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=2)  # longer than any gateway's time-out
ATTEMPTS = 8
FIRST_RETRY = datetime.timedelta(seconds=30)
LONGEST_RETRY = datetime.timedelta(minutes=30)
BATCH = 200
MISSES = 3  # so many messages in a row without an answer: the gateway itself is away
WAITS = (Outbox.State.WAITING, Outbox.State.HELD)

Clock = Callable[[], datetime.datetime]
Outcome = Enum("Outcome", "SENT LEFT MISSED BUSY")


def deliver_waiting(now: datetime.datetime | None = None) -> int:
    """Deliver what may go now, alarms first; returns how many went out."""
    clock: Clock = (lambda: now) if now else timezone.now
    digests.release(clock())
    fall_back(clock())
    return sum(deliver_channel(channel, clock) for channel in Outbox.Channel.values)


def deliver_channel(channel: str, clock: Clock) -> int:
    """Send until nothing waits or the gateway is busy or away: the rest waits for the next run."""
    if cache.get(pause_key(channel)):
        return 0
    waiting = Outbox.objects.filter(state=Outbox.State.WAITING, next_at__lte=clock())
    ids = waiting.filter(channel=channel).order_by("kind", "next_at", "pk")
    sent = misses = 0
    for pk in list(ids.values_list("pk", flat=True)[:BATCH]):
        outcome = deliver(pk, clock)
        sent += outcome is Outcome.SENT
        misses = misses + 1 if outcome is Outcome.MISSED else 0
        if outcome is Outcome.BUSY or misses == MISSES:
            break
    return sent


def pause_key(channel: str) -> str:
    return f"outbox-pause-{channel}"


def deliver(pk: int, clock: Clock) -> Outcome:
    """Send one message unless another worker has it."""
    message = claim(pk, clock())
    if message is None:
        return Outcome.LEFT
    try:
        delivery.sender(message.channel)(message)
    except delivery.Busy as busy:
        cache.set(pause_key(message.channel), True, busy.seconds)
        put_off(message, clock() + datetime.timedelta(seconds=busy.seconds))
        return Outcome.BUSY
    except delivery.Refused as error:
        settle(message, state=Outbox.State.FAILED, next_at=None, error=str(error)[:200])
        return Outcome.LEFT
    except Exception as error:
        logger.warning("%s was not sent: %s", message, error)
        try_later(message, str(error), clock())
        return Outcome.MISSED
    return Outcome.SENT if note_sent(message, clock()) else Outcome.LEFT


def claim(pk: int, now: datetime.datetime) -> Outbox | None:
    """Take a message for the time of a lease; one conditional statement, so one worker gets it."""
    free = Outbox.objects.filter(pk=pk, state=Outbox.State.WAITING, next_at__lte=now)
    if free.update(next_at=now + LEASE, attempts=F("attempts") + 1) != 1:
        return None
    return Outbox.objects.filter(pk=pk, next_at=now + LEASE).first()


def settle(message: Outbox, **fields: object) -> int:
    """Write what came of it, unless the lease has run out or a receipt was quicker."""
    mine = Outbox.objects.filter(pk=message.pk, state=Outbox.State.WAITING, next_at=message.next_at)
    return mine.update(**fields)


def note_sent(message: Outbox, now: datetime.datetime) -> int:
    fields = {"state": Outbox.State.SENT, "sent_at": now, "next_at": None, "error": ""}
    if not expects_receipt(message.channel):
        fields["fallback_at"] = None
    return settle(message, **fields)


def expects_receipt(channel: str) -> bool:
    return channel in settings.GATEWAYS and bool(settings.RECEIPT_SECRET)


def try_later(message: Outbox, error: str, now: datetime.datetime) -> None:
    if message.attempts >= ATTEMPTS:
        settle(message, state=Outbox.State.FAILED, next_at=None, error=error[:200])
        return
    wait = min(FIRST_RETRY * 2 ** (message.attempts - 1), LONGEST_RETRY)
    settle(message, next_at=now + wait, error=error[:200])


def put_off(message: Outbox, until: datetime.datetime) -> None:
    """A gateway that is busy is no fault of the message: the attempt does not count."""
    settle(message, next_at=until, attempts=message.attempts - 1, error="429")


def fall_back(now: datetime.datetime) -> int:
    """Turn to another channel for what has not arrived in time by the first."""
    late = Outbox.objects.filter(fallback_at__lte=now).order_by("fallback_at")
    turned = 0
    for pk in list(late.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = Outbox.objects.select_for_update(skip_locked=True, of=("self",))
            message = rows.select_related("unit").filter(pk=pk, fallback_at__lte=now).first()
            if message is not None:
                message.fallback_at = None
                message.save(update_fields=["fallback_at"])
                turned += turn_to_next_channel(message, now) is not None
    return turned


def send_again(pk: int, now: datetime.datetime) -> bool:
    """Give a message that failed for good another round; False if it is no longer a failed one."""
    failed = Outbox.objects.filter(pk=pk, state=Outbox.State.FAILED)
    again = {"state": Outbox.State.WAITING, "attempts": 0, "ready": now, "next_at": now}
    return bool(failed.update(**again, error=""))


def oldest_unsent(now: datetime.datetime | None = None) -> datetime.timedelta | None:
    """How long the oldest message has waited since it might have gone."""
    now = now or timezone.now()
    waiting = Outbox.objects.filter(Q(state__in=WAITS), ready__lte=now)
    since = waiting.aggregate(since=Min("ready"))["since"]
    return now - since if since else None
