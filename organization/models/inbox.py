import datetime

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organization.models.posts import Post
from organization.models.units import Unit
from organization.sealed import SealedField


class Notice(models.Model):
    """One line in the inbox of a post: a paper waits, runs out, or has moved.

    The words are made when it is shown, in the reader's language, from `kind`, `verb` and `title`.
    """

    class Kind(models.TextChoices):
        WAITS = "waits", _("waits for you")
        SOON = "soon", _("runs out soon")
        LATE = "late", _("is overdue")
        TOLD = "told", _("for your information")
        STRANDED = "stranded", _("nobody can act")

    post = models.ForeignKey(Post, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    flow = models.CharField(max_length=30)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    verb = models.CharField(max_length=20)
    clock = models.CharField(max_length=20, blank=True)
    created = models.DateTimeField()
    read = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["post", "-created", "-id"], name="notice_inbox"),
            models.Index(
                fields=["post", "kind", "-created"],
                condition=models.Q(read=None),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Outbox(models.Model):
    """A message that leaves the house. The row is the promise; delivery keeps it later.

    `ready` is when it may go at the earliest. `next_at` is when a worker takes it next; while one
    is sending it, it is the end of that worker's lease. `fallback_at` is when another channel is
    tried, unless it has arrived by then. `message_id` is the same whenever it is sent again.

    What goes to a resident is kept encrypted (`sealed_to`, `sealed_text`), with `to` and `text`
    as they may be shown; it is for this one phone and is sent no other way.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("voice call")
        MAIL = "mail", _("mail")

    class Kind(models.TextChoices):
        """In the order in which they go: what is overdue before what is only called or told."""

        ALARM = "alarm", _("alarm")
        CALL = "call", _("call")
        REMIND = "remind", _("reminder")

    class State(models.TextChoices):
        HELD = "held", _("held back")
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        MERGED = "merged", _("in a digest")

    key = models.CharField(max_length=80, unique=True)
    message_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ALARM)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    to = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300)
    sealed_to = SealedField(max_length=20, blank=True)
    sealed_text = SealedField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    digest = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField()
    ready = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    fallback_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(
                fields=["kind", "next_at"], condition=Q(state="waiting"), name="outbox_waiting"
            ),
            models.Index(fields=["next_at"], condition=Q(state="held"), name="outbox_held"),
            models.Index(
                fields=["fallback_at"],
                condition=Q(fallback_at__isnull=False),
                name="outbox_fallback",
            ),
            models.Index(fields=["to", "ready"], condition=Q(kind="remind"), name="outbox_told"),
            models.Index(fields=["state", "-created", "-id"], name="outbox_state"),
            models.Index(fields=["-created", "-id"], name="outbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"

    @property
    def real_to(self) -> str:
        return self.sealed_to or self.to

    @property
    def real_text(self) -> str:
        return self.sealed_text or self.text


class QuietHours(models.Model):
    """When a phone is left in peace, and how long it collects reminders: policy, one row a phone.

    The row without a phone is for every phone that has none of its own. Alarms ignore it.
    """

    phone = models.CharField(
        _("phone"),
        max_length=120,
        blank=True,
        unique=True,
        help_text=_("Empty: for all phones that have no row of their own."),
    )
    start = models.TimeField(_("quiet from"))
    end = models.TimeField(_("quiet until"))
    window = models.PositiveSmallIntegerField(
        _("minutes between digests"),
        default=15,
        help_text=_("Reminders that come within so many minutes become one message."),
    )

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")

    def __str__(self) -> str:
        return f"{self.phone or '*'} {self.start:%H:%M}–{self.end:%H:%M}"

    def until(self, now: datetime.datetime) -> datetime.datetime | None:
        """The end of the quiet hours in which the moment lies; None outside them."""
        local = timezone.localtime(now)
        clock = local.time()
        over_midnight = self.end < self.start
        inside = (
            clock >= self.start or clock < self.end
            if over_midnight
            else self.start <= clock < self.end
        )
        if not inside:
            return None
        days = int(over_midnight and clock >= self.start)
        end = datetime.datetime.combine(local.date(), self.end, local.tzinfo)
        return end + datetime.timedelta(days=days)
