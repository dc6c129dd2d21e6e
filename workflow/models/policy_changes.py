"""An edit of policy or calendar as a row of its own: what it would move, then what it moved."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PolicyChange(models.Model):
    """One set-based act on many deadlines; it stands in the log for a step of each paper.

    `body` says what is edited, in the words of its `kind`. The figures are of the preview until
    the change is made, then of what was done: `total` papers looked at, `done` of them so
    far, `moved` ones, and those of them that became overdue by it. `examples` are papers whose
    deadline moves, the nearest first.
    """

    class Kind(models.TextChoices):
        LIMIT = "limit", _("Time limit")
        CALENDAR = "calendar", _("Working calendar")
        HOURS = "hours", _("Working hours")
        STORM = "storm", _("Storm order")
        CALM = "calm", _("End of a storm order")
        LADDER = "ladder", _("Ladder of reminders")
        FILING = "filing", _("Limit of a filing condition")
        SILENCE = "silence", _("Meaning of silence")
        TELLING = "telling", _("Message to the reporter")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("change", "Being reckoned")
        SHOWN = "shown", pgettext_lazy("change", "To be decided")
        ORDERED = "ordered", pgettext_lazy("change", "Being made")
        DONE = "done", pgettext_lazy("change", "Made")
        DROPPED = "dropped", pgettext_lazy("change", "Dropped")

    OPEN = (State.ASKED, State.ORDERED)

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    body = models.JSONField()
    reason = models.CharField(_("reason"), max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ordered_at = models.DateTimeField(_("ordered"), null=True)
    done_at = models.DateTimeField(_("made"), null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)

    class Meta:
        verbose_name = _("change of policy")
        verbose_name_plural = _("changes of policy")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["asked", "ordered"]), name="policychange_open"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="policychange_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def working(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
