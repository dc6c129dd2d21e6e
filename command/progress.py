"""How a report stands, in plain words for whoever made it: no names, no title, no photos."""

import re
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.calendar_words import format_due
from whistle import flow
from whistle.labels import RefusalGround
from whistle.models import WorkOrder

WORDS = {
    flow.REPORTED: _("We have received it and are looking at it."),
    flow.REGISTERED: _("It is registered; we are choosing who settles it."),
    flow.DISPUTED: _("It is registered; we are choosing who settles it."),
    flow.DISPATCHED: _("It has been given to the unit that will settle it."),
    flow.ACCEPTED: _("It is being settled."),
    flow.DIVIDED: _("Several units are settling it, each its part."),
    flow.WHISTLED: _("Departments of the district are settling it together."),
    flow.HANDLED: _("It has been settled; we are checking the result."),
    flow.VERIFIED: _("The result has been checked; we will call you back."),
    flow.CLOSED: _("It is settled and closed. Thank you."),
    flow.REFUSED: _("It could not be taken on here."),
    flow.SUSPENDED: _("It has to wait for now; we will go on with it."),
    flow.VOID: _("It was found to be void."),
}
MOST_NOTES = 20
# How far it has come, of five steps that a citizen knows.
STEPS = (
    pgettext_lazy("progress", "Received"),
    pgettext_lazy("progress", "Registered"),
    pgettext_lazy("progress", "In work"),
    pgettext_lazy("progress", "Settled"),
    pgettext_lazy("progress", "Closed"),
)
REACHED = {
    flow.REPORTED: 1,
    flow.REGISTERED: 2,
    flow.DISPUTED: 2,
    flow.DISPATCHED: 3,
    flow.ACCEPTED: 3,
    flow.DIVIDED: 3,
    flow.WHISTLED: 3,
    flow.SUSPENDED: 3,
    flow.HANDLED: 4,
    flow.VERIFIED: 4,
    flow.CLOSED: 5,
}


def find(words: str) -> WorkOrder | None:
    """The order of a number or of a progress code; a secret reporter's only by the code."""
    words = words.strip().upper()[:40]
    code = re.sub(r"[\s-]", "", words)
    named = Q(progress_code=code) | Q(number=words, confidential=False)
    orders = WorkOrder.objects.select_related(
        "street", "centre", "category", "merged_into", "part_of"
    )
    return orders.filter(named).first() if code else None


def tell(order: WorkOrder) -> dict[str, Any]:
    """What may be said of it to anybody who has the number."""
    shown = order.merged_into or order.part_of or order
    return {
        "number": order.number,
        "received": order.created,
        "kind": str(order.category) if order.category else "",
        "centre": order.signature,
        "phone": order.centre.duty_phone,
        "words": say(shown),
        "joined": order.merged_into is not None,
        "ground": ground_of(shown),
        "until": until(shown),
        "since": shown.status_since,
        "steps": steps(shown),
        "notes": notes(shown),
    }


def notes(order: WorkOrder) -> list[dict[str, Any]]:
    """What the reporter was told outside of the steps, the newest first; never a colleague's."""
    told = order.events.filter(verb="inform", words__has_key="remark").order_by("-n")
    return [{"at": event.at, "words": event.words["remark"]} for event in told[:MOST_NOTES]]


def say(order: WorkOrder) -> str:
    return str(WORDS.get(order.status, WORDS[flow.REPORTED]))


def steps(order: WorkOrder) -> list[dict[str, Any]]:
    """The five steps; none where it was refused or void."""
    reached = REACHED.get(order.status, 0)
    states = ["done"] * (reached - 1) + (["now"] if reached else [])
    if order.status == flow.CLOSED:
        states = ["done"] * len(STEPS)
    states += [""] * (len(STEPS) - len(states))
    return [
        {"name": name, "state": state} for name, state in zip(STEPS, states, strict=True)
    ] * bool(reached)


def ground_of(order: WorkOrder) -> str:
    """Why it was refused: the ground of the list, never the words written beside it."""
    if order.status != flow.REFUSED:
        return ""
    event = order.events.filter(verb="refuse").last()
    return str(dict(RefusalGround.choices).get(event.data["ground"], "")) if event else ""


def until(order: WorkOrder) -> str:
    """By when it will be settled, or how long it waits."""
    if order.status == flow.SUSPENDED:
        words = _now("Probably until %(day)s.")
        return words % {"day": order.suspended_until}
    clock = order.clocks.filter(what="handle", stopped=None, paused_at=None).first()
    if clock is None or not order.flow.is_open(order.status):
        return ""
    return _now("To be settled by %(due)s.") % {"due": format_due(clock.due)}
