"""The whistles: list and page."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from command import saved_views
from command.excel import write_whistles
from command.papers.dossier import keep_watched, open_dossier, watch
from command.papers.rows import narrowed, trace_filters
from command.papers.scores import sheet
from command.papers.whistle_page import whistle_page
from command.scope import chosen_street, scope_menu
from command.successors import may_move
from command.whistle_list import WhistleList, list_rows
from organization.models import User
from whistle.models import Response, Whistle


@login_required
def whistles(request: HttpRequest) -> HttpResponse:
    """The whistles that the reader may see, newest first, filters in the URL."""
    user, now = cast(User, request.user), timezone.now()
    if not request.GET and (view := saved_views.opening(user, "whistles")):
        return redirect(view.url)
    street = chosen_street(user, request.GET.get("street", ""))
    found = WhistleList(user, request.GET, now)
    shown = found.page()
    context = {
        "list": found,
        "pages": found.pages(shown),
        "count": found.count(),
        "rows": list_rows(shown.rows, now),
        "chips": found.chips(),
        "menus": found.menus(),
        "may_move": may_move(user),
        "exports": [{"label": "Excel", "url": reverse("whistles_excel") + found.url()}],
        "scope": scope_menu(user, street, request.GET),
        **saved_views.menu(user, "whistles", found),
    }
    return render(request, "command/whistles.html", context)


@login_required
def whistles_excel(request: HttpRequest) -> FileResponse:
    """The whole narrowed list as a file."""
    now = timezone.now()
    found = WhistleList(cast(User, request.user), request.GET, now)
    name = f"whistles-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    return FileResponse(write_whistles(found.counted), as_attachment=True, filename=name)


@login_required
def whistle(request: HttpRequest, number: str) -> HttpResponse:
    user, now = cast(User, request.user), timezone.now()
    found = open_dossier(whistle_of(user, number).order)
    paper = next(w for w in found.whistles if w.number == number)
    mark_read(found.responses_to(paper), user)
    context = whistle_page(found, paper, user, now)
    wanted = request.GET.get("trace", "")
    context |= {
        "filters": trace_filters(context["events"], wanted),
        "events": narrowed(context["events"], wanted),
    }
    return render(request, "command/whistle.html", context)


@login_required
def whistle_score(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Line by line what gave a department its points for a whistle."""
    user, now = cast(User, request.user), timezone.now()
    found = open_dossier(whistle_of(user, number).order)
    paper = next(w for w in found.whistles if w.number == number)
    answers = [r for r in found.responses_to(paper) if r.status != Response.Status.RELEASED]
    response = next((r for r in answers if r.pk == pk), None)
    if response is None:
        raise Http404
    return render(request, "command/score.html", sheet(found, paper, response, now))


def whistle_of(user: User, number: str) -> Whistle:
    """The whistle, if this person may see it; 404 otherwise."""
    named = ("caller", "centre", "order__grid", "order__community")
    found = watch(Whistle.objects.visible_to(user).select_related(*named), "order")
    paper: Any = get_object_or_404(found, number=number)
    keep_watched(paper.order, paper)
    return cast(Whistle, paper)


def mark_read(responses: list[Any], user: User) -> None:
    """The read receipt: the person to whom the department passed it has opened it."""
    for response in responses:
        if response.person_id == user.pk and response.read_at is None:
            response.read_at = timezone.now()
            response.save(update_fields=["read_at"])
