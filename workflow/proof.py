"""Showing once more who one is, before a step that is sealed by the password."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

GRACE = 600
PROVED = "proved"


def prover(request: Any) -> Callable[[str], bool] | None:
    """How this request's person proves itself; None within ten minutes of the last time.

    Failures count towards the lock-out like failed logins. A token has no session to remember in.
    """
    plain = getattr(request, "_request", request)
    by_session = getattr(request, "auth", None) is None
    if by_session and time.time() - plain.session.get(PROVED, 0) < GRACE:
        return None

    def prove(password: str) -> bool:
        name = request.user.get_username()
        found = authenticate(plain, username=name, password=password)
        right = found is not None and found.pk == request.user.pk
        if right and by_session:
            plain.session[PROVED] = int(time.time())
        return right

    return prove


def lock_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """What axes answers to a locked name: a page, or the API's shape of an error."""
    if not request.path.startswith("/api/"):
        return render(request, str(settings.AXES_LOCKOUT_TEMPLATE), status=429)
    message = _("Too many wrong passwords: this name is locked for a quarter of an hour.")
    return JsonResponse({"code": "locked", "message": message, "fields": {}}, status=429)
