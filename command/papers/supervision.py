"""Supervision on the pages of orders and whistles, and a supervision order's own page."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from command.countdown import clock_rows, countdown_of, why
from command.papers.dossier import Dossier, read_events, rows_of
from command.papers.rows import card_badges, status_badge, supervision_badge, trace_rows
from command.signs import VERB_ICONS
from organization.calendar_words import say_amount
from organization.models import User
from whistle.models import SupervisionOrder, WorkOrder
from whistle.supervising import kinds_for
from workflow.buttons import buttons
from workflow.clock import pauses_for
from workflow.trace_page import photo_data

HOLD = {
    SupervisionOrder.Kind.SUPERVISION: ("supervise", "shield"),
    SupervisionOrder.Kind.INSTRUCTION: ("instruct", "pen"),
}


def supervision_rows(found: Dossier, now: datetime.datetime) -> list[dict[str, Any]]:
    """One line for each unit held to the order, those still open first."""
    papers = sorted(found.supervisions, key=lambda p: not p.flow.is_open(p.status))
    return [line(found, paper, now) for paper in papers]


def line(found: Dossier, paper: SupervisionOrder, now: datetime.datetime) -> dict[str, Any]:
    clocks = [c for c in found.clocks_of(paper) if c.running]
    first = min(clocks, key=lambda c: c.due, default=None)
    return {
        "paper": paper,
        "badges": [supervision_badge(paper), status_badge(paper)],
        "cards": card_badges(c for c in found.cards if c.supervision_id == paper.pk),
        "count": countdown_of(first, now) if first else None,
    }


def hold_buttons(found: Dossier, user: User, next_url: str) -> list[dict[str, Any]]:
    """督办 for who supervises, the box of 批示 for the order's leaders."""
    order = found.order
    answering = any(r.flow.is_open(r.status) for r in found.responses)
    kinds = kinds_for(order, user, at_work=order.holder_id is not None or answering)
    return [hold_button(order, kind, next_url) for kind in kinds]


def hold_button(order: WorkOrder, kind: str, next_url: str) -> dict[str, Any]:
    name, icon = HOLD[SupervisionOrder.Kind(kind)]
    url = reverse(name, args=[order.number])
    return {
        "verb": name,
        "label": SupervisionOrder.Kind(kind).label,
        "url": f"{url}?{urlencode({'next': next_url})}",
        "icon": icon,
        "why": "",
    }


def supervision_page(paper: Any, user: User, now: datetime.datetime) -> dict[str, Any]:
    """Everything that `command/supervision.html` shows."""
    events, clocks = read_events([paper]), rows_of([paper], "clocks")
    paper.log = events
    cards = list(paper.cards.all())
    pauses = pauses_for(paper.order, now)
    running = [clock for clock in clocks if clock.running]
    first = min(running, key=lambda c: c.due, default=None)
    count = countdown_of(first, now) if first else None
    if count is not None:
        count.why = why(first, pauses)
    actions = buttons(paper, user, next_url=paper.get_absolute_url())
    return {
        "paper": paper,
        "order": paper.order,
        "badges": [supervision_badge(paper), status_badge(paper), *card_badges(cards)],
        "count": count,
        "facts": facts(paper),
        "clocks": clock_rows(last_of_each(clocks), now),
        "events": trace_rows(events),
        "photos": [photo_data(paper.flow, p) for e in events for p in e.photos.all()],
        "actions": [row | {"icon": VERB_ICONS.get(row["verb"], "")} for row in actions],
    }


def last_of_each(clocks: list[Any]) -> list[Any]:
    """Of each limit the last row: the cadence has one for every report."""
    return list({clock.what: clock for clock in sorted(clocks, key=lambda c: c.pk)}.values())


def facts(paper: SupervisionOrder) -> list[dict[str, Any]]:
    rows = [
        (_("Unit"), paper.unit.title, False),
        (_("Issued by"), str(paper.post), False),
        (_("Limit"), say_amount(paper.amount, paper.time_unit), False),
        (_("Report progress every"), cadence(paper), False),
        (pgettext("supervision", "Ground"), paper.get_ground_display(), True),
        (requirement_label(paper), paper.requirement, True),
        (_("Result"), paper.result, True),
    ]
    return [
        {"label": label, "value": value, "wide": wide, "badge": None, "url": "", "reveal": ""}
        for label, value, wide in rows
        if value
    ]


def requirement_label(paper: SupervisionOrder) -> str:
    return _("Words of the instruction") if paper.is_instruction else _("Requirement")


def cadence(paper: SupervisionOrder) -> str:
    if paper.cadence is None:
        return _("as the policy says")
    return say_amount(paper.cadence, paper.cadence_unit)
