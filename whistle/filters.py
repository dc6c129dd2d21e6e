"""What lists of orders, whistles, responses and verifications can be narrowed by."""

import datetime
import re
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.authority import posts_of
from organization.models import Unit, User
from whistle import flow
from whistle.birth import CategoryField
from whistle.facts import Fact, with_facts
from whistle.models import (
    Assignment,
    Card,
    Follow,
    Request,
    Response,
    SupervisionOrder,
    Survey,
    Task,
    Verification,
    Whistle,
    WorkOrder,
)
from whistle.models.orders import WorkOrderSight
from workflow.fields import DayField
from workflow.filters import BoxField, CodeField, IdsField, ManyField, PaperFilter, midnight

NUMBER = re.compile(r"[0-9A-Za-z]*[0-9]{5}[0-9A-Za-z-]*")


class Pairs(Func):
    """Each pair of neighbouring characters, as the index `workorder_words` keeps them."""

    function = "whistle_pairs"
    output_field = ArrayField(TextField())  # type: ignore[assignment]


# As the index is written: the database takes it only for the very same expression.
TEXT = Func(
    F("title"),
    Value(" "),
    F("address"),
    template="%(expressions)s",
    arg_joiner=" || ",
    output_field=TextField(),
)


def many(label: Any, choices: Any, coerce: Any = str) -> ManyField:
    return ManyField(label=label, choices=choices.choices, coerce=coerce, required=False)


class Settled(models.TextChoices):
    """Who settled an order (小事不出网格、大事不出社区、难事不出街道)."""

    GRID = "grid", _("Grid")
    COMMUNITY = "community", _("Community")
    STREET = "street", _("Street")
    DISTRICT = "district", _("District")


def settled_by(who: str) -> Q:
    match who:
        case Settled.STREET:
            return Q(level=WorkOrder.Level.STREET)
        case Settled.DISTRICT:
            return Q(level=WorkOrder.Level.DISTRICT)
        case Settled.COMMUNITY:
            return Q(level=WorkOrder.Level.GRID) & by_community()
        case _:
            return Q(level=WorkOrder.Level.GRID) & ~by_community()


def by_community() -> Q:
    """In the hands of a community, or divided into parts of which one was."""
    parts = WorkOrder.objects.filter(
        part_of=OuterRef("pk"), status=flow.CLOSED, holder__kind=Unit.Kind.COMMUNITY
    )
    return Q(holder__kind=Unit.Kind.COMMUNITY) | (Q(holder=None) & Exists(parts))


