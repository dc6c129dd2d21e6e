"""Showing who reported an order, to those whose work needs it, for a reason that is kept."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organization.authority import holds, units_where
from organization.duty import Duty
from organization.models import Unit, User
from organization.sealed import keyed_hashes
from whistle import flow
from whistle.models import Disclosure, WorkOrder

IN_HAND = (flow.DISPATCHED, flow.ACCEPTED)


def may_learn(user: User, order: WorkOrder) -> bool:
    """The centre triages and calls back; the holder talks to the reporter, unless kept secret."""
    if any(holds(user, duty, order.centre) for duty in (Duty.TRIAGE, Duty.INSPECT)):
        return True
    if order.confidential or order.holder is None or order.status not in IN_HAND:
        return False
    return holds(user, Duty.HANDLE, order.holder)


def learnable(user: User) -> Q:
    """`may_learn` as a condition on orders."""
    knows = units_where(user, Duty.TRIAGE) | units_where(user, Duty.INSPECT)
    centre = Q(centre__in=Unit.objects.subtree(knows))
    hands = Q(holder__in=Unit.objects.subtree(units_where(user, Duty.HANDLE)))
    return centre | (hands & Q(confidential=False, status__in=IN_HAND))


def reported_from(phone: str, user: User) -> QuerySet[WorkOrder]:
    """The orders reported from this very number, of those whose reporter the person may learn."""
    found = WorkOrder.objects.visible_to(user).filter(reporter_hash__in=keyed_hashes(phone))
    return found.filter(learnable(user)).order_by("-created", "-pk")


def disclose(order: WorkOrder, user: User, reason: str, now: datetime.datetime) -> dict[str, str]:
    """Note that the person learns it, then tell name and phone."""
    if not may_learn(user, order):
        raise PermissionDenied(_("Your work does not need to know who reported it."))
    Disclosure.objects.create(order=order, by=user, at=now, reason=reason)
    if order.reporter is not None:
        return {"name": str(order.reporter), "phone": order.reporter.phone}
    return {"name": order.reporter_name, "phone": order.reporter_phone}
