"""What each verb of a work order asks for and sets off."""

import datetime
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import Unit
from whistle import flow
from whistle.flow import ORDER
from whistle.models import Verification, WorkOrder
from workflow import clock
from workflow.actions import Act
from workflow.errors import NotPossible

LONGEST_SUSPENSION = datetime.timedelta(days=366)
BELOW = [Unit.Kind.STREET, Unit.Kind.OFFICE, Unit.Kind.COMMUNITY, Unit.Kind.GRID]


def same_street(order: WorkOrder, unit: Unit) -> bool:
    """Whether the unit lies in the order's street (a street itself counts)."""
    return order.street_id is None or order.street_id in unit.path


@ORDER.on("rule", "report", "fix")
def log_intake(act: Act) -> None:
    order = act.paper
    if not order.title and order.category is None:
        raise ValidationError({"title": _("Give a title or a category.")})
    if not all(isfinite(degree) for degree in (order.lng or 0, order.lat or 0)):
        raise ValidationError({"lng": _("These are no coordinates.")})
    if order.lng is None and not order.address:
        raise ValidationError({"address": _("Give a place: a point on the map or an address.")})
    if order.source_number and already_received(order):
        raise ValidationError({"source_number": _("This number has been received already.")})
    order.title = order.title or order.category.name
    act.data |= {"source": order.source, "lng": order.lng, "lat": order.lat}
    if order.source_number:
        act.data["source_number"] = order.source_number


def already_received(order: WorkOrder) -> bool:
    same = WorkOrder.objects.filter(source=order.source, source_number=order.source_number)
    return same.exists()


@ORDER.on("rule", "fix")
def require_both_photos(act: Act) -> None:
    labels = {photo.label for photo in act.given["photos"]}
    if not {"before", "after"} <= labels:
        raise ValidationError({"photos": _("Give a photo from before and one from after.")})


@ORDER.on("rule", "fix")
def hold_by_grid(act: Act) -> None:
    """Who fixed it on the spot gets it back if it was not fixed."""
    act.paper.holder = act.paper.grid


@ORDER.on("rule", "take")
def hold_by_community(act: Act) -> None:
    act.paper.holder = act.paper.community


@ORDER.on("then", "check")
def ask_verification(act: Act) -> None:
    order = act.paper
    reported = order.status == flow.REPORTED
    kind = Verification.Kind.CHECK if reported else Verification.Kind.VERIFY
    unit = act.given.get("unit") or order.origin
    asked = Verification(
        order=order, kind=kind, unit=unit, question=act.given.get("question") or ""
    )
    act.give_birth(asked, "ask")


@ORDER.on("rule", "register")
def file_under_condition(act: Act) -> None:
    order, condition = act.paper, act.given["condition"]
    order.condition, order.category = condition, condition.category
    order.urgency = act.given.get("urgency") or order.urgency


@ORDER.on("rule", "merge")
def join(act: Act) -> None:
    order, into = act.paper, act.given["into"]
    if into.pk == order.pk:
        raise ValidationError({"into": _("An order cannot join itself.")})
    into = lock_beside(into)
    if not into.flow.is_open(into.status):
        raise ValidationError({"into": _("The order to join must still be open.")})
    if not into.is_whole:
        raise ValidationError({"into": _("It is a part: join the whole order.")})
    if into.centre_id != order.centre_id:
        raise ValidationError({"into": _("The order to join lies under another centre.")})
    if order.merged.exists():
        raise ValidationError({"into": _("Others have joined this order; split them first.")})
    if order.open_whistle is not None:
        raise NotPossible(_("A whistle is open for this order."))
    order.merged_into = into


def lock_beside(order: WorkOrder) -> WorkOrder:
    """Lock a second order without ever waiting for it: two merges cannot block each other."""
    free = WorkOrder.objects.select_for_update(skip_locked=True).filter(pk=order.pk).first()
    if free is None:
        raise NotPossible(_("Somebody is at work on the other order: try again."))
    return free


@ORDER.on("rule", "split")
def leave(act: Act) -> None:
    act.paper.merged_into = None


@ORDER.on("rule", "dispatch", "designate")
def hand_to(act: Act) -> None:
    order, unit = act.paper, act.given["unit"]
    if unit.kind not in BELOW:
        raise ValidationError(
            {"unit": _("A street does not dispatch to a department: it whistles.")}
        )
    if unit.kind == Unit.Kind.STREET and order.centre.parent_id == unit.pk:
        raise ValidationError({"unit": _("The order is with this street's centre already.")})
    if not same_street(order, unit):
        raise ValidationError({"unit": _("This unit does not belong to the order's street.")})
    order.holder = unit


@ORDER.on("rule", "pass_on")
def hand_down(act: Act) -> None:
    order, unit = act.paper, act.given["unit"]
    lower = unit.kind in BELOW and BELOW.index(unit.kind) > BELOW.index(order.holder.kind)
    street = order.holder.above(Unit.Kind.STREET)
    if not lower or street is None or street.pk not in unit.path:
        raise ValidationError({"unit": _("Only a unit below this one can be given the order.")})
    order.holder = unit


@ORDER.on("rule", "dispatch", "designate", "pass_on", "unwhistle")
def derive_level(act: Act) -> None:
    """Level 1 is in the hands of grid or community; a whistle raises it for as long as it lasts."""
    holder = act.paper.holder
    low = holder is None or holder.kind in BELOW[2:]
    act.paper.level = WorkOrder.Level.GRID if low else WorkOrder.Level.STREET


