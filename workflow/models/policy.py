"""Policy as dated rows: how long a clock runs, and whom it tells while nobody answers."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.calendar import TimeUnit
from organization.models.units import AREA_LEVELS


class Policy(models.Model):
    """What a dated row applies to; a blank name applies to all, the narrowest row counts."""

    flow = models.CharField(_("flow"), max_length=20, blank=True)
    clock = models.CharField(_("clock"), max_length=12, blank=True)
    kind = models.CharField(_("kind"), max_length=12, blank=True)
    valid_from = models.DateField(_("valid from"))
    sample = models.BooleanField(_("sample figure"), default=False)

    class Meta:
        abstract = True

    @property
    def narrowness(self) -> tuple[Any, ...]:
        """The greater, the nearer to the single case; among equals the younger row counts."""
        return bool(self.flow), bool(self.clock), bool(self.kind), self.valid_from

    def fits(self, flow: str, clock: str, kind: str, day: datetime.date) -> bool:
        """Whether it could apply to such a clock on the day; a narrower row may go before it."""
        return (
            self.flow in ("", flow)
            and self.clock in ("", clock)
            and self.kind in ("", kind)
            and self.valid_from <= day
        )


class TimeLimit(Policy):
    """How long a clock runs.

    `kind` narrows the row to one kind of paper (an order's urgency, a whistle's type), `area` to
    places of one management level.
    """

    area = models.CharField(_("area level"), max_length=1, blank=True, choices=AREA_LEVELS)
    amount = models.DecimalField(_("limit"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["flow", "clock", "kind", "area", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "clock", "kind", "area", "valid_from"], name="timelimit_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="timelimit_positive"),
            models.CheckConstraint(
                condition=~Q(flow="") & ~Q(clock=""), name="timelimit_names_its_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.clock} {self.kind} {self.area}".rstrip()

    @property
    def narrowness(self) -> tuple[Any, ...]:
        return bool(self.kind), bool(self.area), self.valid_from


class Rung(Policy):
    """One rung of the ladder that an unanswered clock climbs, the `n`th of its ladder.

    A ladder is all the rows of one flow, clock, kind and day. A rung is reached when so many
    percent of the time are gone (100: the deadline), or so much time `after` the deadline. Each
    tells those of the lower ones again.
    """

    class Does(models.TextChoices):
        HOLDER = "holder", _("remind who has it in hand")
        HEAD = "head", _("tell the head of the unit")
        ABOVE = "above", _("tell the unit above")
        LEADER = "leader", _("tell the leader in charge")
        YELLOW = "yellow", _("give a yellow card")
        RED = "red", _("give a red card")

    n = models.PositiveSmallIntegerField(_("rung"))
    percent = models.PositiveSmallIntegerField(_("at (%)"), null=True, blank=True)
    after = models.DecimalField(
        _("after the deadline"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("time unit"), max_length=12, choices=TimeUnit.choices, blank=True)
    does = models.CharField(_("what happens"), max_length=8, choices=Does.choices)

    class Meta:
        verbose_name = _("rung of a ladder")
        verbose_name_plural = _("ladders")
        ordering = ["flow", "clock", "kind", "-valid_from", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "clock", "kind", "valid_from", "n"], name="rung_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(percent__range=(1, 100), after=None, unit="")
                | (Q(percent=None, after__gt=0) & ~Q(unit="")),
                name="rung_at_percent_or_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.clock} {self.kind} {self.n}".strip()

    @property
    def warns(self) -> bool:
        """Whether it comes before the deadline."""
        return self.percent is not None and self.percent < 100

    @property
    def delay(self) -> Decimal:
        assert self.after is not None
        return self.after
