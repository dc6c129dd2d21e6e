"""What has to be seen to before work on a class of problem is reported as done (核对清单)."""

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from whistle.models.categories import Category


class ChecklistQuerySet(models.QuerySet[Any]):
    def of(self, category: int | None, day: datetime.date) -> "ChecklistQuerySet":
        """The lines of a class that hold on a day, in their order."""
        begun = self.filter(category=category, valid_from__lte=day)
        return begun.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("n", "pk")


class ChecklistLine(models.Model):
    """One line of a class, from `valid_from` to `valid_to`, both days included."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="checklist")
    n = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.CharField(_("to be checked"), max_length=100)
    required = models.BooleanField(_("must be ticked"), default=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    sample = models.BooleanField(_("sample figure"), default=False)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a checklist")
        verbose_name_plural = _("checklists")
        ordering = ["category", "n", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "text", "valid_from"], name="checklistline_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="checklistline_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return self.text
