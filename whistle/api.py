"""Orders, whistles, responses and verifications by API."""

from functools import cache
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from organization.masking import mask
from whistle import filters
from whistle.actions.intake import nearby
from whistle.birth import CallForm, PointForm, ReportForm, WhistleForm
from whistle.following import follow, is_followed, unfollow
from whistle.masking import masked
from whistle.models import Assignment, Response, Score, Task, Verification, Whistle, WorkOrder
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
from workflow.sight import load_units

MOST_NEAR = 20


class UnitRefSerializer(serializers.Serializer):
    """A unit by code and name; a list names it hundreds of times, so this is written out."""

    code = serializers.CharField()
    name = serializers.CharField(source="title")

    def to_representation(self, unit: Any) -> dict[str, str]:
        return {"code": unit.code, "name": unit.title}


class PaperSerializer(serializers.Serializer):
    """What every paper tells. `seen` a step with the `trace_count` to learn of moves since."""

    status = serializers.CharField()
    status_label = serializers.SerializerMethodField()
    status_since = serializers.DateTimeField()
    created = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    due_what = serializers.CharField()
    trace_count = serializers.IntegerField()
    trace_head = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_status_label(self, paper: Any) -> str:
        return str(paper.get_status_display())

    def get_url(self, paper: Any) -> str:
        return str(paper.get_absolute_url())

    def to_representation(self, paper: Any) -> dict[str, Any]:
        found = ((field, field.get_attribute(paper)) for field in fields_of(type(self)))
        return {
            field.field_name: None if value is None else field.to_representation(value)
            for field, value in found
        }


@cache
def fields_of(kind: type[PaperSerializer]) -> list[serializers.Field]:
    """The fields of a kind of paper, made once: DRF copies all of them for every answer.

    They are only read with, and know nothing of the request.
    """
    return list(kind().fields.values())


class CategoryRefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    code = serializers.CharField(source="full_code")
    name = serializers.CharField()


class OrderSerializer(PaperSerializer):
    """A work order; the reporter is masked, and hidden where he asked for it."""

    number = serializers.CharField()
    source = serializers.CharField()
    source_number = serializers.CharField()
    source_due = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField()
    description = serializers.CharField()
    lng = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    accuracy = serializers.IntegerField(allow_null=True)
    address = serializers.CharField()
    grid = UnitRefSerializer(allow_null=True)
    community = UnitRefSerializer(allow_null=True)
    street = UnitRefSerializer(allow_null=True)
    centre = UnitRefSerializer()
    holder = UnitRefSerializer(allow_null=True)
    category = CategoryRefSerializer(allow_null=True)
    condition = serializers.CharField(allow_null=True)
    urgency = serializers.CharField()
    level = serializers.IntegerField()
    reporter_name = serializers.SerializerMethodField()
    reporter_phone = serializers.SerializerMethodField()
    confidential = serializers.BooleanField()
    suspended_until = serializers.DateField(allow_null=True)
    merged_into = serializers.CharField(allow_null=True)
    part_of = serializers.CharField(allow_null=True)
    solved = serializers.BooleanField(allow_null=True)
    satisfaction = serializers.IntegerField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    def get_reporter_name(self, order: WorkOrder) -> str:
        return masked(order)["reporter_name"]

    def get_reporter_phone(self, order: WorkOrder) -> str:
        return masked(order)["reporter_phone"]


class ReceiptSerializer(OrderSerializer):
    """What the reporter gets: with the progress code he can ask how it stands."""

    progress_code = serializers.CharField()


class TaskSerializer(serializers.Serializer):
    unit = UnitRefSerializer()
    role = serializers.CharField()
    text = serializers.CharField()
    amount = serializers.DecimalField(6, 2)
    time_unit = serializers.CharField()


