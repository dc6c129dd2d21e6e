"""What holds the log fast beyond its own chains: anchors of each day, and the nightly look."""

import datetime
import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models.events import canonical


class Anchor(models.Model):
    """All events of a flow up to `last` as they stood at the end of a day (append-only, chained).

    `papers` and `events` count them. `digest` is the hash over the hashes of the events that came
    since the anchor before, in the order of their keys, one a line; with `prev_hash` it so stands
    for the heads of all papers. Whoever cuts the newest events of a paper and sets its head and
    count back cannot make it fit.
    """

    day = models.DateField(_("day"))
    flow = models.CharField(max_length=20)
    last = models.BigIntegerField()
    papers = models.PositiveBigIntegerField(_("papers"))
    events = models.PositiveBigIntegerField(_("events"))
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchor of the log")
        verbose_name_plural = _("anchors of the log")
        ordering = ["flow", "id"]
        constraints = [models.UniqueConstraint(fields=["flow", "day"], name="anchor_once")]

    def __str__(self) -> str:
        return f"{self.flow} {self.day}"

    def reckon_hash(self) -> str:
        """The hash of what it says and of the hash of the anchor before."""
        content = {
            "day": self.day.isoformat(),
            "flow": self.flow,
            "last": self.last,
            "papers": self.papers,
            "events": self.events,
            "digest": self.digest,
            "at": self.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "prev": self.prev_hash,
        }
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    @classmethod
    def latest_day(cls) -> str:
        """The newest day and one hash over its anchors: what a witness outside may keep."""
        newest = cls.objects.order_by("-day").values_list("day", flat=True).first()
        if newest is None:
            return ""
        heads = cls.objects.filter(day=newest).order_by("flow").values_list("hash", flat=True)
        return f"{newest} {hashlib.sha256(''.join(heads).encode()).hexdigest()}"


class Audit(models.Model):
    """One look at all logs, worked off in lots; `stage` and `after` say where it goes on."""

    started = models.DateTimeField(_("started"))
    finished = models.DateTimeField(_("finished"), null=True)
    stage = models.PositiveSmallIntegerField(default=0)
    after = models.BigIntegerField(default=0)
    papers = models.PositiveBigIntegerField(_("papers"), default=0)
    faults = models.PositiveIntegerField(_("faults"), default=0)
    examples = models.JSONField(_("first faults"), default=list)

    class Meta:
        verbose_name = _("check of the logs")
        verbose_name_plural = _("checks of the logs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(finished=None), name="audit_one_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M}"

    @property
    def duration(self) -> datetime.timedelta | None:
        return self.finished - self.started if self.finished else None

    @classmethod
    def latest_result(cls) -> "Audit | None":
        return cls.objects.filter(finished__isnull=False).order_by("-id").first()
