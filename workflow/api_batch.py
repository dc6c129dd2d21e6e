"""The API's face of a batch: one verb of many papers, with an answer for each."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from workflow import openapi
from workflow.batch import MOST, Batch, shared_fields, take_many
from workflow.fields import plain_values
from workflow.flow import Flow


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one paper; `why` is empty where the step was taken."""

    key = serializers.CharField()
    done = serializers.BooleanField()
    why = serializers.CharField()


class BatchSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = OutcomeSerializer(many=True)


def say(batch: Batch) -> dict[str, Any]:
    found = {"done": len(batch.done), "refused": len(batch.refused), "results": batch.outcomes}
    return dict(BatchSerializer(found).data)


def inputs_of(flow: Flow, verb: str) -> dict[str, Any]:
    """The inputs of a verb that may be taken of many papers; of any other verb none."""
    return shared_fields(flow, verb, [], None) if verb in flow.batched else {}


def body_of(flow: Flow) -> dict[str, Any]:
    """The request body: the verb, the keys of the papers, and the inputs of the step."""
    fields: dict[str, Any] = {}
    for verb in sorted(flow.batched):
        fields |= inputs_of(flow, verb)
    schema = openapi.object_of(fields, ["verb", "keys"])
    key = {"type": "string"}
    schema["properties"] |= {
        "verb": {"enum": sorted(flow.batched)},
        "keys": {"type": "array", "items": key, "minItems": 1, "maxItems": MOST},
    }
    return {"application/json": schema}


def read_body(request: Request, flow: Flow) -> tuple[str, list[str], dict[str, Any]]:
    """(verb, keys, inputs); raises ValidationError by name for what is not such a body."""
    data: Any = request.data
    if not isinstance(data, dict):
        raise ValidationError(_("Give an object."))
    keys = data.get("keys")
    if not isinstance(keys, list) or any(type(key) not in (str, int) for key in keys):
        raise ValidationError({"keys": _("Give a list of numbers of papers.")})
    verb = str(data.get("verb"))
    inputs = {name: value for name, value in data.items() if name not in ("verb", "keys")}
    if unknown := sorted(set(inputs) - set(inputs_of(flow, verb))):
        raise ValidationError({name: _("Not asked for by this step.") for name in unknown})
    if wrong := [name for name, value in inputs.items() if not isinstance(value, str | int)]:
        raise ValidationError({name: _("Give a single value.") for name in wrong})
    return verb, [str(key) for key in keys], plain_values(inputs)


def batch_action(flow: Flow, errors: dict[int, Any]) -> Any:
    """The action `batch` of a viewset of papers of this flow.

    It knows no Idempotency-Key: that would hold every paper locked until the last is done. A
    repeated request finds what is done already and is refused paper by paper.
    """

    def batch(self: Any, request: Request) -> Response:
        """Take one step of up to 200 papers; a paper that refuses does not hinder the others."""
        user: Any = request.user
        verb, keys, data = read_body(request, flow)
        return Response(say(take_many(self.get_queryset(), verb, keys, user, data)))

    made = action(detail=False, methods=["post"], pagination_class=None, filter_backends=())(batch)
    return extend_schema(
        operation_id=f"{flow.name}_batch",
        request=body_of(flow),
        responses={200: BatchSerializer, **errors},
        filters=False,
    )(made)
