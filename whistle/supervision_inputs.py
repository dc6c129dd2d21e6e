"""The form field of every input that a step of a supervision order asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.calendar import TimeUnit
from organization.models import User
from whistle.inputs import TEXTS, choice, limit, photos, text, unit
from whistle.labels import SupervisionGround
from whistle.models import Card
from whistle.models.supervisions import units_at_work
from whistle.supervision_flow import SUPERVISION
from workflow.flow import Step


def requirement(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """A leader writes an instruction (批示), a centre a requirement (要求)."""
    by_leader = paper is not None and paper.is_instruction
    label = _("Words of the instruction") if by_leader else _("Requirement")
    return text(label, 1000, long=True)(paper, step, actor)


def amount(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return limit()


def cadence(paper: Any, step: Step, actor: User | None) -> forms.Field:
    field = limit()
    field.label = _("Report progress every")
    field.help_text = _("Left open, the policy's cadence applies.")
    return field


def time_unit(label: Any) -> Any:
    """Mostly days: nobody wants to look for them in a list of four."""

    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        return forms.ChoiceField(label=label, choices=TimeUnit.choices, initial=TimeUnit.WORK_DAY)

    return make


SUPERVISION.fields |= {
    "unit": unit(_("Unit"), lambda paper, step: units_at_work(paper.order)),
    "ground": choice(pgettext_lazy("supervision", "Ground"), SupervisionGround, radio=True),
    "requirement": requirement,
    "amount": amount,
    "time_unit": time_unit(_("Time unit")),
    "cadence": cadence,
    "cadence_unit": time_unit(_("Time unit")),
    "result": TEXTS["result"],
    "photos": photos,
    "colour": choice(_("Card"), Card.Colour, radio=True),
}
