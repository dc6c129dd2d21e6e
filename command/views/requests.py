"""Requests: those to decide, and those that one's own units have made."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from command.asking import KEYS, TABS, requests_in, row
from organization.models import User
from workflow.paging import page

PAGE = 20


@login_required
def requests(request: HttpRequest) -> HttpResponse:
    user, now = cast(User, request.user), timezone.now()
    tab = request.GET.get("tab", "decide")
    if tab not in TABS:
        raise Http404
    try:
        found = page(requests_in(tab, user), request.GET.get("cursor", ""), PAGE, KEYS[tab])
    except ValidationError as error:
        raise Http404 from error
    context = {
        "tab": tab,
        "tabs": [tab_of(name, tab) for name in TABS],
        "rows": [row(one, tab, user, now) for one in found.rows],
        "page": found,
    }
    return render(request, "command/requests.html", context)


def tab_of(name: str, current: str) -> dict[str, Any]:
    return {"label": TABS[name], "url": f"?tab={name}", "current": name == current}
