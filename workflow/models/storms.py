"""Storm mode: limits held or stretched in an area for a time, because everybody is out there."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organization.models import Unit


class StormOrder(models.Model):
    """An order that limits are held (not counted) or stretched in an area, for some classes.

    `case` is the beginning of a paper's `policy_case`, blank for every class. Held limits run on by
    themselves when the time is over; a stretched limit keeps what it was given. `ended_at` is when
    the order was ended before its time.
    """

    class Effect(models.TextChoices):
        HOLD = "hold", _("hold limits")
        STRETCH = "stretch", _("stretch limits")

    area = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    case = models.CharField(_("class"), max_length=24, blank=True)
    effect = models.CharField(_("effect"), max_length=8, choices=Effect.choices)
    percent = models.PositiveSmallIntegerField(_("longer by (%)"), null=True, blank=True)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("storm order")
        verbose_name_plural = _("storm orders")
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="storm_has_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__lte=F("ends")), name="storm_ends_early"
            ),
            models.CheckConstraint(
                condition=Q(effect="hold", percent=None)
                | Q(effect="stretch", percent__isnull=False, percent__range=(1, 900)),
                name="storm_stretches_by",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="storm_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_effect_display()}"

    @property
    def over(self) -> Any:
        """When it ends or ended."""
        return min(self.ends, self.ended_at) if self.ended_at else self.ends

    def covers(self, paper: Any) -> bool:
        """Whether a root paper lies in its area and is of its classes."""
        return paper.policy_case().startswith(self.case) and self.area_id in paper.origin.path
