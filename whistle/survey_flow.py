"""The flow of satisfaction surveys (满意度调查): asked of the reporter by a link, answered once."""

from organization.duty import Duty
from whistle.flow import ANSWERED, ASKED, LAPSED
from workflow.flow import NEW, STAY, Flow, Step, Timer

DROPPED = "dropped"

# fmt: off
SURVEY = Flow(
    "survey",
    steps=(
        Step("ask",      (NEW,), ASKED),
        Step("answer",   (ASKED,), ANSWERED, needs=("solved", "satisfaction"), takes=("remark",)),
        Step("withdraw", (ASKED,), DROPPED, Duty.INSPECT, "asker", ("reason",)),
        Step("drop",     (ASKED,), DROPPED),
        Step("remind",   (ASKED,), STAY, takes=("clock",)),
        Step("lapse",    (ASKED,), LAPSED),
    ),
    timers=(Timer("answer", ("ask",), ("answer", "withdraw"), then="lapse"),),
    final=(ANSWERED, LAPSED, DROPPED),
    words=frozenset({"remark"}),
)
# fmt: on
