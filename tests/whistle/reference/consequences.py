"""What a step sets off on other papers, and who comes to see them."""

from decimal import Decimal

from tests.whistle.reference.asking import FITTING, fits
from tests.whistle.reference.parts import parts_of, parts_since
from tests.whistle.reference.rules import chosen, open_whistle, waited_for

ORDER_LEAVES = "handle pass_on recall send_back whistle settle suspend void".split()
ANSWER_LEAVES = "finish release withdraw designate move".split()


def follow(ref, act):
    paper, verb = act.paper, act.verb
    if paper.kind == "order":
        ref.see(paper, "grid", "centre", paper.holder)
    if then := globals().get(f"{paper.kind}_{verb}"):
        then(ref, paper, act)
    if verb in {"order": ORDER_LEAVES, "response": ANSWER_LEAVES}.get(paper.kind, ()):
        drop_moot(ref, paper.root, act)


def drop_moot(ref, order, act):
    """What can no longer be granted waits for nobody."""
    for request in ref.under(order, "request"):
        if request.open and request.type in FITTING and not fits(request):
            ref.step(request, "drop", act.who, system=True)


def order_check(ref, order, act):
    kind = "check" if order.status == "reported" else "verify"
    asked = ref.unborn("verification", order=order, type=kind, unit="grid")
    ref.bear(asked, "ask", act.who, system=True)


def order_rework(ref, order, act):
    whistle = open_whistle(ref, order)
    if whistle is not None and whistle.status in ("settled", "verified"):
        done = [answer.n for answer in ref.responses(whistle) if answer.status == "done"]
        ref.step(whistle, "rework", act.who, {"responses": done}, system=True)


def order_resume(ref, order, act):
    if order.status == "whistled" and not waited_for(ref, order):
        ref.step(order, "unwhistle", act.who, system=True)


def order_merge(ref, order, act):
    for paper in ref.under(order, "supervision"):
        if paper.open:
            ref.step(paper, "cancel", act.who, system=True)


def order_void(ref, order, act):
    order_merge(ref, order, act)
    order_close(ref, order, act)


def order_divide(ref, order, act):
    """Each part as far as the whole reaches; one that is over hurries nobody."""
    handle = order.running().get("handle")
    outer = handle.due if handle and handle.due > ref.now else None
    for _title in act.given["parts"]:
        part = ref.unborn("order", part_of=order, source_due=outer)
        ref.bear(part, "part", act.who, {"condition": True}, system=True)


def order_close(ref, order, act):
    """The last of the parts lets the whole go on."""
    whole = order.part_of
    if whole is None or whole.status != "divided":
        return
    parts = parts_since(ref, whole)
    if any(part.open for part in parts_of(ref, whole)):
        return
    verb = "gather" if any(part.status == "closed" for part in parts) else "undivide"
    ref.step(whole, verb, act.who, system=True)


def whistle_draft(ref, whistle, act):
    ref.see(whistle, whistle.caller, "centre", whistle.holder, "grid", whistle.order.holder)


def whistle_blow(ref, whistle, act):
    """Whoever holds the order by now sees the whistle, too."""
    for unit, role in sorted(whistle.tasks or (), key=lambda task: task[1] != "lead"):
        call(ref, whistle, act, unit, role)
    if whistle.level == 2:
        call(ref, whistle, act, "street", "lead", 3)
    whistle_draft(ref, whistle, act)
    if whistle.order.status != "whistled":
        ref.step(whistle.order, "whistle", act.who, system=True)


whistle_blow_now = whistle_blow


def call(ref, whistle, act, unit, role="assist", days=2):
    fields = {"unit": unit, "role": role, "amount": Decimal(days), "time_unit": "work_day"}
    answer = ref.unborn("response", order=whistle.order, whistle=whistle, **fields)
    ref.bear(answer, "call", act.who, system=True)


def whistle_raise(ref, low, act):
    withdraw(ref, low, act)
    draft = ref.unborn(
        "whistle",
        order=low.order,
        level=3,
        type=act.given["kind"],
        caller="street",
        raised_from=low,
    )
    ref.bear(draft, "draft", act.who, {"tasks": act.given["tasks"]}, system=True)


def withdraw(ref, whistle, act):
    for answer in ref.responses(whistle):
        if answer.open:
            ref.step(answer, "withdraw", act.who, system=True)


def whistle_lower(ref, low, act):
    call(ref, low, act, "street", "lead", 3)


def whistle_cancel(ref, whistle, act):
    """`below`: this one falls with the whistle from which it was raised."""
    withdraw(ref, whistle, act)
    for above in ref.under(whistle.order, "whistle"):
        if above.raised_from is whistle and above.status in ("drafted", "confirmed"):
            ref.step(above, "cancel", act.who, {"below": True}, system=True)
    low = whistle.raised_from
    if low is not None and low.status == "raised" and not act.given.get("below"):
        ref.step(low, "lower", act.who, system=True)
    elif whistle.order.status == "whistled" and open_whistle(ref, whistle.order) is None:
        ref.step(whistle.order, "unwhistle", act.who, system=True)


whistle_decline = whistle_cancel


def whistle_add(ref, whistle, act):
    call(ref, whistle, act, act.given["unit"])


def whistle_verify(ref, whistle, act):
    ref.step(whistle.order, "settle", act.who, system=True)


def whistle_rework(ref, whistle, act):
    if whistle.order.status == "verified":
        ref.step(whistle.order, "rework", act.who, system=True)
    for answer in chosen(ref, act):
        ref.step(answer, "redo", act.who, system=True)
    for unit, _role in act.given.get("tasks") or ():
        call(ref, whistle, act, unit)


def whistle_score(ref, whistle, act):
    for answer in ref.responses(whistle):
        answer.scored = answer.scored or answer.status == "done"


def whistle_close(ref, whistle, act):
    low = whistle.raised_from
    if low is not None and low.status == "raised":
        ref.step(low, "close", act.who, system=True)


def response_call(ref, answer, act):
    ref.see(answer.whistle, answer.unit, answer.section)
    ref.see(answer.order, answer.unit)


response_designate = response_move = response_call


def response_assign(ref, answer, act):
    ref.see(answer.whistle, answer.section)


def response_finish(ref, answer, act):
    whistle = answer.whistle
    statuses = [one.status for one in ref.responses(whistle)]
    if whistle.status != "blown" or any(one.open for one in ref.responses(whistle)):
        return
    ref.step(whistle, "settle" if "done" in statuses else "cancel", act.who, system=True)


response_release = response_finish


def request_ask(ref, request, act):
    ref.see(request.order, request.unit, request.approver)


def request_grant(ref, request, act):
    if request.status != "granted":
        return
    given = {"more": request.amount, "until": request.until}
    verb = {"extension": "extend", "suspension": "suspend", "return": "send_back"}
    if request.type in verb:
        subject = request.subject if request.type == "extension" else request.order
        ref.step(subject, verb[request.type], act.who, given, system=True)


request_decide = request_grant


def verification_ask(ref, paper, act):
    ref.see(paper.order, paper.unit)


def supervision_issue(ref, paper, act):
    ref.see(paper.order, paper.unit, paper.issuer)
