"""What answering a verification sets down."""

from organization.authority import posts_holding
from organization.duty import Duty
from organization.models import Notice
from whistle.flow import VERIFICATION
from whistle.models import Verification
from workflow.actions import Act


@VERIFICATION.on("rule", "answer")
def note_answer(act: Act) -> None:
    asked, given = act.paper, act.given
    asked.yes = given["yes"] == "yes"
    asked.words = given["words"]
    asked.lng, asked.lat = given.get("lng"), given.get("lat")


@VERIFICATION.on("then", "lapse")
def tell_asker(act: Act) -> None:
    """Nobody answered: the centre that asked must find another way."""
    order = act.paper.order
    asked = Duty.TRIAGE if act.paper.kind == Verification.Kind.CHECK else Duty.INSPECT
    Notice.objects.bulk_create(
        act.paper.notice(post, Notice.Kind.LATE, "lapse", act.now, clock="answer")
        for post in posts_holding([asked], order.centre)
    )