class OrderFilter(PaperFilter):
    """`unit` finds what concerns a unit or one below it; `holder` is in whose hands it is now.

    `settled` asks who settled the closed ones; `answered_since` whose reporter was reached. `whole`
    leaves the parts of divided orders out, `part_of` finds those of one.
    """

    open = forms.BooleanField(label=_("In work"), required=False)
    status = many(_("Status"), WorkOrder.Status)
    source = many(_("Source"), WorkOrder.Source)
    urgency = many(_("Urgency"), WorkOrder.Urgency)
    level = many(_("Level"), WorkOrder.Level, int)
    category = CategoryField(required=False)
    street = CodeField(_("Street"))
    unit = CodeField(_("Unit"))
    holder = CodeField(_("Holder"))
    grid = CodeField(_("Grid"))
    q = forms.CharField(label=_("Search"), max_length=60, required=False)
    bbox = BoxField(label=_("Part of the map"), required=False)
    settled = many(pgettext_lazy("who", "Settled by"), Settled)
    card = many(_("Card"), Card.Colour)
    supervised = forms.BooleanField(label=_("Under supervision"), required=False)
    followed = forms.BooleanField(label=_("Followed"), required=False)
    whole = forms.BooleanField(label=_("Without parts of others"), required=False)
    part_of = forms.CharField(label=_("Part of"), max_length=30, required=False)
    closed_since = DayField(label=_("Closed since"), required=False)
    answered_since = DayField(label=_("Called back since"), required=False)
    only = IdsField(label=_("Only these"), max_length=2000, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "open":
                return ~Q(status__in=WorkOrder.flow.final)
            case "unit":
                return Q(pk__in=WorkOrderSight.objects.filter(unit=value).values("paper"))
            case "q":
                return search(value)
            case "only":
                return Q(pk__in=value)
            case "card":
                return Q(pk__in=Card.objects.filter(colour__in=value).values("order"))
            case "supervised":
                held = SupervisionOrder.objects.filter(order=OuterRef("pk"))
                return Q(Exists(held.open()))
            case "followed":
                return Q(pk__in=followed_by(self.reader))
            case "bbox":
                west, south, east, north = value
                return Q(lng__range=(west, east), lat__range=(south, north))
            case "settled":
                found = Q()
                for who in value:
                    found |= settled_by(who)
                return found & Q(status=WorkOrder.Status.CLOSED)
            case "whole":
                return Q(part_of=None)
            case "part_of":
                return Q(part_of__in=self.seen().filter(number=value))
            case "closed_since":
                return Q(closed_at__gte=midnight(value))
            case "answered_since":
                return Q(called_back__gte=midnight(value), satisfaction__isnull=False)
            case _:
                return super().condition(name, value, now)

    def seen(self) -> Any:
        """The orders that the reader sees; none where nobody reads."""
        orders = WorkOrder.objects
        return orders.visible_to(self.reader) if self.reader else orders.none()


def search(words: str) -> Q:
    """Number (ours or the source's, from its beginning), or words of title and address.

    What looks like a number is not sought in the words: that would read every row.
    """
    number = Q(number__startswith=words) | Q(source_number__startswith=words)
    if NUMBER.fullmatch(words):
        return number
    found = Q(title__contains=words) | Q(address__contains=words)
    if len(words) > 1:
        found = Q(ArrayContains(Pairs(TEXT), Pairs(Value(words)))) & found
    return found | number if words[0].isdigit() else found


class WhistleFilter(PaperFilter):
    """`overdue` counts the answers too: a whistle is late when one of its departments is.

    `scored_since` goes with `unit`: the whistles that the unit was given marks for. So does `fact`,
    where it asks for what happened to an answer.
    """

    open = forms.BooleanField(label=_("In work"), required=False)
    status = many(_("Status"), Whistle.Status)
    level = many(_("Level"), Whistle.Level, int)
    kind = many(pgettext_lazy("whistle", "Type"), Whistle.Kind)
    caller = CodeField(_("Caller"))
    street = CodeField(_("Street"))
    unit = CodeField(_("Unit called"))
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)
    blown_since = DayField(label=_("Blown since"), required=False)
    closed_since = DayField(label=_("Concluded since"), required=False)
    blown_until = DayField(label=_("Blown until"), required=False)
    scored_since = DayField(label=_("Scored since"), required=False)
    fact = many(pgettext_lazy("fact", "What happened"), Fact)
    followed = forms.BooleanField(label=_("Followed"), required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "open":
                return ~Q(status__in=Whistle.flow.final)
            case "overdue":
                return ~Q(status__in=Whistle.flow.final) & (
                    Q(due_at__lt=now) | Q(Exists(late_answers(now)))
                )
            case "street":
                return Q(centre__parent=value)
            case "unit":
                called = Response.objects.filter(unit=value).standing()
                return Q(pk__in=called.values("whistle"))
            case "order":
                return Q(order__number=value)
            case "blown_since" | "closed_since":
                column = {"blown_since": "blown_at", "closed_since": "closed_at"}[name]
                return Q(**{f"{column}__gte": midnight(value)})
            case "blown_until":
                return Q(blown_at__lt=midnight(value + datetime.timedelta(days=1)))
            case "scored_since":
                return self.scored(value)
            case "followed":
                return Q(order__in=followed_by(self.reader))
            case "fact":
                return with_facts(value, self.cleaned_data.get("unit"), now)
            case _:
                return super().condition(name, value, now)

    def scored(self, day: datetime.date) -> Q:
        scored = Response.objects.filter(score__at__gte=midnight(day))
        if unit := self.cleaned_data.get("unit"):
            scored = scored.filter(unit=unit)
        return Q(pk__in=scored.values("whistle"))


def followed_by(reader: User | None) -> Any:
    """The orders that a post follows in which the reader acts."""
    return Follow.objects.filter(post__in=posts_of(reader) if reader else ()).values("order")


def late_answers(now: datetime.datetime) -> Any:
    """The open answers of a whistle (the outer query) whose limit has passed."""
    late = Response.objects.filter(whistle=OuterRef("pk"), due_at__lt=now)
    return late.exclude(status__in=Response.flow.final)


class ResponseFilter(PaperFilter):
    status = many(_("Status"), Response.Status)
    role = many(_("Role"), Task.Role)
    unit = CodeField(_("Unit called"))
    whistle = forms.CharField(label=_("Number of the whistle"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        if name == "whistle":
            return Q(whistle__number=value)
        return super().condition(name, value, now)


class AssignmentFilter(PaperFilter):
    status = many(_("Status"), Assignment.Status)
    kind = many(_("Kind"), Assignment.Kind)
    unit = CodeField(_("Unit"))
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


class SurveyFilter(PaperFilter):
    status = many(_("Status"), Survey.Status)
    kind = many(_("Kind"), Survey.Kind)
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        if name == "order":
            return Q(order__number=value)
        return super().condition(name, value, now)


class RequestFilter(PaperFilter):
    status = many(_("Status"), Request.Status)
    kind = many(_("Kind"), Request.Kind)
    unit = CodeField(_("Unit that asks"))
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)
    response = forms.IntegerField(label=_("Answer to a whistle"), required=False, min_value=1)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        if name == "order":
            return Q(order__number=value)
        return super().condition(name, value, now)
