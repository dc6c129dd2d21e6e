"""How long a login lasts without use, and from where it came."""

import time

from django.conf import settings

SELDOM = 300


class KeepSession:
    """Renew the session of a person at work, at most every five minutes: one write, not many."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and not request.headers.get("X-Live"):
            now = int(time.time())
            if now - request.session.get("seen", 0) > SELDOM:
                request.session["seen"] = now
        return self.get_response(request)


def client_address(request) -> str:
    """The address that the outermost of our own proxies saw; other headers may be forged."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.PROXIES and len(hops) >= settings.PROXIES:
        return hops[-settings.PROXIES].strip()
    return request.META.get("REMOTE_ADDR", "")
