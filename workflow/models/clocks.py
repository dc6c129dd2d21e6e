"""Deadlines are rows: several clocks may run on one paper."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from organization.calendar import TimeUnit
from organization.models import Unit


class Clock(models.Model):
    """One running limit of one paper.

    It runs under `policy` (None: a limit of the paper's own), which was looked up by the paper's
    `kind` and the management level (`area`) of its place. `own_from` is the day of the version of
    a limit of its own, if that is dated. `keeper` is the unit against which it
    was started: its working hours count (None: those of everybody). `extended` was granted on top
    of `amount`, in the same unit. `storm` is the storm order that last held or stretched it.
    `cut` names what ends it earlier than its own limit: the "source", or a clock in which it lies.
    `next_at` is when the sweep looks at it next (None: stopped or paused). `rung` counts the rungs
    of its ladder that are behind it.
    `version` grows when the deadline moves, so that a rung can fire once per version only.
    """

    what = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, blank=True)
    area = models.CharField(max_length=1, blank=True)
    policy = models.ForeignKey(
        "workflow.TimeLimit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    own_from = models.DateField(null=True)
    started = models.DateTimeField()
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=12, choices=TimeUnit.choices)
    storm = models.ForeignKey(
        "workflow.StormOrder", models.PROTECT, null=True, related_name="+", db_index=False
    )
    extended = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    keeper = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    due = models.DateTimeField()
    cut = models.CharField(max_length=12, blank=True, default="", db_default="")
    warn_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=1)
    paused_at = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=20, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    # The rung that the sweep has just reached, for the step that it takes.
    reached: Any = None

    class Meta:
        abstract = True
        ordering = ["started", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "what"], condition=Q(stopped=None), name="%(class)s_one_running"
            ),
            models.CheckConstraint(
                condition=Q(stopped=None) | Q(next_at=None), name="%(class)s_stopped_is_quiet"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(next_at__isnull=False),
                name="%(class)s_sweep",
            ),
            models.Index(fields=["paper"], name="%(class)s_of"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.due:%Y-%m-%d %H:%M}"

    @property
    def running(self) -> bool:
        return self.stopped is None

    @property
    def limit(self) -> Any:
        """The whole limit, with what was granted on top."""
        return self.amount + self.extended

    @property
    def path(self) -> Sequence[int]:
        """Where the clock is kept: the working hours of the nearest unit above count."""
        return self.keeper.path if self.keeper else ()

    @property
    def late(self) -> bool:
        """Whether it was stopped after its deadline."""
        return self.stopped is not None and self.stopped > self.due

    def missed(self, now: datetime.datetime) -> bool:
        """Whether its deadline has passed, stopped or not; while paused it waits."""
        overdue = self.running and not self.paused_at and self.due < now
        return self.late or overdue


class Firing(models.Model):
    """A rung of a clock's ladder that was taken; the constraint makes each fire once."""

    rung = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "rung", "version"], name="%(class)s_fires_once"
            )
        ]
