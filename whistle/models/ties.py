from typing import Any

from django.db import models
from django.db.models import F, Q

from whistle.models.orders import WorkOrder


def in_order(one: WorkOrder, other: WorkOrder) -> dict[str, int]:
    """The pair as it is kept: the older first."""
    first, second = sorted([one.pk, other.pk])
    return {"first_id": first, "second_id": second}


class TieQuerySet(models.QuerySet["Tie"]):
    def of(self, order: WorkOrder) -> "TieQuerySet":
        return self.filter(Q(first=order) | Q(second=order))

    def between(self, one: WorkOrder, other: WorkOrder) -> "TieQuerySet":
        return self.filter(**in_order(one, other))

    def tie(self, one: WorkOrder, other: WorkOrder) -> None:
        """Once, from whichever of the two it is done."""
        self.get_or_create(**in_order(one, other))


class Tie(models.Model):
    """That two orders belong together (关联工单), the older named first; why says the log."""

    first = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(WorkOrder, models.CASCADE, related_name="+")

    objects = TieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="tie_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="tie_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


def tied_to(order: WorkOrder) -> Any:
    """The orders tied to it."""
    ties = Tie.objects.of(order)
    return WorkOrder.objects.filter(
        Q(pk__in=ties.values("first")) | Q(pk__in=ties.values("second"))
    ).exclude(pk=order.pk)
