"""Taking steps of orders, whistles, responses and verifications from pages."""

from typing import Any

from django.shortcuts import get_object_or_404

from whistle.birth import WhistleForm, levels_for
from whistle.elements import ACCEPTED, HOLLOW, elements_of
from whistle.models import Assignment, Response, Survey, Verification, Whistle, WorkOrder
from workflow.buttons import what_happens
from workflow.forms import ActForm
from workflow.views import TakeForm, TakeStep


class TakeOrder(TakeStep):
    """`handle` shows the four elements of the reply, ticked while they are written."""

    model = WorkOrder
    undecided = {"register": frozenset({"handle"})}

    def about(self, verb: str, form: ActForm) -> dict[str, Any]:
        shown = super().about(verb, form)
        if verb != "handle":
            return shown
        begun = self.paper.events.filter(verb__in=ACCEPTED).order_by("n")
        told = {event.verb: event for event in begun}
        rows = elements_of(self.paper, told, []).rows()
        return shown | {"elements": rows, "hollow": "|".join(sorted(HOLLOW))}


class TakeWhistle(TakeStep):
    model = Whistle


class TakeResponse(TakeStep):
    model = Response


class TakeAssignment(TakeStep):
    model = Assignment


class TakeVerification(TakeStep):
    model = Verification


class TakeSurvey(TakeStep):
    model = Survey


class CallForHelp(TakeForm):
    """Whistle for an order: a community blows at level 2, a street drafts at level 3.

    `?level=` chooses where a person may do both; the higher one is offered first.
    """

    def find(self, **lookup: Any) -> WorkOrder:
        return get_object_or_404(WorkOrder.objects.visible_to(self.request.user), **lookup)

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        levels = levels_for(self.paper, self.request.user)
        asked = self.request.GET.get("level")
        level = next((n for n in levels if str(n) == asked), None) or max(levels, default=3)
        return WhistleForm(self.paper, level, self.request.user, data, files)

    def about(self, verb: str, form: Any) -> dict[str, Any]:
        label = Whistle.flow.label(form.step.verb)
        return {
            "title": form.whistle.get_level_display(),
            "submit": label,
            "wide": True,
            "what": what_happens(form.whistle, form.step),
        }
