"""What has left the house, for those who administer the units it was meant for."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organization import delivery
from organization.authority import units_where
from organization.duty import Duty
from organization.masking import mask
from organization.models import Outbox, QuietHours, Unit, User
from workflow.paging import page

ROWS = 50
COUNTED = datetime.timedelta(days=7)
LOOKS = {
    "held": "still",
    "waiting": "act",
    "sent": "done",
    "delivered": "done",
    "failed": "late",
    "merged": "still",
}


def messages_for(user: User) -> QuerySet[Outbox]:
    """The messages to units below those that the person administers."""
    units = Unit.objects.subtree(units_where(user, Duty.ADMINISTER))
    return Outbox.objects.filter(unit__in=units)


@dataclass
class SendingList:
    """One page of messages, newest first; a state or cursor that means nothing is left out."""

    user: User
    query: Any
    now: datetime.datetime

    @property
    def state(self) -> str:
        given = self.query.get("state", "")
        return given if given in Outbox.State.values else ""

    def page(self) -> Any:
        messages = messages_for(self.user).select_related("unit")
        if self.state:
            messages = messages.filter(state=self.state)
        try:
            return page(messages, self.query.get("cursor", ""), ROWS)
        except ValidationError:
            return page(messages, "", ROWS)

    def url(self, **changed: str) -> str:
        kept = {"state": self.state} | changed
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def tabs(self) -> list[dict[str, Any]]:
        """How many there were of each state in the last days: what is older is not counted."""
        recent = messages_for(self.user).filter(created__gt=self.now - COUNTED)
        counts = dict(recent.order_by().values_list("state").annotate(Count("pk")))
        states = [("", _("All")), *Outbox.State.choices]
        return [
            {
                "label": label,
                "count": counts.get(state, 0) if state else sum(counts.values()),
                "url": self.url(state=state) if state else "?",
                "current": state == self.state,
            }
            for state, label in states
        ]


def row_of(message: Outbox) -> dict[str, Any]:
    return {
        "message": message,
        "to": mask(message.to),
        "look": LOOKS[message.state],
        "at": message.delivered_at or message.sent_at,
        "failed": message.state == Outbox.State.FAILED,
    }


def channels() -> list[dict[str, Any]]:
    """Which ways lead out of the house, and which end in the log."""
    return [
        {"label": label, "real": delivery.is_real(channel)}
        for channel, label in Outbox.Channel.choices
    ]


def quiet_rows() -> list[QuietHours]:
    return list(QuietHours.objects.order_by("phone")[:ROWS])
