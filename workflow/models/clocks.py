"""Deadlines are rows: several clocks may run on one paper."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.calendar import TimeUnit
from organization.models import Unit


class Clock(models.Model):
    """One running limit of one paper.

    `keeper` is the unit against which it was started: its working hours count (None: those of
    everybody). `extended` was granted on top of `amount`, in the same unit.
    `next_at` is when the sweep looks at it next (None: stopped or paused). `rung` counts the rungs
    of the ladder already taken: 0 none, 1 warned, 2 due, then one for each interval after it.
    `version` grows when the deadline moves, so that a rung can fire once per version only.
    """

    what = models.CharField(max_length=12)
    started = models.DateTimeField()
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=12, choices=TimeUnit.choices)
    extended = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    keeper = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    due = models.DateTimeField()
    warn_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=1)
    paused_at = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=20, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

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


class TimeLimit(models.Model):
    """How long a clock runs: policy, dated, the latest row that has begun applies.

    `kind` narrows the row to one kind of paper (the whistle's type); blank rows are the default.
    After the deadline the ladder climbs one rung each `rung_amount` of `rung_unit`.
    """

    flow = models.CharField(_("flow"), max_length=20)
    clock = models.CharField(_("clock"), max_length=12)
    kind = models.CharField(_("kind"), max_length=12, blank=True)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    warn_percent = models.PositiveSmallIntegerField(_("warn at (%)"), default=80)
    rung_amount = models.DecimalField(_("next rung after"), max_digits=6, decimal_places=2)
    rung_unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)
    valid_from = models.DateField(_("valid from"))
    sample = models.BooleanField(_("sample figure"), default=False)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["flow", "clock", "kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "clock", "kind", "valid_from"], name="timelimit_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="timelimit_positive"),
            models.CheckConstraint(
                condition=Q(warn_percent__gt=0) & Q(warn_percent__lt=100),
                name="timelimit_warns_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.clock} {self.kind}".rstrip()

    @classmethod
    def of(cls, flow: str, clocks: "list[str]", kind: str, day: Any) -> "dict[str, TimeLimit]":
        """The limits in force on a day, by clock; the kind's own row goes before the default."""
        rows = cls.objects.filter(
            flow=flow, clock__in=clocks, kind__in=["", kind], valid_from__lte=day
        ).order_by("kind", "valid_from")
        return {row.clock: row for row in rows}
