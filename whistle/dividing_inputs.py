"""The form field of every input of dividing and relating orders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.models import User
from whistle import candidates
from whistle.flow import ORDER
from whistle.inputs import ConditionField, NumberField, condition, known_conditions
from whistle.models import Condition, WorkOrder
from whistle.models.ties import tied_to
from workflow.fields import RowsField
from workflow.flow import Step


class PartForm(forms.Form):
    """One row of a divided order: what it is about, under which condition it is filed."""

    title = forms.CharField(label=_("What this part is about"), max_length=80)
    condition = ConditionField(Condition.objects.none(), label=_("Filing condition"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.fields["condition"].queryset = known_conditions()


def parts(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """Each row begins with the condition of the order."""
    row: type[PartForm] = PartForm
    if paper is not None:
        named = condition(paper, step, actor)
        row = type("RowForm", (PartForm,), {"condition": named})
        row.base_fields = {name: row.base_fields[name] for name in ("title", "condition")}
    return RowsField(row, ("title",), {}, label=_("Parts"))


def other(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """To relate: any order that the person sees; to take the tie off: those tied to it."""
    label = _("Number of the other order")
    if paper is None:
        return NumberField(WorkOrder.objects.none(), label=label)
    seen = WorkOrder.objects.visible_to(actor).exclude(pk=paper.pk)
    if step.verb == "unrelate":
        tied = seen.filter(pk__in=tied_to(paper).values("pk"))
        return NumberField(tied, tied, label=label)
    return NumberField(seen, candidates.close_to(paper, seen), label=label)


ORDER.fields |= {"parts": parts, "other": other}
