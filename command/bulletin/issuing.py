"""Issuing the bulletin of a month: an act of the district centre, kept with its figures."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from command.bulletin.figures import Month, of_district, reckon
from command.models import Bulletin
from organization.authority import grants_of
from organization.duty import Duty
from organization.models import Unit, User
from workflow import numbers
from workflow.errors import NotPossible


def issuer() -> Unit | None:
    """The command centre of the district."""
    return Unit.objects.filter(organ=Unit.CENTRE, kind=Unit.Kind.DEPARTMENT).first()


def why_not(user: User, month: Month, centre: Unit | None, now: datetime.datetime) -> str:
    """Why this person cannot issue the month's bulletin now; nothing if he can."""
    if centre is None or post_of(user, centre) is None:
        return _("Only the command centre of the district issues it.")
    if now < month.end:
        return _("The month is not over yet.")
    return ""


def post_of(user: User, centre: Unit) -> int | None:
    return grants_of(user).post_for(Duty.SUPERVISE, centre) if user.is_active else None


@transaction.atomic
def issue(user: User, month: Month, now: datetime.datetime, reason: str = "") -> Bulletin:
    """Keep the figures of the month as the district sees them now, under the next number.

    Raises PermissionDenied, NotPossible (the month is not over) or ValidationError (a further
    edition wants a reason).
    """
    centre = issuer()
    if centre is None or (post := post_of(user, centre)) is None:
        raise PermissionDenied(_("Only the command centre of the district issues it."))
    if why := why_not(user, month, centre, now):
        raise NotPossible(why)
    year, serial = numbers.take("bulletin", centre, now)
    edition = 1 + Bulletin.objects.filter(month=month.first).count()
    if edition > 1 and not reason.strip():
        raise ValidationError({"reason": _("Say why it is issued again.")})
    district = centre.parent
    assert district is not None
    bulletin = Bulletin(
        month=month.first,
        edition=edition,
        number=f"{centre.title}通报〔{year}〕{serial}号",
        unit=centre,
        actor=user,
        post_id=post,
        reason=reason.strip() if edition > 1 else "",
        figures=reckon(of_district(district), month, now),
        issued_at=now,
    )
    bulletin.hash = bulletin.digest()
    bulletin.save(force_insert=True)
    return bulletin
