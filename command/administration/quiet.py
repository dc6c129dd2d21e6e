"""Quiet hours of the phones: when reminders wait for the morning, and become one message."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organization.models import QuietHours, Unit
from workflow.forms import ActForm


def rows() -> list[dict[str, Any]]:
    """The rule for all phones first, then those of single phones with whose they are."""
    found = list(QuietHours.objects.order_by("phone"))
    phones = [row.phone for row in found if row.phone]
    owners = dict(Unit.objects.filter(duty_phone__in=phones).values_list("duty_phone", "name"))
    return [{"row": row, "owner": owners.get(row.phone, "")} for row in found]


def time_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class QuietForm(ActForm):
    """The hours of one phone, or (without a phone) of all that have none of their own."""

    phone = forms.CharField(
        label=gettext_lazy("Phone or mail address"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Blank: all phones that have no hours of their own."),
    )
    start = time_field(pgettext_lazy("quiet", "Quiet from"))
    end = time_field(pgettext_lazy("quiet", "Quiet until"))
    window = forms.IntegerField(
        label=gettext_lazy("Minutes between digests"),
        min_value=1,
        max_value=240,
        initial=15,
        help_text=gettext_lazy("Reminders that come within so many minutes become one message."),
    )

    def __init__(self, row: QuietHours | None, data: Any = None) -> None:
        names = ("phone", "start", "end", "window")
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else {})
        self.row = row

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("start") is not None and given.get("start") == given.get("end"):
            self.add_error("end", _("Beginning and end are the same."))
        return given

    def act(self, now: Any) -> QuietHours:
        row = self.row or QuietHours()
        for name, value in self.cleaned_data.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise ValidationError({"phone": _("This phone has quiet hours already.")}) from None
        return row
