"""The year as a calendar that can be edited: single days, or the yearly notice as a whole."""

import datetime
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.administration.forms import EditForm
from organization.calendar_notice import BY_THE_WEEK, Fault, Notice, read_notice
from organization.models.calendar import CalendarDay, CalendarYear
from organization.tables import Refused, decode
from whistle.workbook import open_workbook
from workflow.models import PolicyChange

FIRST, LAST = 1949, 2199
MOST_TEXT = 20_000
MOST_FILE = 512 * 1024
Days = dict[datetime.date, tuple[str, str]]


def stored_days(year: int | None = None) -> Days:
    rows = CalendarDay.objects.filter(date__year=year) if year else CalendarDay.objects.all()
    return {row.date: (row.kind, row.name) for row in rows}


def changed(wanted: Days) -> Days:
    """Those of the days that are not entered in this way already."""
    rows = CalendarDay.objects.filter(date__in=wanted)
    stands = {row.date: (row.kind, row.name) for row in rows}
    return {
        day: (kind, name if kind else "")
        for day, (kind, name) in wanted.items()
        if stands.get(day, ("", "")) != (kind, name if kind else "")
    }


def fault_words(fault: Fault) -> str:
    return _("Line %(n)s, “%(text)s”: %(what)s") % {
        "n": fault.line,
        "text": fault.text[:40],
        "what": fault.message,
    }


def refuse_faults(found: Notice) -> None:
    skipped = [Fault(n, text, _("no day is named here")) for n, text, _said in found.skipped]
    if faults := sorted([*found.faults, *skipped]):
        raise ValidationError([fault_words(fault) for fault in faults])


class DaysForm(EditForm):
    """Days clicked or written one by one: date, 休, 班 or 按星期, and perhaps a name."""

    kind = PolicyChange.Kind.CALENDAR

    days = forms.CharField(
        label=gettext_lazy("Days"),
        help_text=gettext_lazy(
            "Click days in the calendar, or write one a line: 2026-10-20 休 台风停工. "
            "休 is a day off, 班 a day worked, 按星期 takes the entry out."
        ),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-calendar-days": ""}),
    )

    def clean_days(self) -> Days:
        found = read_notice(self.cleaned_data["days"])
        refuse_faults(found)
        days = changed(found.days)
        if not days:
            raise ValidationError(_("These days stand in the calendar like this already."))
        return days

    def body(self) -> dict[str, Any]:
        days: Days = self.cleaned_data["days"]
        return {"days": {day.isoformat(): list(said) for day, said in sorted(days.items())}}


class NoticeForm(EditForm):
    """A whole year from its notice: what is read is shown, and only then asked for."""

    kind = PolicyChange.Kind.CALENDAR

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST, max_value=LAST)
    text = forms.CharField(
        label=gettext_lazy("Text of the notice"),
        help_text=gettext_lazy("The State Council's notice, pasted as it is."),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label=gettext_lazy("or a table"),
        help_text=gettext_lazy("CSV or Excel with the columns date, kind (休 or 班) and name."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the notice"), max_length=60, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: Notice | None = None
        self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        text = self.uploaded(given["file"]) if given.get("file") else given["text"]
        if not text.strip():
            raise ValidationError({"text": _("Paste the notice or choose a file.")})
        self.found = read_notice(text, given["year"])
        self.check(self.found, given)
        given["text"], given["number"] = text, given["number"] or self.found.number
        self.fields["reason"].required = True  # of what comes next
        return given

    def uploaded(self, file: Any) -> str:
        """The lines of an uploaded table; cells of a row are parted by tabs."""
        if file.size > MOST_FILE:
            raise ValidationError({"file": _("The file is too large for one year.")})
        try:
            return sheet_text(file) if file.name.lower().endswith(".xlsx") else decode(file.read())
        except (Refused, UnicodeDecodeError) as fault:
            raise ValidationError({"file": str(fault)}) from fault

    def check(self, found: Notice, given: dict[str, Any]) -> None:
        if found.faults:
            raise ValidationError([fault_words(fault) for fault in found.faults])
        if found.year != given["year"]:
            said = {"said": found.year}
            raise ValidationError({"year": _("The notice is of %(said)s.") % said})
        strange = [day for day in found.days if abs(day.year - given["year"]) > 1]
        if strange or not any(day.year == given["year"] for day in found.days):
            raise ValidationError({"text": _("No day of this year could be read.")})
        if not self.edited() and CalendarYear.objects.filter(year=given["year"]).exists():
            raise ValidationError({"text": _("This year is entered in just this way already.")})

    def edited(self) -> Days:
        """What changes: days of the notice, and days of that year that it does not name."""
        assert self.found is not None and self.found.year is not None
        gone = set(stored_days(self.found.year)) - set(self.found.days)
        return changed(self.found.days | dict.fromkeys(gone, (BY_THE_WEEK, "")))

    def body(self) -> dict[str, Any]:
        given, days = self.cleaned_data, self.edited()
        return {
            "days": {day.isoformat(): list(said) for day, said in sorted(days.items())},
            "years": [given["year"]],
            "notice": given["number"],
        }

    def act(self, now: datetime.datetime | None) -> PolicyChange:
        if not self.cleaned_data["reason"]:
            raise ValidationError({"reason": _("A reason is needed.")})
        return super().act(now)

    def refuse(self, refusal: ValidationError) -> None:
        for name, errors in refusal.message_dict.items():
            self.add_error(name, errors)


def sheet_text(file: Any) -> str:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        copy.write(file.read())
        copy.flush()
        sheet = open_workbook(Path(copy.name))[0]
    return "\n".join(
        "\t".join(sheet.cells.get((row, column), "") for column in range(1, sheet.columns + 1))
        for row in range(1, sheet.rows + 1)
    )


def read_rows(found: Notice) -> list[dict[str, Any]]:
    """What was read, a row for each run of days of one kind and name."""
    rows: list[dict[str, Any]] = []
    for day, (kind, name) in sorted(found.days.items()):
        last = rows[-1] if rows else None
        if last and (day - last["last"]).days == 1 and last["said"] == (kind, name):
            last["last"], last["count"] = day, last["count"] + 1
        else:
            rows.append({"first": day, "last": day, "count": 1, "said": (kind, name)})
    for row in rows:
        kind, name = row.pop("said")
        row |= {"free": kind == CalendarDay.Kind.HOLIDAY, "name": _(name) if name else ""}
    return rows
