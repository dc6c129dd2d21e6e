"""What reports and steps refer to by code: units, and categories with their conditions."""

import datetime
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from organization.models import Unit
from whistle.candidates import standing
from whistle.filings import limit_on
from whistle.models import Category, Condition
from workflow.api import READ_ERRORS, KeysetPages, filter_parameters
from workflow.filters import CodeField, Filter, ManyField


class UnitSerializer(serializers.ModelSerializer):
    kind = serializers.CharField()
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)

    class Meta:
        model = Unit
        fields = ["code", "name", "short", "kind", "organ", "parent"]


class ConditionSerializer(serializers.ModelSerializer):
    """A condition with its limit of today."""

    class Meta:
        model = Condition
        fields = ["id", "text", "amount", "unit", "closing"]

    def to_representation(self, condition: Any) -> dict[str, Any]:
        limit = limit_on(condition, timezone.localdate())
        condition.amount, condition.unit = limit.amount, limit.unit
        return super().to_representation(condition)


class CategorySerializer(serializers.ModelSerializer):
    kind = serializers.CharField()
    conditions = ConditionSerializer(many=True)

    class Meta:
        model = Category
        fields = ["id", "kind", "major_code", "major_name", "code", "name", "conditions"]


class UnitFilter(Filter):
    """`under` finds a unit and all below it."""

    kind = ManyField(label=_("Kind"), choices=Unit.Kind.choices, required=False)
    under = CodeField(_("Unit above"))
    q = forms.CharField(label=_("Part of the name"), max_length=60, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "under":
                return Q(path__contains=[value.pk])
            case "q":
                return Q(name__contains=value) | Q(short__contains=value)
            case _:
                return super().condition(name, value, now)


class CategoryFilter(Filter):
    kind = ManyField(label=_("Kind"), choices=Category.Kind.choices, required=False)
    q = forms.CharField(label=_("Part of the name"), max_length=60, required=False)

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        return Q(name__contains=value) if name == "q" else super().condition(name, value, now)


class ReferenceViewSet(viewsets.GenericViewSet):
    """A list that everybody who is logged in may read."""

    filter_class: type[Filter]
    key: tuple[str, ...]
    pagination_class = KeysetPages

    def listed(self, request: Request) -> Response:
        pages = KeysetPages()
        rows = self.filter_class(request.query_params).apply(self.get_queryset())
        found = pages.paginate_queryset(rows, request, self, self.key)
        return pages.get_paginated_response(self.get_serializer(found, many=True).data)


class UnitViewSet(ReferenceViewSet):
    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    filter_class = UnitFilter
    key = ("code", "pk")

    def get_queryset(self) -> Any:
        return standing().select_related("parent")

    @extend_schema(
        tags=["reference"],
        parameters=filter_parameters(UnitFilter),
        responses={200: UnitSerializer, **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """The units of government, by code."""
        return self.listed(request)


class CategoryViewSet(ReferenceViewSet):
    queryset = Category.objects.filter(active=True).prefetch_related(
        Prefetch("conditions", Condition.objects.filter(active=True))
    )
    serializer_class = CategorySerializer
    filter_class = CategoryFilter
    key = ("kind", "major_code", "code", "pk")

    @extend_schema(
        tags=["reference"],
        parameters=filter_parameters(CategoryFilter),
        responses={200: CategorySerializer, **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """The classes of problems with their filing conditions and limits."""
        return self.listed(request)
