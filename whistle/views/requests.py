"""Asking for something about an order or an answer, and deciding what was asked, from pages."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from organization.models import User
from whistle.models import Request, Response, WorkOrder
from whistle.request_birth import RequestForm
from whistle.request_flow import REQUEST
from workflow.buttons import what_happens
from workflow.forms import ActForm
from workflow.views import TakeForm, TakeStep


class TakeRequest(TakeStep):
    model = Request


class Ask(TakeForm):
    """One kind of request about one subject; its decision is the centre's above."""

    model: ClassVar[Any] = None

    def find(self, kind: str = "", **lookup: Any) -> Any:
        self.kind = kind
        return get_object_or_404(self.model.objects.visible_to(self.request.user), **lookup)

    def make_form(self, verb: str, data: Any = None, files: Any = None) -> ActForm:
        assert isinstance(self.request.user, User)
        return RequestForm(self.paper, self.kind, self.request.user, data, files)

    def about(self, verb: str, form: Any) -> dict[str, Any]:
        made = form.paper
        words = _("%(unit)s decides") % {"unit": made.approver.title}
        return {
            "title": _("Request: %(kind)s") % {"kind": made.get_kind_display()},
            "submit": REQUEST.label("ask"),
            "what": " · ".join([words, what_happens(made, form.step)]),
        }

    def said(self, verb: str) -> str:
        kind = Request.Kind(self.kind).label
        return _("Done: %(step)s") % {"step": _("Request: %(kind)s") % {"kind": kind}}


class AskAboutOrder(Ask):
    model = WorkOrder


class AskAboutAnswer(Ask):
    model = Response
