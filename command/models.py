"""What the command centre keeps of its own: the figures of days that are over."""

from django.db import models
from django.db.models import Q

from organization.models import Unit


class DayFigures(models.Model):
    """How many orders of one street did what on one day (in Shanghai), as one unit sees them.

    `viewer` is a district or a street: what is counted are the papers in its sight, so who may
    view just there may be shown the sum. `late` counts limits that ran out on the day unkept.
    The closed ones are told apart by who settled them; `closed_late` of them were handled late.
    """

    viewer = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    street = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()
    reported = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    by_grid = models.PositiveIntegerField(default=0)
    by_community = models.PositiveIntegerField(default=0)
    by_street = models.PositiveIntegerField(default=0)
    by_district = models.PositiveIntegerField(default=0)
    closed_late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["viewer", "day", "street"],
                nulls_distinct=False,
                name="dayfigures_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.viewer_id} {self.street_id}"


class Summed(models.Model):
    """How far the figures of days are summed: the one row of its table.

    Days before `until` are there; acts up to `mark` (see `workflow.live`) are counted in them.
    """

    until = models.DateField()
    mark = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="summed_one_row")]

    def __str__(self) -> str:
        return str(self.until)
