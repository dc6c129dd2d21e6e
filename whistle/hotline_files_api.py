"""The hotline's files by API: sent, looked through by the worker, taken when that is asked for."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organization.models import User
from organization.tables import Refused
from whistle.hotline import may_take_in
from whistle.hotline_files import counts, have_taken, keep, percent
from whistle.models import HotlineFile, HotlineRow
from workflow.api import ERRORS, READ_ERRORS, KeysetPages, checked, person

MOST_BYTES = 4 * 2**20


class SendSerializer(serializers.Serializer):
    file = serializers.FileField()


class FileSerializer(serializers.Serializer):
    """A file on its way; wait until its state is `shown`, then have it taken."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    sent_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    ready = serializers.IntegerField()
    known = serializers.IntegerField()
    wrong = serializers.IntegerField()
    taken = serializers.IntegerField()
    ignored = serializers.ListField(child=serializers.CharField())
    refusal = serializers.CharField()


class RowSerializer(serializers.ModelSerializer):
    """The verdict on one row; `problems` are pairs of column and sentence."""

    problems = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = HotlineRow
        fields = [
            "row",
            "verdict",
            "source_number",
            "title",
            "address",
            "due",
            "number",
            "problems",
        ]


class RowFilter(forms.Form):
    verdict = forms.ChoiceField(choices=[("", ""), *HotlineRow.Verdict.choices], required=False)


def told(file: HotlineFile) -> Any:
    counted = counts(file)
    for name, value in (counted | {"percent": percent(file, counted)}).items():
        setattr(file, name, value)
    return FileSerializer(file).data


@extend_schema(tags=["hotline"])
class FileViewSet(GenericViewSet[Any]):
    """For those who receive for the district; for others there is nothing here."""

    queryset = HotlineFile.objects.none()
    pagination_class = KeysetPages
    serializer_class = FileSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"

    def receiver(self, request: Request) -> User:
        user = person(request)
        if not may_take_in(user):
            raise Http404
        return user

    def found(self, request: Request, pk: str) -> HotlineFile:
        self.receiver(request)
        file: HotlineFile = get_object_or_404(HotlineFile.objects.defer("kept"), pk=pk)
        return file

    @extend_schema(
        operation_id="hotline_file_send",
        request={"multipart/form-data": SendSerializer},
        responses={202: FileSerializer, **{c: ERRORS[c] for c in (400, 401, 404)}},
    )
    def create(self, request: Request) -> Response:
        """Send a file of up to 5,000 rows; nothing is taken before it was looked through."""
        user = self.receiver(request)
        given = SendSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError({"file": _("The file is larger than 4 MB.")})
        try:
            kept = keep(user, Path(file.name).name[-80:], file.read(), timezone.now())
        except Refused as refused:
            raise ValidationError({"file": [str(one) for one in refused.problems]}) from None
        return Response(told(kept), status=202)

    @extend_schema(operation_id="hotline_file", responses={200: FileSerializer, **READ_ERRORS})
    def retrieve(self, request: Request, id: str) -> Response:
        """How far the file is."""
        return Response(told(self.found(request, id)))

    @extend_schema(
        operation_id="hotline_file_rows",
        parameters=[OpenApiParameter("verdict", str, enum=HotlineRow.Verdict.values)],
        responses={200: RowSerializer(many=True), **READ_ERRORS},
    )
    @action(detail=True)
    def rows(self, request: Request, id: str) -> Response:
        """The verdict on each row, in the order of the file."""
        rows = self.found(request, id).rows.all()
        if verdict := checked(RowFilter(request.query_params))["verdict"]:
            rows = rows.filter(verdict=verdict)
        page = self.paginator.paginate_queryset(rows, request, self, ("row",))
        return self.get_paginated_response(RowSerializer(page, many=True).data)

    @extend_schema(
        operation_id="hotline_file_take",
        request=None,
        responses={202: FileSerializer, **{c: ERRORS[c] for c in (401, 404, 409)}},
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def take(self, request: Request, id: str) -> Response:
        """Have the rows taken that can be; by who sent the file."""
        file = self.found(request, id)
        have_taken(file, person(request))
        return Response(told(file), status=202)
