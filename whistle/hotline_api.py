"""The hotline's replies by API: what has ended since, and the note that it was handed over."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from whistle.hotline import may_take_in
from whistle.replies import hand_over, handed, replies, replies_due
from workflow.api import ERRORS, READ_ERRORS, KeysetPages, checked, person
from workflow.fields import MomentField

MOST = 200


class ReplySerializer(serializers.Serializer):
    """One reply; `id` is that of the step that ended the order, new after each reopening."""

    id = serializers.IntegerField(source="event")
    source_number = serializers.CharField(source="order.source_number")
    number = serializers.CharField(source="order.number")
    status = serializers.CharField(source="order.status")
    accepted = serializers.DateTimeField(allow_null=True)
    talked_to = serializers.CharField()
    measures = serializers.CharField()
    settled_on = serializers.CharField()
    ended = serializers.DateTimeField(source="order.status_since")
    source_due = serializers.DateTimeField(source="order.source_due", allow_null=True)
    solved = serializers.BooleanField(source="order.solved", allow_null=True)
    satisfaction = serializers.IntegerField(source="order.satisfaction", allow_null=True)
    callback = serializers.CharField()
    handed_over = serializers.DateTimeField(allow_null=True)


class HandedSerializer(serializers.Serializer):
    handed_over = serializers.IntegerField()


class ReplyIdsSerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST
    )


class ReplyFilter(forms.Form):
    since = MomentField(required=False)
    handed_over = forms.NullBooleanField(required=False)


@extend_schema(tags=["hotline"])
class ReplyViewSet(GenericViewSet[Any]):
    """For those who receive for the district; for others there is nothing here."""

    pagination_class = KeysetPages
    serializer_class = ReplySerializer

    def receiver(self, request: Request) -> Any:
        user = person(request)
        if not may_take_in(user):
            raise Http404
        return user

    @extend_schema(
        operation_id="hotline_replies",
        parameters=[
            OpenApiParameter("since", str, description="Ended at this moment or later."),
            OpenApiParameter("handed_over", bool),
        ],
        responses={200: ReplySerializer(many=True), **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """The hotline's orders that were closed or refused, the newest first."""
        orders = replies_due(self.receiver(request))
        asked = checked(ReplyFilter(request.query_params))
        if asked["since"]:
            orders = orders.filter(status_since__gte=asked["since"])
        if asked["handed_over"] is not None:
            orders = handed(orders, asked["handed_over"])
        rows = self.paginator.paginate_queryset(orders, request, self, ("-status_since", "-pk"))
        return self.get_paginated_response(ReplySerializer(replies(rows), many=True).data)

    @extend_schema(
        operation_id="hotline_hand_over",
        request=ReplyIdsSerializer,
        responses={200: HandedSerializer, **{c: ERRORS[c] for c in (400, 401, 404)}},
    )
    @action(detail=False, methods=["post"], url_path="hand-over", pagination_class=None)
    def hand_over(self, request: Request) -> Response:
        """Note that these replies have arrived at the hotline; again does nothing more."""
        user = self.receiver(request)
        given = ReplyIdsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        ids = given.validated_data["ids"]
        n = hand_over(user, ids, by_api=True, now=timezone.now())
        return Response({"handed_over": n})
