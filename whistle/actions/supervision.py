"""What each verb of a supervision order asks for and sets off, and what it means for its order."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organization.authority import posts_of, units_where
from organization.duty import Duty
from organization.models import Unit
from organization.outbox import call_duty_phone
from whistle.actions.whistles import check_limit
from whistle.flow import ORDER
from whistle.models.supervisions import SupervisionOrder, leaders_of, units_at_work
from whistle.supervision_flow import ASKED, CADENCE, SUPERVISION
from workflow.actions import Act
from workflow.errors import NotPossible


@SUPERVISION.on("rule", "issue")
def order_is_at_work(act: Act) -> None:
    order = act.paper.order
    if not order.flow.is_open(order.status):
        raise NotPossible(_("The order is over: nobody is at work on it."))
    if not units_at_work(order).filter(pk=act.given["unit"].pk).exists():
        raise ValidationError({"unit": _("This unit is not at work on the order.")})


@SUPERVISION.on("rule", "issue")
def check_limits(act: Act) -> None:
    """A time unit without a number leaves the cadence to the policy."""
    given = act.given
    check_limit(act, given["amount"], given["time_unit"])
    if "cadence" not in given:
        given.pop("cadence_unit", None)
    elif "cadence_unit" not in given:
        raise ValidationError({"cadence_unit": _("This must be given.")})
    else:
        check_limit(act, given["cadence"], given["cadence_unit"])


@SUPERVISION.on("rule", "issue")
def set_down(act: Act) -> None:
    paper = act.paper
    for name in ("unit", "ground", *ASKED, *CADENCE):
        if name in act.given:
            setattr(paper, name, act.given[name])
    if paper.is_instruction:
        paper.post = leaders_of(paper.order).filter(pk__in=posts_of(act.actor))[0]
        paper.issuer = paper.post.unit
    else:
        paper.post_id, paper.issuer = act.post_id, supervising_unit(act)


def supervising_unit(act: Act) -> Unit:
    """The nearest unit, from the order's centre upward, at which the person supervises."""
    held = units_where(act.actor, Duty.SUPERVISE)  # type: ignore[arg-type]
    nearest = next(pk for pk in reversed(act.paper.order.centre.path) if pk in held)
    return Unit.objects.get(pk=nearest)


@SUPERVISION.on("rule", "issue")
def not_held_twice(act: Act) -> None:
    paper = act.paper
    same = SupervisionOrder.objects.filter(order=paper.order, unit=paper.unit, kind=paper.kind)
    if paper.is_supervision and same.open().exists():
        raise ValidationError({"unit": _("This unit is under supervision here already.")})
    if paper.is_supervision and paper.unit == paper.issuer:
        raise ValidationError({"unit": _("No unit supervises itself.")})


@SUPERVISION.on("then", "issue")
def ring(act: Act) -> None:
    """Signing has hours only: the duty phone is told at once."""
    paper = act.paper
    sign = paper.clocks.filter(what="sign").first()
    if sign is not None:
        key = f"supervision:{paper.pk}"
        call_duty_phone(paper.unit, key=key, text=paper.phone_text(sign), now=act.now)


@SUPERVISION.on("rule", "answer")
def note_result(act: Act) -> None:
    act.paper.result = act.given["result"]


@SUPERVISION.on("rule", "reject")
def count_reject(act: Act) -> None:
    act.paper.rejects += 1


@SUPERVISION.on("rule", "sign_off")
def note_end(act: Act) -> None:
    act.paper.signed_off_at = act.now


@ORDER.on("rule", "close")
def nothing_supervised(act: Act) -> None:
    if act.paper.supervisions.open().exists():
        raise NotPossible(_("A supervision order for it has not been signed off yet."))


@ORDER.on("then", "void", "merge")
def withdraw_open(act: Act) -> None:
    for paper in act.paper.supervisions.open().order_by("pk"):
        act.step_on(paper, "cancel", note=act.note or act.paper.flow.label(act.step.verb))
