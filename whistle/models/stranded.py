"""What waits for somebody who is not there: kept by a sweep, gone when somebody can act again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models import Unit, User
from whistle.models.orders import WorkOrder


class StrandedQuerySet(models.QuerySet["Stranded"]):
    def visible_to(self, user: User) -> "StrandedQuerySet":
        """Who sees the order sees that nobody can go on with it."""
        return self.filter(order__in=WorkOrder.objects.visible_to(user).values("pk"))


class Stranded(models.Model):
    """A paper whose next step (`verb`) nobody can take now.

    `unit` is where the duty would have to be held, `since` when the sweep found it first.
    """

    class Why(models.TextChoices):
        VACANT = "vacant", _("nobody holds the duty")
        AWAY = "away", _("everybody who holds the duty is away")

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="stranded")
    flow = models.CharField(max_length=20)
    paper = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=40)
    verb = models.CharField(_("step"), max_length=20)
    duty = models.CharField(_("duty"), max_length=12)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(_("reason"), max_length=8, choices=Why.choices)
    since = models.DateTimeField(_("since"))

    objects = StrandedQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper that nobody can act on")
        verbose_name_plural = _("papers that nobody can act on")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "paper"], name="stranded_once"),
        ]
        indexes = [models.Index(fields=["since", "id"], name="stranded_oldest")]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"
