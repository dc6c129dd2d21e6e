"""The flows of work orders, whistles, responses and verifications, as words.md gives them."""

from organization.duty import Duty
from workflow.flow import BACK, NEW, STAY, Flow, Step, Timer

REPORTED, REGISTERED, DISPATCHED, ACCEPTED = "reported", "registered", "dispatched", "accepted"
WHISTLED, HANDLED, VERIFIED, CLOSED = "whistled", "handled", "verified", "closed"
REFUSED, MERGED, SUSPENDED, VOID = "refused", "merged", "suspended", "void"
DIVIDED = "divided"
DRAFTED, CONFIRMED, BLOWN, SETTLED = "drafted", "confirmed", "blown", "settled"
SCORED, RAISED, CANCELLED = "scored", "raised", "cancelled"
CALLED, SIGNED, ARRIVED, DONE = "called", "signed", "arrived", "done"
DISPUTED, RELEASED = "disputed", "released"
ASKED, ANSWERED, LAPSED = "asked", "answered", "lapsed"

ORDER_ACTIVE = (
    *(REPORTED, REGISTERED, DIVIDED, DISPUTED, DISPATCHED),
    *(ACCEPTED, WHISTLED, HANDLED, VERIFIED),
)
ORDER_OPEN = (*ORDER_ACTIVE, SUSPENDED)
# A divided one is void when its parts are: then it stands alone again.
ORDER_ALONE = tuple(status for status in ORDER_OPEN if status != DIVIDED)
ORDER_FILED = (REGISTERED, DIVIDED, DISPATCHED, ACCEPTED, WHISTLED, HANDLED, VERIFIED)
# A word can be added at any time, also when all is over.
ORDER_EVER = (*ORDER_OPEN, CLOSED, REFUSED, MERGED, VOID)
# In somebody else's hands: what the centre can urge.
ORDER_OUT = (DISPATCHED, ACCEPTED, WHISTLED)
WHISTLE_OPEN = (DRAFTED, CONFIRMED, BLOWN, SETTLED, VERIFIED, SCORED)
WHISTLE_EVER = (*WHISTLE_OPEN, RAISED, CLOSED, CANCELLED)
AFTER_BLOWN = (BLOWN, SETTLED, VERIFIED, SCORED)
# What a call to a joint meeting (联席会议) says.
MEETING = ("meet_at", "meet_place", "agenda")
RESPONSE_OPEN = (CALLED, SIGNED, ARRIVED, DISPUTED)
RESPONSE_EVER = (*RESPONSE_OPEN, DONE, RELEASED)
# What a respondent does: who has done any of it does not verify the whistle.
RESPONDED = ("sign", "name", "assign", "contact", "arrive", "plan", "progress", "finish", "dispute")

# Whom a street sends to its community (双轨): a person of its own, or somebody by name and phone.
SENT = ("person", "lead_name", "lead_phone")

