"""The rules by API, as in force on a day: limits, ladders, calendar, hours, storms and others."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from command.administration.filings import FilingSearch
from organization.models.calendar import CalendarDay, CalendarYear, WorkingHours
from whistle.filings import limit_on
from whistle.models import Condition, ReporterText, SilenceRule
from workflow.api import READ_ERRORS, KeysetPages, checked
from workflow.fields import DayField
from workflow.models import Rung, StormOrder, TimeLimit

ON = OpenApiParameter("on", datetime.date, description="As in force on this day; today if blank.")
YEARS = {"min_value": 2000, "max_value": 2100}


class LimitSerializer(serializers.ModelSerializer):
    class Meta:
        model = TimeLimit
        fields = ["flow", "clock", "kind", "area", "amount", "unit", "valid_from", "sample"]


class RungSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rung
        fields = ["n", "percent", "after", "unit", "does"]


class LadderSerializer(serializers.Serializer):
    """A ladder; blank names apply to all, the narrowest ladder counts."""

    flow = serializers.CharField()
    clock = serializers.CharField()
    kind = serializers.CharField()
    valid_from = serializers.DateField()
    sample = serializers.BooleanField()
    rungs = RungSerializer(many=True)


class DaySerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarDay
        fields = ["date", "kind", "name"]


class YearSerializer(serializers.Serializer):
    """The days that differ from the week; an unknown year runs Monday to Friday."""

    year = serializers.IntegerField()
    known = serializers.BooleanField()
    notice = serializers.CharField()
    days = DaySerializer(many=True)


class HoursSerializer(serializers.ModelSerializer):
    """A season: first and last day as month × 100 + day, periods in minutes of the day."""

    unit = serializers.CharField(source="unit.code", default=None, allow_null=True)

    class Meta:
        model = WorkingHours
        fields = ["unit", "season_from", "season_to", "periods", "valid_from", "valid_to"]


class StormSerializer(serializers.ModelSerializer):
    area = serializers.CharField(source="area.code")

    class Meta:
        model = StormOrder
        fields = ["id", "area", "case", "effect", "percent", "starts", "ends", "ended_at", "reason"]


class SilenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = SilenceRule
        fields = ["kind", "outcome", "valid_from", "sample"]


class TellingSerializer(serializers.ModelSerializer):
    """The text that a step sends; `category` is kind and codes, null for all classes."""

    category = serializers.CharField(source="category.case", default=None, allow_null=True)

    class Meta:
        model = ReporterText
        fields = ["verb", "category", "text", "valid_from", "sample"]


class FilingSerializer(serializers.Serializer):
    """A filing condition with its limit; `valid_from` is null for that of the published table."""

    id = serializers.IntegerField()
    kind = serializers.CharField(source="category.kind")
    major_code = serializers.CharField(source="category.major_code")
    code = serializers.CharField(source="category.code")
    category = serializers.CharField(source="category.name")
    text = serializers.CharField()
    amount = serializers.DecimalField(6, 2)
    unit = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    sample = serializers.BooleanField()


class OnForm(forms.Form):
    on = DayField(required=False)


class YearForm(forms.Form):
    year = forms.IntegerField(required=False, **YEARS)


def day_of(request: Request) -> datetime.date:
    day: datetime.date = checked(OnForm(request.query_params))["on"] or timezone.localdate()
    return day


def newest(rows: Iterable[Any], *names: str) -> list[Any]:
    """Of rows with the same names those of the youngest day."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        key = tuple(getattr(row, name) for name in names)
        if not found.get(key) or found[key][0].valid_from < row.valid_from:
            found[key] = [row]
        elif found[key][0].valid_from == row.valid_from:
            found[key].append(row)
    return [row for same in found.values() for row in same]


def in_force(model: Any, day: datetime.date, *names: str) -> list[Any]:
    rows = model._default_manager.filter(valid_from__lte=day)
    return newest(rows.order_by(*names, "pk"), *names)


def ladders_on(day: datetime.date) -> list[dict[str, Any]]:
    names = ("flow", "clock", "kind")
    rows = sorted(in_force(Rung, day, *names), key=lambda row: (row.flow, row.clock, row.kind))
    found = []
    for key, same in groupby(rows, lambda row: (row.flow, row.clock, row.kind)):
        rungs = sorted(same, key=lambda row: row.n)
        first = {"valid_from": rungs[0].valid_from, "sample": rungs[0].sample, "rungs": rungs}
        found.append(dict(zip(names, key, strict=True)) | first)
    return found