class ScoreLineSerializer(serializers.Serializer):
    """What gave or took points, and the step, clock, card or request that proves it.

    `event_n` is a step of the answer, of the whistle (`mark`), of the paper that showed the card
    or of the request; `of` is the line that is given back.
    """

    id = serializers.IntegerField()
    n = serializers.IntegerField()
    fact = serializers.CharField()
    name = serializers.CharField()
    points = serializers.IntegerField()
    event_n = serializers.IntegerField(allow_null=True)
    clock = serializers.IntegerField(allow_null=True)
    card = serializers.IntegerField(source="card_id", allow_null=True)
    request = serializers.IntegerField(source="request_id", allow_null=True)
    of = serializers.IntegerField(source="of_id", allow_null=True)
    at = serializers.DateTimeField()


class ScoreSerializer(serializers.Serializer):
    platform = serializers.IntegerField()
    caller = serializers.IntegerField()
    total = serializers.IntegerField()
    scheme = serializers.CharField()
    lines = ScoreLineSerializer(many=True)


class ResponseSerializer(PaperSerializer):
    id = serializers.IntegerField()
    whistle = serializers.CharField(source="whistle.number")
    unit = UnitRefSerializer()
    role = serializers.CharField()
    task = serializers.CharField()
    amount = serializers.DecimalField(6, 2)
    time_unit = serializers.CharField()
    lead_name = serializers.CharField()
    lead_phone = serializers.SerializerMethodField()
    meet_at = serializers.DateTimeField(allow_null=True)
    meet_place = serializers.CharField()
    section = UnitRefSerializer(allow_null=True)
    person = serializers.CharField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()
    reply_number = serializers.CharField()
    redone = serializers.IntegerField()
    score = serializers.SerializerMethodField()

    def get_lead_phone(self, response: Response) -> str:
        return mask(response.lead_phone)

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, response: Response) -> Any:
        found: Score | None = getattr(response, "score", None)
        return ScoreSerializer(found).data if found else None


class WhistleSerializer(PaperSerializer):
    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    level = serializers.IntegerField()
    kind = serializers.CharField()
    caller = UnitRefSerializer()
    centre = UnitRefSerializer()
    holder = UnitRefSerializer(allow_null=True)
    ask = serializers.CharField()
    letter_number = serializers.CharField()
    blown_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    raised_from = serializers.CharField(source="raised_from.number", default=None, allow_null=True)
    method = serializers.CharField()
    reworks = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)
    tasks = TaskSerializer(many=True)
    responses = ResponseSerializer(many=True)


class AssignmentSerializer(PaperSerializer):
    """A stage of the lead's plan, or a task from a joint meeting."""

    id = serializers.IntegerField()
    whistle = serializers.CharField(source="whistle.number")
    kind = serializers.CharField()
    unit = UnitRefSerializer()
    text = serializers.CharField()
    day = serializers.DateField()
    result = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class VerificationSerializer(PaperSerializer):
    id = serializers.IntegerField()
    order = serializers.CharField(source="order.number")
    kind = serializers.CharField()
    unit = UnitRefSerializer()
    question = serializers.CharField()
    yes = serializers.BooleanField(allow_null=True)
    words = serializers.CharField()


class FollowSerializer(serializers.Serializer):
    followed = serializers.BooleanField()


