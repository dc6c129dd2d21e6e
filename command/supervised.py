"""The supervision orders and instructions that a liaison's units have to answer, as cards."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.papers.rows import card_badges, supervision_badge
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import SupervisionOrder
from whistle.supervision_flow import ANSWERED, ISSUED, SIGNED
from workflow.buttons import step_url

MOST = 12
ACTS = {ISSUED: "sign", SIGNED: "answer"}
ELSE = {SIGNED: ("report",)}


def supervised_cards(user: User, units: list[Unit], now: datetime.datetime) -> list[dict[str, Any]]:
    """What runs out first comes first; what waits for the issuer is not the unit's turn."""
    papers = SupervisionOrder.objects.visible_to(user).open().filter(unit__in=units)
    named = papers.select_related("order", "unit", "post__unit").prefetch_related("cards")
    own = named.exclude(status=ANSWERED).order_by("due_at", "pk")[:MOST]
    handled = units_where(user, Duty.HANDLE)
    return [card(paper, paper.unit_id in handled, now) for paper in own]


def card(paper: Any, may: bool, now: datetime.datetime) -> dict[str, Any]:
    late = paper.due_at is not None and paper.due_at < now
    return {
        "key": "",
        "badges": [supervision_badge(paper), *card_badges(paper.cards.all())],
        "count": paper_countdown(paper, now),
        "title": paper.order.title,
        "url": paper.get_absolute_url(),
        "sub": _("%(post)s to %(unit)s") % {"post": paper.post, "unit": paper.unit.title},
        "ask": paper.requirement,
        "assigned": None,
        "tone": "late" if late else "",
        "act": act(paper, may),
        "links": [link(paper, verb) for verb in ELSE.get(paper.status, ()) if may],
    }


def act(paper: Any, may: bool) -> dict[str, Any]:
    """The one thing to do next; to look, for who may not do it."""
    if not may:
        return {"label": _("See the papers"), "url": paper.get_absolute_url(), "page": True}
    return link(paper, ACTS[paper.status]) | {"main": False}


def link(paper: Any, verb: str) -> dict[str, Any]:
    more = {"seen": paper.trace_count, "next": reverse("answers")}
    url = f"{step_url(paper, verb)}?{urlencode(more)}"
    return {"label": paper.flow.label(verb), "url": url}
