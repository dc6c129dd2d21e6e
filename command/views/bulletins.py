"""The monthly bulletin of whistles: list of months, page, files, and issuing it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.bulletin.figures import Figures, Month
from command.bulletin.issuing import issue, issuer
from command.bulletin.page import (
    bulletin_of,
    bulletin_page,
    draft,
    may_read,
    may_see_drafts,
    month_of,
    month_rows,
    trial_page,
)
from command.bulletin.papers import document, workbook
from command.models import Bulletin
from command.views.letters import WRITERS
from organization.models import User
from workflow.errors import NotPossible
from workflow.views import whole


def reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not may_read(user):
        raise Http404
    return user


def asked(year: int, month: int) -> Month:
    found = month_of(year, month, timezone.now())
    if found is None:
        raise Http404
    return found


@login_required
def bulletins(request: HttpRequest) -> HttpResponse:
    rows = month_rows(reader(request), timezone.now())
    return render(request, "command/bulletins.html", {"rows": rows})


def chosen(request: HttpRequest, user: User, month: Month) -> tuple[Figures, Bulletin | None]:
    """The figures as they were issued; with ?draft=1, or before, those of now that he may see."""
    wants_draft = "draft" in request.GET and may_see_drafts(user)
    edition = whole(request.GET.get("edition"))
    bulletin = None if wants_draft else bulletin_of(month, edition)
    if bulletin is not None:
        return bulletin.figures, bulletin
    if edition is not None or not may_see_drafts(user):
        raise Http404
    return draft(user, month, timezone.now()), None


@login_required
def bulletin(request: HttpRequest, year: int, month: int) -> HttpResponse:
    user = reader(request)
    return show(request, user, asked(year, month))


def show(request: HttpRequest, user: User, month: Month, **more: Any) -> HttpResponse:
    figures, found = chosen(request, user, month)
    context = bulletin_page(user, month, figures, found, timezone.now())
    if found is not None:
        count = Bulletin.objects.filter(month=month.first).count()
        context["editions"] = [n for n in range(count, 0, -1) if n != found.edition]
    status = 400 if more.get("error") else 200
    return render(request, "command/bulletin.html", context | more, status=status)


@login_required
def bulletin_trial(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The month scored by another scheme (试算), for those who see figures that are not issued."""
    user, span = reader(request), asked(year, month)
    if not may_see_drafts(user):
        raise Http404
    return render(request, "command/bulletin_trial.html", trial_page(user, span, request.GET))


@login_required
def bulletin_file(request: HttpRequest, year: int, month: int, kind: str) -> HttpResponseBase:
    user, span = reader(request), asked(year, month)
    figures, found = chosen(request, user, span)
    name = f"{found.number if found else span.key}.{kind}"
    if kind == "xlsx":
        return FileResponse(workbook(figures), as_attachment=True, filename=name)
    if kind not in WRITERS:
        raise Http404
    paper = document(span, figures, found, found.unit if found else issuer())
    return FileResponse(WRITERS[kind](paper), as_attachment=True, filename=name)


@login_required
@require_POST
def bulletin_issue(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Keep the figures for good; said again with what was typed when it is refused."""
    user, span, reason = reader(request), asked(year, month), request.POST.get("reason", "")
    try:
        issued = issue(user, span, timezone.now(), reason[:300])
    except ValidationError as error:
        return show(request, user, span, error=" ".join(error.messages), reason=reason)
    except NotPossible as error:
        return show(request, user, span, error=str(error))
    messages.success(request, _("Issued: %(number)s") % {"number": issued.number})
    return redirect("bulletin", year, month)