@with_steps
@extend_schema(tags=["work-orders"])
class OrderViewSet(PaperViewSet):
    model = WorkOrder
    filter_class = filters.OrderFilter
    serializer_class = OrderSerializer
    related = ("category", "condition")

    def shown(self, papers: Any) -> Any:
        """The whole of a part only to those who see it, too."""
        wholes = Prefetch("part_of", WorkOrder.objects.visible_to(person(self.request)))
        return super().shown(papers).prefetch_related("merged_into", wholes)

    @extend_schema(
        operation_id="workorder_report",
        request=openapi.body_of(ReportForm.base_fields, {"source"}),
        parameters=[KEY],
        responses={201: ReceiptSerializer, **ERRORS},
    )
    def create(self, request: Request) -> Answer:
        """Report a problem; with `result` and photos before and after it was fixed on the spot."""

        def act() -> tuple[int, Any]:
            order = submit(ReportForm(person(request), *given(request)), request)
            return 201, ReceiptSerializer(order).data

        return answer(request, act)

    @extend_schema(
        parameters=[
            OpenApiParameter("lng", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("category", str),
        ],
        responses={200: OrderSerializer(many=True), 400: ERRORS[400], 401: ERRORS[401]},
    )
    @action(detail=False, pagination_class=None)
    def nearby(self, request: Request) -> Answer:
        """Open orders close by that may be the same problem."""
        point = checked(PointForm(request.query_params))
        found = self.get_queryset().filter(pk__in=nearby(**point).values("pk"))
        rows = list(found.order_by("-created")[:MOST_NEAR])
        load_units(*rows)
        return Answer(self.get_serializer(rows, many=True).data)

    @extend_schema(
        methods=["POST"],
        request=None,
        parameters=[KEY],
        responses={200: FollowSerializer, **ERRORS},
        description="Let the moves of the order come to one's inbox.",
    )
    @extend_schema(
        methods=["DELETE"],
        request=None,
        responses={200: FollowSerializer, **ERRORS},
        description="Follow the order no longer.",
    )
    @action(detail=True, methods=["post", "delete"], pagination_class=None)
    def follow(self, request: Request, **lookup: Any) -> Answer:
        order, user = self.get_object(), person(request)

        def act() -> tuple[int, Any]:
            if request.method == "POST":
                follow(order, user, timezone.now())
            else:
                unfollow(order, user)
            return 200, {"followed": is_followed(order, user)}

        return answer(request, act)


@with_steps
@extend_schema(tags=["whistles"])
class WhistleViewSet(PaperViewSet):
    model = Whistle
    filter_class = filters.WhistleFilter
    serializer_class = WhistleSerializer
    related = ("order", "raised_from")

    def shown(self, papers: Any) -> Any:
        return with_lanes(super().shown(papers))

    @extend_schema(
        request=openapi.body_of(WhistleForm.documented(), {"order", "level", "ask"}),
        parameters=[KEY],
        responses={201: WhistleSerializer, **ERRORS},
    )
    def create(self, request: Request) -> Answer:
        """Whistle for an order: level 2 is blown at once, level 3 is drafted for confirmation."""

        def act() -> tuple[int, Any]:
            data, files = given(request)
            call = checked(CallForm(person(request), data))
            form = WhistleForm(call["order"], call["level"], person(request), data, files)
            return 201, self.read(submit(form, request, beside=set(call)).pk)

        return answer(request, act)


def with_lanes(whistles: Any) -> Any:
    """With tasks and responses, each with what its row shows: four queries for any number."""
    lanes = Response.objects.select_related("unit", "section", "person", "score__scheme")
    lanes = lanes.prefetch_related("score__lines").order_by("pk")
    return whistles.prefetch_related(
        Prefetch("responses", lanes), Prefetch("tasks", Task.objects.select_related("unit"))
    )


@with_steps
@extend_schema(tags=["responses"])
class ResponseViewSet(PaperViewSet):
    model = Response
    filter_class = filters.ResponseFilter
    serializer_class = ResponseSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    related = ("whistle__order", "person", "score__scheme")

    def shown(self, papers: Any) -> Any:
        return super().shown(papers).prefetch_related("score__lines")


@with_steps
@extend_schema(tags=["assignments"])
class AssignmentViewSet(PaperViewSet):
    model = Assignment
    filter_class = filters.AssignmentFilter
    serializer_class = AssignmentSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    related = ("whistle__order",)


@with_steps
@extend_schema(tags=["verifications"])
class VerificationViewSet(PaperViewSet):
    model = Verification
    filter_class = filters.VerificationFilter
    serializer_class = VerificationSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    related = ("order",)