# fmt: off
ORDER = Flow(
    "workorder",
    steps=(
        Step("report",   (NEW,), REPORTED, Duty.REPORT, "origin", takes=("photos",)),
        Step("report",   (NEW,), REPORTED, Duty.REPORT, "centre", takes=("photos",)),
        Step("report",   (NEW,), REPORTED, Duty.REPORT, "beat", takes=("photos",)),
        Step("report",   (NEW,), REPORTED, takes=("photos",)),
        Step("fix",      (NEW,), HANDLED, Duty.REPORT, "grid", ("result", "photos")),
        Step("fix",      (NEW,), HANDLED, Duty.REPORT, "beside", ("result", "photos")),
        Step("take",     (REPORTED,), ACCEPTED, Duty.HANDLE, "community"),
        Step("check",    (REPORTED,), STAY, Duty.TRIAGE, "centre", takes=("unit", "question")),
        Step("check",    (HANDLED,), STAY, Duty.INSPECT, "centre", takes=("unit", "question")),
        Step("register", (REPORTED,), REGISTERED, Duty.TRIAGE, "centre", ("condition",), takes=("urgency",)),
        Step("refuse",   (REPORTED,), REFUSED, Duty.TRIAGE, "centre", ("ground", "reason")),
        Step("merge",    (REPORTED, REGISTERED), MERGED, Duty.TRIAGE, "centre", ("into",), when="is_whole"),
        Step("split",    (MERGED,), REPORTED, Duty.TRIAGE, "centre", ("reason",)),
        Step("divide",   (REGISTERED,), DIVIDED, Duty.DISPATCH, "centre", ("parts",), when="is_whole"),
        Step("part",     (NEW,), REGISTERED),
        Step("gather",   (DIVIDED,), VERIFIED, takes=("result",)),
        Step("undivide", (DIVIDED,), REGISTERED),
        Step("dispatch", (REGISTERED,), DISPATCHED, Duty.DISPATCH, "centre", ("unit",)),
        Step("recall",   (DISPATCHED, ACCEPTED), REGISTERED, Duty.DISPATCH, "centre", ("reason",)),
        Step("accept",   (DISPATCHED,), ACCEPTED, Duty.HANDLE, "holder", here=True),
        Step("pass_on",  (ACCEPTED,), DISPATCHED, Duty.HANDLE, "holder", ("unit",)),
        Step("send_back", (DISPATCHED,), REGISTERED, Duty.HANDLE, "holder", ("ground", "reason"), here=True, when="seldom_returned"),
        Step("send_back", (DISPATCHED,), DISPUTED, Duty.HANDLE, "holder", ("ground", "reason"), here=True, when="often_returned"),
        Step("send_back", (ACCEPTED,), REGISTERED, needs=("ground", "reason"), when="seldom_returned"),
        Step("send_back", (ACCEPTED,), DISPUTED, needs=("ground", "reason"), when="often_returned"),
        Step("designate", (DISPUTED,), DISPATCHED, Duty.ARBITRATE, "arbiter", ("unit", "reason")),
        Step("grade",    (ACCEPTED,), STAY, Duty.HANDLE, "holder", ("grade", "opinion"), when="in_office"),
        Step("whistle",  (REGISTERED, ACCEPTED), WHISTLED),
        Step("unwhistle", (WHISTLED,), BACK),
        Step("handle",   (ACCEPTED,), HANDLED, Duty.HANDLE, "holder",
             ("result", "talked_to", "settled_on", "photos"), ("checks",), here=True),
        Step("settle",   (WHISTLED,), VERIFIED),
        Step("verify",   (HANDLED,), VERIFIED, Duty.INSPECT, "centre", takes=("method", "photos"), not_by=("fix", "handle")),
        Step("rework",   (HANDLED, VERIFIED), ACCEPTED, Duty.INSPECT, "centre", ("reason",), when="with_holder"),
        Step("rework",   (VERIFIED,), WHISTLED, Duty.INSPECT, "centre", ("reason",), when="with_whistle"),
        Step("rework",   (VERIFIED,), REGISTERED, Duty.INSPECT, "centre", ("reason",), when="with_parts"),
        Step("callback", (VERIFIED,), STAY, Duty.INSPECT, "centre", ("contacted",),
             takes=("solved", "satisfaction", "remark"), when="is_whole"),
        Step("survey",   (VERIFIED,), STAY, Duty.INSPECT, "centre", when="unheard"),
        Step("close",    (VERIFIED,), CLOSED, Duty.INSPECT, "centre"),
        Step("reopen",   (CLOSED, REFUSED), REGISTERED, Duty.TRIAGE, "centre", ("reason",), takes=("condition",), when="can_reopen"),
        Step("suspend",  (REGISTERED, ACCEPTED, WHISTLED), SUSPENDED, Duty.SUPERVISE, "centre", ("until", "reason")),
        Step("resume",   (SUSPENDED,), BACK, Duty.SUPERVISE, "centre"),
        Step("resume",   (SUSPENDED,), BACK),
        Step("extend",   (ACCEPTED, WHISTLED), STAY, needs=("more",)),
        Step("void",     ORDER_ALONE, VOID, Duty.SUPERVISE, "centre", ("reason",), not_by=("report", "fix", "handle")),
        Step("relate",   ORDER_FILED, STAY, Duty.TRIAGE, "centre", ("other", "reason")),
        Step("unrelate", ORDER_FILED, STAY, Duty.TRIAGE, "centre", ("other", "reason"), when="is_tied"),
        Step("urge",     ORDER_OUT, STAY, Duty.SUPERVISE, "centre", takes=("reason",)),
        Step("urge",     ORDER_OUT, STAY, Duty.DISPATCH, "centre", takes=("reason",)),
        Step("note",     ORDER_EVER, STAY, Duty.VIEW, "origin", ("remark",)),
        Step("note",     ORDER_EVER, STAY, Duty.VIEW, "centre", ("remark",)),
        Step("note",     ORDER_EVER, STAY, Duty.VIEW, "holder", ("remark",)),
        Step("inform",   (*ORDER_OPEN, CLOSED, REFUSED), STAY, Duty.TRIAGE, "centre", ("remark",), when="is_whole"),
        Step("inform",   (*ORDER_OPEN, CLOSED, REFUSED), STAY, Duty.INSPECT, "centre", ("remark",), when="is_whole"),
        Step("inform",   ORDER_OUT, STAY, Duty.HANDLE, "holder", ("remark",), here=True, when="is_whole"),
        Step("remind",   ORDER_OPEN, STAY, takes=("clock",)),
        Step("escalate", ORDER_OPEN, STAY, takes=("clock",)),
    ),
    timers=(
        Timer("triage", ("report", "split"), ("register", "refuse", "merge", "take")),
        Timer("dispatch", ("register", "part", "undivide", "rework", "recall", "send_back", "reopen", "unwhistle"),
              ("dispatch", "divide", "whistle", "merge"), during=(REGISTERED,), within=("handle",)),
        Timer("arbitrate", ("send_back",), ("designate",), during=(DISPUTED,), within=("handle",)),
        Timer("sign", ("dispatch", "designate", "pass_on"), ("accept", "send_back", "recall"), within=("handle",)),
        Timer("handle", ("register", "part", "take", "rework", "reopen"), ("handle", "settle", "gather", "merge")),
        Timer("verify", ("handle", "fix"), ("verify", "rework")),
        Timer("callback", ("verify", "settle", "gather"), ("callback", "rework")),
        Timer("suspension", ("suspend",), ("resume",), then="resume"),
    ),
    final=(CLOSED, REFUSED, MERGED, VOID),
    awaits={
        REPORTED: ("register",), REGISTERED: ("dispatch",), DISPUTED: ("designate",), DISPATCHED: ("accept",),
        ACCEPTED: ("handle",), HANDLED: ("verify",), VERIFIED: ("callback", "close"),
        SUSPENDED: ("resume",),
    },
    words=frozenset({"result", "talked_to", "opinion", "question", "remark", "parts"}),
    private=frozenset({"other"}),
    batched=frozenset({"register", "merge", "dispatch", "accept", "close", "urge"}),
    unnoted=frozenset({"note", "inform"}),
)

