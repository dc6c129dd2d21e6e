"""Messages to phones: written as rows in the act's transaction, delivered afterwards."""

import datetime
import logging
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organization.models import Outbox, Unit

logger = logging.getLogger(__name__)

RETRY = datetime.timedelta(minutes=5)
ATTEMPTS = 5


def call_duty_phone(unit: Unit, *, key: str, text: str, now: datetime.datetime) -> None:
    """Promise a message to the unit's duty phone; the same key promises it once."""
    if unit.duty_phone:
        Outbox.objects.bulk_create(
            [
                Outbox(
                    key=key,
                    channel=Outbox.Channel.SMS,
                    to=unit.duty_phone,
                    text=text[:300],
                    created=now,
                    next_at=now,
                )
            ],
            ignore_conflicts=True,
        )


def send_to_console(message: Outbox) -> None:
    """The adapter of the demo: the message stands in the log, nothing leaves the house."""
    logger.info("%s to %s: %s", message.channel, message.to, message.text)


def adapter() -> Callable[[Outbox], None]:
    module, name = settings.OUTBOX_ADAPTER.rsplit(".", 1)
    send: Callable[[Outbox], None] = getattr(import_module(module), name)
    return send


def deliver_waiting(now: datetime.datetime | None = None) -> int:
    """Deliver what waits, oldest first; a failure is tried again later, at most ATTEMPTS times."""
    now = now or timezone.now()
    waiting = Outbox.objects.filter(state=Outbox.State.WAITING, next_at__lte=now)
    ids = list(waiting.order_by("next_at").values_list("pk", flat=True)[:200])
    return sum(deliver(pk, now) for pk in ids)


@transaction.atomic
def deliver(pk: int, now: datetime.datetime) -> int:
    """Send one message unless another worker has it; returns 1 if it went out."""
    rows = Outbox.objects.select_for_update(skip_locked=True)
    message = rows.filter(pk=pk, state=Outbox.State.WAITING).first()
    if message is None:
        return 0
    message.attempts += 1
    try:
        adapter()(message)
    except Exception as error:
        message.error = str(error)[:200]
        message.next_at = now + RETRY * message.attempts
        if message.attempts >= ATTEMPTS:
            message.state = Outbox.State.FAILED
    else:
        message.state, message.sent_at, message.next_at = Outbox.State.SENT, now, None
    message.save(update_fields=["attempts", "error", "next_at", "state", "sent_at"])
    return int(message.state == Outbox.State.SENT)
