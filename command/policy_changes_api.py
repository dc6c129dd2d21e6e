"""Edits of the rules by API: proposed, shown, confirmed by the password or dropped, as on pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from command.administration import changes, proposing
from command.administration.forms import ConfirmForm
from command.offices import offices_of
from organization.models import User
from workflow import recompute
from workflow.api import ERRORS, KEY, READ_ERRORS, KeysetPages, answer, person, submit
from workflow.models import PolicyChange
from workflow.proof import prover


class ExampleSerializer(serializers.Serializer):
    """A paper whose deadline moves; `title` is told to who may see it."""

    number = serializers.CharField()
    title = serializers.CharField()
    leg = serializers.CharField()
    before = serializers.DateTimeField()
    after = serializers.DateTimeField()
    overdue = serializers.BooleanField()


class ChangeSerializer(serializers.ModelSerializer):
    """An edit on its way; figures are of the preview until it is made, then of what was done."""

    actor = serializers.CharField(source="actor.username")
    ordered_by = serializers.CharField(source="ordered_by.username", default=None, allow_null=True)
    body = serializers.DictField()

    class Meta:
        model = PolicyChange
        fields = [
            "id", "kind", "state", "body", "reason", "actor", "asked_at", "ordered_by",
            "ordered_at", "done_at", "total", "done", "moved", "overdue",
        ]  # fmt: skip


class WholeChangeSerializer(ChangeSerializer):
    examples = serializers.SerializerMethodField()

    class Meta(ChangeSerializer.Meta):
        fields = [*ChangeSerializer.Meta.fields, "examples"]

    def get_examples(self, change: PolicyChange) -> list[dict[str, Any]]:
        rows = changes.examples(change, self.context["user"])
        return list(ExampleSerializer(rows, many=True).data)


class ConfirmSerializer(serializers.Serializer):
    password = serializers.CharField(max_length=128, required=False, trim_whitespace=False)


@extend_schema(tags=["policy"])
class ChangeViewSet(GenericViewSet[Any]):
    """For those who administer the district; for others there is nothing here."""

    queryset = PolicyChange.objects.none()
    pagination_class = KeysetPages
    serializer_class = WholeChangeSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"

    def administrator(self, request: Request) -> User:
        user = person(request)
        if not offices_of(user).any_of(frozenset({"rules"})):
            raise Http404
        return user

    def found(self, request: Request, pk: str) -> tuple[User, PolicyChange]:
        user = self.administrator(request)
        return user, get_object_or_404(changes.rules(), pk=pk)

    def told(self, change: PolicyChange, user: User) -> Any:
        return WholeChangeSerializer(change, context={"user": user}).data

    @extend_schema(
        operation_id="policy_changes",
        responses={200: ChangeSerializer(many=True), **READ_ERRORS},
    )
    def list(self, request: Request) -> Response:
        """Who changed which rule when and why, the newest first."""
        self.administrator(request)
        rows = self.paginator.paginate_queryset(changes.rules(), request, self, ("-pk",))
        return self.get_paginated_response(ChangeSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="policy_change", responses={200: WholeChangeSerializer, **READ_ERRORS}
    )
    def retrieve(self, request: Request, id: str) -> Response:
        """One change: wait until its state is `shown`, then confirm or drop it."""
        user, change = self.found(request, id)
        return Response(self.told(change, user))

    @extend_schema(
        operation_id="policy_change_order",
        request=ConfirmSerializer,
        responses={200: WholeChangeSerializer, **{c: ERRORS[c] for c in (400, 401, 404, 409)}},
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def order(self, request: Request, id: str) -> Response:
        """Have it made, now that its consequences have been seen; sealed by the password."""
        user, change = self.found(request, id)
        form = ConfirmForm(change, user, prover(request), request.data)
        submit(form, request, beside=("password",))
        return Response(self.told(changes.rules().get(pk=change.pk), user))

    @extend_schema(
        operation_id="policy_change_drop",
        request=None,
        responses={200: WholeChangeSerializer, **{c: ERRORS[c] for c in (401, 404, 409)}},
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def drop(self, request: Request, id: str) -> Response:
        """Leave everything as it is."""
        user, change = self.found(request, id)
        recompute.drop(change)
        return Response(self.told(changes.rules().get(pk=change.pk), user))


def proposal(kind: str, words: str, given: type[proposing.Proposal]) -> Any:
    """The action that proposes one kind of edit, described in the document."""

    def propose(self: ChangeViewSet, request: Request) -> Response:
        user = self.administrator(request)

        def act() -> tuple[int, Any]:
            read = given(data=request.data)
            read.is_valid(raise_exception=True)
            change = proposing.propose(read, user)
            return 202, self.told(changes.rules().get(pk=change.pk), user)

        return answer(request, act)

    propose.__name__ = f"propose_{kind}"
    propose.__doc__ = words
    made = action(detail=False, methods=["post"], url_path=kind, pagination_class=None)(propose)
    return extend_schema(
        operation_id=f"policy_propose_{kind}",
        request=given,
        parameters=[KEY],
        responses={202: WholeChangeSerializer, **{c: ERRORS[c] for c in (400, 401, 404, 422)}},
    )(made)


for name, told, serializer in (
    ("limit", "Propose a limit of a leg.", proposing.LimitProposal),
    ("filing", "Propose a limit of a filing condition.", proposing.FilingProposal),
    ("ladder", "Propose a ladder of reminders.", proposing.LadderProposal),
    ("calendar", "Propose days off or worked.", proposing.CalendarProposal),
    ("hours", "Propose working hours.", proposing.HoursProposal),
    ("storm", "Propose a storm order.", proposing.StormProposal),
    ("calm", "Propose to end a storm order.", proposing.CalmProposal),
    ("silence", "Propose what silence means.", proposing.SilenceProposal),
    ("telling", "Propose a text to reporters.", proposing.TellingProposal),
):
    setattr(ChangeViewSet, f"propose_{name}", proposal(name, told, serializer))
