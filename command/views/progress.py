"""The public page: how does my report stand?"""

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from command.progress import find, tell
from command.trying import MOST, note_try


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that codes stand in no log; unknown ones are all answered alike."""
    if request.method != "POST":
        return render(request, "command/progress.html")
    if note_try("progress", get_client_ip_address(request) or "") > MOST:
        return render(request, "command/progress.html", {"too_often": True}, status=429)
    asked = request.POST.get("code", "")
    order = find(asked)
    if order is None:
        return render(
            request, "command/progress.html", {"unknown": True, "asked": asked[:40]}, status=404
        )
    return render(request, "command/progress.html", {"found": tell(order)})
