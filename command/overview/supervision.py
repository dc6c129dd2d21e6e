"""What the leader who looks has instructed, and the red cards shown in his sight."""

import datetime
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.papers.rows import status_badge
from organization.authority import posts_of, units_where
from organization.models import Unit, User
from whistle.models import Card, SupervisionOrder
from whistle.models.orders import WorkOrderSight
from whistle.supervision_flow import ANSWERED
from workflow.buttons import step_url

MOST = 5


def supervision_cards(
    user: User, own: list[Any], street: Unit | None, now: datetime.datetime
) -> dict[str, Any]:
    """`own` are the instructions that the reader has issued."""
    return {
        "instructions": [instruction(paper, now) for paper in own],
        "red_cards": [red_card(card) for card in red_cards(user, street)],
        "red_url": f"{reverse('work_orders')}?{urlencode({'card': 'red'})}",
    }


def instructed_by(user: User) -> list[Any]:
    """The open instructions of the person's seats; what waits to be signed off comes first."""
    first = Case(When(status=ANSWERED, then=Value(0)), default=1, output_field=IntegerField())
    papers = SupervisionOrder.objects.visible_to(user).open()
    own = papers.filter(kind=SupervisionOrder.Kind.INSTRUCTION, post__in=posts_of(user))
    return list(own.select_related("order", "unit").order_by(first, "due_at", "pk")[:MOST])


def instruction(paper: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "title": paper.order.title,
        "unit": paper.unit.title,
        "url": paper.get_absolute_url(),
        "badge": status_badge(paper),
        "count": paper_countdown(paper, now),
    }


def red_cards(user: User, street: Unit | None) -> Any:
    """The newest ones on orders that the person sees."""
    seen = WorkOrderSight.objects.filter(unit__in=units_where(user)).values("paper")
    cards = Card.objects.filter(colour=Card.Colour.RED, order__in=seen)
    if street is not None:
        cards = cards.filter(order__street=street)
    return cards.select_related("unit", "order").order_by("-at", "-pk")[:MOST]


def red_card(card: Any) -> dict[str, Any]:
    return {
        "unit": card.unit.title,
        "title": card.order.title,
        "url": card.order.get_absolute_url(),
        "at": card.at,
    }


def to_sign_off(own: list[Any], next_url: str) -> list[dict[str, Any]]:
    """Instructions that were answered: they wait for the leader himself."""
    return [answered(paper, next_url) for paper in own if paper.status == ANSWERED]


def answered(paper: Any, next_url: str) -> dict[str, Any]:
    more = urlencode({"seen": paper.trace_count, "next": next_url})
    return {
        "icon": "pen",
        "tone": "act",
        "title": _("Answer to your instruction: %(title)s") % {"title": paper.order.title},
        "sub": f"{paper.unit.title} · {paper.result[:80]}",
        "url": paper.get_absolute_url(),
        "act": {
            "label": paper.flow.label("sign_off"),
            "url": f"{step_url(paper, 'sign_off')}?{more}",
        },
    }
