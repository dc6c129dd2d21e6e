"""The lanes of a whistle: each department's four legs against their limits, and its answer."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from command.countdown import clock_name, countdown_of, why
from command.lanes import Lane, Leg, lay_out
from command.papers.dossier import Dossier
from command.papers.requests import exempt_badges
from command.papers.rows import card_badges, status_badge
from command.wording import say_when
from organization.calendar_words import format_due, say_amount
from organization.masking import mask
from whistle.actions.scoring import cards_among
from whistle.models import Response, Whistle

LEGS = ("sign", "contact", "arrive", "finish")


def lanes(
    found: Dossier, whistle: Whistle, answers: dict[int, Any], now: datetime.datetime
) -> dict[str, Any] | None:
    """One lane per department on one axis of days; None as long as nobody was called."""
    called = [r for r in found.responses_to(whistle) if r.pk in answers]
    rows = [lane(found, response, answers[response.pk], now) for response in called]
    rows = [row for row in rows if row.legs]
    if not rows:
        return None
    words = ngettext(
        "%(n)s unit, against its limits", "%(n)s units, each against its limits", len(rows)
    )
    return lay_out(rows, now, words % {"n": len(rows)})


def lane(found: Dossier, response: Response, answer: Any, now: datetime.datetime) -> Lane:
    clocks = {clock.what: clock for clock in found.clocks_of(response)}
    events = found.events_of(response)
    disputed = next((e.at for e in reversed(events) if e.verb == "dispute"), None)
    held = disputed if response.status == Response.Status.DISPUTED else None
    return Lane(
        name=response.unit.title,
        role=response.get_role_display(),
        badges=[
            *card_badges(cards_among(found.cards, response)),
            status_badge(response),
            *overdue_badge(response, now),
            *exempt_badges(found, response),
        ],
        task=response.task,
        contact=contact_of(response),
        legs=[leg(found, clocks[what], held, now) for what in LEGS if what in clocks],
        key=f"response-{response.pk}",
        answer=answer,
    )


def overdue_badge(response: Response, now: datetime.datetime) -> list[dict[str, str]]:
    if response.due_at is None or response.due_at >= now:
        return []
    return [{"word": _("Overdue"), "tone": "late", "icon": "alert"}]


def contact_of(response: Response) -> str:
    return f"{response.lead_name} {mask(response.lead_phone)}" if response.lead_name else ""


def leg(found: Dossier, clock: Any, held: datetime.datetime | None, now: datetime.datetime) -> Leg:
    """A stopped leg says when, a running one until when; both say the limit on hover."""
    count = countdown_of(clock, now)
    count.why = why(clock, found.pauses(now))
    limit = say_amount(clock.limit, clock.unit)
    exact = {"limit": limit, "due": format_due(clock.due)}
    if clock.stopped:
        note = _("%(when)s / limit %(limit)s")
        note %= {"when": say_when(clock.stopped, now), "limit": limit}
    else:
        note = _("until %(due)s") % {"due": say_when(clock.due, now)}
    return Leg(
        name=clock_name(clock),
        start=clock.started,
        due=clock.due,
        stopped=clock.stopped,
        held=held if not clock.stopped else None,
        note=note,
        exact=_("limit %(limit)s, %(due)s") % exact,
        count=count,
    )
