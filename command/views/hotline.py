"""The 12345 hotline: its file in, row by row, and our replies back."""

import json
import tempfile
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from command.hotline_files import files_of, page_of
from command.hotline_replies import WAITING, ReplyList, write_replies
from organization.models import User
from organization.sealed import opened, seal
from organization.tables import Refused
from whistle.hotline import MOST, may_take_in, read_file, take
from whistle.hotline_files import have_taken, keep, sheet_of
from whistle.models import HotlineFile
from whistle.replies import hand_over
from workflow.errors import NotPossible

MOST_BYTES = 4 * 2**20
AT_ONCE = 2**19  # a larger file is left to the worker, however few rows it has
KEPT = 3600  # seconds in which a looked-through file can be taken


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("The hotline's file (.xlsx or .csv)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 4 MB."))
        return file


def receiver(request: HttpRequest) -> User:
    """The person, if he receives for the district; for all others there is no such page."""
    user = cast(User, request.user)
    if not may_take_in(user):
        raise Http404
    return user


@login_required
@never_cache
def hotline(request: HttpRequest) -> HttpResponse:
    """Look a file through: what each row would become, before anything is taken."""
    user = receiver(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if not form.is_valid():
        status = 400 if form.errors else 200
        context = {"form": form, "replies": ReplyList(user, request.GET), "files": files_of()}
        return render(request, "command/hotline.html", context, status=status)
    file = form.cleaned_data["file"]
    name, content = Path(file.name).name[-80:], file.read()
    try:
        if len(content) > AT_ONCE or len(sheet_of(name, content).verdicts) > MOST:
            return redirect("hotline_file", keep(user, name, content, timezone.now()).pk)
    except Refused as refused:
        return refuse(request, user, refused)
    return look_through(request, user, name, content, taking=False)


def refuse(request: HttpRequest, user: User, refused: Refused) -> HttpResponse:
    context = {"refused": refused.problems, "form": FileForm(), "files": files_of()}
    context["replies"] = ReplyList(user, request.GET)
    return render(request, "command/hotline.html", context, status=400)


@login_required
@never_cache
@require_POST
def hotline_take(request: HttpRequest) -> HttpResponse:
    """Take what was looked through: the file comes back sealed, as it was shown."""
    user = receiver(request)
    kept = json.loads(opened(request.POST.get("kept", "")) or "{}")
    if kept.get("by") != user.pk or kept["at"] < time.time() - KEPT:
        messages.error(request, _("The file has to be looked through again."))
        return redirect("hotline")
    return look_through(request, user, kept["name"], b64decode(kept["content"]), taking=True)


def look_through(
    request: HttpRequest, user: User, name: str, content: bytes, *, taking: bool
) -> HttpResponse:
    now = timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            verdicts, ignored = read_file(path, user, now)
        except Refused as refused:
            return refuse(request, user, refused)
    taken = take(verdicts, now) if taking else 0
    context = {
        "name": name,
        "verdicts": verdicts,
        "ignored": ignored,
        "ready": sum(verdict.can_be_taken for verdict in verdicts),
        "known": sum(bool(verdict.known) for verdict in verdicts),
        "wrong": sum(bool(verdict.problems) for verdict in verdicts),
        "taken": taken,
        "taking": taking,
        "kept": "" if taking else sealed_file(user, name, content),
    }
    return render(request, "command/hotline_file.html", context)


def sealed_file(user: User, name: str, content: bytes) -> str:
    """What was looked through, for this person and this hour: nobody else can open or change it."""
    kept = {"by": user.pk, "at": time.time(), "name": name, "content": b64encode(content).decode()}
    return seal(json.dumps(kept))


@login_required
@never_cache
def hotline_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that the worker has in hand: how far it is, and the verdict on each row."""
    user = receiver(request)
    file = get_object_or_404(HotlineFile.objects.select_related("by"), pk=pk)
    context = page_of(file, user, request.GET)
    part = getattr(request, "htmx", False)
    return render(request, f"command/hotline_{'kept_part' if part else 'kept'}.html", context)


@login_required
@require_POST
def hotline_file_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the rows taken that were shown."""
    user = receiver(request)
    try:
        have_taken(get_object_or_404(HotlineFile, pk=pk), user)
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("hotline_file", pk)


@login_required
@never_cache
def replies_excel(request: HttpRequest) -> FileResponse:
    """The replies of the list in the hotline's form; this alone hands nothing over."""
    found = ReplyList(receiver(request), request.GET)
    name = f"replies-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(write_replies(found.rows()), as_attachment=True, filename=name)


@login_required
@require_POST
def replies_handed(request: HttpRequest) -> HttpResponse:
    """Note that the replies shown were handed over: those only, not what has closed since."""
    user = receiver(request)
    asked = [int(pk) for pk in request.POST.getlist("event") if pk.isdecimal() and len(pk) < 19]
    n = hand_over(user, asked, by_api=False, now=timezone.now())
    messages.success(request, _("%(n)s replies are noted as handed over.") % {"n": n})
    return redirect(f"{reverse('hotline')}?show={WAITING}")
