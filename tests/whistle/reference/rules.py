"""What a step asks for beside status, duty and inputs, and what it sets on its own paper."""

import datetime

from organization.calendar import due
from tests.whistle.reference import asking
from tests.whistle.reference.asking import check_until, ruled
from tests.whistle.reference.papers import INPUT, STATE, refuse
from tests.whistle.reference.parts import parts_of, ties_of
from tests.whistle.reference.people import ABOVE, DEPARTMENTS, PAIRED, RANKS, path

HALF_HOUR = datetime.timedelta(minutes=30)
WINDOW = 30, "natural_day"


def check(ref, act):
    rule = globals().get(f"{act.paper.kind}_{act.verb}")
    if rule:
        rule(ref, act.paper, act)


# What must be so for a row


def holds(ref, paper, when):
    if when in ("two", "three"):
        return level(paper) == {"two": 2, "three": 3}[when]
    found = globals().get(f"is_{when}")
    return found(ref, paper) if found else paper.type == when


def level(paper):
    return paper.whistle.level if paper.kind == "response" else paper.level


def is_in_office(ref, order):
    return order.holder in ("office", "centre")


def is_with_whistle(ref, order):
    whistle = open_whistle(ref, order)
    return whistle is not None and whistle.status in ("blown", "settled", "verified")


def is_whole(ref, order):
    return order.part_of is None


def is_with_parts(ref, order):
    nobody = order.holder is None and open_whistle(ref, order) is None
    return nobody and bool(parts_of(ref, order))


def is_tied(ref, order):
    return bool(ties_of(ref, order))


def is_with_holder(ref, order):
    return order.holder is not None and not is_with_whistle(ref, order)


def is_can_reopen(ref, order):
    if order.part_of is not None:
        return False
    ended = [event for event in order.log if event.old != event.new][-1].at
    return ref.now <= due(ended, *WINDOW)


def is_seldom_returned(ref, order):
    return len(order.steps("send_back")) < 2


def is_often_returned(ref, order):
    return not is_seldom_returned(ref, order)


def is_by_office(ref, whistle):
    return whistle.level == 3 and whistle.holder is not None


def is_tough(ref, whistle):
    return whistle.level == 3 and whistle.type == "tough"


def is_plain(ref, whistle):
    return not is_tough(ref, whistle)


def is_unconfirmed(ref, whistle):
    return whistle.level == 3 and not whistle.confirmed


def is_whistle_blown(ref, answer):
    return answer.whistle.status == "blown"


def is_grounded(ref, request):
    return request.type in ("return", "exemption")


def is_appeals_order(ref, request):
    return request.type == "appeal" and request.subject.kind == "order"


def is_appeals_score(ref, request):
    """Its first reviewer says what is corrected."""
    return request.type == "appeal" and request.subject.kind == "response"


def is_dispatchers(ref, request):
    return request.type in ("extension", "return", "exemption")


def is_silence_grants(ref, request):
    return request.silence == "granted" and not asking.hindered(ref, request)


def is_silence_rejects(ref, request):
    return not is_silence_grants(ref, request)


def open_whistle(ref, order):
    found = [w for w in ref.under(order, "whistle") if w.open]
    return found[-1] if found else None


def waited_for(ref, order):
    """The whistles through which an order can still be settled."""
    return [w for w in ref.under(order, "whistle") if w.open and w.status != "scored"]


# Orders


def order_blocked(ref, order, verb):
    if verb == "check":
        wanted = "check" if order.status == "reported" else "verify"
        return any(v.open and v.type == wanted for v in ref.under(order, "verification"))
    return verb == "send_back" and ruled(order)


def order_fix(ref, order, act):
    order.holder = "grid"


def order_take(ref, order, act):
    order.holder = "community"


def order_register(ref, order, act):
    order.filed = True


def order_merge(ref, order, act):
    into = ref.papers["order"][act.given["into"]]
    refuse(INPUT, into is order or not into.open or into.part_of or merged_into(ref, order))
    refuse(STATE, open_whistle(ref, order) is not None)
    order.merged_into = into


