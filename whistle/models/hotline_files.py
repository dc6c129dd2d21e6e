"""The hotline's large files: kept, looked through and taken by a worker, row by row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.sealed import SealedField

LONGEST = 8 * 2**20


class HotlineFile(models.Model):
    """One file on its way. `kept` is its content in base64, sealed, until every row has been taken.

    `total` rows are filled. A run that is cut off goes on with the first row that has no verdict,
    or with the first that is still to be taken.
    """

    class State(models.TextChoices):
        LOOKING = "looking", pgettext_lazy("file", "Being looked through")
        SHOWN = "shown", pgettext_lazy("file", "To be decided")
        TAKING = "taking", pgettext_lazy("file", "Being taken")
        DONE = "done", pgettext_lazy("file", "Taken")
        REFUSED = "refused", pgettext_lazy("file", "Refused")

    OPEN = (State.LOOKING, State.TAKING)

    name = models.CharField(_("file"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.LOOKING)
    kept = SealedField(max_length=LONGEST, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    done_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    ignored = models.JSONField(default=list)
    refusal = models.TextField(blank=True)

    class Meta:
        verbose_name = _("file of the hotline")
        verbose_name_plural = _("files of the hotline")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["looking", "taking"]), name="hotlinefile_open"
            ),
            models.Index(fields=["sent_at"], name="hotlinefile_sent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def working(self) -> bool:
        return self.state in self.OPEN


class HotlineRow(models.Model):
    """The verdict on one row; `number` is that of the order that was made of it."""

    class Verdict(models.TextChoices):
        READY = "ready", pgettext_lazy("verdict", "can be taken")
        KNOWN = "known", pgettext_lazy("verdict", "known already")
        WRONG = "wrong", pgettext_lazy("verdict", "cannot be read")
        TAKEN = "taken", pgettext_lazy("verdict", "taken")

    file = models.ForeignKey(HotlineFile, models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    source_number = models.CharField(_("number at the source"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    due = models.DateTimeField(_("limit of the source"), null=True)
    number = models.CharField(_("number"), max_length=30, blank=True)
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("row of a file of the hotline")
        verbose_name_plural = _("rows of files of the hotline")
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["file", "row"], name="hotlinerow_once")]
        indexes = [models.Index(fields=["file", "verdict", "row"], name="hotlinerow_verdict")]

    def __str__(self) -> str:
        return f"{self.row} {self.verdict}"
