"""What the reporter is told by SMS when a step is taken of his report (告知短信): policy, dated."""

import datetime
from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whistle.labels import ORDER
from whistle.models.categories import Category
from whistle.models.orders import WorkOrder

LONGEST = 150
# By which steps a reporter may be told, and what stands open in the text of every one of them.
VERBS = ("report", "register", "take", "refuse", "suspend", "resume", "reopen", "close")
PLACES = ("number", "kind", "centre")
# What can only be said after some of the steps: by when it is settled, until when it waits.
OWN_PLACES = {"due": ("register", "take", "resume", "reopen"), "until": ("suspend",)}


def strange_places(verb: str, text: str) -> list[str]:
    """What stands in braces in the text and means nothing after this step."""
    known = {*PLACES, *(name for name, verbs in OWN_PLACES.items() if verb in verbs)}
    try:
        found = [(name, spec, sign) for _w, name, spec, sign in Formatter().parse(text)]
    except ValueError:
        return [text]
    named = [(name, spec, sign) for name, spec, sign in found if name is not None]
    return [name or "{}" for name, spec, sign in named if name not in known or spec or sign]


class ReporterTextQuerySet(models.QuerySet["ReporterText"]):
    def of(self, order: WorkOrder, verb: str, day: datetime.date) -> str:
        """The text of a step on a day: that of the order's class before that of all classes."""
        of_class = models.Q(category=None) | models.Q(category=order.category_id)
        rows = self.filter(of_class, verb=verb, valid_from__lte=day)
        first = (models.F("category").asc(nulls_last=True), "-valid_from")
        return rows.order_by(*first).values_list("text", flat=True).first() or ""


class ReporterText(models.Model):
    """The text of one step, for all classes or for one, from a day on; without words, none."""

    verb = models.CharField(
        _("step"),
        max_length=10,
        choices=[(verb, ORDER.labels[verb]) for verb in VERBS],
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, verbose_name=_("category")
    )
    valid_from = models.DateField(_("valid from"))
    text = models.CharField(_("text of the message"), max_length=LONGEST, blank=True)
    sample = models.BooleanField(_("sample figure"), default=False)

    objects = ReporterTextQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "message to the reporter")
        verbose_name_plural = pgettext_lazy("model", "messages to the reporter")
        ordering = ["verb", "category", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["verb", "category", "valid_from"],
                nulls_distinct=False,
                name="reportertext_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.text}"

    def clean(self) -> None:
        if strange := strange_places(self.verb, self.text):
            words = _text("This means nothing after this step: %(places)s")
            raise ValidationError({"text": words % {"places": ", ".join(strange)}})
