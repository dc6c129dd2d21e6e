"""One step of the papers chosen in a list, and what became of each."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from command.batch import result
from organization.models import User
from whistle.models import WorkOrder
from workflow.batch import take_many

KEPT_BACK = frozenset({"csrfmiddlewaretoken", "keys", "verb", "next"})


@login_required
@require_POST
def work_orders_batch(request: HttpRequest) -> HttpResponse:
    """The orders named in `keys`, separated by commas; refusals do not hinder the others."""
    user, back_url = cast(User, request.user), back(request)
    seen = WorkOrder.objects.visible_to(user)
    keys = [key for key in request.POST.get("keys", "").split(",") if key]
    data: dict[str, Any] = {k: v for k, v in request.POST.items() if k not in KEPT_BACK}
    try:
        batch = take_many(seen, request.POST.get("verb", ""), keys, user, data)
    except ValidationError as error:
        context = {"errors": error.messages, "back_url": back_url}
        return render(request, "command/batch.html", context, status=400)
    return render(request, "command/batch.html", result(batch, WorkOrder.flow, back_url))


def back(request: HttpRequest) -> str:
    """The list where the papers were chosen, if it is one of our own pages."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else reverse("work_orders")
