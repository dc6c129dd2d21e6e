"""Yellow and red cards (黄牌、红牌): what a unit was shown, and the step that showed it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.models import Unit
from whistle.models.orders import WorkOrder
from whistle.models.responses import Response
from whistle.models.supervisions import SupervisionOrder
from whistle.models.whistles import Whistle

PAPERS = ("whistle", "response", "supervision")
PAPER = ["order", *PAPERS]


def at_most_one(*names: str) -> Q:
    """None of these is set, or just one of them."""
    none = Q(**dict.fromkeys((f"{name}__isnull" for name in names), True))
    alone = [Q(**{f"{name}__isnull": other != name for name in names}) for other in names]
    found = none
    for one in alone:
        found |= one
    return found


class Card(models.Model):
    """Shown to a unit for a paper of an order: the whistle, response or supervision order named,
    or else the order itself.

    `event_n` is the step of that paper's log that gave it. A card that a clock gave names the
    clock, its rung and the version of its deadline. Written by `whistle.actions.cards` only.
    """

    class Colour(models.TextChoices):
        YELLOW = "yellow", pgettext_lazy("card", "Yellow card")
        RED = "red", pgettext_lazy("card", "Red card")

    colour = models.CharField(_("colour"), max_length=6, choices=Colour.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cards", db_index=False)
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="cards", db_index=False)
    whistle = models.ForeignKey(Whistle, models.PROTECT, null=True, related_name="cards")
    response = models.ForeignKey(Response, models.PROTECT, null=True, related_name="cards")
    supervision = models.ForeignKey(
        SupervisionOrder, models.PROTECT, null=True, related_name="cards"
    )
    event_n = models.PositiveIntegerField()
    clock = models.BigIntegerField(null=True)
    rung = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["unit", "-at"], name="card_unit"),
            models.Index(fields=["colour", "-at"], name="card_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[*PAPER, "event_n"], name="card_once_per_event", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=[*PAPER, "clock", "rung", "version"],
                condition=Q(clock__isnull=False),
                name="card_once_per_rung",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=at_most_one(*PAPERS), name="card_of_one_paper"),
            models.CheckConstraint(
                condition=Q(clock=None, rung=None, version=None)
                | Q(clock__isnull=False, rung__isnull=False, version__isnull=False),
                name="card_rung_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.unit}"
