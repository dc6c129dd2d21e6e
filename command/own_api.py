"""What people keep for their work, by API: ready phrases, views of lists, hand-over notes."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from command import handovers, saved_views
from command.models import Handover, SavedView
from organization.authority import posts_of
from organization.models import User
from workflow.api import ERRORS, KEY, READ_ERRORS, KeysetPages, answer, checked, person
from workflow.models import Phrase
from workflow.phrases import OwnPhraseForm

KEEP_ERRORS = {code: ERRORS[code] for code in (400, 401)}
DROPPED = {204: None, **READ_ERRORS}
ID = "[0-9]{1,18}"


class KeepPhraseSerializer(serializers.Serializer):
    """`field` is the text of the step (`flow`, `verb`) beside which the phrase stands."""

    flow = serializers.CharField()
    verb = serializers.CharField()
    field = serializers.CharField()
    text = serializers.CharField()


class PhraseSerializer(KeepPhraseSerializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    unit = serializers.CharField(source="unit.code", default=None, allow_null=True)
    own = serializers.SerializerMethodField()

    def get_own(self, phrase: Phrase) -> bool:
        return phrase.user_id is not None


class PhraseFilter(forms.Form):
    flow = forms.CharField(max_length=20, required=False)
    verb = forms.CharField(max_length=20, required=False)


@extend_schema(tags=["own"])
class PhraseViewSet(GenericViewSet[Any]):
    queryset = Phrase.objects.none()
    serializer_class = PhraseSerializer
    pagination_class = KeysetPages
    lookup_url_kwarg = "id"
    lookup_value_regex = ID

    @extend_schema(
        operation_id="phrase_list",
        parameters=[OpenApiParameter("flow", str), OpenApiParameter("verb", str)],
        responses={200: PhraseSerializer(many=True), **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """One's own, those of one's units, and those of the whole district."""
        user, asked = person(request), checked(PhraseFilter(request.query_params))
        rows = Phrase.objects.offered_to(user, posts_of(user)).select_related("unit")
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        found = self.paginator.paginate_queryset(rows, request, self, ("pk",))
        return self.get_paginated_response(PhraseSerializer(found, many=True).data)

    @extend_schema(
        operation_id="phrase_keep",
        request=KeepPhraseSerializer,
        responses={201: PhraseSerializer, **KEEP_ERRORS},
    )
    def create(self, request: Request) -> Response:
        """Keep a phrase of one's own; it is kept once however often it is sent."""
        form = OwnPhraseForm(person(request), request.data)
        checked(form)
        return Response(PhraseSerializer(form.keep()).data, status=201)

    @extend_schema(operation_id="phrase_drop", request=None, responses=DROPPED)
    def destroy(self, request: Request, id: str) -> Response:
        """Drop a phrase of one's own."""
        get_object_or_404(Phrase, pk=id, user=person(request)).delete()
        return Response(status=204)


class KeepViewSerializer(serializers.Serializer):
    """`query` is the address of the list: what is no filter of it is left out."""

    list = serializers.ChoiceField(choices=SavedView.List.choices)
    name = serializers.CharField(max_length=20)
    query = serializers.CharField()


class ViewSerializer(KeepViewSerializer):
    id = serializers.IntegerField()
    opening = serializers.BooleanField()
    url = serializers.CharField()


