"""Requests by API: asked by whoever has the subject in hand, decided by the centre above."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response as Answer

from whistle import filters
from whistle.api import PaperSerializer, UnitRefSerializer
from whistle.models import Request
from whistle.request_birth import RequestForm, SubjectForm
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


class RequestSerializer(PaperSerializer):
    """`response` is the answer that is asked about; without one it is the order itself."""

    id = serializers.IntegerField()
    order = serializers.CharField(source="order.number")
    response = serializers.IntegerField(source="response_id", allow_null=True)
    kind = serializers.CharField()
    unit = UnitRefSerializer()
    approver = UnitRefSerializer()
    reason = serializers.CharField()
    ground = serializers.CharField()
    amount = serializers.DecimalField(6, 2, allow_null=True)
    time_unit = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    silence = serializers.CharField()


@with_steps
@extend_schema(tags=["requests"])
class RequestViewSet(PaperViewSet):
    model = Request
    filter_class = filters.RequestFilter
    serializer_class = RequestSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    related = ("order",)

    @extend_schema(
        operation_id="request_make",
        request=openapi.body_of(RequestForm.documented(), {"kind", "note"}),
        parameters=[KEY],
        responses={201: RequestSerializer, **ERRORS},
    )
    def create(self, request: HttpRequest) -> Answer:
        """Ask for an extension, a suspension, a return, an exemption, or appeal."""

        def act() -> tuple[int, Any]:
            data, files = given(request)
            subject = SubjectForm(person(request), data)
            kind = checked(subject)["kind"]
            form = RequestForm(subject.subject, kind, person(request), data, files)
            return 201, self.read(submit(form, request, beside=set(subject.fields)).pk)

        return answer(request, act)
