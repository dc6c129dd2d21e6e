"""What a liaison's units have still to do by a plan or a joint meeting, as cards."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import Assignment
from workflow.buttons import step_url

MOST = 12
SIGNS = {Assignment.Kind.STAGE: "layers", Assignment.Kind.MEETING: "users"}


def assigned_cards(user: User, units: list[Unit], now: datetime.datetime) -> list[dict[str, Any]]:
    """What runs out first comes first."""
    papers = Assignment.objects.visible_to(user).open().filter(unit__in=units)
    named = papers.select_related("whistle__order", "unit").order_by("due_at", "pk")[:MOST]
    handled = units_where(user, Duty.HANDLE)
    return [card(paper, paper.unit_id in handled, now) for paper in named]


def card(paper: Any, may: bool, now: datetime.datetime) -> dict[str, Any]:
    kind = {"word": paper.get_kind_display(), "tone": "line", "icon": SIGNS[paper.kind]}
    return {
        "key": "",
        "badges": [kind],
        "count": paper_countdown(paper, now),
        "title": paper.whistle.order.title,
        "url": paper.get_absolute_url(),
        "sub": f"{paper.unit.title} · {paper.whistle.number}",
        "ask": paper.text,
        "assigned": None,
        "tone": "late" if paper.due_at is not None and paper.due_at < now else "",
        "act": act(paper, may),
        "links": [],
    }


def act(paper: Any, may: bool) -> dict[str, Any]:
    """To report it as done; to look, for who may not."""
    if not may:
        return {"label": _("See the papers"), "url": paper.get_absolute_url(), "page": True}
    more = {"seen": paper.trace_count, "next": reverse("answers")}
    url = f"{step_url(paper, 'answer')}?{urlencode(more)}"
    return {"label": paper.flow.label("answer"), "url": url, "main": False}
