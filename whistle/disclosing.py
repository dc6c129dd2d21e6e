"""Showing who reported an order, to those whose work needs it, for a reason that is kept."""

import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from organization.authority import holds
from organization.duty import Duty
from organization.models import User
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


def disclose(order: WorkOrder, user: User, reason: str, now: datetime.datetime) -> dict[str, str]:
    """Note that the person learns it, then tell name and phone."""
    if not may_learn(user, order):
        raise PermissionDenied(_("Your work does not need to know who reported it."))
    Disclosure.objects.create(order=order, by=user, at=now, reason=reason)
    if order.reporter is not None:
        return {"name": str(order.reporter), "phone": order.reporter.phone}
    return {"name": order.reporter_name, "phone": order.reporter_phone}
