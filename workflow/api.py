"""The API's face of a flow: list, one paper, its log and clocks, and one action for each verb."""

import json
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import pagination
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from workflow import openapi
from workflow.actions import options
from workflow.api_batch import batch_action
from workflow.api_errors import ErrorSerializer
from workflow.api_rows import ClockSerializer, EventSerializer, StepSerializer
from workflow.clock import pauses_for
from workflow.fields import LABELS, misshapen, plain_values
from workflow.filters import Filter, PaperFilter
from workflow.flow import Flow
from workflow.forms import ActForm, form_for
from workflow.idempotency import LONGEST_KEY, digest_of, once
from workflow.ledger import ledgers
from workflow.paging import NEWEST, page
from workflow.proof import prover
from workflow.sight import load_units
from workflow.stale import check_seen

BESIDE = frozenset({"seen", "photo_labels", "csrfmiddlewaretoken"})
MOST_A_PAGE = 200
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Made by the client; the same key and body get the same answer, once done.",
)
ERRORS: dict[int, Any] = {
    400: OpenApiResponse(ErrorSerializer, "An input is missing or wrong."),
    401: OpenApiResponse(ErrorSerializer, "Not logged in."),
    403: OpenApiResponse(ErrorSerializer, "Not this person's duty."),
    404: OpenApiResponse(ErrorSerializer, "Not there, or not to be seen by this person."),
    409: OpenApiResponse(ErrorSerializer, "The paper's state does not allow it."),
    422: OpenApiResponse(ErrorSerializer, "The Idempotency-Key was used for another request."),
}
READ_ERRORS = {code: ERRORS[code] for code in (400, 401, 404)}


class KeysetPages(pagination.BasePagination):
    """Pages by the last row seen: `cursor`, and `page_size` up to 200."""

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None, key: tuple[str, ...] = NEWEST
    ) -> list[Any]:
        self.request = request
        asked = request.query_params
        self.page = page(queryset, asked.get("cursor", ""), size_of(asked.get("page_size")), key)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.link(self.page.next), "previous": self.link(self.page.previous)}
        return Response({**links, "results": data})

    def link(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"?{query.urlencode()}")

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": 50}
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "schema": size},
        ]


def size_of(text: str | None) -> int:
    if text is None:
        return 50
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_A_PAGE):
        raise ValidationError({"page_size": _("Give a number from 1 to 200.")})
    return int(text)


class PaperViewSet(GenericViewSet[Any]):
    """Papers of one flow that the person may see. Steps are added by `with_steps`."""

    model: ClassVar[Any]
    filter_class: ClassVar[type[PaperFilter]]
    related: ClassVar[tuple[str, ...]] = ()
    pagination_class = KeysetPages
    lookup_field = "number"
    lookup_value_regex = "[0-9A-Z]{9}-[0-9]{4}-[0-9]{6,9}"

    @property
    def flow(self) -> Flow:
        flow: Flow = self.model.flow
        return flow

    def get_queryset(self) -> Any:
        return self.shown(self.model.objects.visible_to(self.request.user))

    def shown(self, papers: Any) -> Any:
        """With what an answer tells of them beside their own columns."""
        return papers.select_related(*self.related)

    def list(self, request: Request) -> Response:
        found = self.filter_class(request.query_params, person(request)).apply(self.get_queryset())
        key = NEWEST
        if request.query_params.get("order") == "due":
            found, key = found.filter(due_at__isnull=False), ("due_at", "pk")
        return self.paged(found, self.get_serializer_class(), key, load_units)

    def retrieve(self, request: Request, **lookup: Any) -> Response:
        paper = self.get_object()
        load_units(paper)
        return Response(self.get_serializer(paper).data)

    @extend_schema(responses={200: EventSerializer(many=True), **READ_ERRORS}, filters=False)
    @action(detail=True)
    def events(self, request: Request, **lookup: Any) -> Response:
        """The log of the paper, oldest first."""
        rows = self.get_object().events.select_related("actor", "post__unit")
        return self.paged(rows.prefetch_related("photos"), EventSerializer, ("n",))

    @extend_schema(responses={200: ClockSerializer(many=True), **READ_ERRORS})
    @action(detail=True, pagination_class=None)
    def clocks(self, request: Request, **lookup: Any) -> Response:
        """Every limit that runs or ran on the paper."""
        paper, now = self.get_object(), timezone.now()
        clocks = list(paper.clocks.select_related("policy", "keeper"))
        context = {
            "flow": self.flow,
            "pauses": pauses_for(paper.root, now),
            "ledgers": {one.clock.pk: one for one in ledgers(paper.root, paper, clocks, now)},
        }
        return Response(ClockSerializer(clocks, many=True, context=context).data)

    @extend_schema(responses={200: StepSerializer(many=True), **READ_ERRORS})
    @action(detail=True, pagination_class=None)
    def steps(self, request: Request, **lookup: Any) -> Response:
        """What this person can do with the paper now, and why not what is missing."""
        rows = []
        for step, why in options(self.get_object(), person(request)):
            fields, needed = openapi.step_fields(self.flow, [step])
            body = openapi.object_of(fields, needed)
            label = self.flow.label(step.verb)
            rows.append(
                {"verb": step.verb, "label": label, "may": not why, "why": why, "body": body}
            )
        return Response(StepSerializer(rows, many=True).data)

    def take(self, request: Request, verb: str) -> Response:
        """Take a step of the paper in the address; the answer is the paper as it then stands."""
        paper = self.get_object()

        def act() -> tuple[int, Any]:
            seen = seen_of(request)
            check_seen(paper, seen, verb)
            form = form_for(paper, verb, person(request), *given(request), prove=prover(request))
            form.seen = seen
            submit(form, request)
            return 200, self.read(paper.pk)

        return answer(request, act)

    def read(self, pk: int) -> Any:
        """The paper afresh, as its own answer shows it, to somebody who has just moved it."""
        paper = self.shown(self.model.objects.all()).get(pk=pk)
        load_units(paper)
        return self.get_serializer(paper).data

    def paged(
        self,
        rows: Any,
        serializer: Any,
        key: tuple[str, ...],
        complete: Callable[..., None] | None = None,
    ) -> Response:
        pages = KeysetPages()
        found = pages.paginate_queryset(rows, self.request, self, key)
        if complete is not None:
            complete(*found)
        context = {**self.get_serializer_context(), "flow": self.flow}
        return pages.get_paginated_response(serializer(found, many=True, context=context).data)


