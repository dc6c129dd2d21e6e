"""Taking a step from a page, and the files that came with steps."""

from pathlib import Path
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from organization.models import User
from workflow.buttons import DANGEROUS, what_happens
from workflow.errors import MovedOn, NotPossible
from workflow.forms import NOTE, PASSWORD, ActForm, form_for, note_field
from workflow.phrases import offer
from workflow.proof import prover
from workflow.stale import check_seen
from workflow.trace import paper_models
from workflow.trace_page import say_value, trace_row

KEPT_BY_BROWSER = 86400
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "seen", PASSWORD})


class TakeForm(LoginRequiredMixin, View):
    """Shows a form that acts, takes it, and keeps what was typed when it is refused.

    Asked for by htmx or the page's dialog it answers with the form alone, else with a whole page.
    A subclass finds the paper and the form; `paper` is what one looks at to see where it stands.
    """

    paper: Any

    def find(self, **lookup: Any) -> Any:
        raise NotImplementedError

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        raise NotImplementedError

    def about(self, verb: str, form: ActForm) -> dict[str, Any]:
        """Title, label of the button and more for the page."""
        raise NotImplementedError

    def get(self, request: HttpRequest, verb: str = "", **lookup: Any) -> HttpResponseBase:
        self.paper = self.find(**lookup)
        try:
            form = self.make_form(verb)
        except NotPossible as error:
            return self.show_moved(verb, error)
        known = {name: request.GET[name] for name in form.fields if name in request.GET}
        form.initial = {**form.initial, **known}
        return self.show(verb, form)

    def post(self, request: HttpRequest, verb: str = "", **lookup: Any) -> HttpResponseBase:
        self.paper = self.find(**lookup)
        try:
            seen = whole(request.POST.get("seen"))
            check_seen(self.paper, seen, verb)
            form = self.make_form(verb, request.POST, request.FILES)
            form.seen = seen
            done = form.take()
        except NotPossible as error:
            return self.show_moved(verb, error)
        return self.show(verb, form) if done is None else self.leave(verb, done)

    def show(self, verb: str, form: ActForm) -> HttpResponse:
        offer(form, cast(User, self.request.user), self.paper.root.policy_case())
        context = {
            "paper": self.paper,
            "subject": self.paper.subject_line(),
            "form": form,
            "url": self.request.path,
            "hidden": {"seen": self.seen(), "next": self.next_url()},
            "back_url": self.next_url(),
            **self.about(verb, form),
        }
        return self.answer("take", context, 400 if form.errors else 200)

    def show_moved(self, verb: str, error: NotPossible) -> HttpResponse:
        self.paper.refresh_from_db()
        context = {
            "paper": self.paper,
            "stale": stale_data(self.paper, verb, error, self.request),
            "back_url": self.next_url(),
        }
        return self.answer("moved", context, 409)

    def answer(self, name: str, context: dict[str, Any], status: int) -> HttpResponse:
        alone = bool(getattr(self.request, "htmx", False))
        template = f"workflow/{name}_part.html" if alone else f"workflow/{name}.html"
        return render(self.request, template, context, status=status)

    def leave(self, verb: str, done: Any) -> HttpResponse:
        messages.success(self.request, self.said(verb))
        url = self.next_url()
        if getattr(self.request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)

    def said(self, verb: str) -> str:
        return _("Done: %(step)s") % {"step": self.paper.flow.label(verb)}

    def seen(self) -> int:
        """What the reader's page was made from: of a form shown again, still that page."""
        given = self.request.GET if self.request.method == "GET" else self.request.POST
        said = whole(given.get("seen"))
        return int(self.paper.trace_count) if said is None else said

    def next_url(self) -> str:
        """Where the reader came from, if that is one of our own pages; else the paper."""
        asked = self.request.POST.get("next") or self.request.GET.get("next") or ""
        ours = url_has_allowed_host_and_scheme(
            asked, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return asked if ours else str(self.paper.get_absolute_url())


class TakeStep(TakeForm):
    """One step of one paper: GET shows its form, POST takes it.

    `undecided` names the clocks whose limit depends on what the step's form asks for.
    """

    model: ClassVar[Any] = None
    undecided: ClassVar[dict[str, frozenset[str]]] = {}

    def find(self, **lookup: Any) -> Any:
        """The paper, if this person may see it."""
        return get_object_or_404(self.model.objects.visible_to(self.request.user), **lookup)

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        if verb not in self.model.flow.verbs:
            raise Http404
        prove = prover(self.request)
        return form_for(self.paper, verb, self.request.user, data, files, prove)  # type: ignore[arg-type]

    def about(self, verb: str, form: ActForm) -> dict[str, Any]:
        label = self.paper.flow.label(verb)
        return {
            "title": label,
            "submit": label,
            "danger": verb in DANGEROUS,
            "what": what_happens(
                self.paper,
                form.step,  # type: ignore[attr-defined]
                without=self.undecided.get(verb, ()),
            ),
        }


def whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def stale_data(paper: Any, verb: str, error: NotPossible, request: HttpRequest) -> dict[str, Any]:
    """What parts/stale.html shows: what happened meanwhile, mine beside theirs.

    Where the step can still be taken, what was typed goes along as hidden fields.
    """
    since = error.events if isinstance(error, MovedOn) else []
    rows = paper.flow.possible(paper, verb) if since else []
    typed = {k: str(v) for k, v in request.POST.items() if k not in NOT_CARRIED}
    return {
        "message": str(error),
        "paper": paper,
        "since": [trace_row(paper.flow, event) for event in since or list(last_of(paper))],
        "fields": compare(paper, verb, typed, since, request.user),
        "can_go_on": bool(rows),
        "photos": bool(request.FILES),
        "url": request.path,
        "hidden": [{"name": "seen", "value": paper.trace_count}]
        + [{"name": name, "value": value} for name, value in typed.items()],
    }


def last_of(paper: Any) -> Any:
    rows = paper.events.select_related("actor", "post__unit").prefetch_related("photos")
    return rows.order_by("-n")[:1]


def compare(
    paper: Any, verb: str, typed: dict[str, str], since: list[Any], user: Any
) -> list[dict[str, str]]:
    """What was typed, each text or choice beside what somebody else gave there meanwhile."""
    theirs: dict[str, Any] = {}
    for event in since:
        theirs |= given_by(event, verb, user)
    step = next((s for s in paper.flow.steps if s.verb == verb and s.personal), None)
    found = []
    for name, value in typed.items():
        if field := input_of(paper, step, name, user):
            other = say_value(field, theirs[name]) if name in theirs else ""
            mine = say_typed(field, value)
            if mine and mine != other:
                found.append({"label": str(field.label), "theirs": other, "mine": mine})
    return found


def given_by(event: Any, verb: str, user: Any) -> dict[str, Any]:
    """What somebody else gave with a step; the note of another step has nothing to do with mine."""
    if event.actor_id == user.pk:
        return {}
    given = {**event.data, **event.words}
    return {k: v for k, v in given.items() if k != NOTE or event.verb == verb}


def input_of(paper: Any, step: Any, name: str, user: Any) -> forms.Field | None:
    """The field of an input, as the form of the step shows it."""
    if name == NOTE:
        return note_field(step is not None and "reason" in step.needs)
    if step is None or name not in (*step.needs, *step.takes):
        return None
    made: forms.Field = paper.flow.fields[name](paper, step, user)
    return made


def say_typed(field: forms.Field, value: str) -> str:
    """What was typed as its reader would see it: a choice by its label."""
    field.required = False
    try:
        chosen = field.clean(value)
    except forms.ValidationError:
        return value
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(chosen)) if chosen else ""
    return say_value(field, value)


