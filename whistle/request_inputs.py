"""The form field of every input that a step of a request asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.calendar import TimeUnit
from organization.calendar_words import say_amount
from organization.models import User
from whistle.actions.scoring import standing_costs
from whistle.inputs import limit, photos, until
from whistle.labels import ExemptionGround, ReturnGround
from whistle.models import ScoreLine
from whistle.request_flow import REQUEST
from workflow.flow import Step


def ground_of_request(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """The legal grounds of a return, or those for leaving out of the assessment; both unasked."""
    grounds = {"return": [ReturnGround], "exemption": [ExemptionGround]}
    kinds = grounds.get(paper.kind if paper else "", [ReturnGround, ExemptionGround])
    choices = [choice for kind in kinds for choice in kind.choices]
    return forms.ChoiceField(label=_("Ground"), choices=choices, widget=forms.RadioSelect)


def longer(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """By how much the running limit is to be extended, in its own unit."""
    field = limit()
    field.label = _("Longer by")
    running = paper.running() if paper else None
    if running is not None:
        field.label = _("Longer by (%(unit)s)") % {"unit": TimeUnit(running.unit).label}
        most = say_amount(running.amount, running.unit)
        field.help_text = _("At most the limit itself once more: %(most)s.") % {"most": most}
    return field


class LinesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[ScoreLine]:
        return list(super().clean(value))


def struck(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """The lines of the score that took points, to be given back."""
    score = getattr(paper.response, "score", None) if paper else None
    lines = standing_costs(score) if score else []
    rows = ScoreLine.objects.filter(pk__in=[line.pk for line in lines])
    return LinesField(rows, label=_("Give back"))


def mark(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """The caller's mark as it should be; left open it stays."""
    score = getattr(paper.response, "score", None) if paper else None
    most = score.scheme.caller_points if score else 100
    field = forms.IntegerField(label=_("Caller's mark"), min_value=0, max_value=most)
    if score:
        words = _("It is %(mark)s of %(most)s now; left open it stays.")
        field.help_text = words % {"mark": score.caller, "most": most}
    return field


REQUEST.fields |= {
    "photos": photos,
    "amount": longer,
    "until": until,
    "ground": ground_of_request,
    "struck": struck,
    "mark": mark,
}
