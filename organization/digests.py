"""Holding back what need not go at once: quiet hours, and reminders that become one message."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from organization.models import Outbox, QuietHours
from organization.outbox import let_go

MOST = 1000
DAY = datetime.timedelta(days=1)
LOCK = 0x6F7574626F78  # one worker gathers at a time: two would make two digests of one
CHANGED = ["state", "ready", "next_at", "fallback_at", "digest"]
# For a phone without a row, and where there is no row for all: no quiet hours.
NO_HOURS = QuietHours(start=datetime.time(), end=datetime.time())

Release = dict[str, datetime.datetime]


@transaction.atomic
def release(now: datetime.datetime) -> int:
    """Let go what nothing holds back any longer; returns how many messages were looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    held = Outbox.objects.filter(state=Outbox.State.HELD, next_at__lte=now)
    messages = list(held.select_related("unit").order_by("next_at", "pk")[:MOST])
    if messages:
        release_all(messages, now)
    return len(messages)


def release_all(messages: list[Outbox], now: datetime.datetime) -> None:
    by_phone: dict[str, list[Outbox]] = defaultdict(list)
    for message in messages:
        by_phone[message.to].append(message)
    hours = {row.phone: row for row in QuietHours.objects.filter(phone__in=["", *by_phone])}
    told = last_told(by_phone, now)
    for phone, mine in by_phone.items():
        own = hours.get(phone) or hours.get("") or NO_HOURS
        release_phone(mine, own, told.get(phone), now)
    Outbox.objects.bulk_update(messages, CHANGED)


def last_told(phones: Iterable[str], now: datetime.datetime) -> Release:
    """When each phone was reminded last, as far as any window reaches back."""
    gone = (Outbox.State.WAITING, Outbox.State.SENT, Outbox.State.DELIVERED, Outbox.State.FAILED)
    rows = Outbox.objects.filter(to__in=phones, kind=Outbox.Kind.REMIND, ready__gt=now - DAY)
    rows = rows.filter(state__in=gone)
    return dict(rows.values_list("to").annotate(Max("ready")))


def release_phone(
    messages: list[Outbox],
    hours: QuietHours,
    told: datetime.datetime | None,
    now: datetime.datetime,
) -> None:
    if until := hours.until(now):
        hold(messages, until)
        return
    reminders = [message for message in messages if message.kind == Outbox.Kind.REMIND]
    for message in messages:
        if message.kind != Outbox.Kind.REMIND:
            let_go(message, now)
    free = told + datetime.timedelta(minutes=hours.window) if told else now
    if free > now:
        hold(reminders, free)
    elif len(reminders) > 1:
        merge(reminders, now)
    elif reminders:
        let_go(reminders[0], now)


def hold(messages: list[Outbox], until: datetime.datetime) -> None:
    for message in messages:
        message.ready = message.next_at = until


def merge(reminders: list[Outbox], now: datetime.datetime) -> None:
    """Make one message of several: what runs out, the earliest told first."""
    first = reminders[0]
    digest = Outbox(
        key=f"digest:{first.pk}",
        kind=Outbox.Kind.REMIND,
        channel=first.channel,
        unit=first.unit,
        to=first.to,
        text=words_of([message.subject for message in reminders]),
        created=now,
    )
    let_go(digest, now)
    digest.save()
    for message in reminders:
        message.state, message.next_at, message.digest = Outbox.State.MERGED, None, digest


def words_of(subjects: list[str], most: int = 300) -> str:
    """As many subjects as fit, in the language of the house."""
    with translation.override(settings.LANGUAGE_CODE):
        for n in range(len(subjects), 0, -1):
            listed = _("; ").join(subjects[:n]) + ("…" if n < len(subjects) else "")
            words = {"n": len(subjects), "list": listed}
            text = _("%(n)s matters run out soon: %(list)s") % words
            if len(text) <= most:
                return text
    return text[:most]
