"""The form of a step, made from its row of the flow: pages and API both take steps through it."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from organization.models import User
from workflow.actions import offered, transition
from workflow.fields import PhotosField, PhotoSlot
from workflow.flow import Flow, Step
from workflow.models import Event, Paper

EMPTY: tuple[Any, ...] = (None, "", [], (), {})
NOTE, PASSWORD = "note", "password"


class ActForm(forms.Form):
    """A form that does something: `take` does it, or keeps the refusal as errors of its fields.

    `asks_for` is the flow and the verb whose inputs it asks for, if it does; `seen` the
    `trace_count` of the page on which it stood.
    """

    asks_for: tuple[str, str] | None = None
    seen: int | None = None

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, label_suffix="", **kwargs)

    def act(self, now: datetime.datetime | None) -> Any:
        raise NotImplementedError

    def take(self, now: datetime.datetime | None = None) -> Any:
        """What the act returns; None if it was refused, and `errors` say why.

        NotPossible and PermissionDenied pass: no other input would help.
        """
        if not self.is_valid():
            return None
        try:
            return self.act(now)
        except ValidationError as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: ValidationError) -> None:
        """Show what a rule refused at the field that it names, if the form has it."""
        for name, errors in by_field(refusal).items():
            name = NOTE if name == "reason" else name
            self.add_error(name if name in self.fields else None, errors)

    def ask_inputs(self, flow: Flow, step: Step, paper: Paper | None, actor: User | None) -> None:
        """Add the fields of a step's inputs; photos last, for they cost most.

        What this very paper does not ask for has no field; what it asks for where others need not
        give it, is `needed`.
        """
        self.asks_for = flow.name, step.verb
        names = [name for name in (*step.needs, *step.takes) if name != "reason"]
        for name in sorted(names, key=lambda name: name == "photos"):
            field = flow.fields[name](paper, step, actor)
            if field is None:
                continue
            field.required = name in step.needs or getattr(field, "needed", False)
            field.widget.is_required = field.required
            if isinstance(field, PhotosField):
                self.fields |= {f"photos_{label}": PhotoSlot(label) for label in field.slots}
            self.fields[name] = field
        if step.verb not in flow.unnoted:
            self.fields[NOTE] = note_field("reason" in step.needs)

    def inputs(self, step: Step) -> dict[str, Any]:
        """What was given for a step, without what was left open."""
        asked = [name for name in (*step.needs, *step.takes) if name in self.fields]
        given = {name: self.cleaned_data.get(name) for name in asked}
        return {name: value for name, value in given.items() if value not in EMPTY}


class StepForm(ActForm):
    """One step of one paper, by one person; `prove` checks the password that a sealed verb wants.

    Without `prove` no password is asked for: the person has shown it a moment ago.
    """

    def __init__(
        self,
        paper: Paper,
        step: Step,
        actor: User,
        data: Any = None,
        files: Any = None,
        prove: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.paper, self.step, self.actor, self.prove = paper, step, actor, prove
        self.ask_inputs(paper.flow, step, paper, actor)
        if prove is not None and step.verb in paper.flow.sealed:
            self.fields[PASSWORD] = password_field()

    def clean_password(self) -> str:
        password = str(self.cleaned_data[PASSWORD])
        if self.prove is not None and not self.prove(password):
            raise ValidationError(_("This is not your password."))
        return password

    def act(self, now: datetime.datetime | None) -> Event:
        return transition(
            self.paper,
            self.step.verb,
            actor=self.actor,
            note=self.cleaned_data.get(NOTE, ""),
            now=now,
            seen=self.seen,
            **self.inputs(self.step),
        )


def form_for(
    paper: Paper,
    verb: str,
    actor: User,
    data: Any = None,
    files: Any = None,
    prove: Callable[[str], bool] | None = None,
) -> StepForm:
    """The form of the row that this person would take; errors as in `transition`."""
    return StepForm(paper, offered(paper, verb, actor), actor, data, files, prove)


def password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        help_text=_("This step is sealed: show that it is you."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def note_field(required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Reason") if required else _("Note"),
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def by_field(error: ValidationError) -> dict[str, list[Any]]:
    """The errors under the names of the fields that they speak of."""
    if hasattr(error, "error_dict"):
        return dict(error.error_dict)
    return {NON_FIELD_ERRORS: error.error_list}
