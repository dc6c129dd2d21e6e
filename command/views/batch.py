"""One step of the papers chosen in a list: what is still asked, and what became of each."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from command.batch import question, result
from organization.models import User
from whistle.models import WorkOrder
from workflow.batch import ManyForm


@login_required
@require_POST
def work_orders_batch(request: HttpRequest) -> HttpResponse:
    """The orders named in `keys`, separated by commas; refusals do not hinder the others.

    A verb that asks for more than a note shows its form first; `given` says that it was filled in.
    """
    user, back_url = cast(User, request.user), back(request)
    seen = WorkOrder.objects.visible_to(user).select_related("category", "grid", "community")
    keys = [key for key in request.POST.get("keys", "").split(",") if key]
    verb = request.POST.get("verb", "")
    try:
        form = ManyForm(seen, verb, keys, user, request.POST)
    except ValidationError as error:
        return answer(request, "batch", {"errors": error.messages, "back_url": back_url}, 400)
    if form.asks and "given" not in request.POST:
        blank = ManyForm(seen, verb, keys, user)
        blank.initial = {"note": request.POST.get("note", "")}
        return answer(request, "batch_ask", question(blank, back_url))
    batch = form.take()
    if batch is None:
        return answer(request, "batch_ask", question(form, back_url), 400)
    return answer(request, "batch", result(batch, WorkOrder.flow, back_url))


def answer(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page, or the part of it alone for the dialog."""
    part = "_part" if getattr(request, "htmx", False) else ""
    return render(request, f"command/{name}{part}.html", context, status=status)


def back(request: HttpRequest) -> str:
    """The list where the papers were chosen, if it is one of our own pages."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else reverse("work_orders")
