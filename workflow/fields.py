"""Form fields that pages and API share: what a browser posts and what JSON says mean the same."""

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organization.models import Unit
from workflow.attachments import MAX_PHOTOS, Photo
from workflow.models import Attachment

LABELS: list[str] = Attachment.Label.values
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One unit of those that make sense here, named by its code."""

    def __init__(self, units: QuerySet[Unit] | None, **kwargs: Any) -> None:
        super().__init__(
            units if units is not None else Unit.objects.none(), to_field_name="code", **kwargs
        )
        self.error_messages["invalid_choice"] = _("There is no such unit to choose here.")

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.title}"


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of the units that make sense here, named by their codes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(units, to_field_name="code", **kwargs)
        self.error_messages["invalid_choice"] = _("There is no such unit to choose here.")

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.title}"

    def clean(self, value: Any) -> list[Unit]:  # type: ignore[override]
        return list(super().clean(value))


class MomentField(forms.DateTimeField):
    """A date and time of this age: others would not survive the way to the database and back."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        bounds = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
        super().__init__(widget=widget, validators=bounds, **kwargs)


class DayField(forms.DateField):
    def __init__(self, attrs: dict[str, str] | None = None, **kwargs: Any) -> None:
        bounds = [MinValueValidator(EARLIEST.date()), MaxValueValidator(LATEST.date())]
        widget = forms.DateInput(attrs={"type": "date", **(attrs or {})}, format="%Y-%m-%d")
        super().__init__(widget=widget, validators=bounds, **kwargs)


