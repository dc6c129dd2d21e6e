"""The flow of assignments: a stage of a lead's plan (方案), a task from a joint meeting (联席会议)."""

from organization.duty import Duty
from workflow.flow import NEW, STAY, Flow, Step, Timer

GIVEN, ANSWERED, CANCELLED = "given", "answered", "cancelled"

# fmt: off
ASSIGNMENT = Flow(
    "assignment",
    steps=(
        Step("give",     (NEW,), GIVEN, needs=("unit", "text", "day")),
        Step("answer",   (GIVEN,), ANSWERED, Duty.HANDLE, "unit", ("result",), takes=("photos",)),
        Step("answer",   (GIVEN,), ANSWERED, needs=("result",)),
        Step("cancel",   (GIVEN,), CANCELLED, Duty.DISPATCH, "caller", ("reason",)),
        Step("cancel",   (GIVEN,), CANCELLED),
        Step("remind",   (GIVEN,), STAY, takes=("clock",)),
        Step("escalate", (GIVEN,), STAY, takes=("clock",)),
    ),
    timers=(Timer("finish", ("give",), ("answer",)),),
    final=(ANSWERED, CANCELLED),
    awaits={GIVEN: ("answer",)},
    words=frozenset({"text", "result"}),
)
# fmt: on
