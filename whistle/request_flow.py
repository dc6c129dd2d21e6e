"""The flow of requests (申请): what a holder asks for instead of changing it."""

from organization.duty import Duty
from whistle.flow import ASKED
from workflow.flow import NEW, STAY, Flow, Step, Timer

GRANTED_ONCE, GRANTED, REJECTED = "granted_once", "granted", "rejected"
WITHDRAWN, DROPPED = "withdrawn", "dropped"

REQUEST_OPEN = (ASKED, GRANTED_ONCE)

# fmt: off
REQUEST = Flow(
    "request",
    steps=(
        Step("ask",      (NEW,), ASKED, Duty.HANDLE, "unit", ("amount", "reason"), ("photos",), here=True, when="is_extension"),
        Step("ask",      (NEW,), ASKED, Duty.HANDLE, "unit", ("until", "reason"), ("photos",), here=True, when="is_suspension"),
        Step("ask",      (NEW,), ASKED, Duty.HANDLE, "unit", ("ground", "reason"), ("photos",), here=True, when="names_ground"),
        Step("ask",      (NEW,), ASKED, Duty.HANDLE, "unit", ("reason",), ("photos",), here=True, when="is_appeal"),
        Step("grant",    (ASKED,), GRANTED, Duty.DISPATCH, "approver", not_by=("ask",), when="by_dispatcher"),
        Step("grant",    (ASKED,), GRANTED, Duty.SUPERVISE, "approver", not_by=("ask",), when="is_suspension"),
        Step("grant",    (ASKED,), GRANTED_ONCE, Duty.ARBITRATE, "approver", not_by=("ask",), when="appeals_order"),
        Step("grant",    (ASKED,), GRANTED_ONCE, Duty.ARBITRATE, "approver", takes=("struck", "mark"), not_by=("ask",), when="appeals_score"),
        Step("grant",    (GRANTED_ONCE,), GRANTED, Duty.ARBITRATE, "approver", not_by=("ask", "grant"), when="is_appeal"),
        Step("reject",   (ASKED,), REJECTED, Duty.DISPATCH, "approver", ("reason",), not_by=("ask",), when="by_dispatcher"),
        Step("reject",   (ASKED,), REJECTED, Duty.SUPERVISE, "approver", ("reason",), not_by=("ask",), when="is_suspension"),
        Step("reject",   REQUEST_OPEN, REJECTED, Duty.ARBITRATE, "approver", ("reason",), not_by=("ask", "grant"), when="is_appeal"),
        Step("withdraw", REQUEST_OPEN, WITHDRAWN, Duty.HANDLE, "unit", here=True),
        Step("decide",   REQUEST_OPEN, GRANTED, when="silence_grants"),
        Step("decide",   REQUEST_OPEN, REJECTED, when="silence_rejects"),
        Step("drop",     REQUEST_OPEN, DROPPED),
        Step("remind",   REQUEST_OPEN, STAY, takes=("clock",)),
    ),
    timers=(
        Timer("decide", ("ask", "grant"), ("grant", "reject"), during=REQUEST_OPEN, then="decide"),
    ),
    final=(GRANTED, REJECTED, WITHDRAWN, DROPPED),
    awaits={ASKED: ("grant",), GRANTED_ONCE: ("grant",)},
    words=frozenset({"reason"}),
)
# fmt: on
