"""Ready phrases: one's own for everybody, those of district and units for the administrator."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from command.administration import phrases
from command.views.policy import administrator, show
from organization.models import Unit, User
from workflow.models import Phrase
from workflow.phrases import OwnPhraseForm


@login_required
def own_phrases(request: HttpRequest) -> HttpResponse:
    rows = Phrase.objects.filter(user=cast(User, request.user))
    return render(request, "command/phrases.html", {"groups": phrases.table(rows)})


@login_required
@require_POST
def phrase_keep(request: HttpRequest) -> JsonResponse:
    """Keep what was written in a form as a phrase of one's own."""
    form = OwnPhraseForm(cast(User, request.user), request.POST)
    if not form.is_valid():
        why = next(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"why": why}, status=400)
    return JsonResponse({"text": form.keep().text})


@login_required
@require_POST
def phrase_drop(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Phrase, pk=pk, user=cast(User, request.user)).delete()
    messages.success(request, _("The phrase is dropped."))
    return redirect("own_phrases")


@login_required
def phrase_table(request: HttpRequest) -> HttpResponse:
    """Those of the district and of its units; `unit` in the address keeps to one of them."""
    administrator(request)
    unit = Unit.objects.filter(code=request.GET.get("unit", "")).first()
    rows = Phrase.objects.filter(user=None)
    context = {"groups": phrases.table(rows, unit), "units": phrases.units(), "unit": unit}
    return show(request, "phrases", context)


@login_required
def phrase_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new phrase, for the text that `place` of the address names, or one that is changed."""
    administrator(request)
    phrase = shared(pk) if pk else Phrase()
    data = request.POST if request.method == "POST" else None
    form = phrases.PhraseForm(phrase, data, initial=request.GET.dict())
    if form.is_valid():
        form.phrase.save()
        messages.success(request, _("The phrase is saved."))
        return redirect("phrases")
    return show(
        request, "phrase_edit", {"form": form, "phrase": phrase}, 400 if form.errors else 200
    )


@login_required
@require_POST
def phrase_remove(request: HttpRequest, pk: int) -> HttpResponse:
    administrator(request)
    shared(pk).delete()
    messages.success(request, _("The phrase is dropped."))
    return redirect("phrases")


def shared(pk: int) -> Phrase:
    return get_object_or_404(Phrase.objects.select_related("unit"), pk=pk, user=None)
