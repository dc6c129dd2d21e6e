"""The forms by which papers come into being: a report, and a whistle for an order."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from organization.authority import holds
from organization.duty import Duty
from organization.models import Unit, User
from whistle.actions.intake import report
from whistle.inputs import PHONE
from whistle.models import Category, Whistle, WorkOrder
from workflow.actions import create, offered
from workflow.errors import NotPossible
from workflow.fields import MomentField, PhotosField
from workflow.flow import Step
from workflow.forms import NOTE, ActForm
from workflow.openapi import step_fields


class CategoryField(forms.ModelChoiceField):
    """A class of problem by its id, or by kind and codes: event-01-10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Category.objects.filter(active=True), label=_("Category"), **kwargs)

    def to_python(self, value: Any) -> Any:
        codes = re.fullmatch(r"([a-z]{1,10})-(\w{1,4})-(\w{1,4})", str(value))
        if codes is None:
            return super().to_python(value)
        kind, major, code = codes.groups()
        found = self.queryset.filter(kind=kind, major_code=major, code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no such category."), "invalid_choice")
        return found


class ReportForm(ActForm):
    """What is told of a problem; with a result it was fixed on the spot (即办即结)."""

    source = forms.ChoiceField(label=_("Source"), choices=WorkOrder.Source.choices)
    title = forms.CharField(label=_("Title"), max_length=80, required=False)
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea
    )
    lng = forms.FloatField(
        required=False, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = forms.FloatField(
        required=False, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    accuracy = forms.IntegerField(required=False, min_value=0, max_value=100_000)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    category = CategoryField(required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=WorkOrder.Urgency.choices, required=False
    )
    reporter_name = forms.CharField(label=_("Reporter"), max_length=30, required=False)
    reporter_phone = forms.CharField(
        label=_("Reporter's phone"), max_length=20, required=False, validators=[PHONE]
    )
    confidential = forms.BooleanField(label=_("Keep the reporter secret"), required=False)
    source_number = forms.CharField(label=_("Number at the source"), max_length=40, required=False)
    source_due = MomentField(label=_("Limit of the source"), required=False)
    result = forms.CharField(
        label=_("Fixed on the spot: what was done"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )
    photos = PhotosField("near", required=False)

    def __init__(self, actor: User, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lng") is None) != (given.get("lat") is None):
            self.add_error("lng", _("Give both longitude and latitude."))
        elif given.get("lng") is None and not given.get("address"):
            self.add_error("address", _("Give a place: a point on the map or an address."))
        return given

    def act(self, now: datetime.datetime | None) -> WorkOrder:
        given = {**self.cleaned_data}
        given["urgency"] = given["urgency"] or WorkOrder.Urgency.NORMAL
        return report(actor=self.actor, now=now, **given)


class PointForm(forms.Form):
    """A place where the same problem may have been reported already."""

    lng = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)
    category = CategoryField(required=False)


class CallForm(forms.Form):
    """Which order is whistled for, at which level: what decides about the rest of the form."""

    order = forms.ModelChoiceField(
        WorkOrder.objects.none(), to_field_name="number", label=_("Number of the order")
    )
    level = forms.TypedChoiceField(choices=Whistle.Level.choices, coerce=int, label=_("Level"))

    def __init__(self, actor: User, data: Any = None) -> None:
        super().__init__(data)
        self.fields["order"].queryset = WorkOrder.objects.visible_to(actor)


class WhistleForm(ActForm):
    """A whistle for an order: at level 2 it is blown at once, at level 3 it is drafted."""

    def __init__(
        self, order: WorkOrder, level: int, actor: User, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files)
        self.actor = actor
        self.whistle = blank_whistle(order, level, actor)
        self.step = first_step(self.whistle, actor)
        for name in ("kind", "ask") if self.whistle.is_level_three else ("ask",):
            self.fields[name] = Whistle.flow.fields[name](None, self.step, actor)
        self.ask_inputs(Whistle.flow, self.step, None, actor)

    @classmethod
    def documented(cls) -> dict[str, forms.Field]:
        """Every input of both levels, for the API's document."""
        draft = next(step for step in Whistle.flow.steps if step.verb == "draft")
        more = {name: Whistle.flow.fields[name](None, draft, None) for name in ("kind", "ask")}
        fields, _needed = step_fields(Whistle.flow, [draft])
        return {**CallForm.base_fields, **more, **fields}

    def act(self, now: datetime.datetime | None) -> Whistle:
        given = self.cleaned_data
        self.whistle.ask = given["ask"]
        self.whistle.kind = given.get("kind") or Whistle.Kind.ROUTINE
        create(
            self.whistle,
            self.step.verb,
            actor=self.actor,
            note=given[NOTE],
            now=now,
            **self.inputs(self.step),
        )
        return self.whistle


def blank_whistle(order: WorkOrder, level: int, actor: User) -> Whistle:
    """The whistle that the person would make of the order: who calls, who drafts."""
    three = level == Whistle.Level.DISTRICT
    caller = order.street if three else order.community
    if caller is None:
        raise NotPossible(_now("The order lies in no street: it cannot be whistled for."))
    return Whistle(
        order=order, level=level, caller=caller, centre=order.centre, holder=drafter(order, actor)
    )


def drafter(order: WorkOrder, actor: User) -> Unit | None:
    """The office that drafts, if the order is in its hands and the person acts for it."""
    if order.holder is None or not order.in_office:
        return None
    return order.holder if holds(actor, Duty.HANDLE, order.holder) else None


def first_step(whistle: Whistle, actor: User) -> Step:
    """The row of birth that this person may take; errors as in `workflow.actions.create`."""
    whistle.status = ""
    return offered(whistle, "draft" if whistle.is_level_three else "blow", actor)


def levels_for(order: WorkOrder, actor: User) -> list[int]:
    """At which levels the person may whistle for the order now."""
    found = []
    for level in Whistle.Level.values:
        try:
            first_step(blank_whistle(order, level, actor), actor)
        except (NotPossible, PermissionDenied):
            continue
        found.append(level)
    return found
