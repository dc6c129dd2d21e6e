"""The page's side of the live stream: where it is, and a ticket to it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from organization.authority import units_where
from workflow.live import make_ticket, mark_now


class LiveMark:
    """Middleware: note, before a page reads its data, from where its stream has to go on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if wants_whole_page(request) and request.user.is_authenticated:
            request.live_mark = mark_now()  # type: ignore[attr-defined]
        return self.get_response(request)


def wants_whole_page(request: HttpRequest) -> bool:
    asked = request.headers
    return (
        request.method == "GET"
        and "text/html" in asked.get("Accept", "")
        and "HX-Request" not in asked
    )


def live(request: HttpRequest) -> dict[str, object]:
    """Context processor: `live.url` and `live.ticket` for the attributes of the page's body."""
    if not hasattr(request, "live_mark"):
        return {}
    return {"live": place_and_ticket(request, request.live_mark)}


@require_GET
@never_cache
@login_required
def ticket(request: HttpRequest) -> JsonResponse:
    return JsonResponse(place_and_ticket(request, mark_now()))


def place_and_ticket(request: HttpRequest, mark: str) -> dict[str, str]:
    user = request.user
    assert user.is_authenticated
    return {
        "url": place(request),
        "ticket": make_ticket(user.pk, units_where(user), request.session.session_key, mark),
    }


def place(request: HttpRequest) -> str:
    """The stream answers on the page's own host, in the embedded default one port higher."""
    if not settings.STREAM_PORT:
        return str(settings.STREAM_PATH)
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"http://{host}:{settings.STREAM_PORT}{settings.STREAM_PATH}"
