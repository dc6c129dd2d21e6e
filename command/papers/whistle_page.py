"""A whistle's page: head, what waits, one lane per department, marks, double reporting, trace."""

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from command.countdown import countdown_of, why
from command.field_work import place_words
from command.papers.dossier import Dossier
from command.papers.meetings import agreements, rows_of_unit
from command.papers.requests import ask_buttons, request_rows
from command.papers.rows import kind_badge, status_badge, step_rows, trace_rows, whole_limit
from command.papers.scores import marks
from command.papers.supervision import supervision_rows
from command.papers.surveys import displeased_badges, survey_rows
from command.papers.whistle_lanes import lanes
from command.papers.whistle_wait import choose, wait_box
from command.signs import VERB_ICONS
from organization.authority import acting_in, holds
from organization.duty import Duty
from organization.models import Relation, Unit, User
from organization.models.posts import on
from whistle.following import is_followed
from whistle.labels import Presence
from whistle.models import Request, Response, Whistle
from whistle.surveying import answer_to
from workflow.buttons import buttons
from workflow.trace_page import photo_data

# The nine-step bar's steps of the departments: index, what has been done by then, their clocks.
TALLIES = (
    (4, ("signed", "arrived", "done"), ("sign",)),
    (5, ("arrived", "done"), ("contact", "arrive")),
    (6, ("done",), ("finish",)),
)


def whistle_page(
    found: Dossier, whistle: Whistle, user: User, now: datetime.datetime
) -> dict[str, Any]:
    responses = found.responses_to(whistle)
    remember_log(found, whistle, responses)
    agreed = agreements(found, whistle, responses, user, now)
    actions = acts(whistle, user)
    offer_rework(whistle, actions)
    standing = [r for r in responses if r.status != Response.Status.RELEASED]
    answers = {r.pk: answer(found, r, user, now) for r in standing}
    for response in standing:
        answers[response.pk]["assignments"] = rows_of_unit(agreed, response.unit)
    rows = [(r, answers[r.pk]["actions"]) for r in responses if r.pk in answers]
    choice = choose(found, [(whistle, actions), *rows], user)
    if choice is not None:
        for _paper, buttons_of in [(whistle, actions), *rows]:
            buttons_of[:] = [row for row in buttons_of if row is not choice[1]]
    return {
        "whistle": whistle,
        "order": found.order,
        "followed": is_followed(found.order, user),
        "place": place_words(found.order),
        "badges": [*whistle_badges(whistle), *displeased_badges(found.order, whistle)],
        "steps": whistle_steps(found, responses, now),
        "last": last_countdown(found, responses, now),
        "whole": whole_limit(found, now),
        "confirmed": next((e for e in found.events_of(whistle) if e.verb == "confirm"), None),
        "wait": wait_box(found, choice, now) if choice else None,
        "lanes": lanes(found, whistle, answers, now),
        "supervisions": supervision_rows(found, now),
        "surveys": survey_rows(found, user, whistle.get_absolute_url(), now),
        "released": [r for r in responses if r.pk not in answers],
        "marks": marks(found, responses, now),
        "leaders": leaders(found, whistle, responses),
        "agreed": agreed,
        "actions": actions,
        "tasks": whistle.tasks.select_related("unit") if not responses else [],
        "events": trace_rows(
            found.events_of(
                whistle,
                *responses,
                *found.assignments_to(whistle),
                *asked(found, responses),
                *found.surveys,
            )
        ),
        "photos": found.photos,
        "code_url": code_url(whistle, user),
    }


def remember_log(found: Dossier, whistle: Whistle, responses: list[Response]) -> None:
    """What was read once serves the buttons too: events, and who rules in a dispute."""
    district = Unit.objects.filter(pk__in=whistle.caller.path, kind=Unit.Kind.DISTRICT).first()
    for paper in (whistle, *responses, *found.assignments_to(whistle)):
        paper.log = found.events_of(paper)
    whistle.answers = responses
    for response in responses:
        if whistle.is_level_three:
            response.known_arbiter = district


def offer_rework(whistle: Whistle, actions: list[dict[str, Any]]) -> None:
    """The resident says that it is not solved: sending it back comes before accepting it."""
    said = answer_to(whistle)
    rework = next((row for row in actions if row["verb"] == "rework" and not row["why"]), None)
    if said is not None and said.displeased and rework is not None:
        for row in actions:
            row["main"] = row is rework


def acts(paper: Any, user: User) -> list[dict[str, Any]]:
    rows = buttons(paper, user, next_url=paper.get_absolute_url())
    return [row | {"icon": VERB_ICONS.get(row["verb"], "")} for row in rows]


def asked(found: Dossier, responses: list[Response]) -> list[Request]:
    """The requests about these answers."""
    return [request for request in found.requests if request.response in responses]


