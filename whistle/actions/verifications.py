"""What answering a verification sets down."""

from whistle.flow import VERIFICATION
from workflow.actions import Act


@VERIFICATION.on("rule", "answer")
def note_answer(act: Act) -> None:
    asked, given = act.paper, act.given
    asked.yes = given["yes"] == "yes"
    asked.words = given["words"]
    asked.lng, asked.lat = given.get("lng"), given.get("lat")
