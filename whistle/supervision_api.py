"""Supervision orders, instructions and cards by API."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from whistle.api import PaperSerializer, UnitRefSerializer
from whistle.filters import many
from whistle.labels import SupervisionGround
from whistle.models import Card, SupervisionOrder
from whistle.supervising import HoldForm, SupervisionForm
from workflow import openapi
from workflow.api import (
    ERRORS,
    KEY,
    PaperViewSet,
    answer,
    checked,
    given,
    person,
    submit,
    with_steps,
)
from workflow.filters import CodeField, PaperFilter
from workflow.sight import load_units


class SupervisionFilter(PaperFilter):
    """`card` finds those whose unit was shown a card of this colour for it."""

    open = forms.BooleanField(label=_("In work"), required=False)
    status = many(_("Status"), SupervisionOrder.Status)
    kind = many(_("Kind"), SupervisionOrder.Kind)
    ground = many(pgettext_lazy("supervision", "Ground"), SupervisionGround)
    card = many(_("Card"), Card.Colour)
    unit = CodeField(_("Unit"))
    issuer = CodeField(_("Issued by"))
    street = CodeField(_("Street"))
    order = forms.CharField(label=_("Number of the order"), max_length=30, required=False)

    def condition(self, name: str, value: Any, now: Any) -> Q:
        match name:
            case "open":
                return ~Q(status__in=SupervisionOrder.flow.final)
            case "order":
                return Q(order__number=value)
            case "street":
                return Q(order__street=value)
            case "card":
                return Q(pk__in=Card.objects.filter(colour__in=value).values("supervision"))
            case _:
                return super().condition(name, value, now)


class CardSerializer(serializers.Serializer):
    """A card that was shown; `event_n` is the step of the paper's log that gave it."""

    colour = serializers.CharField()
    unit = UnitRefSerializer()
    event_n = serializers.IntegerField()
    at = serializers.DateTimeField()


class SupervisionSerializer(PaperSerializer):
    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    kind = serializers.CharField()
    unit = UnitRefSerializer()
    issuer = UnitRefSerializer()
    post = serializers.CharField()
    ground = serializers.CharField()
    requirement = serializers.CharField()
    amount = serializers.DecimalField(6, 2)
    time_unit = serializers.CharField()
    cadence = serializers.DecimalField(6, 2, allow_null=True)
    cadence_unit = serializers.CharField()
    result = serializers.CharField()
    rejects = serializers.IntegerField()
    signed_off_at = serializers.DateTimeField(allow_null=True)
    cards = CardSerializer(many=True)


@with_steps
@extend_schema(tags=["supervisions"])
class SupervisionViewSet(PaperViewSet):
    model = SupervisionOrder
    filter_class = SupervisionFilter
    serializer_class = SupervisionSerializer
    related = ("order", "post__unit")

    def shown(self, papers: Any) -> Any:
        return super().shown(papers).prefetch_related("cards__unit")

    @extend_schema(
        request=openapi.body_of(
            SupervisionForm.documented(),
            {"order", "kind", "units", "requirement", "amount", "time_unit"},
        ),
        parameters=[KEY],
        responses={201: SupervisionSerializer(many=True), **ERRORS},
    )
    def create(self, request: Request) -> Answer:
        """Hold units to an order; the answer lists one supervision order for each of them."""

        def act() -> tuple[int, Any]:
            data, files = given(request)
            call = checked(HoldForm(person(request), data))
            form = SupervisionForm(call["order"], call["kind"], person(request), data, files)
            made = submit(form, request, beside=set(call))
            return 201, self.read_all([paper.pk for paper in made])

        return answer(request, act)

    def read_all(self, pks: list[int]) -> Any:
        papers = list(self.get_queryset().filter(pk__in=pks).order_by("pk"))
        load_units(*papers)
        return self.get_serializer(papers, many=True).data
