"""The phone of the warden and of the community's people."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.field_work import KINDS, WORDS, count_tasks, place_words, read_tasks, waiting
from command.my_reports import figures
from command.papers.dossier import Dossier, open_dossier
from command.papers.rows import first_countdown, status_badge
from grids.terrain import feature, terrain
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import Verification
from workflow.errors import NotPossible
from workflow.forms import ActForm
from workflow.views import TakeStep

ON_HOME = 6


def reporter(request: HttpRequest) -> User:
    """The person, if reporting is among the duties; these pages do not exist for others."""
    user = cast(User, request.user)
    if not units_where(user, Duty.REPORT):
        raise Http404
    return user


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What is to be done today, what runs out first before the others."""
    user = reporter(request)
    found = waiting(user)
    total = sum(count_tasks(found).values())
    context = {
        "place": own_place(user),
        "tasks": read_tasks(found, ON_HOME),
        "total": total,
        "more": total - ON_HOME,
        "figures": figures(user),
    }
    return render(request, "command/phone_home.html", context)


def own_place(user: User) -> str:
    """The smallest unit that the person reports from, with its street before it."""
    unit = own_unit(user)
    street = unit.above(Unit.Kind.STREET)
    return f"{street.title} {unit.title}" if street and street != unit else unit.title


def own_unit(user: User) -> Unit:
    held = Unit.objects.filter(pk__in=units_where(user, Duty.REPORT))
    return max(held, key=lambda each: (len(each.path), -each.pk))


@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    user = reporter(request)
    found = waiting(user)
    counts = count_tasks(found)
    only = request.GET.get("kind", "")
    chips = [chip("", _("All"), sum(counts.values()), only)]
    chips += [chip(kind, str(KINDS[kind]), n, only) for kind, n in counts.items() if n]
    shown = read_tasks(found, after=request.GET.get("after", ""), only=only)
    return render(
        request, "command/phone_tasks.html", {"tasks": shown, "chips": chips, "kind": only}
    )


def chip(kind: str, label: str, count: int, current: str) -> dict[str, Any]:
    url = f"?kind={kind}" if kind else "?"
    return {"label": label, "url": url, "count": count, "current": kind == current}


@login_required
def phone_map(request: HttpRequest) -> HttpResponse:
    """The grids around one's own, with the open papers one may see."""
    unit = own_unit(reporter(request))
    panel = {
        "id": "ground",
        "kind": "grids",
        "label": _("Your grids and the open papers in them"),
        "css": "gc-map--phone",
        "grids": reverse("phone_ground"),
        "figures": reverse("map_figures"),
        "figure": "open",
        "breaks": "1,2,3,5",
        "pins_url": reverse("map_pins"),
        "on": unit.code,
        "wheel": True,
        **middle_of(unit),
    }
    return render(request, "command/phone_map.html", {"map": panel})


def middle_of(unit: Unit) -> dict[str, Any]:
    """Where the map begins: the middle of the unit, or everything that is drawn."""
    if not any(unit.pk in grid.unit.path for grid in terrain().grids):
        return {"fit": True}
    point = terrain().outline(unit).representative_point()
    return {"lng": point.x, "lat": point.y, "zoom": 16.5 if unit.kind == Unit.Kind.GRID else 15}


@login_required
def ground(request: HttpRequest) -> HttpResponse:
    """The grids of the communities that the person reports from, from the index in memory."""
    held = Unit.objects.filter(pk__in=units_where(reporter(request), Duty.REPORT))
    around = {unit.path[-2] if unit.kind == Unit.Kind.GRID else unit.pk for unit in held}
    features = [feature(grid) for grid in terrain().grids if around & set(grid.unit.path)]
    body = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
    answer = HttpResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


class AnswerTask(TakeStep):
    """A question put to somebody on the ground: what it is about, and the two answers."""

    model = Verification

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        """A yes says itself; a no wants words."""
        if data is not None and data.get("yes") == "yes" and not data.get("words", "").strip():
            data = data.copy()
            data["words"] = yes_words(self.paper)
        form = super().make_form(verb, data, files)
        form.fields["words"].error_messages["required"] = _("Say what you found.")
        return form

    def about(self, verb: str, form: ActForm) -> dict[str, Any]:
        order, now = self.paper.order, timezone.now()
        found = open_dossier(order)
        asked = next(v for v in found.verifications if v.pk == self.paper.pk)
        return {
            "order": order,
            "heading": WORDS[self.paper.kind],
            "place": place_words(order),
            "question": self.paper.question or usual_question(self.paper),
            "yes": yes_words(self.paper),
            "badge": status_badge(self.paper),
            "count": first_countdown(found, asked, now),
            "feedback": feedback(found),
            "pair": before_and_after(found),
        }

    def answer(self, name: str, context: dict[str, Any], status: int) -> HttpResponse:
        if name != "take":
            return super().answer(name, context, status)
        return render(self.request, "command/phone_task.html", context, status=status)

    def show_moved(self, verb: str, error: NotPossible) -> HttpResponseBase:  # type: ignore[override]
        """Sent twice is sent; what somebody else has answered is to be seen on the order."""
        own = self.paper.events.filter(verb=verb, actor=self.request.user).exists()
        if own and self.request.method == "POST":
            return self.leave(verb, None)
        if self.request.method == "GET":
            return redirect(self.paper.order)
        return super().show_moved(verb, error)

    def next_url(self) -> str:
        return reverse("phone_tasks")


def usual_question(asked: Verification) -> str:
    if asked.kind == Verification.Kind.CHECK:
        return _("Is it true, and is the report complete?")
    return _("Has it been fixed?")


def yes_words(asked: Verification) -> str:
    return _("It is so") if asked.kind == Verification.Kind.CHECK else _("It is fixed")


def feedback(found: Dossier) -> list[dict[str, Any]]:
    """What the handler reported: the four elements, and who it was."""
    event = last_event(found, "handle", "fix")
    if event is None:
        return []
    accepted = last_event(found, "accept", "take")
    given = {**event.data, **event.words}
    rows = [
        (_("Handled by"), " ".join(filter(None, [unit_of(event), str(event.actor or "")]))),
        (_("Accepted"), accepted.at if accepted else None),
        (_("Talked to"), given.get("talked_to")),
        (_("Measures"), given.get("result")),
        (_("Settled by"), given.get("settled_on")),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def unit_of(event: Any) -> str:
    return event.post.unit.title if event.post else ""


def last_event(found: Dossier, *verbs: str) -> Any:
    return next((e for e in reversed(found.events) if e.verb in verbs), None)


def before_and_after(found: Dossier) -> list[dict[str, Any]]:
    """The first photo of the problem and the newest of the result."""
    before = [p for p in found.photos if p["label"] in ("before", "near", "far")]
    after = [p for p in found.photos if p["label"] == "after"]
    return before[:1] + after[-1:]
