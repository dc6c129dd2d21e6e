"""Holding units to an order from its page, and the steps of what comes of it."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from whistle.models import SupervisionOrder, WorkOrder
from whistle.supervising import SupervisionForm
from workflow.buttons import what_happens
from workflow.forms import ActForm
from workflow.views import TakeForm, TakeStep


class TakeSupervision(TakeStep):
    model = SupervisionOrder


class HoldToOrder(TakeForm):
    """A supervision order (督办) or a leader's instruction (批示) for an order."""

    kind: ClassVar[str] = ""

    def find(self, **lookup: Any) -> WorkOrder:
        return get_object_or_404(WorkOrder.objects.visible_to(self.request.user), **lookup)

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        return SupervisionForm(self.paper, self.kind, self.request.user, data, files)

    def about(self, verb: str, form: Any) -> dict[str, Any]:
        paper = form.blank()
        label = paper.get_kind_display()
        return {
            "title": label,
            "submit": SupervisionOrder.flow.label("issue"),
            "wide": True,
            "what": what_happens(paper, form.step, without=("sign", "finish")),
        }

    def said(self, verb: str) -> str:
        label = SupervisionOrder.Kind(self.kind).label
        return _("Issued: %(what)s") % {"what": label}