class YesNoField(forms.TypedChoiceField):
    """Yes or no, said as a word in a form and as a word or true/false in JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **kwargs
        )

    def to_python(self, value: Any) -> str:
        words = {True: "yes", False: "no", "true": "yes", "false": "no"}
        known = isinstance(value, bool | str)
        return str(super().to_python(words.get(value, value) if known else value))


class SuggestInput(forms.TextInput):
    """A text with suggestions under it: (value, words) pairs."""

    template_name = "workflow/suggest.html"

    def __init__(self, suggestions: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": f"near_{name}"})
        context["widget"]["suggestions"] = list(self.suggestions)
        return context


class PhotoInput(forms.FileInput):
    """Photos from one field or from one field per label (`photos_before`), with what they show.

    The plain field may be accompanied by `photo_labels`, one for each file in order; without it
    every photo shows `label`.
    """

    allow_multiple_selected = True

    def __init__(self, label: str) -> None:
        super().__init__(attrs={"accept": "image/*", "multiple": True})
        self.label = label

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[Any, str]]:
        if data.get(name):
            return [(data.get(name), self.label)]
        said = data.getlist("photo_labels") if hasattr(data, "getlist") else []
        plain = files.getlist(name)
        labels = [*said, *[self.label] * len(plain)]
        found = list(zip(plain, labels, strict=False))
        return found + [
            (file, label) for label in LABELS for file in files.getlist(f"{name}_{label}")
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class PhotosField(forms.Field):
    """Up to nine photos, each checked by its content and kept under its hash."""

    def __init__(self, label: str = "other", slots: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(widget=PhotoInput(label), **{"label": _("Photos"), **kwargs})
        self.slots = slots

    def clean(self, value: Any) -> list[Photo]:
        found = value or []
        if self.required and not found:
            raise ValidationError(_("Give at least one photo."))
        if len(found) > MAX_PHOTOS:
            raise ValidationError(_("Give at most %(most)s photos.") % {"most": MAX_PHOTOS})
        if unknown := {label for _file, label in found} - set(LABELS):
            raise ValidationError(
                _("A photo cannot be labelled %(label)s.") % {"label": ", ".join(sorted(unknown))}
            )
        return [self.open(file, label) for file, label in found]

    def open(self, file: Any, label: str) -> Photo:
        if not isinstance(file, UploadedFile):
            raise ValidationError(_("Send photos as files of a multipart form."))
        return Photo(file, label)


class PhotoSlot(forms.Field):
    """A place in the form for the photo of one label; `PhotosField` reads what is put there."""

    def __init__(self, label: str) -> None:
        words = Attachment.Label(label).label
        super().__init__(widget=PhotoInput(label), label=words, required=False)


class RowsWidget(forms.Widget):
    """Repeated rows of a small form; in JSON a list of objects, in a form part one JSON text."""

    template_name = "workflow/rows.html"

    def __init__(self, rows: Any, first: dict[str, Any]) -> None:
        super().__init__()
        self.rows, self.first = rows, first

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if f"{name}-TOTAL_FORMS" in data:
            return self.rows(data, prefix=name)
        return data.get(name)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["rows"] = value if isinstance(value, forms.BaseFormSet) else self.blank(name)
        return context

    def blank(self, name: str) -> Any:
        rows = self.rows(prefix=name)
        rows.forms[0].initial = self.first
        return rows

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class RowsField(forms.Field):
    """A list of rows, each checked by `row`, a form class.

    A posted row without any of the `telling` inputs was left blank. `first` fills the first row.
    """

    def __init__(
        self, row: type[forms.Form], telling: Sequence[str], first: dict[str, Any], **kwargs: Any
    ) -> None:
        self.row, self.telling = row, telling
        self.rows = forms.formset_factory(row, extra=4, max_num=20, absolute_max=40)
        super().__init__(widget=RowsWidget(self.rows, first), **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, forms.BaseFormSet):
            filled = [form for form in value.forms if any(form[n].data for n in self.telling)]
        else:
            filled = [self.check(item) for item in self.objects(value)]
        faults = [
            f"{i}: {form.fields[name].label}: {error}"
            for i, form in enumerate(filled, 1)
            for name, errors in form.errors.items()
            for error in errors
        ]
        if faults:
            raise ValidationError(faults)
        if self.required and not filled:
            raise ValidationError(self.error_messages["required"], "required")
        return [form.cleaned_data for form in filled]

    def check(self, item: dict[str, Any]) -> forms.Form:
        values = plain_values(item)
        faults = misshapen(self.row(), item)
        form = self.row({**values, **dict.fromkeys(faults, "")})
        for name, fault in faults.items():
            form.add_error(name, fault)
        return form

    def objects(self, value: Any) -> list[dict[str, Any]]:
        try:
            items = json.loads(value) if isinstance(value, str) and value else value or []
        except ValueError:
            items = None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ValidationError(_("Give a list of objects."))
        if len(items) > self.rows.max_num:
            raise ValidationError(_("Give at most %(most)s rows.") % {"most": self.rows.max_num})
        return items


class MarksWidget(forms.Widget):
    """One number for each row; in JSON an object of row id → number."""

    template_name = "workflow/marks.html"

    def __init__(self) -> None:
        super().__init__()
        self.papers: list[Any] = []
        self.most = 100

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        prefix = f"{name}_"
        typed = {k.removeprefix(prefix): v for k, v in data.items() if k.startswith(prefix)}
        return {k: v for k, v in typed.items() if v != ""} or data.get(name)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        marks = value if isinstance(value, dict) else {}
        context["rows"] = [
            {"name": f"{name}_{paper.pk}", "paper": paper, "value": marks.get(str(paper.pk), "")}
            for paper in self.papers
        ]
        context["most"] = self.most
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class MarksField(forms.Field):
    """A whole number, 0 to `most`, for each of the papers."""

    widget = MarksWidget

    def __init__(self, papers: Iterable[Any], most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.papers, self.widget.most = list(papers), most

    def clean(self, value: Any) -> dict[int, int]:
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                value = [value]
        if value and not isinstance(value, dict):
            raise ValidationError(_("Give an object of id and mark."))
        marks = {self.whole(k): self.whole(v) for k, v in (value or {}).items()}
        if self.required and not marks:
            raise ValidationError(self.error_messages["required"], "required")
        if any(not 0 <= mark <= self.most for mark in marks.values()):
            raise ValidationError(_("A mark lies between 0 and %(most)s.") % {"most": self.most})
        return marks

    def whole(self, value: Any) -> int:
        try:
            return int(str(value))
        except ValueError:
            raise ValidationError(_("Marks and ids are whole numbers.")) from None


def plain_values(data: dict[str, Any]) -> dict[str, Any]:
    """JSON values as a form expects them: numbers as text, lists and objects where they belong."""
    numbers = {k: str(v) for k, v in data.items() if type(v) in (int, float)}
    return {**data, **numbers}


def misshapen(form: forms.Form, data: Any) -> dict[str, str]:
    """What a JSON body gives in another shape than the form's fields take, each with why."""
    faults = {}
    for name, field in form.fields.items():
        value = data.get(name)
        if isinstance(value, list | dict) and not takes_many(field):
            faults[name] = str(_("Give a single value."))
        elif isinstance(value, bool) and not isinstance(field, YesNoField | forms.BooleanField):
            faults[name] = str(_("Neither true nor false is a value here."))
    return faults


def takes_many(field: forms.Field) -> bool:
    return isinstance(field, RowsField | MarksField | PhotosField | forms.ModelMultipleChoiceField)