def merged_into(ref, order):
    return [other for other in ref.papers["order"] if other.merged_into is order]


def order_split(ref, order, act):
    order.merged_into = None


def order_divide(ref, order, act):
    refuse(STATE, open_whistle(ref, order) is not None)
    refuse(INPUT, not 2 <= len(act.given["parts"]) <= 10)


def order_part(ref, order, act):
    order.filed = True


def order_relate(ref, order, act):
    other = ref.papers["order"][act.given["other"]]
    near = (order, order.part_of, order.merged_into)
    refuse(INPUT, other in near or other.part_of is order or other in ties_of(ref, order))
    order.ties = {*(order.ties or ()), other}


def order_unrelate(ref, order, act):
    other = ref.papers["order"][act.given["other"]]
    for one, two in ((order, other), (other, order)):
        one.ties = {*(one.ties or ())} - {two}


def order_dispatch(ref, order, act):
    unit = act.given["unit"]
    refuse(INPUT, unit not in RANKS or unit == "street" or "street" not in path(unit))
    order.holder = unit


order_designate = order_dispatch


def order_pass_on(ref, order, act):
    unit = act.given["unit"]
    refuse(INPUT, RANKS.get(unit, 0) <= RANKS[order.holder] or "street" not in path(unit))
    order.holder = unit


def order_recall(ref, order, act):
    order.holder = None


order_send_back = order_recall


def order_reopen(ref, order, act):
    order.filed = order.filed or "condition" in act.given
    refuse(INPUT, not order.filed)
    order.holder = None
    order_rework(ref, order, act)


def order_rework(ref, order, act):
    order.called_back = order.solved = None


def order_verify(ref, order, act):
    """Somebody on the ground has said yes since it was handled, or a method and evidence."""
    handled = [e for e in order.log if e.new == "handled" != e.old][-1].at
    said = [v for v in ref.under(order, "verification") if v.type == "verify" and v.yes]
    answered = any(v.steps("answer")[0].at >= handled for v in said)
    refuse(INPUT, not answered and not (act.given.get("method") and act.given.get("reason")))


def order_callback(ref, order, act):
    reached = act.given["contacted"] == "yes"
    wanted = ("solved", "satisfaction") if reached else ("remark",)
    refuse(INPUT, any(act.given.get(name) is None for name in wanted))
    order.called_back, order.solved = ref.now, act.given.get("solved") if reached else None


def order_close(ref, order, act):
    refuse(STATE, order.called_back is None and order.part_of is None)
    refuse(INPUT, order.solved is False and not act.given.get("reason"))
    whistle = open_whistle(ref, order)
    refuse(STATE, whistle is not None and whistle.status != "scored")
    refuse(STATE, any(paper.open for paper in ref.under(order, "supervision")))


def order_suspend(ref, order, act):
    check_until(ref, act.given["until"])


def order_void(ref, order, act):
    """What is whistled for is cancelled first, the lowest first."""
    refuse(STATE, bool(merged_into(ref, order)))
    while whistles := waited_for(ref, order):
        ref.step(whistles[0], "cancel", act.who, {"below": False}, system=True)


def order_urge(ref, order, act):
    refuse(STATE, any(urge.at > ref.now - HALF_HOUR for urge in order.steps("urge")))
    if order.status == "whistled":
        whistle = open_whistle(ref, order)
        refuse(STATE, not whistle or not any(a.open for a in ref.responses(whistle)))


def response_urge(ref, answer, act):
    refuse(STATE, any(urge.at > ref.now - HALF_HOUR for urge in answer.steps("urge")))


# Whistles


def whistle_draft(ref, whistle, act):
    whistle_blow(ref, whistle, act)
    refuse(INPUT, whistle.holder not in (None, whistle.order.holder))
    check_tasks(act.given["tasks"])
    whistle.tasks = act.given["tasks"]


def whistle_blow(ref, whistle, act):
    if whistle.raised_from is None:
        refuse(STATE, whistle.order.status not in ("registered", "accepted"))
        others = [w for w in ref.under(whistle.order, "whistle") if w.open and w is not whistle]
        refuse(STATE, bool(others))


