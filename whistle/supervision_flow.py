"""The flow of supervision orders (督办单) and leaders' instructions (批示)."""

from organization.duty import Duty
from workflow.flow import NEW, STAY, Flow, Step, Timer

ISSUED, SIGNED, ANSWERED = "issued", "signed", "answered"
SIGNED_OFF, CANCELLED = "signed_off", "cancelled"

OPEN = (ISSUED, SIGNED, ANSWERED)
ASKED = ("requirement", "amount", "time_unit")
CADENCE = ("cadence", "cadence_unit")
# What the supervised unit does: who has done any of it does not judge the result.
WORKED = ("sign", "report", "answer")

# fmt: off
SUPERVISION = Flow(
    "supervision",
    steps=(
        Step("issue",    (NEW,), ISSUED, Duty.SUPERVISE, "centre", ("unit", "ground", *ASKED), takes=CADENCE, when="is_supervision"),
        Step("issue",    (NEW,), ISSUED, at="leader", needs=("unit", *ASKED), takes=CADENCE, when="is_instruction"),
        Step("sign",     (ISSUED,), SIGNED, Duty.HANDLE, "unit", here=True),
        Step("report",   (SIGNED,), STAY, Duty.HANDLE, "unit", ("result",), takes=("photos",)),
        Step("answer",   (SIGNED,), ANSWERED, Duty.HANDLE, "unit", ("result",), takes=("photos",), here=True),
        Step("reject",   (ANSWERED,), SIGNED, Duty.SUPERVISE, "issuer", ("reason",), not_by=WORKED, when="is_supervision"),
        Step("reject",   (ANSWERED,), SIGNED, at="leader", needs=("reason",), when="is_instruction"),
        Step("sign_off", (ANSWERED,), SIGNED_OFF, Duty.SUPERVISE, "issuer", takes=("reason",), not_by=WORKED, when="is_supervision"),
        Step("sign_off", (ANSWERED,), SIGNED_OFF, at="leader", takes=("reason",), when="is_instruction"),
        Step("card",     OPEN, STAY, Duty.SUPERVISE, "issuer", ("colour", "reason"), not_by=WORKED, when="is_supervision"),
        Step("card",     OPEN, STAY, at="leader", needs=("colour", "reason"), when="is_instruction"),
        Step("cancel",   OPEN, CANCELLED, Duty.SUPERVISE, "issuer", ("reason",), not_by=WORKED, when="is_supervision"),
        Step("cancel",   OPEN, CANCELLED, at="leader", needs=("reason",), when="is_instruction"),
        Step("cancel",   OPEN, CANCELLED),
        Step("remind",   OPEN, STAY, takes=("clock",)),
        Step("escalate", OPEN, STAY, takes=("clock",)),
    ),
    timers=(
        Timer("sign", ("issue",), ("sign",)),
        Timer("report", ("sign", "report", "reject"), ("answer",)),
        Timer("finish", ("issue",), ("answer",), revives=("reject",)),
        Timer("sign_off", ("answer",), ("sign_off", "reject")),
    ),
    final=(SIGNED_OFF, CANCELLED),
    awaits={ISSUED: ("sign",), SIGNED: ("answer",), ANSWERED: ("sign_off",)},
    words=frozenset({"requirement", "result"}),
)
# fmt: on