WHISTLE = Flow(
    "whistle",
    steps=(
        Step("blow",     (NEW,), BLOWN, Duty.HANDLE, "caller", here=True, when="is_level_two"),
        Step("draft",    (NEW,), DRAFTED, Duty.HANDLE, "holder", ("tasks",), when="by_office"),
        Step("draft",    (NEW,), DRAFTED, Duty.DISPATCH, "centre", ("tasks",), when="is_level_three"),
        Step("confirm",  (DRAFTED,), CONFIRMED, Duty.CONFIRM, "caller", here=True, not_by=("draft", "raise"), when="is_plain"),
        Step("confirm",  (DRAFTED,), CONFIRMED, Duty.CONFIRM, "caller", here=True, leader=True, not_by=("draft", "raise"),
             when="is_tough"),
        Step("confirm",  AFTER_BLOWN, STAY, Duty.CONFIRM, "caller", here=True, not_by=("draft", "blow_now"),
             when="awaits_confirmation"),
        Step("blow",     (CONFIRMED,), BLOWN, Duty.DISPATCH, "centre"),
        Step("blow_now", (DRAFTED,), BLOWN, Duty.SUPERVISE, "caller", ("reason",), when="is_emergency"),
        Step("decline",  (DRAFTED,), CANCELLED, Duty.CONFIRM, "caller", ("reason",), here=True, when="is_plain"),
        Step("decline",  (DRAFTED,), CANCELLED, Duty.CONFIRM, "caller", ("reason",), here=True, leader=True, when="is_tough"),
        Step("raise",    (BLOWN,), RAISED, Duty.DISPATCH, "centre", ("reason", "kind", "ask", "tasks"), when="is_level_two"),
        Step("lower",    (RAISED,), BACK),
        Step("add",      (BLOWN,), STAY, Duty.DISPATCH, "caller", ("unit", "task", "amount", "time_unit"), when="is_level_three"),
        Step("leader_report", AFTER_BLOWN, STAY, at="leader", needs=("presence", "opinion"),
             takes=("where", "photos"), when="is_tough"),
        Step("meet",     (BLOWN,), STAY, Duty.DISPATCH, "caller", MEETING, when="calls_several"),
        Step("meet",     (BLOWN,), STAY, Duty.HANDLE, "lead", MEETING, here=True, when="calls_several"),
        Step("minute",   AFTER_BLOWN, STAY, Duty.DISPATCH, "caller", ("present", "decisions"), takes=("assignments",), when="has_meeting"),
        Step("minute",   AFTER_BLOWN, STAY, Duty.HANDLE, "lead", ("present", "decisions"), takes=("assignments",), here=True,
             when="has_meeting"),
        Step("call_off", AFTER_BLOWN, STAY, Duty.DISPATCH, "caller", ("reason",), when="has_meeting"),
        Step("call_off", AFTER_BLOWN, STAY, Duty.HANDLE, "lead", ("reason",), here=True, when="has_meeting"),
        Step("settle",   (BLOWN,), SETTLED),
        Step("survey",   (SETTLED,), STAY, Duty.INSPECT, "caller"),
        Step("verify",   (SETTLED,), VERIFIED, Duty.INSPECT, "caller", ("method", "reason"), takes=("photos",),
             not_by=RESPONDED),
        Step("rework",   (SETTLED, VERIFIED), BLOWN, Duty.INSPECT, "caller", ("reason",), takes=("responses", "tasks")),
        Step("score",    (VERIFIED,), SCORED, Duty.SCORE, "caller", ("marks",), here=True),
        Step("close",    (SCORED,), CLOSED, Duty.INSPECT, "caller"),
        Step("close",    (RAISED,), CLOSED),
        Step("cancel",   (DRAFTED, CONFIRMED, BLOWN, RAISED), CANCELLED, Duty.CONFIRM, "caller", ("reason",), here=True),
        Step("cancel",   (SETTLED, VERIFIED), CANCELLED),
        Step("note",     WHISTLE_EVER, STAY, Duty.VIEW, "caller", ("remark",)),
        Step("note",     WHISTLE_EVER, STAY, Duty.VIEW, "centre", ("remark",)),
        Step("remind",   WHISTLE_OPEN, STAY, takes=("clock",)),
        Step("escalate", WHISTLE_OPEN, STAY, takes=("clock",)),
    ),
    timers=(
        Timer("confirm", ("draft", "blow_now"), ("confirm", "decline"), within=("handle",), beyond=("blown",)),
        Timer("blow", ("confirm",), ("blow",), during=(CONFIRMED,), within=("handle",)),
        Timer("score", ("verify",), ("score", "rework")),
    ),
    final=(CLOSED, CANCELLED),
    awaits={
        DRAFTED: ("confirm",), CONFIRMED: ("blow",), BLOWN: ("confirm", "leader_report"),
        SETTLED: ("verify", "confirm", "leader_report"), VERIFIED: ("score", "confirm", "leader_report"),
        SCORED: ("close", "confirm", "leader_report"),
    },
    words=frozenset({"opinion", "where", "ask", "meet_place", "agenda", "decisions", "assignments", "remark"}),
    unnoted=frozenset({"note"}),
)

