"""One shape for every error of the API: {"code", "message", "fields"}."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from workflow.api_rows import EventSerializer
from workflow.errors import MovedOn, NotPossible
from workflow.forms import NOTE, by_field
from workflow.idempotency import KeyReused


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong. `fields` names inputs with their errors; empty if it is none of them."""

    code = serializers.CharField(
        help_text="invalid, not_authenticated, forbidden, not_found, not_possible, moved_on, …"
    )
    message = serializers.CharField(help_text="A sentence in the reader's language.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    since = EventSerializer(
        many=True, required=False, help_text="Of `moved_on` alone: what happened meanwhile."
    )


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; what is not known here is a fault of ours (500)."""
    found = _known(error)
    if found is None:
        return None
    status, code, message, fields, headers = found
    set_rollback()
    body: dict[str, Any] = {"code": code, "message": message, "fields": fields}
    if isinstance(error, MovedOn):
        shown = {"flow": context["view"].flow}
        body["since"] = EventSerializer(error.events, many=True, context=shown).data
    return Response(body, status=status, headers=headers)


def _known(error: Exception) -> tuple[int, str, str, dict[str, list[str]], dict[str, str]] | None:
    match error:
        case MovedOn():
            return 409, "moved_on", str(error), {}, {}
        case NotPossible():
            return 409, "not_possible", str(error), {}, {}
        case KeyReused():
            return 422, "key_reused", str(error), {}, {}
        case ValidationError():
            return 400, "invalid", *_told(error), {}
        case PermissionDenied():
            return 403, "forbidden", str(error) or _("This is not your duty."), {}, {}
        case Http404():
            return 404, "not_found", _("There is nothing here that you may see."), {}, {}
        case exceptions.APIException():
            return _from_framework(error)
        case _:
            return None


def _told(error: ValidationError) -> tuple[str, dict[str, list[str]]]:
    """The general errors as the message, those of fields under their names."""
    found = {
        NOTE if name == "reason" else name: [str(m) for e in errors for m in e.messages]
        for name, errors in by_field(error).items()
    }
    general = found.pop("__all__", [])
    return " ".join(general) or _("Something given is missing or wrong."), found


def _from_framework(
    error: exceptions.APIException,
) -> tuple[int, str, str, dict[str, list[str]], dict[str, str]]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        return 400, "invalid", _("Something given is missing or wrong."), _listed(error), headers
    code = "forbidden" if error.status_code == 403 else str(error.default_code)
    return error.status_code, code, str(error.detail), {}, headers


def _listed(error: exceptions.ValidationError) -> dict[str, list[str]]:
    detail: Any = error.detail
    if not isinstance(detail, dict):
        return {}
    return {k: [str(e) for e in v] if isinstance(v, list) else [str(v)] for k, v in detail.items()}
