"""Handing a command centre over from shift to shift (交接班): what stands, in words and figures."""

import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.models import Handover
from command.queues import QUEUES, count_together, overdue, stranded
from organization.authority import grants_of, units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.models import WorkOrder
from whistle.models.orders import WorkOrderEvent
from workflow.errors import NotPossible
from workflow.paging import Page, page

ROWS = 20
NEWEST = ("-at", "-pk")
LISTED = 30
# A shift is so long at most: what ran away from its holders in it is told, and what will.
SHIFT = datetime.timedelta(hours=12)


class HandoverForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What the next shift must know"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def desk_of(user: User) -> Unit | None:
    """The unit whose desk the person keeps: the lowest at which he dispatches."""
    units = Unit.objects.filter(pk__in=units_where(user, Duty.DISPATCH))
    return max(units, key=lambda unit: (len(unit.path), -unit.pk), default=None)


def seen_by(user: User) -> QuerySet[Handover]:
    """Those of the desks that the person keeps, and of all below."""
    units = list(units_where(user, Duty.DISPATCH))
    return Handover.objects.filter(unit__path__overlap=units)


def listed(user: User, cursor: str) -> Page:
    rows = seen_by(user).select_related("unit", "user", "post", "receiver")
    return page(rows, cursor, ROWS, NEWEST)


def standing(user: User, now: datetime.datetime) -> dict[str, Any]:
    """Counts of the queues; what is late or soon will be, climbed in the shift, or is stuck."""
    orders = WorkOrder.objects.visible_to(user).open()
    counted = {queue.name: orders.filter(queue.condition(now)) for queue in QUEUES}
    climbed = WorkOrderEvent.objects.filter(
        paper=OuterRef("pk"), verb="escalate", at__gt=now - SHIFT
    )
    stuck = stranded(user, None)
    return {
        "counts": count_together(counted | {"stranded": stuck}, 10_000),
        "late": lines(orders.filter(overdue(now))),
        "soon": lines(orders.filter(due_at__gte=now, due_at__lt=now + SHIFT)),
        "climbed": lines(orders.filter(Exists(climbed))),
        "stuck": [
            {"number": row.order.number, "title": row.order.title, "due": ""}
            for row in stuck.select_related("order")[:LISTED]
        ],
    }


def lines(orders: Any) -> list[dict[str, str]]:
    """The first of them, as they are kept on the note."""
    rows = orders.order_by("due_at", "pk").values_list("number", "title", "due_at")[:LISTED]
    return [
        {"number": number, "title": title, "due": due.isoformat() if due else ""}
        for number, title, due in rows
    ]


def hand_over(user: User, words: str, now: datetime.datetime) -> Handover:
    """Raises NotPossible for who keeps no desk."""
    unit = desk_of(user)
    post = grants_of(user).post_for(Duty.DISPATCH, unit) if unit else None
    if unit is None or post is None:
        raise NotPossible(_("Only who keeps a desk hands it over."))
    return Handover.objects.create(
        unit=unit, user=user, post_id=post, at=now, words=words, standing=standing(user, now)
    )


@transaction.atomic
def receive(note: Handover, user: User, now: datetime.datetime) -> None:
    """Once, by somebody else who keeps the desk. Raises NotPossible with the reason."""
    found = Handover.objects.select_for_update().get(pk=note.pk)
    if why := refusal(found, user):
        raise NotPossible(why)
    found.receiver, found.received_at = user, now
    found.save(update_fields=["receiver", "received_at"])


def refusal(note: Handover, user: User) -> str:
    """Why the person cannot receive it; nothing if he can."""
    if note.receiver_id is not None:
        return _("It has been received already.")
    if note.user_id == user.pk:
        return _("Who hands over does not receive it.")
    return ""


def waiting(user: User) -> Handover | None:
    """The newest note of the person's desk, if somebody else wrote it and nobody received it."""
    newest = Handover.objects.filter(unit__in=units_where(user, Duty.DISPATCH)).order_by(*NEWEST)
    note = newest.select_related("user").first()
    return note if note is not None and not refusal(note, user) else None


def groups(note_standing: dict[str, Any]) -> list[dict[str, Any]]:
    """The lists of a note with their names, empty ones left out."""
    names = {
        "late": gettext_lazy("Overdue"),
        "soon": gettext_lazy("Runs out within twelve hours"),
        "climbed": gettext_lazy("Escalated in the last twelve hours"),
        "stuck": gettext_lazy("Nobody can act"),
    }
    return [
        {"name": name, "rows": [line_of(row) for row in note_standing[key]]}
        for key, name in names.items()
        if note_standing[key]
    ]


def line_of(row: dict[str, str]) -> dict[str, Any]:
    due = datetime.datetime.fromisoformat(row["due"]) if row["due"] else None
    return {**row, "due": due, "url": reverse("work_order", args=[row["number"]])}


def figures(note_standing: dict[str, Any]) -> list[dict[str, Any]]:
    """How many stood in each queue."""
    counts = note_standing["counts"]
    rows = [{"name": queue.label, "n": counts[queue.name]} for queue in QUEUES]
    return [*rows, {"name": _("Nobody can act"), "n": counts["stranded"]}]
