"""The page on which a resident says how a matter was settled: no login, no personal data."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.calendar_words import format_due
from whistle import flow
from whistle.models import Response, Survey, WorkOrder
from whistle.survey_flow import DROPPED, SURVEY
from workflow.actions import transition
from workflow.forms import NOTE, ActForm

# What is told where nothing is asked any more.
ENDS = {
    flow.ANSWERED: (
        gettext_lazy("Thank you: we have your answer."),
        gettext_lazy("It counts once. We go on with it if you said that it is not solved."),
    ),
    flow.LAPSED: (
        gettext_lazy("The time for this survey is over."),
        gettext_lazy("If it is not solved, call us or report it again."),
    ),
    DROPPED: (
        gettext_lazy("This survey is no longer needed."),
        gettext_lazy("The matter has been taken up again, or you have been called already."),
    ),
}


class AnswerForm(ActForm):
    """What the survey's flow asks the resident for."""

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(data)
        self.survey = survey
        self.step = next(step for step in SURVEY.steps if step.verb == "answer")
        self.ask_inputs(SURVEY, self.step, survey, None)
        del self.fields[NOTE]
        self.fields["solved"].label = _("Is the matter solved?")
        self.fields["satisfaction"].label = _("How satisfied are you?")
        self.fields["remark"].label = _("Anything else?")

    def act(self, now: datetime.datetime | None) -> Any:
        """The step that nobody in the house takes; the second of two answers is not possible."""
        return transition(self.survey, "answer", now=now, trigger="link", **self.inputs(self.step))

    def inputs(self, step: Any) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("solved", "satisfaction")}
        remark = self.cleaned_data["remark"]
        return given | ({"remark": remark} if remark else {})


def tell(survey: Survey) -> dict[str, Any]:
    """What the survey is about, as far as anybody with the link may know."""
    order = survey.order
    return {
        "number": order.number,
        "kind": str(order.category) if order.category else "",
        "reported": order.created,
        "by": settled_by(survey),
        "centre": order.signature,
        "phone": order.centre.duty_phone,
        "until": format_due(survey.due_at) if survey.due_at else "",
        "closes": survey.silence_closes,
    }


def settled_by(survey: Survey) -> list[str]:
    """The departments that answered the whistle, else the unit in whose hands it was."""
    order: WorkOrder = survey.order
    done = Response.objects.filter(whistle__order=order, status=flow.DONE)
    units = list(done.order_by("-role", "pk").values_list("unit__name", flat=True))
    return units or ([order.holder.name] if order.holder else [])


def end_of(survey: Survey) -> dict[str, Any] | None:
    """What stands in place of the questions when they are no longer asked."""
    if survey.flow.is_open(survey.status):
        return None
    title, text = ENDS[survey.status]
    return {"title": title, "text": text, "done": survey.status == flow.ANSWERED}
