"""What may be asked when: the sentence that refuses a request, the same for buttons and rule."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.calendar import due
from organization.calendar_words import say_amount
from organization.models import Unit
from whistle import flow
from whistle.actions.orders import check_end
from whistle.models import Request, Response

# A limit is extended by no more than itself, and no more often than this (city management, 延期).
MOST_EXTENSIONS = 2


def approver_of(unit: Unit) -> Unit:
    """The command centre of the level above; of a centre that of the level above its own."""
    above = unit.parent
    assert above is not None
    centre = above.centre()
    if centre != unit:
        return centre
    return above.parent.centre() if above.parent else above


def refusal(request: Request) -> str:
    """Why this may not be asked now, whatever is written into the form; nothing if it may."""
    if not request.in_hand():
        return _("Only the unit that has it in hand can ask.")
    if any(other.flow.is_open(other.status) for other in same_kind(request)):
        return _("This has been asked already and is still to be decided.")
    own = REFUSALS[Request.Kind(request.kind)]
    return own(request, request.as_of or timezone.now())


def same_kind(request: Request) -> list[Request]:
    """What was asked before about the same subject, of the same kind."""
    if request.siblings is None:
        request.siblings = list(Request.objects.of(request.subject).exclude(pk=request.pk))
    return [other for other in request.siblings if other.kind == request.kind]


def no_extension(request: Request, now: datetime.datetime) -> str:
    clock = request.running() if request.fits() else None
    if clock is None:
        return _("No limit is running that could be extended.")
    if now > clock.due:
        return _("It is overdue already: more time is asked for before the limit ends.")
    given = request.subject.events.filter(verb="extend", at__gte=clock.started)
    if given.count() >= MOST_EXTENSIONS:
        return _("It has been extended twice already.")
    return ""


def no_suspension(request: Request, now: datetime.datetime) -> str:
    if not request.fits():
        return _("Only what is in hand can be suspended.")
    if request.order.events.filter(verb="suspend").exists():
        return _("It has been suspended once already.")
    return ""


def no_return(request: Request, now: datetime.datetime) -> str:
    if request.response or not request.fits():
        return _("Only an order that has been signed for is returned by a request.")
    return request.hindrance()


def no_exemption(request: Request, now: datetime.datetime) -> str:
    if request.response and request.response.status == flow.RELEASED:
        return _("A released unit is not assessed.")
    if Request.objects.of(request.subject).exempting().exists():
        return _("It is left out of the assessment already.")
    return ""


def no_appeal(request: Request, now: datetime.datetime) -> str:
    answer = request.response
    if answer is not None and getattr(answer, "score", None) is None:
        return _("There is no score yet to appeal against.")
    if answer is None and request.order.status != flow.CLOSED:
        return _("An appeal is possible after closing.")
    if any(other.status not in ("withdrawn", "dropped") for other in same_kind(request)):
        return _("An appeal is possible once only.")
    return no_exemption(request, now)


REFUSALS: dict[str, Callable[[Request, datetime.datetime], str]] = {
    Request.Kind.EXTENSION: no_extension,
    Request.Kind.SUSPENSION: no_suspension,
    Request.Kind.RETURN: no_return,
    Request.Kind.EXEMPTION: no_exemption,
    Request.Kind.APPEAL: no_appeal,
}


def check_amount(request: Request, amount: Decimal, now: datetime.datetime) -> None:
    """How much longer: at most the limit itself, and a moment that can be reckoned."""
    clock = request.running()
    if amount > clock.amount:
        words = _("At most the limit itself once more: %(most)s.")
        raise ValidationError({"amount": words % {"most": say_amount(clock.amount, clock.unit)}})
    try:
        due(clock.started, clock.limit + amount, clock.unit)
    except ValueError:
        raise ValidationError({"amount": _("A limit is some hours, or whole days.")}) from None
    request.amount, request.time_unit = amount, clock.unit
    if why := request.beyond_outer(now):
        raise ValidationError({"amount": why})


def check_until(request: Request, until: datetime.date, now: datetime.datetime) -> None:
    check_end(until, now)
    request.until = until


def asker_of(subject: Any) -> Unit | None:
    """In whose hands the subject is: whoever may ask about it."""
    unit: Unit | None = subject.unit if isinstance(subject, Response) else subject.holder
    return unit
