"""What the forms of all edits share: a reason, a day, and that they ask before they make."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.calendar import TimeUnit
from organization.models import User
from workflow import recompute
from workflow.fields import DayField
from workflow.forms import PASSWORD, ActForm, password_field
from workflow.models import PolicyChange


class EditForm(ActForm):
    """An edit of policy or calendar: taking it asks the worker what it would move."""

    kind: ClassVar[str]

    def __init__(self, actor: User, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.actor = actor
        self.fields["reason"] = forms.CharField(
            label=gettext_lazy("Reason"),
            help_text=gettext_lazy("The document or the decision behind it; it stays in the log."),
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def body(self) -> dict[str, Any]:
        """The edit in the words of its kind (`workflow.edits`)."""
        raise NotImplementedError

    def act(self, now: datetime.datetime | None) -> PolicyChange:
        reason = self.cleaned_data["reason"]
        return recompute.ask(self.kind, self.body(), actor=self.actor, reason=reason, now=now)


class DatedForm(EditForm):
    """What is in force from a day on."""

    valid_from = DayField(label=gettext_lazy("In force from"))
    sample = forms.BooleanField(
        label=gettext_lazy("A sample figure, not from an official source"), required=False
    )

    def clean_valid_from(self) -> datetime.date:
        return from_today(self.cleaned_data["valid_from"])

    def version(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"valid_from": given["valid_from"].isoformat(), "sample": given["sample"]}


class VersionForm(DatedForm):
    """A limit that is in force from a day on."""

    amount = forms.DecimalField(
        label=gettext_lazy("Limit"),
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Time unit"), choices=TimeUnit.choices)
    field_order = ("amount", "unit", "valid_from", "sample")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].help_text = gettext_lazy(
            "From today: what runs already follows it. From a later day: what runs keeps its limit."
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        whole = TimeUnit(given.get("unit") or TimeUnit.WORK_HOUR).in_days
        amount = given.get("amount")
        if whole and amount is not None and amount != amount.to_integral_value():
            self.add_error("amount", _("A limit is some hours, or whole days."))
        return given

    def version(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"amount": str(given["amount"]), "unit": given["unit"], **super().version()}


class ConfirmForm(ActForm):
    """The order to make an edit whose consequences have been seen, sealed by the password."""

    def __init__(self, change: PolicyChange, actor: User, prove: Any, data: Any = None) -> None:
        super().__init__(data)
        self.change, self.actor, self.prove = change, actor, prove
        if prove is not None:
            self.fields[PASSWORD] = password_field()

    def clean_password(self) -> str:
        password = str(self.cleaned_data[PASSWORD])
        if not self.prove(password):
            raise ValidationError(_("This is not your password."))
        return password

    def act(self, now: datetime.datetime | None) -> PolicyChange:
        recompute.order(self.change, actor=self.actor, now=now)
        return self.change


def from_today(day: datetime.date) -> datetime.date:
    """What was in force is not edited: a rule begins today or later."""
    if day < timezone.localdate():
        raise ValidationError(_("A rule begins today or later; what was in force stays."))
    return day


def part_of(choice: str, flow: str) -> str:
    """The name in a choice `flow:name`, if it is of that flow; else a fault of the field."""
    owner, _colon, name = choice.partition(":")
    if choice and owner != flow:
        raise ValidationError(_("This kind does not go with the leg that was chosen."))
    return name
