"""Quiet hours of the gateways, for who administers the district."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.administration.quiet import QuietForm, rows
from command.views.policy import administrator, show
from organization.models import QuietHours


@login_required
def quiet_hours(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The hours in force, and the form of new ones or of those that are edited."""
    administrator(request)
    row = get_object_or_404(QuietHours, pk=pk) if pk else None
    form = QuietForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.take() is not None:
        messages.success(request, _("Saved; it holds for the next message."))
        return redirect("quiet")
    context = {"form": form, "rows": rows(), "row": row}
    return show(request, "quiet", context, 400 if form.errors else 200)


@login_required
@require_POST
def quiet_remove(request: HttpRequest, pk: int) -> HttpResponse:
    administrator(request)
    get_object_or_404(QuietHours, pk=pk).delete()
    messages.success(request, _("Taken out."))
    return redirect("quiet")
