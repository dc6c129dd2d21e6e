"""The whole life of an order: on one page, and as a sealed file."""

import json
from io import BytesIO
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from command.frame import has_demo
from command.official.life_pdf import write_life
from command.papers.life import pauses_in_words, sections
from command.papers.read import order_for
from organization.models import User
from whistle.models import TraceExport
from workflow.life import record_of


@login_required
@never_cache
def life(request: HttpRequest, number: str) -> HttpResponse:
    """Every paper of the order that the reader may see: steps, clocks, pauses, photos, scores."""
    user, now = cast(User, request.user), timezone.now()
    order = order_for(user, number)
    record = record_of(order, user, now)
    context = {
        "order": order,
        "record": record,
        "sections": sections(record),
        "pauses": pauses_in_words(record),
        "exports": order.trace_exports.select_related("by")[:20],
    }
    return render(request, "command/life.html", context)


@login_required
@never_cache
@require_POST
def life_file(request: HttpRequest, number: str, kind: str) -> HttpResponseBase:
    """The same as a file; that it was taken is kept."""
    if kind not in WRITERS:
        raise Http404
    user, now = cast(User, request.user), timezone.now()
    order = order_for(user, number)
    record = record_of(order, user, now)
    file = WRITERS[kind](record)
    TraceExport.objects.create(order=order, by=user, at=now, kind=kind, seal=record["seal"])
    return FileResponse(file, as_attachment=True, filename=f"{number}-trace.{kind}")


def as_json(record: dict[str, Any]) -> BytesIO:
    text = json.dumps(record, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    return BytesIO(text.encode())


def as_pdf(record: dict[str, Any]) -> BytesIO:
    return write_life(record, _("Sample data: of no official effect") if has_demo() else "")


WRITERS = {"json": as_json, "pdf": as_pdf}