RESPONSE = Flow(
    "response",
    steps=(
        Step("call",     (NEW,), CALLED),
        Step("sign",     (CALLED,), SIGNED, Duty.HANDLE, "answerer", ("lead_name", "lead_phone"), here=True, when="is_level_three"),
        Step("name",     (CALLED,), SIGNED, Duty.DISPATCH, "centre", takes=SENT, here=True, when="is_level_two"),
        Step("name",     (SIGNED, ARRIVED), STAY, Duty.DISPATCH, "centre", takes=SENT, here=True, when="is_level_two"),
        Step("assign",   (CALLED, SIGNED, ARRIVED), STAY, Duty.HANDLE, "answerer", ("section",), takes=("person",)),
        Step("contact",  (SIGNED,), STAY, Duty.HANDLE, "answerer", ("meet_at", "meet_place")),
        Step("contact",  (SIGNED,), STAY, at="person", needs=("meet_at", "meet_place"), when="is_level_two"),
        Step("arrive",   (SIGNED,), ARRIVED, Duty.HANDLE, "answerer", ("who",), takes=("code", "lng", "lat", "photos"), here=True),
        Step("arrive",   (SIGNED,), ARRIVED, Duty.DISPATCH, "caller", ("who",), takes=("code", "lng", "lat", "photos")),
        Step("arrive",   (SIGNED,), ARRIVED, at="person", needs=("who",), takes=("code", "lng", "lat", "photos"), when="is_level_two"),
        Step("deny",     (ARRIVED,), SIGNED, Duty.INSPECT, "caller", ("reason",)),
        Step("plan",     (SIGNED, ARRIVED), STAY, Duty.HANDLE, "answerer", ("plan", "stages"), here=True, when="leads_several"),
        Step("progress", (ARRIVED,), STAY, Duty.HANDLE, "answerer", ("result",), takes=("stage", "photos")),
        Step("progress", (ARRIVED,), STAY, at="person", needs=("result",), takes=("photos",), when="is_level_two"),
        Step("finish",   (ARRIVED,), DONE, Duty.HANDLE, "answerer", ("result", "photos"), ("checks",), here=True),
        Step("finish",   (ARRIVED,), DONE, at="person", needs=("result", "photos"), takes=("checks",), when="is_level_two"),
        Step("redo",     (DONE,), ARRIVED, Duty.INSPECT, "caller", ("reason",), when="whistle_blown"),
        Step("dispute",  (CALLED, SIGNED), DISPUTED, Duty.HANDLE, "answerer", ("ground", "reason"), here=True, when="is_level_three"),
        Step("designate", (DISPUTED,), SIGNED, Duty.ARBITRATE, "arbiter", ("unit", "reason")),
        Step("move",     (CALLED, SIGNED, ARRIVED), CALLED, Duty.ARBITRATE, "arbiter", ("unit", "reason"), when="is_level_three"),
        Step("release",  RESPONSE_OPEN, RELEASED, Duty.CONFIRM, "caller", ("reason",)),
        Step("release",  RESPONSE_OPEN, RELEASED, Duty.ARBITRATE, "arbiter", ("reason",)),
        Step("withdraw", RESPONSE_OPEN, RELEASED),
        Step("extend",   RESPONSE_OPEN, STAY, needs=("more",)),
        Step("urge",     RESPONSE_OPEN, STAY, Duty.SUPERVISE, "centre", takes=("reason",)),
        Step("urge",     RESPONSE_OPEN, STAY, Duty.DISPATCH, "centre", takes=("reason",)),
        Step("note",     RESPONSE_EVER, STAY, Duty.VIEW, "answerer", ("remark",)),
        Step("remind",   RESPONSE_OPEN, STAY, takes=("clock",)),
        Step("escalate", RESPONSE_OPEN, STAY, takes=("clock",)),
    ),
    timers=(
        Timer("sign", ("call", "move"), ("sign", "name", "dispute", "move"), within=("handle", "finish")),
        Timer("contact", ("call", "move"), ("contact", "arrive", "move"), within=("handle", "finish")),
        Timer("arrive", ("call", "move"), ("arrive", "move"), revives=("deny",), within=("handle", "finish")),
        Timer("finish", ("call", "redo"), ("finish",), within=("handle",)),
        Timer("arbitrate", ("dispute",), ("designate", "release"), within=("handle", "finish")),
    ),
    final=(DONE, RELEASED),
    awaits={
        CALLED: ("sign", "name"), SIGNED: ("arrive",), ARRIVED: ("finish",), DISPUTED: ("designate",),
    },
    words=frozenset({"result", "who", "meet_place", "plan", "stages", "remark"}),
    private=frozenset({"lead_phone", "code"}),
    batched=frozenset({"urge", "move"}),
    unnoted=frozenset({"note"}),
)

VERIFICATION = Flow(
    "verification",
    steps=(
        Step("ask",    (NEW,), ASKED),
        Step("answer", (ASKED,), ANSWERED, Duty.REPORT, "answerer", ("yes", "words"),
             takes=("photos", "lng", "lat"), not_by=("fix", "handle")),
        Step("answer", (ASKED,), ANSWERED, Duty.INSPECT, "centre", ("yes", "words"),
             takes=("photos", "lng", "lat"), not_by=("fix", "handle")),
        Step("remind", (ASKED,), STAY, takes=("clock",)),
        Step("lapse",  (ASKED,), LAPSED),
    ),
    timers=(Timer("answer", ("ask",), ("answer",), then="lapse"),),
    final=(ANSWERED, LAPSED),
    awaits={ASKED: ("answer",)},
    words=frozenset({"question", "words"}),
)
# fmt: on
