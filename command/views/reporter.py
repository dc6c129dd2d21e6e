"""Who reported an order: shown in full for a reason, which is kept."""

from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from command.papers.read import order_for
from organization.models import User
from whistle.disclosing import disclose, may_learn
from whistle.models import WorkOrder

PHRASES = (_("To call the reporter back"), _("To ask for the place or the facts"))


class ReasonForm(forms.Form):
    note = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "class": "gc-text"}),
        help_text=_("It is kept with your name, and whoever inspects can read it."),
    )


@login_required
@never_cache
def reporter(request: HttpRequest, number: str) -> HttpResponse:
    user = cast(User, request.user)
    order = order_for(user, number)
    if not may_learn(user, order):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        return show_person(request, order, form.cleaned_data["note"])
    context = {"order": order, "form": form, "phrases": PHRASES}
    return render(request, "command/reporter_ask.html", context, status=400 if form.errors else 200)


def show_person(request: HttpRequest, order: WorkOrder, reason: str) -> HttpResponse:
    person = disclose(order, cast(User, request.user), reason, timezone.now())
    return render(request, "command/reporter.html", {"order": order, "person": person})
