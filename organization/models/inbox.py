from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models.posts import Post


class Notice(models.Model):
    """One line in the inbox of a post: a paper waits, runs out, or has moved.

    The words are made when it is shown, in the reader's language, from `kind`, `verb` and `title`.
    """

    class Kind(models.TextChoices):
        WAITS = "waits", _("waits for you")
        SOON = "soon", _("runs out soon")
        LATE = "late", _("is overdue")
        TOLD = "told", _("for your information")

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
    """A message that leaves the house. The row is the promise; delivery keeps it later."""

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("voice call")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    to = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(state="waiting"), name="outbox_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"
