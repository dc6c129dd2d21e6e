"""The form by which units are held to an order: one paper for each unit, all or none."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organization.models import Unit, User
from whistle.models import SupervisionOrder, WorkOrder
from whistle.models.supervisions import units_at_work
from workflow.actions import create, offered
from workflow.errors import NotPossible
from workflow.fields import UnitsField
from workflow.flow import Step
from workflow.forms import NOTE, ActForm, by_field
from workflow.openapi import step_fields

FOR_UNITS = {"unit": "units"}


class HoldForm(forms.Form):
    """Which order, and whether it is a supervision order or an instruction."""

    order = forms.ModelChoiceField(
        WorkOrder.objects.none(), to_field_name="number", label=_("Number of the order")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SupervisionOrder.Kind.choices)

    def __init__(self, actor: User, data: Any = None) -> None:
        super().__init__(data)
        self.fields["order"].queryset = WorkOrder.objects.visible_to(actor)


class SupervisionForm(ActForm):
    """Hold one or several units to an order."""

    def __init__(
        self, order: WorkOrder, kind: str, actor: User, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files)
        self.order, self.kind, self.actor = order, kind, actor
        self.step = first_step(order, kind, actor)
        units = units_at_work(order).order_by("code")
        self.fields["units"] = UnitsField(units, label=_("Units"))
        self.ask_inputs(SupervisionOrder.flow, self.step, self.blank(), actor)
        del self.fields["unit"], self.fields[NOTE]
        if len(found := list(units[:2])) == 1:
            self.fields["units"].initial = found

    @classmethod
    def documented(cls) -> dict[str, forms.Field]:
        """Every input of both kinds, for the API's document."""
        steps = [step for step in SupervisionOrder.flow.steps if step.verb == "issue"]
        fields, _needed = step_fields(SupervisionOrder.flow, steps)
        del fields["unit"], fields[NOTE]
        return {
            **HoldForm.base_fields,
            "units": UnitsField(Unit.objects.none(), label=_("Units")),
            **fields,
        }

    def blank(self) -> SupervisionOrder:
        return SupervisionOrder(order=self.order, kind=self.kind)

    def act(self, now: datetime.datetime | None) -> list[SupervisionOrder]:
        inputs = self.inputs(self.step)
        with transaction.atomic():
            return [self.hold(unit, inputs, now) for unit in self.cleaned_data["units"]]

    def hold(
        self, unit: Unit, inputs: dict[str, Any], now: datetime.datetime | None
    ) -> SupervisionOrder:
        paper = self.blank()
        create(paper, "issue", actor=self.actor, now=now, unit=unit, **inputs)
        return paper

    def refuse(self, refusal: ValidationError) -> None:
        """What a rule says of one unit is said of the units chosen."""
        faults = by_field(refusal)
        super().refuse(ValidationError({FOR_UNITS.get(n, n): e for n, e in faults.items()}))


def first_step(order: WorkOrder, kind: str, actor: User) -> Step:
    """The row of birth that this person may take; errors as in `workflow.actions.create`."""
    paper = SupervisionOrder(order=order, kind=kind)
    paper.status = ""
    return offered(paper, "issue", actor)


def kinds_for(order: WorkOrder, actor: User, at_work: bool | None = None) -> list[str]:
    """What the person may hold the units of the order to it by.

    `at_work` says whether there are any, where a page has read it already.
    """
    found: list[str] = []
    if at_work is None:
        at_work = units_at_work(order).exists()
    if not at_work or not order.flow.is_open(order.status):
        return found
    for kind in SupervisionOrder.Kind.values:
        try:
            first_step(order, kind, actor)
        except (NotPossible, PermissionDenied):
            continue
        found.append(kind)
    return found
