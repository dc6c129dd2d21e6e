"""A whistle's letter and the replies to it: as a page, as PDF and as docx."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from command.official.document import Document
from command.official.pdf import write_pdf
from command.official.word import write_docx
from command.papers import letter as papers
from command.views.whistles import whistle_of
from organization.models import User

WRITERS = {"pdf": write_pdf, "docx": write_docx}


@login_required
def letter(request: HttpRequest, number: str, kind: str = "") -> HttpResponseBase:
    """The letter of the street (承办需求信函)."""
    whistle = whistle_of(cast(User, request.user), number)
    if not whistle.is_level_three:
        raise Http404
    document = papers.letter(whistle)
    if kind:
        return as_file(document, kind)
    urls = {kind: reverse("whistle_letter_file", args=[number, kind]) for kind in WRITERS}
    return as_page(request, document, urls, whistle.get_absolute_url())


@login_required
def reply(request: HttpRequest, number: str, pk: int, kind: str = "") -> HttpResponseBase:
    """A department's reply (回函), once it has been sent."""
    whistle = whistle_of(cast(User, request.user), number)
    found = papers.replies().filter(whistle=whistle).select_related("unit")
    response = get_object_or_404(found, pk=pk)
    response.whistle = whistle
    document = papers.reply(response)
    if kind:
        return as_file(document, kind)
    urls = {kind: reverse("reply_file", args=[number, pk, kind]) for kind in WRITERS}
    return as_page(request, document, urls, response.get_absolute_url())


def as_page(
    request: HttpRequest, document: Document, urls: dict[str, str], back: str
) -> HttpResponse:
    context = {"document": document, "urls": urls, "back": back}
    return render(request, "command/official.html", context)


def as_file(document: Document, kind: str) -> FileResponse:
    if kind not in WRITERS:
        raise Http404
    name = f"{document.number or document.title}.{kind}"
    return FileResponse(WRITERS[kind](document), as_attachment=True, filename=name)
