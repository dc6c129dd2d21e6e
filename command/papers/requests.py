"""What is asked about a paper: the open requests with their buttons, and the buttons that ask."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from command.countdown import paper_countdown
from command.papers.dossier import Dossier
from command.papers.rows import first_countdown, status_badge
from command.signs import REQUEST_SIGNS, VERB_ICONS
from organization.calendar_words import listed, say_amount
from organization.models import User
from whistle.labels import ExemptionGround, ReturnGround
from whistle.models import Request, Response
from whistle.models.requests import Correction
from whistle.request_birth import asks_for
from workflow.buttons import buttons, key_of

ASKS = {
    Request.Kind.EXTENSION: pgettext_lazy("request", "Ask for more time"),
    Request.Kind.SUSPENSION: pgettext_lazy("request", "Ask for suspension"),
    Request.Kind.RETURN: pgettext_lazy("request", "Ask to return it"),
    Request.Kind.EXEMPTION: pgettext_lazy("request", "Ask for exemption"),
    Request.Kind.APPEAL: pgettext_lazy("request", "Make an appeal"),
}
GROUNDS = {str(code): label for code, label in [*ReturnGround.choices, *ExemptionGround.choices]}


def ask_buttons(subject: Any, user: User, next_url: str) -> list[dict[str, Any]]:
    """One button for each kind that this person may ask for now; a second appeal says why not."""
    name = "request_for_response" if isinstance(subject, Response) else "request_for_order"
    query = urlencode({"seen": subject.trace_count, "next": next_url})
    return [
        {
            "verb": f"ask_{kind}",
            "label": ASKS[kind],
            "url": f"{reverse(name, args=[key_of(subject), kind])}?{query}",
            "icon": REQUEST_SIGNS[kind],
            "main": False,
            "ask": False,
            "why": why,
        }
        for kind, why in asks_for(subject, user)
    ]


def request_rows(
    found: Dossier, user: User, next_url: str, now: datetime.datetime
) -> list[dict[str, Any]]:
    """The requests of an order that are still to be decided."""
    rows = []
    for request in found.requests:
        if request.flow.is_open(request.status):
            request.log = found.events_of(request)
            row = request_row(request, user, next_url, now)
            rows.append(row | {"count": first_countdown(found, request, now)})
    return rows


def request_row(
    request: Request, user: User, next_url: str, now: datetime.datetime
) -> dict[str, Any]:
    """What `command/request.html` shows of one request; its `log` is read already."""
    acts = [act for act in buttons(request, user, next_url=next_url) if not act["why"]]
    for act in acts:
        act |= {"main": False, "ask": act["verb"] == "grant"}
        act["icon"] = VERB_ICONS.get(act["verb"], "")
    return {
        "request": request,
        "badges": [kind_badge(request), status_badge(request)],
        "what": what_is_asked(request),
        "silence": request.get_silence_display() if request.due_at else "",
        "count": paper_countdown(request, now),
        "actions": acts,
    }


def kind_badge(request: Request) -> dict[str, str]:
    icon = REQUEST_SIGNS[request.kind]
    return {"word": request.get_kind_display(), "tone": "line", "icon": icon}


def what_is_asked(request: Request) -> str:
    """How much, until when, on which ground."""
    if request.amount is not None:
        return _("%(amount)s more") % {"amount": say_amount(request.amount, request.time_unit)}
    if request.until is not None:
        return _("until %(due)s") % {"due": f"{request.until:%Y-%m-%d}"}
    if (correction := request.correction()) is not None:
        return correction_words(correction)
    return str(GROUNDS.get(request.ground, request.ground))


def correction_words(correction: Correction) -> str:
    """What of a score the first reviewer of an appeal would have corrected."""
    said = [_("gives back %(what)s") % {"what": what} for what in correction.struck.values()]
    if correction.mark is not None:
        said.append(_("caller's mark %(mark)s") % {"mark": correction.mark})
    return listed(said)


def exempt_badges(found: Dossier, subject: Any) -> list[dict[str, str]]:
    """The sign that what happened here is left out of the assessment (剔除)."""
    if not any(r.exempts and r.subject == subject for r in found.requests):
        return []
    return [{"word": _("Not assessed"), "tone": "still", "icon": "ban"}]
