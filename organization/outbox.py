"""Messages to phones: written as rows in the act's transaction, delivered afterwards."""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from organization.delivery import is_real
from organization.masking import mask
from organization.models import Outbox, Unit
from organization.sealed import Unreadable

# How long a call or an alarm may be under way before it is tried by another channel: policy.
FALLBACK_AFTER = datetime.timedelta(minutes=10)
NEXT_CHANNEL = {
    Outbox.Channel.SMS: (Outbox.Channel.VOICE, Outbox.Channel.MAIL),
    Outbox.Channel.VOICE: (Outbox.Channel.MAIL,),
}


def call_duty_phone(
    unit: Unit,
    *,
    key: str,
    text: str,
    now: datetime.datetime,
    kind: str = Outbox.Kind.CALL,
    subject: str = "",
) -> None:
    """Promise a message to the unit's duty phone; the same key promises it once.

    An alarm goes at once. A call waits for the end of quiet hours, and a reminder (whose `subject`
    stands in digests) also for its fellows.
    """
    if unit.duty_phone:
        message = Outbox(
            key=key,
            kind=kind,
            channel=Outbox.Channel.SMS,
            unit=unit,
            to=unit.duty_phone,
            subject=subject[:120],
            text=text[:300],
            state=Outbox.State.HELD,
            created=now,
            ready=now,
            next_at=now,
        )
        if kind == Outbox.Kind.ALARM:
            let_go(message, now)
        Outbox.objects.bulk_create([message], ignore_conflicts=True)


def text_resident(unit: Unit, phone: str, *, now: datetime.datetime, **said: str) -> None:
    """Promise one message of a unit to a resident; see `to_resident`."""
    promise([to_resident(unit, phone, now=now, **said)])


def to_resident(
    unit: Unit,
    phone: str,
    *,
    key: str,
    text: str,
    secret: str = "",
    end: str = "",
    now: datetime.datetime,
) -> Outbox | None:
    """A message of a unit to a resident, outside quiet hours: text, a secret, an end.

    Phone and secret are kept encrypted; what can be read is masked. None where there is no phone,
    or none that can be read.
    """
    if not phone or isinstance(phone, Unreadable):
        return None
    return Outbox(
        key=key,
        kind=Outbox.Kind.CALL,
        channel=Outbox.Channel.SMS,
        unit=unit,
        to=mask(phone),
        text=f"{text}{'****' * bool(secret)}{end}"[:300],
        sealed_to=phone,
        sealed_text=f"{text}{secret}{end}"[:300],
        state=Outbox.State.HELD,
        created=now,
        ready=now,
        next_at=now,
    )


def promise(messages: Iterable[Outbox | None]) -> None:
    """Promise what there is, by one query; the same key promises it once."""
    Outbox.objects.bulk_create(filter(None, messages), ignore_conflicts=True)


def forget(about: Q) -> None:
    """Take out messages, sent or not; what a worker is sending at this moment still goes."""
    Outbox.objects.filter(about).delete()


def let_go(message: Outbox, now: datetime.datetime) -> None:
    """From now on it waits for a worker only, and for no longer than until its fallback."""
    message.state, message.ready, message.next_at = Outbox.State.WAITING, now, now
    if message.kind != Outbox.Kind.REMIND and channel_after(message) is not None:
        message.fallback_at = now + FALLBACK_AFTER


def channel_after(message: Outbox) -> str | None:
    """The next channel that leads somewhere and for which the unit has an address."""
    if message.sealed_to:
        return None
    later = NEXT_CHANNEL.get(Outbox.Channel(message.channel), ())
    return next((c for c in later if is_real(c) and address(message.unit, c)), None)


def address(unit: Unit | None, channel: str) -> str:
    if unit is None:
        return ""
    return unit.duty_mail if channel == Outbox.Channel.MAIL else unit.duty_phone


def turn_to_next_channel(message: Outbox, now: datetime.datetime) -> Outbox | None:
    """Promise by the next channel what has not arrived by this one; the key promises it once."""
    channel = channel_after(message)
    if channel is None:
        return None
    following = Outbox(
        key=f"{message.key}>{channel}",
        kind=message.kind,
        channel=channel,
        unit=message.unit,
        to=address(message.unit, channel),
        subject=message.subject,
        text=message.text,
        created=now,
    )
    let_go(following, now)
    Outbox.objects.bulk_create([following], ignore_conflicts=True)
    return following