@ORDER.on("rule", "recall", "send_back", "reopen")
def take_from_holder(act: Act) -> None:
    if act.paper.holder is not None:
        act.data["from"] = {"id": act.paper.holder.pk, "name": act.paper.holder.title}
    act.paper.holder = None


@ORDER.on("rule", "reopen")
def forget_answers(act: Act) -> None:
    order = act.paper
    order.closed_at = None
    clear_callback(act)
    if act.given.get("condition"):
        file_under_condition(act)
    if order.condition is None:
        raise ValidationError({"condition": _("It was never registered: give a condition.")})


@ORDER.on("rule", "rework", "reopen")
def clear_callback(act: Act) -> None:
    order = act.paper
    order.called_back = order.solved = order.satisfaction = None


@ORDER.on("then", "rework")
def rework_whistle(act: Act) -> None:
    whistle = act.paper.open_whistle
    if whistle is not None and whistle.status in (flow.SETTLED, flow.VERIFIED):
        done = list(whistle.responses.filter(status=flow.DONE))
        act.step_on(whistle, "rework", note=act.note, responses=done)


@ORDER.on("rule", "verify")
def need_proof(act: Act) -> None:
    """Either somebody on the ground has said yes since it was handled, or a method and evidence."""
    order = act.paper
    since = order.events.filter(new=flow.HANDLED).exclude(old=flow.HANDLED).last().at
    answered = order.verifications.filter(
        kind=Verification.Kind.VERIFY, yes=True, events__verb="answer", events__at__gte=since
    )
    if answered.exists():
        return
    if not act.given.get("method") or not (act.note or act.given.get("photos")):
        raise ValidationError(
            {"method": _("Nobody has verified it on the ground: give a method and evidence.")}
        )


@ORDER.on("rule", "callback")
def note_answer(act: Act) -> None:
    order, given = act.paper, act.given
    reached = given["contacted"] == "yes"
    if reached and (given.get("solved") is None or not given.get("satisfaction")):
        raise ValidationError({"satisfaction": _("Say whether it is solved and how satisfied.")})
    if not reached and not (act.note or given.get("remark")):
        raise ValidationError({"remark": _("Say why nobody could be asked.")})
    order.called_back = act.now
    order.solved = given.get("solved") if reached else None
    order.satisfaction = int(given["satisfaction"]) if reached else None


@ORDER.on("rule", "close")
def ready_to_close(act: Act) -> None:
    order = act.paper
    if order.called_back is None and order.is_whole:
        raise NotPossible(_("The reporter has not been called back yet."))
    if order.solved is False and not act.note:
        raise ValidationError({"reason": _("Unsolved: send it to rework or give a reason.")})
    whistle = order.open_whistle
    if whistle is not None and whistle.status != flow.SCORED:
        raise NotPossible(_("Its whistle has not been scored yet."))
    order.closed_at = act.now


@ORDER.on("rule", "suspend")
def set_end(act: Act) -> None:
    check_end(act.given["until"], act.now)
    act.paper.suspended_until = act.given["until"]


def check_end(until: datetime.date, now: datetime.datetime) -> None:
    """The last day of a suspension lies after today and within a year."""
    today = timezone.localdate(now)
    if not today < until <= today + LONGEST_SUSPENSION:
        raise ValidationError({"until": _("Choose a day after today, at most a year away.")})


@ORDER.on("then", "suspend")
def pause_all(act: Act) -> None:
    for paper in papers_under(act.paper):
        clock.pause(paper, act.now)
        paper.save(update_fields=clock.SHOWN)


@ORDER.on("then", "resume")
def resume_all(act: Act) -> None:
    order = act.paper
    order.suspended_until = None
    order.save(update_fields=["suspended_until"])
    pauses = clock.pauses_for(order, act.now)
    for paper in papers_under(order):
        clock.resume(paper, act.now, pauses)
        paper.save(update_fields=clock.SHOWN)


def papers_under(order: WorkOrder) -> list:  # type: ignore[type-arg]
    """The order and every paper that pauses with it."""
    whistles = list(order.whistles.open())
    responses = [r for whistle in whistles for r in whistle.responses.open()]
    tasks = [task for whistle in whistles for task in whistle.assignments.open()]
    held = [*order.requests.open(), *order.supervisions.open()]
    return [order, *whistles, *responses, *tasks, *held]


@ORDER.on("then", "resume")
def come_back(act: Act) -> None:
    """A whistle cancelled meanwhile is no longer waited for."""
    order = act.paper
    if order.status == flow.WHISTLED and not waited_for(order).exists():
        act.step_on(order, "unwhistle")


def waited_for(order: WorkOrder) -> Any:
    """The whistles through which an order can still be settled; a scored one has done its part."""
    return order.whistles.open().exclude(status=flow.SCORED).order_by("pk")


@ORDER.on("rule", "void")
def nothing_hangs_on_it(act: Act) -> None:
    """Open whistles are cancelled, the lowest first: what was raised from it may fall with it."""
    if act.paper.merged.exists():
        raise NotPossible(_("Other orders have joined this one; split them first."))
    while whistle := waited_for(act.paper).first():
        act.step_on(whistle, "cancel", note=act.note)
