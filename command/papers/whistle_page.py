"""A whistle's page: head, what waits, one lane per department, marks, double reporting, trace."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from command.countdown import clock_name, countdown_of, why
from command.lanes import Lane, Leg, lay_out
from command.papers.dossier import Dossier
from command.papers.rows import kind_badge, status_badge, trace_rows
from command.wording import mask, say_when
from organization.calendar_words import format_due, say_amount
from organization.models import Relation, User
from organization.models.posts import on
from whistle.models import Response, Score, Whistle
from workflow.buttons import buttons
from workflow.trace import pauses_of

LEGS = ("sign", "contact", "arrive", "finish")


def lanes(found: Dossier, whistle: Whistle, now: datetime.datetime) -> dict[str, Any] | None:
    """One lane per department on one axis of days; None as long as nobody was called."""
    called = [r for r in found.responses_to(whistle) if r.status != Response.Status.RELEASED]
    rows = [lane(found, response, now) for response in called]
    rows = [row for row in rows if row.legs]
    if not rows:
        return None
    title = _("%(n)s called, against their limits") % {"n": len(rows)}
    return lay_out(rows, now, title)


def lane(found: Dossier, response: Response, now: datetime.datetime) -> Lane:
    clocks = {clock.what: clock for clock in found.clocks_of(response)}
    disputed = next(
        (e.at for e in reversed(found.events_of(response)) if e.verb == "dispute"), None
    )
    held = disputed if response.status == Response.Status.DISPUTED else None
    return Lane(
        name=response.unit.title,
        role=response.get_role_display(),
        badges=[status_badge(response)],
        task=response.task,
        contact=contact_of(response),
        legs=[leg(found, clocks[what], held, now) for what in LEGS if what in clocks],
    )


def contact_of(response: Response) -> str:
    if not response.lead_name:
        return ""
    return f"{response.lead_name} {mask(response.lead_phone)}"


def leg(found: Dossier, clock: Any, held: datetime.datetime | None, now: datetime.datetime) -> Leg:
    count = countdown_of(clock, now)
    count.why = why(clock, pauses_of(found.order, now))
    limit = say_amount(clock.amount, clock.unit)
    stopped = say_when(clock.stopped, now) if clock.stopped else ""
    until = _("limit %(limit)s, %(due)s") % {"limit": limit, "due": format_due(clock.due)}
    return Leg(
        name=clock_name(clock),
        start=clock.started,
        due=clock.due,
        stopped=clock.stopped,
        held=held if not clock.stopped else None,
        note=" / ".join(filter(None, [stopped, until])),
        count=count,
    )


def marks(found: Dossier, whistle: Whistle) -> list[dict[str, Any]]:
    """一哨一考核: the platform's part with what each fact cost, and the caller's part."""
    responses = found.responses_to(whistle)
    scores = {s.response_id: s for s in Score.objects.filter(response__in=responses)}
    return [mark(response, scores.get(response.pk)) for response in responses]


def mark(response: Response, score: Score | None) -> dict[str, Any]:
    return {
        "unit": response.unit.title,
        "role": response.get_role_display(),
        "score": score,
        "deductions": [deduction(response, row) for row in score.deductions] if score else [],
        "badge": status_badge(response),
    }


def deduction(response: Response, row: dict[str, Any]) -> str:
    """One cost in words: which limit was missed, or which step was taken."""
    flow = response.flow
    missed = row["fact"] == "late"
    name = flow.clock_label(row["name"]) if missed else flow.label(row["name"])
    words = _("%(name)s late −%(points)s") if missed else _("%(name)s −%(points)s")
    return words % {"name": name, "points": row["points"]}


def leaders(found: Dossier, whistle: Whistle) -> list[dict[str, Any]]:
    """双报到: the two leaders of a tough whistle, and what each has said on the spot."""
    if not whistle.is_tough:
        return []
    reports = [e for e in found.events_of(whistle) if e.verb == "leader_report"]
    leads = [r.unit for r in found.responses_to(whistle) if r.role == "lead"]
    rows = []
    for kind, units in ((Relation.Kind.PAIRED, [whistle.caller]), (Relation.Kind.IN_CHARGE, leads)):
        named = Relation.objects.filter(on(), kind=kind, unit__in=units).select_related(
            "post__unit"
        )
        event = next((e for e in reports if kind.value in e.data["relations"]), None)
        rows.append(
            {
                "relation": kind.label,
                "posts": [relation.post.name for relation in named],
                "event": event,
                "opinion": event.words.get("opinion", "") if event else "",
            }
        )
    return rows


def response_rows(found: Dossier, whistle: Whistle, user: User) -> list[dict[str, Any]]:
    """Each answer with the buttons that this reader has on it."""
    url = whistle.get_absolute_url()
    return [
        {
            "response": response,
            "badge": status_badge(response),
            "actions": buttons(response, user, next_url=url),
            "result": response.result,
            "read_at": response.read_at,
        }
        for response in found.responses_to(whistle)
    ]


def whistle_page(
    found: Dossier, whistle: Whistle, user: User, now: datetime.datetime
) -> dict[str, Any]:
    answers = found.responses_to(whistle)
    papers = [whistle, *answers]
    last = whistle.explain_deadline()
    return {
        "whistle": whistle,
        "order": found.order,
        "badges": [kind_badge(whistle), level_badge(whistle), status_badge(whistle)],
        "lanes": lanes(found, whistle, now),
        "last_due": last,
        "marks": marks(found, whistle),
        "leaders": leaders(found, whistle),
        "answers": response_rows(found, whistle, user),
        "actions": buttons(whistle, user, next_url=whistle.get_absolute_url()),
        "tasks": whistle.tasks.select_related("unit") if not answers else [],
        "events": trace_rows(found.events_of(*papers)),
        "photos": found.photos,
        "code_url": reverse("arrival_code", args=[whistle.number]),
    }


def level_badge(whistle: Whistle) -> dict[str, str]:
    return {"word": whistle.get_level_display(), "tone": "line", "icon": ""}