def person(request: Request) -> Any:
    return request.user


def given(request: Request) -> tuple[Any, Any]:
    """(data, files) as a form takes them, from JSON or from a posted form."""
    data: Any = request.data
    if not hasattr(data, "lists"):
        return plain_values(data), request.FILES
    texts = {name: values for name, values in data.lists() if name not in request.FILES}
    return MultiValueDict(texts), request.FILES


def seen_of(request: Request) -> int | None:
    data: Any = request.data
    seen = data.get("seen")
    if seen in (None, ""):
        return None
    if not str(seen).isdigit() or len(str(seen)) > 9:
        raise ValidationError({"seen": _("Give the trace_count that you have seen.")})
    return int(str(seen))


def submit(form: ActForm, request: Request, beside: Iterable[str] = ()) -> Any:
    """Take a form; raises ValidationError naming each input that is wrong or not asked for."""
    asked = {*form.fields, *BESIDE, *beside}
    if "photos" in form.fields:
        asked |= {f"photos_{label}" for label in LABELS}
    unknown = sorted(set(request.data) - asked)
    faults = {name: str(_("Not asked for by this step.")) for name in unknown}
    faults |= misshapen(form, request.data)
    if faults:
        raise ValidationError(faults)
    done = form.take()
    if done is None:
        raise ValidationError(dict(form.errors.as_data()))
    return done


def checked(form: forms.Form) -> dict[str, Any]:
    """What a form holds; raises ValidationError by field."""
    if not form.is_valid():
        raise ValidationError(dict(form.errors.as_data()))
    return form.cleaned_data


def answer(request: Request, act: Callable[[], tuple[int, Any]]) -> Response:
    """Do it; under an Idempotency-Key do it once and give the same answer again."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        code, body = act()
        return Response(body, status=code)
    if len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
        raise ValidationError(_("An Idempotency-Key has 1 to 255 printable characters."))
    (code, body), again = once(person(request), key, fingerprint(request), lambda: plain(act()))
    return Response(body, status=code, headers={"Idempotency-Replayed": "true"} if again else {})


def plain(found: tuple[int, Any]) -> tuple[int, Any]:
    """An answer as it can be kept: what JSON makes of it."""
    code, body = found
    return code, json.loads(JSONRenderer().render(body))


def fingerprint(request: Request) -> str:
    data = request.data
    files = [(name, f) for name in sorted(request.FILES) for f in request.FILES.getlist(name)]
    lists = getattr(data, "lists", None)
    body = {k: v for k, v in lists() if k not in request.FILES} if lists else data
    names = [name for name, _file in files]
    return digest_of([request.method, request.path, body, names], [file for _name, file in files])


def with_steps(view: type[PaperViewSet]) -> type[PaperViewSet]:
    """Add one action for each verb that people take, and document the filters of the list."""
    for verb in view.model.flow.verbs:
        if openapi.personal_rows(view.model.flow, verb):
            setattr(view, f"take_{verb}", _verb_action(view, verb))
    if view.model.flow.batched:
        made = batch_action(view.model.flow, {code: ERRORS[code] for code in (400, 401)})
        setattr(view, made.__name__, made)
    parameters = [
        *filter_parameters(view.filter_class),
        OpenApiParameter("order", enum=["newest", "due"]),
    ]
    described: type[PaperViewSet] = extend_schema_view(
        list=extend_schema(
            parameters=parameters, responses={200: view.serializer_class, **READ_ERRORS}
        ),
        retrieve=extend_schema(responses={200: view.serializer_class, **READ_ERRORS}),
    )(view)
    return described


def _verb_action(view: type[PaperViewSet], verb: str) -> Any:
    flow = view.model.flow
    rows = openapi.personal_rows(flow, verb)

    def act(self: PaperViewSet, request: Request, **lookup: Any) -> Response:
        return self.take(request, verb)

    act.__name__ = f"take_{verb}"
    act.__doc__ = openapi.say_rows(rows)
    made = action(detail=True, methods=["post"], url_path=verb, url_name=verb)(act)
    return extend_schema(
        operation_id=f"{flow.name}_{verb}",
        summary=flow.labels[verb],
        request=openapi.body_of(*openapi.step_fields(flow, rows)),
        parameters=[KEY],
        responses={200: view.serializer_class, **ERRORS},
    )(made)


def filter_parameters(filter_class: type[Filter]) -> list[OpenApiParameter]:
    """The query parameters of a list; several values are given with commas."""
    return [
        OpenApiParameter(
            name,
            {k: v for k, v in openapi.describe(field).items() if k != "title"},
            description=str(field.label or ""),
            explode=False,
        )
        for name, field in filter_class.base_fields.items()
    ]
