"""The forms as OpenAPI schemas, so that the document says what the form checks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from workflow.fields import LABELS, MarksField, PhotosField, PhotoSlot, RowsField, YesNoField
from workflow.flow import NEW, STAY, Flow, Step
from workflow.forms import NOTE, PASSWORD, note_field, password_field

Schema = dict[str, Any]


def describe(field: forms.Field) -> Schema:
    """One form field as a JSON schema."""
    schema = {**_shape(field), "title": field.label or ""}
    if field.help_text:
        schema["description"] = field.help_text
    return schema


def _shape(field: forms.Field) -> Schema:
    match field:
        case PhotosField() | PhotoSlot():
            return {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 9}
        case RowsField():
            return {"type": "array", "items": object_of(field.row.base_fields)}
        case MarksField():
            return {"type": "object", "additionalProperties": {"type": "integer"}}
        case YesNoField():
            return {"type": "string", "enum": ["yes", "no"]}
        case forms.ModelMultipleChoiceField():
            kind = "string" if field.to_field_name else "integer"
            return {"type": "array", "items": {"type": kind}}
        case forms.ModelChoiceField():
            return {"type": "string" if field.to_field_name else "integer"}
        case forms.MultipleChoiceField():
            return {"type": "array", "items": {"enum": _values(field)}}
        case forms.ChoiceField():
            return {"enum": _values(field)}
        case _:
            return _plain(field)


def _plain(field: forms.Field) -> Schema:
    kinds: list[tuple[type[forms.Field], Schema]] = [
        (forms.BooleanField, {"type": "boolean"}),
        (forms.DecimalField, {"type": "number"}),
        (forms.FloatField, {"type": "number"}),
        (forms.IntegerField, {"type": "integer"}),
        (forms.DateTimeField, {"type": "string", "format": "date-time"}),
        (forms.DateField, {"type": "string", "format": "date"}),
    ]
    for kind, schema in kinds:
        if isinstance(field, kind):
            return schema | _bounds(field)
    longest = getattr(field, "max_length", None)
    return {"type": "string", **({"maxLength": longest} if longest else {})}


def _bounds(field: forms.Field) -> Schema:
    """The limits of a number, as its validators hold them."""
    names: dict[Any, str] = {MinValueValidator: "minimum", MaxValueValidator: "maximum"}
    checks: list[Any] = [v for v in field.validators if type(v) in names]
    return {
        names[type(check)]: check.limit_value
        for check in checks
        if isinstance(check.limit_value, int | float)
    }


def _values(field: forms.ChoiceField) -> list[Any]:
    choices: Any = field.choices
    values = [value for value, _label in choices if value not in ("", None)]
    kind = getattr(field, "coerce", str)
    return [int(str(v)) if kind is int else str(v) for v in values]


def object_of(fields: dict[str, forms.Field], required: Iterable[str] | None = None) -> Schema:
    needed = [n for n, f in fields.items() if f.required] if required is None else sorted(required)
    schema: Schema = {
        "type": "object",
        "properties": {name: describe(field) for name, field in fields.items()},
        "additionalProperties": False,
    }
    return schema | ({"required": needed} if needed else {})


def body_of(fields: dict[str, forms.Field], required: Iterable[str]) -> dict[str, Schema]:
    """The request body by media type: photos come as parts of a form, the rest as JSON too."""
    required = set(required)
    files = {n for n, f in fields.items() if isinstance(f, PhotosField | PhotoSlot)}
    parts = object_of(fields, required)
    if files:
        labels = {"type": "array", "items": {"type": "string", "enum": LABELS}}
        parts["properties"]["photo_labels"] = labels
    bodies = {"multipart/form-data": parts}
    if not files & required:
        plain = {name: field for name, field in fields.items() if name not in files}
        bodies = {"application/json": object_of(plain, required), **bodies}
    return bodies


def step_fields(flow: Flow, steps: list[Step]) -> tuple[dict[str, forms.Field], set[str]]:
    """The inputs of a verb's rows, and those that every row needs."""
    fields: dict[str, forms.Field] = {}
    for step in steps:
        for name in (*step.needs, *step.takes):
            if name != "reason":
                fields[name] = flow.fields[name](None, step, None)
    needed = set.intersection(*(set(step.needs) for step in steps))
    if steps[0].verb not in flow.unnoted:
        fields[NOTE] = note_field("reason" in needed)
    fields["seen"] = seen_field()
    if steps[0].verb in flow.sealed:
        fields[PASSWORD] = password_field()
        needed |= {PASSWORD}
    return fields, {NOTE if name == "reason" else name for name in needed}


def seen_field() -> forms.IntegerField:
    """The mark of the state on which a step was decided (what If-Match is to HTTP)."""
    return forms.IntegerField(
        label="trace_count",
        help_text="The `trace_count` of the paper as it was read. If its status has changed since, "
        "or somebody has taken this very step, nothing is done and 409 `moved_on` says what "
        "happened in `since`.",
        required=False,
        min_value=0,
    )


def say_rows(steps: list[Step]) -> str:
    """The rows of a verb in words for the document."""
    return " ".join(_say_row(step) for step in steps)


def _say_row(step: Step) -> str:
    sources = ", ".join(source or "NEW" for source in step.sources)
    to = "stays" if step.to == STAY else f"becomes `{step.to}`"
    duty = f"duty `{step.duty}`" if step.duty else "whom the paper says"
    place = f" at its {step.at}" + (" itself" if step.here else "") if step.at else ""
    return f"From {sources}: {to}; {duty}{place}."


def personal_rows(flow: Flow, verb: str) -> list[Step]:
    """The rows by which people take a verb of a paper that exists."""
    return [s for s in flow.steps if s.verb == verb and s.personal and s.sources != (NEW,)]