def answer(
    found: Dossier, response: Response, user: User, now: datetime.datetime
) -> dict[str, Any]:
    """An answer with its result, to whom it was passed, and the buttons of this reader.

    What the reader may not press is only listed with the reasons: the lanes are narrow.
    """
    url = response.get_absolute_url()
    rows = request_rows(found, user, url, now)
    return {
        "response": response,
        "actions": [row | {"show": False} for row in acts(response, user)]
        + ask_buttons(response, user, url),
        "requests": [row for row in rows if row["request"].response == response],
        "result": response.result,
        "read_at": response.read_at,
    }


def whistle_badges(whistle: Whistle) -> list[dict[str, str]]:
    rows = [kind_badge(whistle), level_badge(whistle), status_badge(whistle)]
    if whistle.reworks:
        word = ngettext("Reworked once", "Reworked %(n)s times", whistle.reworks)
        rows.append({"word": word % {"n": whistle.reworks}, "tone": "soon", "icon": "redo"})
    return rows


def level_badge(whistle: Whistle) -> dict[str, str]:
    return {"word": whistle.get_level_display(), "tone": "line", "icon": ""}


def whistle_steps(
    found: Dossier, responses: list[Response], now: datetime.datetime
) -> list[dict[str, Any]]:
    """The nine steps; those of the departments say how many have got there, and how many late."""
    rows = step_rows(found, now)
    standing = [r for r in responses if r.status != Response.Status.RELEASED]
    for index, statuses, clocks in TALLIES if standing else ():
        there = sum(r.status in statuses for r in standing)
        late = sum(missed(found, r, clocks, now) for r in standing)
        row = rows[index]
        if row["state"] or there:
            row["at"], row["tone"] = f"{there} / {len(standing)}", ""
            row["who"] = pgettext("units", "%(n)s overdue") % {"n": late} if late else ""
        if late and row["state"] == "done":
            row["state"] = "late"
    return rows


def missed(
    found: Dossier, response: Response, whats: tuple[str, ...], now: datetime.datetime
) -> bool:
    clocks = [c for c in found.clocks_of(response) if c.what in whats]
    return any(clock.missed(now) for clock in clocks)


def last_countdown(found: Dossier, responses: list[Response], now: datetime.datetime) -> Any:
    """Until when the last department must have finished: the outer clock of the page."""
    clocks = [c for r in responses for c in found.clocks_of(r) if c.what == "finish" and c.running]
    if not clocks:
        return None
    last = max(clocks, key=lambda c: c.due)
    count = countdown_of(last, now)
    count.why = why(last, found.pauses(now))
    return count


def leaders(found: Dossier, whistle: Whistle, responses: list[Response]) -> dict[str, Any] | None:
    """双报到: the two leaders of a tough whistle, and what each has said on the spot."""
    if not whistle.is_tough:
        return None
    reports = [e for e in found.events_of(whistle) if e.verb == "leader_report"]
    called = responses or whistle.tasks.all()
    leads = [one.unit_id for one in called if one.role == "lead"]
    wanted = Q(kind=Relation.Kind.PAIRED, unit=whistle.caller_id)
    wanted |= Q(kind=Relation.Kind.IN_CHARGE, unit__in=leads)
    known = list(Relation.objects.filter(on(), wanted).select_related("post", "unit"))
    people = acting_in([relation.post_id for relation in known])
    kinds = (Relation.Kind.PAIRED, Relation.Kind.IN_CHARGE)
    rows = [leader(kind, known, people, reports) for kind in kinds]
    return {"rows": rows, "done": sum(row["event"] is not None for row in rows)}


def leader(
    kind: Any, known: list[Relation], people: dict[int, list[User]], reports: list[Any]
) -> dict[str, Any]:
    """One of the two: whom it is for, and how he was present; who reports again adds to it."""
    own = [relation for relation in known if relation.kind == kind]
    event = next((e for e in reports if kind.value in e.data["relations"]), None)
    return {
        "relation": kind.label,
        "units": [relation.unit.title for relation in own],
        "posts": [
            " ".join([relation.post.name, *map(str, people[relation.post_id])]) for relation in own
        ],
        "event": event,
        "how": presence_words(event) if event else "",
        "opinion": event.words.get("opinion", "") if event else "",
        "photos": [photo_data(Whistle.flow, photo) for photo in event.photos.all()]
        if event
        else [],
    }


def presence_words(event: Any) -> str:
    """How and where a leader was present."""
    how = dict(Presence.choices).get(event.data.get("presence"), "")
    return " · ".join(filter(None, [str(how), event.words.get("where", "")]))


def code_url(whistle: Whistle, user: User) -> str:
    """Where the caller shows the code that the departments sign in with."""
    waiting = whistle.status == Whistle.Status.BLOWN and any(
        holds(user, duty, whistle.caller) for duty in (Duty.DISPATCH, Duty.INSPECT, Duty.HANDLE)
    )
    return reverse("arrival_code", args=[whistle.number]) if waiting else ""
