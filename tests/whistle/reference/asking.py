"""What may be asked about an order or an answer, and whether it could still be granted."""

import datetime

from django.utils import timezone

from organization.calendar import due
from tests.whistle.reference.flows import OPEN
from tests.whistle.reference.papers import INPUT, STATE, refuse
from tests.whistle.reference.people import path

# Where a request of each kind can be granted; the others can be everywhere.
FITTING = {
    "extension": ("accepted", "whistled", "suspended"),
    "suspension": ("accepted", "whistled"),
    "return": ("accepted", "suspended"),
}
# An appeal against a score corrects the score alone.
EXEMPTING = {"order": ("exemption", "appeal"), "response": ("exemption",)}
CENTRES = {"street": "centre", "other_street": "other_centre", "district": "district_centre"}
SILENCE = {"extension": "granted", "return": "granted", "suspension": "granted"}


def approver_of(unit):
    """The nearest command centre above the unit that is not the unit itself."""
    above = [CENTRES[one] for one in path(unit)[1:] if one in CENTRES]
    return next((centre for centre in above if centre != unit), "district")


def asker_of(subject):
    return subject.unit if subject.kind == "response" else subject.holder


def about(ref, subject, kind=None):
    """The requests about the same subject."""
    found = [r for r in ref.papers["request"] if r.subject is subject]
    return [request for request in found if kind in (None, request.type)]


def ask(ref, request, act):
    subject, given = request.subject, act.given
    before = [r for r in about(ref, subject, request.type) if r is not request]
    refuse(STATE, asker_of(subject) != request.unit or any(other.open for other in before))
    MAY[request.type](ref, request, before)
    if request.type == "extension":
        check_amount(ref, request, given["amount"])
    if request.type == "suspension":
        check_until(ref, given["until"])
        request.until = given["until"]
    request.silence = SILENCE.get(request.type, "rejected")


def check_until(ref, until):
    today = timezone.localdate(ref.now)
    refuse(INPUT, not today < until <= today + datetime.timedelta(days=366))


def check_amount(ref, request, amount):
    clock = limit_of(request.subject)
    refuse(INPUT, amount > clock.amount)
    request.amount = amount
    refuse(INPUT, beyond_outer(ref, request))


def limit_of(subject):
    """The limit of the work itself, while it runs."""
    return subject.running().get("finish" if subject.kind == "response" else "handle")


def may_extend(ref, request, before):
    subject, clock = request.subject, limit_of(request.subject)
    refuse(STATE, not fits(request) or clock is None or ref.now > clock.due)
    refuse(STATE, len([e for e in subject.steps("extend") if e.at >= clock.started]) >= 2)


def may_suspend(ref, request, before):
    refuse(STATE, not fits(request) or bool(request.order.steps("suspend")))


def may_return(ref, request, before):
    refuse(STATE, request.subject.kind == "response" or hindered(ref, request))


def may_exempt(ref, request, before):
    subject = request.subject
    refuse(STATE, subject.kind == "response" and subject.status == "released")
    exempting = EXEMPTING[subject.kind]
    exempt = [r for r in about(ref, subject) if r.type in exempting and r.status == "granted"]
    refuse(STATE, bool(exempt))


def may_appeal(ref, request, before):
    """Against a score, or the assessment of a closed order; once."""
    subject = request.subject
    refuse(STATE, subject.kind == "response" and not subject.scored)
    refuse(STATE, subject.kind == "order" and subject.status != "closed")
    refuse(STATE, any(r.status not in ("withdrawn", "dropped") for r in before))
    may_exempt(ref, request, before)


MAY = {
    "extension": may_extend,
    "suspension": may_suspend,
    "return": may_return,
    "exemption": may_exempt,
    "appeal": may_appeal,
}


def fits(request):
    """Whether its subject is still where it can be granted."""
    if request.type not in FITTING:
        return True
    subject = request.subject
    held = request.type == "suspension" and request.order.status == "suspended"
    where = OPEN["response"] if subject.kind == "response" else FITTING[request.type]
    return asker_of(subject) == request.unit and subject.status in where and not held


def hindered(ref, request):
    """Whether it could not be granted now."""
    if not fits(request):
        return True
    if request.type == "suspension" and request.until <= timezone.localdate(ref.now):
        return True
    if request.type == "return":
        return ruled(request.order)
    return request.type == "extension" and beyond_outer(ref, request)


def beyond_outer(ref, request):
    clock, order = limit_of(request.subject), request.order
    if clock is None:
        return True
    ends = [order.source_due] if order.source_due else []
    ends += [c.due for what, c in order.running().items() if what in clock.inside]
    free = clock.inside or order.part_of  # begun when that was over, it runs its own time
    ends = [end for end in ends if not free or end > clock.started]
    longer = clock.limit + request.amount
    moment = due(clock.started, longer, clock.unit, pauses=pauses_of(order))
    return any(moment > end for end in ends)


def pauses_of(order):
    begun = [event.at for event in order.steps("suspend")]
    return list(zip(begun, [event.at for event in order.steps("resume")], strict=False))


def ruled(order):
    """Whether it was given to its holder by a ruling: then it stays there."""
    steps = order.steps("dispatch", "designate")
    named = {step.given["unit"] for step in steps if step.verb == "designate"}
    return bool(named) and (steps[-1].verb == "designate" or order.holder in named)