@extend_schema(tags=["own"])
class SavedViewSet(GenericViewSet[Any]):
    queryset = SavedView.objects.none()
    serializer_class = ViewSerializer
    pagination_class = KeysetPages
    lookup_url_kwarg = "id"
    lookup_value_regex = ID

    @extend_schema(
        operation_id="view_list", responses={200: ViewSerializer(many=True), **READ_ERRORS}
    )
    def list(self, request: Request) -> Response:
        """The views of lists that one keeps."""
        rows = SavedView.objects.filter(user=person(request))
        found = self.paginator.paginate_queryset(rows, request, self, ("pk",))
        return self.get_paginated_response(ViewSerializer(found, many=True).data)

    @extend_schema(
        operation_id="view_keep",
        request=KeepViewSerializer,
        responses={201: ViewSerializer, **KEEP_ERRORS},
    )
    def create(self, request: Request) -> Response:
        """Keep filters of a list under a name; another view of this name gives way."""
        form = saved_views.KeepForm(person(request), request.data)
        checked(form)
        return Response(ViewSerializer(form.keep()).data, status=201)

    @extend_schema(
        operation_id="view_open", request=None, responses={200: ViewSerializer, **READ_ERRORS}
    )
    @action(detail=True, methods=["post"])
    def open(self, request: Request, id: str) -> Response:
        """Let the list open with it; or no longer, if it did."""
        view = self.own(request, id)
        saved_views.open_with(view)
        view.refresh_from_db()
        return Response(ViewSerializer(view).data)

    @extend_schema(operation_id="view_drop", request=None, responses=DROPPED)
    def destroy(self, request: Request, id: str) -> Response:
        """Drop a view that one keeps."""
        self.own(request, id).delete()
        return Response(status=204)

    def own(self, request: Request, id: str) -> SavedView:
        return get_object_or_404(SavedView, pk=id, user=person(request))


class WriteHandoverSerializer(serializers.Serializer):
    words = serializers.CharField(max_length=2000)


class HandoverSerializer(WriteHandoverSerializer):
    """`standing` is what stood at that moment: counts of the queues, and the papers to watch."""

    id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.code")
    user = serializers.CharField()
    post = serializers.CharField()
    at = serializers.DateTimeField()
    standing = serializers.JSONField()
    receiver = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)


@extend_schema(tags=["own"])
class HandoverViewSet(GenericViewSet[Any]):
    """For those who keep a desk; for others there is nothing here."""

    queryset = Handover.objects.none()
    serializer_class = HandoverSerializer
    pagination_class = KeysetPages
    lookup_url_kwarg = "id"
    lookup_value_regex = ID

    @extend_schema(
        operation_id="handover_list", responses={200: HandoverSerializer(many=True), **READ_ERRORS}
    )
    def list(self, request: Request) -> Response:
        """The notes of the desks that one keeps, the newest first."""
        rows = self.seen(request)
        found = self.paginator.paginate_queryset(rows, request, self, handovers.NEWEST)
        return self.get_paginated_response(HandoverSerializer(found, many=True).data)

    @extend_schema(operation_id="handover_read", responses={200: HandoverSerializer, **READ_ERRORS})
    def retrieve(self, request: Request, id: str) -> Response:
        return Response(HandoverSerializer(self.note(request, id)).data)

    @extend_schema(
        operation_id="handover_write",
        parameters=[KEY],
        request=WriteHandoverSerializer,
        responses={201: HandoverSerializer, **READ_ERRORS, 422: ERRORS[422]},
    )
    def create(self, request: Request) -> Response:
        """Hand one's desk over: what stands is kept with the words."""
        user = keeper(request)
        words = checked(handovers.HandoverForm(request.data))["words"]

        def act() -> tuple[int, Any]:
            note = handovers.hand_over(user, words, timezone.now())
            return 201, HandoverSerializer(note).data

        return answer(request, act)

    @extend_schema(
        operation_id="handover_receive",
        request=None,
        responses={200: HandoverSerializer, **READ_ERRORS, 409: ERRORS[409]},
    )
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, id: str) -> Response:
        """Sign for it: once, by somebody else who keeps the desk."""
        handovers.receive(self.note(request, id), person(request), timezone.now())
        return Response(HandoverSerializer(self.note(request, id)).data)

    def seen(self, request: Request) -> Any:
        notes = handovers.seen_by(keeper(request))
        return notes.select_related("unit", "user", "post__unit", "receiver")

    def note(self, request: Request, id: str) -> Handover:
        return get_object_or_404(self.seen(request), pk=id)


def keeper(request: Request) -> User:
    user = person(request)
    if handovers.desk_of(user) is None:
        raise exceptions.NotFound
    return user
