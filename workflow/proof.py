"""Showing once more who one is, before a step that is sealed by the password."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import authenticate

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
