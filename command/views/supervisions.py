"""Supervision orders and instructions: the list, and one of them on a page of its own."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from command.papers.rows import narrowed, trace_filters
from command.papers.supervision import supervision_page
from command.scope import chosen_street, scope_menu
from command.supervision_list import SupervisionList, row
from organization.models import User
from whistle.models import SupervisionOrder

NAMED = ("order__centre", "unit", "issuer", "post__unit")


@login_required
def supervisions(request: HttpRequest) -> HttpResponse:
    """Those that the reader may see, newest first, filters in the URL."""
    user, now = cast(User, request.user), timezone.now()
    found = SupervisionList(user, request.GET, now)
    shown = found.page()
    context = {
        "list": found,
        "pages": found.pages(shown),
        "count": found.count(),
        "rows": [row(paper, now) for paper in shown.rows],
        "chips": found.chips(),
        "menus": found.menus(),
        "scope": scope_menu(user, chosen_street(user, request.GET.get("street", "")), request.GET),
    }
    return render(request, "command/supervisions.html", context)


@login_required
def supervision(request: HttpRequest, number: str) -> HttpResponse:
    user, now = cast(User, request.user), timezone.now()
    seen: Any = SupervisionOrder.objects.visible_to(user).select_related(*NAMED)
    context = supervision_page(get_object_or_404(seen, number=number), user, now)
    wanted = request.GET.get("trace", "")
    context |= {
        "filters": trace_filters(context["events"], wanted),
        "events": narrowed(context["events"], wanted),
    }
    return render(request, "command/supervision.html", context)
