"""What each verb of a request asks for, and what granting it sets off."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.authority import posts_holding
from organization.duty import Duty
from organization.models import Notice
from whistle.actions.scoring import check_mark, correct
from whistle.flow import ASKED, ORDER, RESPONSE
from whistle.models import Request, SilenceRule
from whistle.models.requests import FITTING
from whistle.request_flow import GRANTED, REQUEST
from whistle.requesting import check_amount, check_until, refusal
from workflow import clock
from workflow.actions import Act
from workflow.errors import NotPossible

# By these an order or an answer leaves the hands or the status in which something was asked.
ORDER_LEAVES = (
    "handle",
    "pass_on",
    "recall",
    "send_back",
    "whistle",
    "settle",
    "suspend",
    "void",
)
RESPONSE_LEAVES = ("finish", "release", "withdraw", "designate", "move")


@REQUEST.on("rule", "ask")
def may_be_asked(act: Act) -> None:
    if why := refusal(act.paper):
        raise NotPossible(why)


@REQUEST.on("rule", "ask")
def set_down(act: Act) -> None:
    """Keep what is asked, and what silence will mean by the rule of the day."""
    request, given = act.paper, act.given
    request.reason = act.note
    request.ground = given.get("ground", "")
    if request.is_extension:
        check_amount(request, given["amount"], act.now)
        act.data["amount"] = {"amount": str(request.amount), "time_unit": request.time_unit}
    if request.is_suspension:
        check_until(request, given["until"], act.now)
    request.silence = SilenceRule.on(request.kind, timezone.localdate(act.now))
    act.data |= {"kind": request.kind, "silence": str(request.silence)}


@REQUEST.on("rule", "grant")
def can_be_granted(act: Act) -> None:
    if why := act.paper.hindrance():
        raise NotPossible(why)


@REQUEST.on("rule", "grant")
def says_what_is_wrong(act: Act) -> None:
    """The first reviewer names what is to be corrected, so that the second agrees to just that."""
    request, given = act.paper, act.given
    if not request.appeals_score or request.status != ASKED:
        return
    if not given.get("struck") and given.get("mark") is None:
        raise ValidationError({"struck": _("Say what of the score is corrected.")})
    score = request.response.score
    if any(line.score_id != score.pk for line in given.get("struck", [])):
        raise ValidationError({"struck": _("Choose lines of this score.")})
    if "mark" in given:
        check_mark("mark", given["mark"], score.scheme)


@REQUEST.on("then", "grant", "decide")
def carry_out(act: Act) -> None:
    """What was granted is done by the steps of the papers themselves."""
    request = act.paper
    if request.status != GRANTED:
        return
    match request.kind:
        case Request.Kind.EXTENSION:
            more = {"amount": request.amount, "time_unit": request.time_unit}
            act.step_on(request.subject, "extend", more=more)
        case Request.Kind.SUSPENSION:
            act.step_on(request.order, "suspend", until=request.until, note=request.reason)
        case Request.Kind.RETURN:
            given = {"ground": request.ground, "note": request.reason}
            act.step_on(request.order, "send_back", **given)
        case Request.Kind.EXEMPTION | Request.Kind.APPEAL:
            correct(request, act.now)


@REQUEST.on("then", "grant", "reject", "decide", "drop")
def tell_asker(act: Act) -> None:
    """Who asked learns of the end of it."""
    request = act.paper
    if request.flow.is_open(request.status):
        return
    Notice.objects.bulk_create(
        request.notice(post, Notice.Kind.TOLD, act.step.verb, act.now)
        for post in posts_holding([Duty.HANDLE], request.unit, here=True)
    )


@ORDER.on("rule", "extend")
@RESPONSE.on("rule", "extend")
def give_time(act: Act) -> None:
    """The limit of the work is moved by what was granted; the log keeps from when to when."""
    what = "handle" if act.paper.flow is ORDER else "finish"
    running = act.paper.clocks.get(what=what, stopped=None)
    before = running.due
    clock.extend(act, running, act.given["more"]["amount"])
    act.data |= {"clock": what, "due_before": before, "due": running.due}


@ORDER.on("then", *ORDER_LEAVES)
@RESPONSE.on("then", *RESPONSE_LEAVES)
def drop_moot(act: Act) -> None:
    """What can no longer be granted waits for nobody."""
    root = act.paper.root
    for request in root.requests.open().filter(kind__in=list(FITTING)):
        request.adopt(root)
        if not request.fits():
            act.step_on(request, "drop")
