"""What lists of orders, whistles, responses and verifications can be narrowed by."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from whistle.birth import CategoryField
from whistle.models import Response, Task, Verification, Whistle, WorkOrder
from whistle.models.orders import WorkOrderSight
from workflow.filters import BoxField, CodeField, ManyField, PaperFilter


def many(label: Any, choices: Any, coerce: Any = str) -> ManyField:
    return ManyField(label=label, choices=choices.choices, coerce=coerce, required=False)


class OrderFilter(PaperFilter):
    """`unit` finds what concerns a unit or one below it; `holder` is in whose hands it is now."""

    open = forms.BooleanField(label=_("In work"), required=False)
    status = many(_("Status"), WorkOrder.Status)
    source = many(_("Source"), WorkOrder.Source)
    urgency = many(_("Urgency"), WorkOrder.Urgency)
    level = many(_("Level"), WorkOrder.Level, int)
    category = CategoryField(required=False)
    street = CodeField(_("Street"))
    unit = CodeField(_("Unit"))
    holder = CodeField(_("Holder"))
    q = forms.CharField(label=_("Search"), max_length=60, required=False)
    bbox = BoxField(label=_("Part of the map"), required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "open":
                return ~Q(status__in=WorkOrder.flow.final)
            case "unit":
                return Q(pk__in=WorkOrderSight.objects.filter(unit=value).values("paper"))
            case "q":
                return search(value)
            case "bbox":
                west, south, east, north = value
                return Q(lng__range=(west, east), lat__range=(south, north))
            case _:
                return super().condition(name, value, now)


def search(words: str) -> Q:
    """Number (ours or the source's, from its beginning), or words of title and address."""
    found = Q(title__contains=words) | Q(address__contains=words)
    if words[0].isdigit():
        found |= Q(number__startswith=words) | Q(source_number__startswith=words)
    return found


class WhistleFilter(PaperFilter):
    status = many(_("Status"), Whistle.Status)
    level = many(_("Level"), Whistle.Level, int)
    kind = many(_("Type"), Whistle.Kind)
    caller = CodeField(_("Caller"))
    unit = CodeField(_("Unit called"))
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "unit":
                called = Response.objects.filter(unit=value).standing()
                return Q(pk__in=called.values("whistle"))
            case "order":
                return Q(order__number=value)
            case _:
                return super().condition(name, value, now)


class ResponseFilter(PaperFilter):
    status = many(_("Status"), Response.Status)
    role = many(_("Role"), Task.Role)
    unit = CodeField(_("Unit called"))
    whistle = forms.CharField(label=_("Number of the whistle"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        if name == "whistle":
            return Q(whistle__number=value)
        return super().condition(name, value, now)


class VerificationFilter(PaperFilter):
    status = many(_("Status"), Verification.Status)
    kind = many(_("Kind"), Verification.Kind)
    unit = CodeField(_("Unit"))
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        if name == "order":
            return Q(order__number=value)
        return super().condition(name, value, now)
