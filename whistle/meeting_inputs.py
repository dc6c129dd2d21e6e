"""The form field of every input of plans, joint meetings and assignments."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from organization.models import Unit, User
from whistle.assignment_flow import ASSIGNMENT
from whistle.flow import RESPONSE, WHISTLE
from whistle.inputs import TEXTS, moment, photos, text, unit
from whistle.models import Assignment
from workflow.fields import DayField, RowsField, UnitField, UnitsField
from workflow.flow import Step


class AssignmentForm(forms.Form):
    """One row of a plan or of the minutes: which unit does what until which day."""

    unit = UnitField(None, label=_("Unit"), empty_label="—")
    text = forms.CharField(label=_("Task"), max_length=200)
    day = DayField(label=_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})


def rows_for(whistle: Any, label: Any) -> forms.Field:
    """Rows for the units of a whistle; without one as the documentation shows them."""
    chosen: type[AssignmentForm] = AssignmentForm
    if whistle is not None:
        field = UnitField(units_of_whistle(whistle), label=_("Unit"), empty_label="—")
        chosen = type("RowForm", (AssignmentForm,), {"unit": field})
        chosen.base_fields = {name: chosen.base_fields[name] for name in ("unit", "text", "day")}
    return RowsField(chosen, ("unit", "text", "day"), {}, label=label)


def units_of_whistle(whistle: Any) -> QuerySet[Unit]:
    """Who answers it, and the street that called."""
    answering = whistle.responses.standing().values("unit")
    return Unit.objects.filter(Q(pk__in=answering) | Q(pk=whistle.caller_id)).order_by("code")


def stages(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return rows_for(paper.whistle if paper else None, _("Stages"))


def assignments(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return rows_for(paper, _("Tasks of the meeting"))


def present(paper: Any, step: Step, actor: User | None) -> forms.Field:
    units = units_of_whistle(paper) if paper else Unit.objects.none()
    return UnitsField(units, label=_("Who came"))


class StageField(forms.ModelChoiceField):
    def label_from_instance(self, stage: Any) -> str:
        return f"{stage.text} ({stage.day:%Y-%m-%d})"


def stage(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """The stages of the plan that the unit has still to report."""
    own = Assignment.objects.none()
    if paper is not None:
        own = Assignment.objects.filter(whistle=paper.whistle_id, unit=paper.unit_id, kind="stage")
        own = own.open().order_by("day", "pk")
    return StageField(own, label=_("Stage done"), empty_label="—")


WHISTLE.fields |= {
    "meet_at": moment(_("Time of the meeting")),
    "meet_place": text(_("Place of the meeting"), 80),
    "agenda": text(_("Agenda"), 300, long=True),
    "present": present,
    "decisions": text(_("Decisions"), 2000, long=True),
    "assignments": assignments,
}
RESPONSE.fields |= {
    "plan": text(_("Plan"), 2000, long=True),
    "stages": stages,
    "stage": stage,
}
ASSIGNMENT.fields |= {
    "unit": unit(_("Unit"), lambda paper, step: units_of_whistle(paper.whistle)),
    "text": text(_("Task"), 200),
    "day": lambda paper, step, actor: DayField(label=_("Until")),
    "result": TEXTS["result"],
    "photos": photos,
}