class ShowFile(LoginRequiredMixin, View):
    """A photo that came with a step, for those who may see the paper."""

    small = False

    def get(self, request: HttpRequest, flow: str, pk: Any) -> HttpResponseBase:
        photo = get_object_or_404(attachments_for(flow, request.user), pk=pk)
        path = photo.thumb if self.small else photo.file
        if not path:
            raise Http404
        media_type = "image/jpeg" if self.small else photo.media_type
        response = send(path, media_type)
        response["Content-Disposition"] = f'inline; filename="{photo.pk}{Path(path).suffix}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = f"private, max-age={KEPT_BY_BROWSER}"
        return response


def attachments_for(flow: str, user: Any) -> Any:
    """The attachments of the papers of a flow that the person may see."""
    model: Any = next((m for m in paper_models() if m.flow.name == flow), None)
    if model is None:
        raise Http404
    photos = model._meta.get_field("attachments").related_model
    return photos.objects.filter(paper__in=model.objects.visible_to(user))


def send(path: str, media_type: str) -> HttpResponseBase:
    """The file itself, or in production the word to nginx to send it (FILES_ACCEL)."""
    if prefix := getattr(settings, "FILES_ACCEL", ""):
        return HttpResponse(content_type=media_type, headers={"X-Accel-Redirect": prefix + path})
    try:
        content = (Path(settings.MEDIA_ROOT) / path).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, content_type=media_type)
