"""The duty roster, for who administers the district."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.administration.roster import ShiftForm, end_shift, shifts
from command.views.policy import administrator, show
from organization.models import DutyShift


@login_required
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on duty and who comes, with the form of a new shift."""
    administrator(request)
    form = ShiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.take() is not None:
        messages.success(request, _("Entered in the roster."))
        return redirect("roster")
    context = {"form": form, "shifts": shifts(timezone.now())}
    return show(request, "roster", context, 400 if form.errors else 200)


@login_required
@require_POST
def shift_end(request: HttpRequest, pk: int) -> HttpResponse:
    administrator(request)
    end_shift(get_object_or_404(DutyShift, pk=pk), timezone.now())
    messages.success(request, _("The shift has been ended."))
    return redirect("roster")
