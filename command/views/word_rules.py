"""What silence means and what reporters are told, for who administers the district."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from command.administration import silence, tellings
from command.views.policy import administrator, edit, show
from whistle.models.silence import KINDS


@login_required
def silence_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    return show(request, "silence", {"rows": silence.table(timezone.localdate())})


@login_required
def silence_edit(request: HttpRequest, kind: str) -> HttpResponse:
    user = administrator(request)
    if kind not in dict(KINDS):
        raise Http404
    form = silence.SilenceForm(kind, user, request.POST if request.method == "POST" else None)
    return edit(request, form, "silence_edit", {"name": silence.kind_word(kind)})


@login_required
def telling_table(request: HttpRequest) -> HttpResponse:
    administrator(request)
    return show(request, "tellings", {"steps": tellings.table(timezone.localdate())})


@login_required
def telling_edit(request: HttpRequest) -> HttpResponse:
    """A new text; the address names the step and the class whose place it takes."""
    user = administrator(request)
    first = tellings.standing(request.GET.dict())
    form = tellings.TellingForm(
        user, request.POST if request.method == "POST" else None, initial=first
    )
    return edit(request, form, "telling_edit", {})