class RuleViewSet(GenericViewSet[Any]):
    """One kind of rules, whole: there are few of each. Everybody may know the rules."""

    pagination_class = None

    def rules(self, request: Request) -> Any:
        raise NotImplementedError

    def list(self, request: Request) -> Response:
        many = self.get_serializer_class()(self.rules(request), many=True)
        return Response(many.data)


def listed(name: str, words: str, serializer: Any, *parameters: OpenApiParameter) -> Any:
    """Describe the list of a kind of rules in the document of the API."""

    def describe(view: type[RuleViewSet]) -> type[RuleViewSet]:
        view.serializer_class = serializer
        wrap = extend_schema(
            operation_id=f"policy_{name}",
            description=words,
            tags=["policy"],
            parameters=list(parameters),
            responses={200: serializer(many=True), **READ_ERRORS},
        )
        view.list = wrap(view.list)  # type: ignore[method-assign]
        return view

    return describe


@listed("limits", "How long each clock runs.", LimitSerializer, ON)
class LimitViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        return in_force(TimeLimit, day_of(request), "flow", "clock", "kind", "area")

    def list(self, request: Request) -> Response:
        return super().list(request)


@listed("ladders", "What an unanswered clock sets off, and when.", LadderSerializer, ON)
class LadderViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        return ladders_on(day_of(request))

    def list(self, request: Request) -> Response:
        return super().list(request)


@listed("hours", "Working hours of everybody and of single units.", HoursSerializer, ON)
class HoursViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        day = day_of(request)
        ended = Q(valid_to=None) | Q(valid_to__gte=day)
        rows = WorkingHours.objects.filter(ended, valid_from__lte=day).select_related("unit")
        return rows.order_by("unit__code", "season_from")

    def list(self, request: Request) -> Response:
        return super().list(request)


@listed("storms", "Storm orders in force at any time of the day.", StormSerializer, ON)
class StormViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        day = day_of(request)
        begin = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
        over = Q(ended_at=None) | Q(ended_at__gte=begin)
        end = begin + datetime.timedelta(days=1)
        rows = StormOrder.objects.filter(over, starts__lt=end, ends__gte=begin)
        return rows.select_related("area")

    def list(self, request: Request) -> Response:
        return super().list(request)


@listed("silence", "What silence means; what is not listed settles nothing.", SilenceSerializer, ON)
class SilenceViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        return in_force(SilenceRule, day_of(request), "kind")

    def list(self, request: Request) -> Response:
        return super().list(request)


@listed("tellings", "What reporters are told by SMS, by step.", TellingSerializer, ON)
class TellingViewSet(RuleViewSet):
    def rules(self, request: Request) -> Any:
        rows = ReporterText.objects.filter(valid_from__lte=day_of(request))
        rows = rows.select_related("category").order_by("verb", "category", "pk")
        return newest(rows, "verb", "category_id")

    def list(self, request: Request) -> Response:
        return super().list(request)


@extend_schema(tags=["policy"])
class CalendarViewSet(GenericViewSet[Any]):
    pagination_class = None
    serializer_class = YearSerializer

    @extend_schema(
        operation_id="policy_calendar",
        parameters=[OpenApiParameter("year", int, description="This year if blank.")],
        responses={200: YearSerializer, **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """The days off and worked in exchange of a year."""
        asked = checked(YearForm(request.query_params))["year"]
        year = asked or timezone.localdate().year
        row = CalendarYear.objects.filter(year=year).first()
        days = CalendarDay.objects.filter(date__year=year).order_by("date")
        notice = row.notice if row else ""
        found = {"year": year, "known": row is not None, "notice": notice, "days": days}
        return Response(YearSerializer(found).data)


@extend_schema(tags=["policy"])
class FilingViewSet(GenericViewSet[Any]):
    queryset = Condition.objects.none()
    pagination_class = KeysetPages
    serializer_class = FilingSerializer

    @extend_schema(
        operation_id="policy_filings",
        parameters=[
            ON,
            OpenApiParameter("case", str, description="Kind and major class: event-05."),
            OpenApiParameter("q", str, description="Part of the minor class or the condition."),
        ],
        responses={200: FilingSerializer(many=True), **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """Filing conditions with their limits as in force on a day."""
        day, search = day_of(request), FilingSearch(request.query_params)
        checked(search)
        rows = self.paginator.paginate_queryset(search.found(), request, self, ("pk",))
        for row in rows:
            row.amount, row.unit, row.valid_from, row.sample = limit_on(row, day)
        return self.get_paginated_response(FilingSerializer(rows, many=True).data)