def whistle_raise(ref, whistle, act):
    check_tasks(act.given["tasks"])


def check_tasks(tasks, leads=1):
    units = [unit for unit, _role in tasks]
    refuse(INPUT, len(set(units)) < len(units) or not set(units) <= set(DEPARTMENTS))
    refuse(INPUT, [role for _unit, role in tasks].count("lead") != leads)


def whistle_confirm(ref, whistle, act):
    whistle.confirmed = True


def standing(ref, whistle):
    return {a.unit for a in ref.responses(whistle) if a.status != "released"}


def whistle_add(ref, whistle, act):
    unit = act.given["unit"]
    refuse(INPUT, unit not in DEPARTMENTS or unit in standing(ref, whistle))


def whistle_leader_report(ref, whistle, act):
    act.given["relations"] = ref.relations(whistle, act.who)


def whistle_rework(ref, whistle, act):
    answers, tasks = chosen(ref, act), act.given.get("tasks") or ()
    refuse(INPUT, not answers and not tasks)
    refuse(INPUT, any(a.whistle is not whistle or a.status != "done" for a in answers))
    refuse(INPUT, bool(tasks) and whistle.level == 2)
    check_tasks(tasks, leads=0)
    refuse(INPUT, any(unit in standing(ref, whistle) for unit, _role in tasks))


def chosen(ref, act):
    return [ref.papers["response"][n] for n in act.given.get("responses") or ()]


def whistle_score(ref, whistle, act):
    order = whistle.order
    refuse(STATE, order.called_back is None and order.part_of is None)
    done = [a for a in ref.responses(whistle) if a.status == "done"]
    refuse(INPUT, set(act.given["marks"]) != {answer.n for answer in done})


def whistle_close(ref, whistle, act):
    if whistle.status == "scored":
        refuse(STATE, is_unconfirmed(ref, whistle))
        refuse(STATE, is_tough(ref, whistle) and bool(missing_leaders(ref, whistle)))


def missing_leaders(ref, whistle):
    """Who is paired with the street, or in charge of who leads, and has not reported."""
    reports = whistle.steps("leader_report")
    people = [*PAIRED.values(), "deputy_leader"]
    known = {kind for who in people for kind in ref.relations(whistle, who)}
    return known - {kind for report in reports for kind in report.given["relations"]}


# Responses


def response_assign(ref, answer, act):
    refuse(INPUT, ABOVE.get(act.given["section"]) != answer.unit)
    answer.section = act.given["section"]


def response_arrive(ref, answer, act):
    if act.row.at == "caller":
        act.given["by"] = "caller"
    else:
        refuse(INPUT, not act.given.get("code"))


def response_designate(ref, answer, act):
    unit = act.given["unit"]
    others = standing(ref, answer.whistle) - {answer.unit}
    refuse(INPUT, unit not in DEPARTMENTS or unit in others)
    if unit != answer.unit:
        answer.section = None
    answer.unit, answer.designated = unit, True


def response_move(ref, answer, act):
    unit = act.given["unit"]
    refuse(INPUT, unit not in DEPARTMENTS or unit in standing(ref, answer.whistle))
    answer.unit, answer.section = unit, None


# Requests, verifications, supervision orders

request_ask = asking.ask


def request_grant(ref, request, act):
    refuse(STATE, asking.hindered(ref, request))


def verification_answer(ref, paper, act):
    paper.yes = act.given["yes"] == "yes"


def supervision_issue(ref, paper, act):
    order, unit = paper.order, act.given["unit"]
    refuse(STATE, not order.open)
    refuse(INPUT, unit not in ref.at_work(order))
    paper.unit, paper.amount, paper.time_unit = unit, act.given["amount"], act.given["time_unit"]
    paper.post = act.who
    paper.issuer = ref.supervises(act.who) if paper.type == "supervision" else ref.seat(act.who)
    same = [p for p in ref.under(order, "supervision") if p.unit == unit and p.type == paper.type]
    twice = any(p.open for p in same if p is not paper) or unit == paper.issuer
    refuse(INPUT, paper.type == "supervision" and twice)
