"""The duty roster (值班): who stands in for the posts of a unit, and when."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organization.models import DutyShift, Unit, User
from workflow.fields import MomentField
from workflow.forms import ActForm

LATEST = 100
LONGEST = datetime.timedelta(days=31)


def shifts(now: datetime.datetime) -> dict[str, list[DutyShift]]:
    """Who is on duty now, who comes, and who has been last."""
    rows = DutyShift.objects.select_related("unit", "user")
    return {
        "now": list(rows.filter(start__lte=now, end__gt=now).order_by("unit__code", "end")),
        "coming": list(rows.filter(start__gt=now).order_by("start", "unit__code")[:LATEST]),
        "past": list(rows.filter(end__lte=now).order_by("-end")[:20]),
    }


class ShiftForm(ActForm):
    """A new shift; a person is on duty for one unit once at a time."""

    unit = forms.ModelChoiceField(
        Unit.objects.exclude(kind=Unit.Kind.GRID).order_by("code"),
        to_field_name="code",
        label=gettext_lazy("Unit"),
    )
    person = forms.CharField(label=gettext_lazy("Login name"), max_length=150)
    start = MomentField(label=pgettext_lazy("shift", "From"))
    end = MomentField(label=pgettext_lazy("shift", "Until"))

    def clean_person(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["person"], is_active=True).first()
        if user is None:
            raise ValidationError(_("Nobody logs in by this name."))
        return user

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and not start < end <= start + LONGEST:
            self.add_error("end", _("After its beginning, at most 31 days later."))
        elif end and end <= timezone.now():
            self.add_error("end", _("A shift that is over is not entered any more."))
        return given

    def act(self, now: datetime.datetime | None) -> DutyShift:
        given = self.cleaned_data
        times = {"start": given["start"], "end": given["end"]}
        try:
            with transaction.atomic():
                shift = DutyShift(unit=given["unit"], user=given["person"], **times)
                shift.save(force_insert=True)
        except IntegrityError:
            words = _("This person is on duty for the unit at that time already.")
            raise ValidationError({"person": words}) from None
        return shift


def end_shift(shift: DutyShift, now: datetime.datetime) -> None:
    """Take a coming shift out; one under way ends now, for what was done in it stays done."""
    if shift.start > now:
        shift.delete()
    elif shift.end > now:
        shift.end = now
        shift.save(update_fields=["end"])
