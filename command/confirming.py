"""What waits for the main leader's word: whistles to confirm, and disputes a release would end."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.field_work import NEVER, place_words
from command.papers.dossier import Dossier, keep_watched, open_dossier, watch
from command.papers.rows import first_countdown, kind_badge, status_badge
from organization.authority import grants_of, units_where
from organization.calendar_words import say_amount
from organization.duty import Duty
from organization.models import User
from whistle import flow
from whistle.models import Response, Whistle
from workflow.buttons import buttons, step_url

MOST_DISPUTES = 10
DECIDED = ("confirm", "decline")

# Drafted, or blown in an emergency and not yet confirmed.
UNCONFIRMED = Q(status=flow.DRAFTED) | Q(
    status__in=(flow.BLOWN, flow.SETTLED, flow.VERIFIED, flow.SCORED),
    level=Whistle.Level.DISTRICT,
    confirmed_at=None,
)


def to_confirm(user: User) -> QuerySet[Any]:
    """The whistles of one's own streets that wait for a confirmation, the first due first."""
    mine = Q(caller__in=leading_at(user))
    mine |= Q(caller__in=units_where(user, Duty.CONFIRM)) & ~Q(kind=Whistle.Kind.TOUGH)
    own = Whistle.objects.visible_to(user).filter(mine)
    waiting = own.filter(UNCONFIRMED).annotate(due=Coalesce("due_at", Value(NEVER)))
    waiting = watch(waiting, "order")
    return waiting.select_related("order", "caller").order_by("due", "pk")


def leading_at(user: User) -> set[int]:
    """The units whose main leader the person is: he alone confirms tough whistles (攻坚哨)."""
    grants = grants_of(user)
    held = grants.rows.items()
    return {unit for (duty, unit), post in held if duty == Duty.CONFIRM and post in grants.leading}


def row(whistle: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "key": whistle.pk,
        "title": whistle.order.title,
        "badge": kind_badge(whistle),
        "count": paper_countdown(whistle, now),
        "url": reverse("confirmation", args=[whistle.number]),
        "number": whistle.number,
    }


def card(whistle: Any, user: User, now: datetime.datetime) -> dict[str, Any]:
    """One whistle on one card: why, whom, by when, what is asked."""
    keep_watched(whistle.order, whistle)
    found = open_dossier(whistle.order)
    paper = next(w for w in found.whistles if w.pk == whistle.pk)
    drafted = next((e for e in found.events_of(paper) if e.verb in ("draft", "raise")), None)
    return {
        "whistle": paper,
        "order": found.order,
        "badges": [kind_badge(paper), status_badge(paper)],
        "count": first_countdown(found, paper, now),
        "place": place_words(found.order),
        "drafted": drafted,
        "opinion": opinion(found),
        "called": called(found, paper),
        "photos": found.photos,
        "blown": paper.status != flow.DRAFTED,
        "acts": acts(paper, user),
    }


def opinion(found: Dossier) -> dict[str, Any] | None:
    """What the leader of the office said when it could not settle the order itself."""
    event = next((e for e in reversed(found.events) if e.verb == "grade"), None)
    if event is None:
        return None
    return {"words": event.words.get("opinion", ""), "actor": event.actor, "post": event.post}


def called(found: Dossier, whistle: Any) -> list[dict[str, Any]]:
    """Whom it calls, for what, by when: the drafted tasks, or the answers that came of them."""
    answers = found.responses_to(whistle)
    rows = answers or whistle.tasks.select_related("unit")
    return [
        {
            "unit": each.unit.title,
            "role": each.get_role_display(),
            "lead": each.role == "lead",
            "text": each.task if answers else each.text,
            "limit": say_amount(each.amount, each.time_unit),
        }
        for each in rows
    ]


def acts(whistle: Any, user: User) -> list[dict[str, Any]]:
    """The two decisions, each with its address or with why it is not this person's."""
    found = buttons(whistle, user, next_url=reverse("confirmations"))
    return [act for verb in DECIDED for act in found if act["verb"] == verb]


def disputes(user: User) -> list[dict[str, str]]:
    """Disputed answers to the person's whistles: a release ends them, else the district rules."""
    rows = Response.objects.visible_to(user).filter(
        status=flow.DISPUTED, whistle__caller__in=units_where(user, Duty.CONFIRM)
    )
    rows = rows.select_related("unit", "whistle__order").order_by("due_at", "pk")
    query = urlencode({"next": reverse("confirmations")})
    return [
        {
            "title": response.whistle.order.title,
            "sub": _("%(unit)s disputes it") % {"unit": response.unit.title},
            "url": response.get_absolute_url(),
            "act_url": f"{step_url(response, 'release')}?{query}",
            "act": flow.RESPONSE.label("release"),
            "icon": "scale",
        }
        for response in rows[:MOST_DISPUTES]
    ]
