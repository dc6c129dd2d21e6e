"""What the gateways tell afterwards: whether a message has arrived."""

import datetime
import hmac
import json
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from organization.delivery.gateway import signature
from organization.models import Outbox

STATES = (Outbox.State.DELIVERED, Outbox.State.FAILED)
OPEN = (Outbox.State.WAITING, Outbox.State.SENT)
MOST_BYTES = 64 * 2**10


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """`{"id", "state": "delivered" | "failed", "error"}`, signed in X-Signature as we sign.

    404 where no receipts are expected and for an unknown id, 403 without the right signature, 400
    for what is no receipt; the same receipt again changes nothing.
    """
    if not settings.RECEIPT_SECRET:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponseBadRequest()
    given = request.headers.get("X-Signature", "").encode()
    if not hmac.compare_digest(given, signature(settings.RECEIPT_SECRET, request.body).encode()):
        raise PermissionDenied
    found = read(request.body)
    if found is None:
        return HttpResponseBadRequest()
    if not note_receipt(*found, timezone.now()):
        raise Http404
    return HttpResponse(status=204)


def read(body: bytes) -> tuple[UUID, str, str] | None:
    try:
        told = json.loads(body)
        state = told["state"]
        found = UUID(told["id"]), state, str(told.get("error", ""))[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if state in STATES else None


def note_receipt(message_id: UUID, state: str, error: str, now: datetime.datetime) -> bool:
    """Keep what the gateway says of a message; False if there is none with this id.

    Arrived is arrived, whatever is told later; a failure ends the sending, and the fallback stays
    due. A receipt may come before the worker has settled the message.
    """
    message = Outbox.objects.filter(message_id=message_id)
    if state == Outbox.State.DELIVERED:
        message.filter(state__in=[*OPEN, Outbox.State.FAILED]).update(
            state=state, delivered_at=now, next_at=None, fallback_at=None, error=""
        )
    else:
        message.filter(state__in=OPEN).update(state=state, next_at=None, error=error)
    return message.exists()
