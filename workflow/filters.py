"""Narrowing a list of papers by what stands in the address: the same for pages and API."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organization.models import Unit, User
from workflow.fields import DayField


class ManyField(forms.TypedMultipleChoiceField):
    """Several of the choices: given several times, or once with commas."""

    def to_python(self, value: Any) -> list[str]:
        parts = [part for item in value or [] for part in str(item).split(",") if part]
        return super().to_python(parts)


class IdsField(forms.CharField):
    """Papers by their ids, with commas."""

    def clean(self, value: Any) -> tuple[int, ...] | None:
        parts = [part for part in str(super().clean(value)).split(",") if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise forms.ValidationError(_("Give ids of papers, with commas."))
        return tuple(int(part) for part in parts) or None


class BoxField(forms.CharField):
    """A part of the map: west,south,east,north in degrees."""

    def clean(self, value: Any) -> tuple[float, ...] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(_("Give west,south,east,north in degrees.")) from None
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise forms.ValidationError(_("Give west,south,east,north in degrees."))
        return west, south, east, north


class CodeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit by its code."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            Unit.objects.all(),
            label=label,
            to_field_name="code",
            required=False,
            widget=forms.TextInput,
        )
        self.error_messages["invalid_choice"] = _("There is no unit of this code.")


class Filter(forms.Form):
    """Conditions taken from an address. Nothing is required; nonsense is an error."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data or {}, label_suffix="")

    def apply(self, rows: Any, now: datetime.datetime | None = None) -> Any:
        """The rows that pass; raises ValidationError by field."""
        if not self.is_valid():
            raise forms.ValidationError(dict(self.errors.as_data()))
        now = now or timezone.now()
        for name, value in self.cleaned_data.items():
            if value not in (None, "", [], False):
                rows = rows.filter(self.condition(name, value, now))
        return rows

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        """What one field asks for."""
        return Q(**{f"{name}__in": value} if isinstance(value, list) else {name: value})


class PaperFilter(Filter):
    """What every list of papers can be narrowed by; `reader` is whose own ones may be asked for."""

    overdue = forms.BooleanField(label=_("Overdue"), required=False)
    soon = forms.BooleanField(label=_("Runs out soon"), required=False)
    since = DayField(label=_("Since"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(self, data: Any = None, reader: User | None = None) -> None:
        super().__init__(data)
        self.reader = reader

    def condition(self, name: str, value: Any, now: datetime.datetime) -> Q:
        match name:
            case "overdue":
                return Q(due_at__lt=now)
            case "soon":
                return Q(due_at__gte=now, warn_at__lte=now)
            case "since":
                return Q(created__gte=midnight(value))
            case "until":
                return Q(created__lt=midnight(value + datetime.timedelta(days=1)))
            case _:
                return super().condition(name, value, now)


def midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
