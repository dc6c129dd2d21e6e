"""What silence means where an answer was awaited: policy, dated."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from whistle.models.requests import Request
from whistle.models.surveys import Survey

# The reporter's silence, beside the kinds of requests that nobody decides.
SURVEY = "survey"
KINDS = [*Request.Kind.choices, (SURVEY, _("Survey as callback"))]
OUTCOMES = [*Request.Silence.choices, *Survey.Silence.choices]


def outcomes_of(kind: str) -> list[tuple[str, Any]]:
    """What silence can mean for a kind, as choices."""
    return Survey.Silence.choices if kind == SURVEY else Request.Silence.choices


def default_of(kind: str) -> str:
    """What it means without a rule: it settles nothing."""
    return Survey.Silence.CALLED if kind == SURVEY else Request.Silence.REJECTED


class SilenceRule(models.Model):
    """What it means when nobody decides a request in time, or answers the survey of a callback."""

    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    outcome = models.CharField(_("silence"), max_length=8, choices=OUTCOMES)
    valid_from = models.DateField(_("valid from"))
    sample = models.BooleanField(_("sample figure"), default=False)

    class Meta:
        verbose_name = _("rule for silence")
        verbose_name_plural = _("rules for silence")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="silence_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind=SURVEY, outcome__in=Survey.Silence.values)
                | (~Q(kind=SURVEY) & Q(outcome__in=Request.Silence.values)),
                name="silence_fits_kind",
                violation_error_message=_("This outcome does not fit the kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_outcome_display()}"

    @classmethod
    def on(cls, kind: str, day: datetime.date) -> str:
        """What silence means for what was asked that day."""
        rule = cls.objects.filter(kind=kind, valid_from__lte=day).order_by("valid_from").last()
        return rule.outcome if rule else default_of(kind)
