"""The survey of a resident: the public page behind its link, and the sheet with its QR code."""

from typing import cast

from axes.helpers import get_client_ip_address
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from command.survey_page import AnswerForm, end_of, tell
from command.trying import MOST, note_try, tried
from command.views.answers import picture
from organization.authority import holds
from organization.duty import Duty
from organization.masking import mask
from organization.models import User
from whistle import flow
from whistle.models import Survey
from workflow.errors import NotPossible

PAGE = "command/survey_answer.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, code: str) -> HttpResponse:
    """The questions, or why they are not asked any more; unknown codes are all answered alike.

    Only misses are counted against an address: many residents share one.
    """
    address = get_client_ip_address(request) or ""
    if tried("survey", address) >= MOST:
        return render(request, PAGE, {"too_often": True}, status=429)
    survey = Survey.objects.of_code(code.upper())
    if survey is None:
        note_try("survey", address)
        return render(request, PAGE, {"unknown": True}, status=404)
    form = AnswerForm(survey, request.POST if request.method == "POST" else None)
    return answered(request, survey, form) if request.method == "POST" else ask(request, form)


def ask(request: HttpRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
    survey = form.survey
    context = {"survey": tell(survey), "form": form, "end": end_of(survey)}
    return render(request, PAGE, context, status=status)


def answered(request: HttpRequest, survey: Survey, form: AnswerForm) -> HttpResponse:
    """Taken once; whoever comes second is told how it stands."""
    try:
        done = form.take()
    except NotPossible:
        survey.refresh_from_db()
        return ask(request, form, 409)
    return ask(request, form, 400) if done is None else redirect(request.path)


@login_required
@require_safe
@never_cache
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """The link of a survey as a QR code, on screen and to be printed, for those who may ask."""
    user = cast(User, request.user)
    rows = Survey.objects.visible_to(user).select_related("order__category", "whistle__caller")
    found = get_object_or_404(rows, pk=pk)
    if not holds(user, Duty.INSPECT, found.asker):
        raise Http404
    url = request.build_absolute_uri(reverse("survey_answer", args=[found.code]))
    context = {
        "survey": found,
        "order": found.order,
        "told": tell(found),
        "open": found.status == flow.ASKED,
        "url": url,
        "picture": picture(url),
        "sent": sent_words(found),
    }
    return render(request, "command/survey.html", context)


def sent_words(survey: Survey) -> str:
    if survey.texted:
        phone = mask(survey.order.reporter_phone)
        return _("Sent as a short message to %(phone)s.") % {"phone": phone}
    return _("No phone of the reporter is known: show him the code, or print it.")
