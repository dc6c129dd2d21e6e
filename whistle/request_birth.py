"""The form by which a request comes into being, and which kinds a person may ask for now."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from organization.authority import holds
from organization.duty import Duty
from organization.models import User
from whistle.models import Request, Response, WorkOrder
from whistle.request_flow import REQUEST
from whistle.requesting import approver_of, asker_of, refusal
from workflow.actions import create, offered
from workflow.errors import NotPossible
from workflow.forms import NOTE, ActForm
from workflow.openapi import step_fields


class SubjectForm(forms.Form):
    """What is asked about, and what for: it decides about the rest of the form."""

    order = forms.ModelChoiceField(
        WorkOrder.objects.none(),
        to_field_name="number",
        label=_("Number of the order"),
        required=False,
    )
    response = forms.ModelChoiceField(
        Response.objects.none(), label=_("Answer to a whistle"), required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Request.Kind.choices)

    def __init__(self, actor: User, data: Any = None) -> None:
        super().__init__(data)
        self.fields["order"].queryset = WorkOrder.objects.visible_to(actor)
        self.fields["response"].queryset = Response.objects.visible_to(actor)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("order")) == bool(given.get("response")):
            self.add_error("order", _("Name either an order or an answer."))
        return given

    @property
    def subject(self) -> Any:
        return self.cleaned_data["order"] or self.cleaned_data["response"]


class RequestForm(ActForm):
    """One kind of request about one subject, by whoever has it in hand."""

    def __init__(
        self, subject: Any, kind: str, actor: User, data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files)
        self.actor, self.paper = actor, blank_request(subject, kind)
        self.step = offered(self.paper, "ask", actor)
        if why := refusal(self.paper):
            raise NotPossible(why)
        self.ask_inputs(REQUEST, self.step, self.paper, actor)

    @classmethod
    def documented(cls) -> dict[str, forms.Field]:
        """Every input of every kind, for the API's document."""
        fields, _needed = step_fields(REQUEST, [s for s in REQUEST.steps if s.verb == "ask"])
        return {**SubjectForm.base_fields, **fields}

    def act(self, now: datetime.datetime | None) -> Request:
        note = self.cleaned_data[NOTE]
        given = self.inputs(self.step)
        create(self.paper, "ask", actor=self.actor, note=note, now=now, **given)
        return self.paper


def blank_request(subject: Any, kind: str) -> Request:
    """The request as it would be asked by the unit that has the subject in hand."""
    unit = asker_of(subject)
    if unit is None:
        raise NotPossible(_now("It is in nobody's hands: nobody can ask."))
    answer = subject if isinstance(subject, Response) else None
    order = answer.whistle.order if answer else subject
    made = Request(order=order, response=answer, kind=kind, unit=unit, approver=approver_of(unit))
    made.status = ""
    return made


def asks_for(subject: Any, actor: User) -> list[tuple[Any, str]]:
    """The kinds of request that this person may make about the subject now, each with "".

    An appeal that was made already is among them with the reason why there is no second one.
    """
    unit = asker_of(subject)
    if unit is None or not holds(actor, Duty.HANDLE, unit, here=True):
        return []
    made = blank_request(subject, Request.Kind.EXTENSION)
    made.siblings = list(Request.objects.of(subject))
    appealed = any(other.is_appeal for other in made.siblings)
    rows = [(kind, why_not(made, kind, actor)) for kind in Request.Kind]
    return [(kind, why) for kind, why in rows if not why or appealed and kind == made.Kind.APPEAL]


def why_not(made: Request, kind: str, actor: User) -> str:
    made.kind = kind
    try:
        offered(made, "ask", actor)
    except (NotPossible, PermissionDenied) as refused:
        return str(refused)
    return refusal(made)
