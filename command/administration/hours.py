"""When units work: their seasons as a table, and the form that gives a unit new hours."""

import datetime
import re
from itertools import groupby, pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from command.administration.forms import EditForm, from_today
from organization.loading.files import read_periods
from organization.models import Unit
from organization.models.calendar import WorkingHours, clock, in_year
from organization.tables import Unreadable
from workflow.fields import DayField
from workflow.models import PolicyChange

MOST_SEASONS = 6
YEAR = (101, 1231)


def table(today: datetime.date) -> list[dict[str, Any]]:
    """Every unit with hours of its own: what counts now, and what is to come."""
    standing = WorkingHours.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    rows = list(standing.select_related("unit"))
    rows.sort(key=lambda row: (row.unit.code if row.unit else "", row.valid_from, row.season_from))
    return [unit_row(list(same), today) for _unit, same in groupby(rows, lambda row: row.unit_id)]


def unit_row(rows: list[WorkingHours], today: datetime.date) -> dict[str, Any]:
    unit = rows[0].unit
    said = [season_of(row) for row in rows]
    return {
        "name": unit.title if unit else pgettext("hours", "Whole district"),
        "now": [row for row in said if row["day"] <= today],
        "coming": [row for row in said if row["day"] > today],
        "url": reverse("hours_edit") + (f"?unit={unit.code}" if unit else ""),
    }


def season_of(row: WorkingHours) -> dict[str, Any]:
    whole = (row.season_from, row.season_to) == YEAR
    span = f"{say_mmdd(row.season_from)} – {say_mmdd(row.season_to)}"
    return {
        "season": pgettext("hours", "all year") if whole else span,
        "periods": str(row),
        "day": row.valid_from,
        "until": row.valid_to,
    }


def say_mmdd(mmdd: int) -> str:
    return f"{mmdd // 100:02}-{mmdd % 100:02}"


def say_periods(minutes: list[int]) -> str:
    pairs = zip(minutes[::2], minutes[1::2], strict=True)
    return " ".join(f"{clock(start)}-{clock(end)}" for start, end in pairs)


class DayOfYear(forms.CharField):
    """Month and day, as 07-01; a number month × 100 + day."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
        if found is None:
            raise ValidationError(_("Give month and day, such as 07-01."))
        mmdd = int(found[1]) * 100 + int(found[2])
        in_year(mmdd)
        return mmdd


class SeasonForm(forms.Form):
    first = DayOfYear(label=pgettext_lazy("season", "From"), required=False)
    last = DayOfYear(label=pgettext_lazy("season", "to"), required=False)
    periods = forms.CharField(
        label=pgettext_lazy("season", "Working periods"), max_length=60, required=False
    )

    def clean_periods(self) -> list[int]:
        text = self.cleaned_data["periods"].replace("–", "-").replace("：", ":")
        if not text:
            return []
        try:
            return read_periods(text)
        except Unreadable as fault:
            raise ValidationError(str(fault)) from fault


Seasons = forms.formset_factory(
    SeasonForm, extra=1, max_num=MOST_SEASONS, absolute_max=MOST_SEASONS
)


class HoursForm(EditForm):
    """All seasons of one unit from a day on; without a season, the hours above it count again."""

    kind = PolicyChange.Kind.HOURS

    valid_from = DayField(label=gettext_lazy("In force from"))

    def __init__(self, unit: Unit | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        given = {"data": self.data} if self.is_bound else {"initial": first_seasons(unit)}
        self.seasons = Seasons(prefix="seasons", **given)

    def clean_valid_from(self) -> datetime.date:
        return from_today(self.cleaned_data["valid_from"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.seasons.is_valid():
            raise ValidationError(_("A season cannot be read; it says below what is wrong."))
        given["seasons"] = [row for row in map(self.read, self.seasons.forms) if row is not None]
        check_apart(given["seasons"])
        if not given["seasons"] and self.unit is None:
            raise ValidationError(_("The whole district needs at least one season."))
        return given

    def read(self, form: forms.Form) -> list[Any] | None:
        """One season; None: the row was left blank."""
        row = form.cleaned_data
        first, last, periods = row.get("first"), row.get("last"), row.get("periods")
        if not (first or last or periods):
            return None
        if not (first and last and periods):
            raise ValidationError(_("A season has a first day, a last day and working periods."))
        return [first, last, periods]

    def body(self) -> dict[str, Any]:
        return {
            "unit": self.unit.pk if self.unit else None,
            "seasons": self.cleaned_data["seasons"],
            "valid_from": self.cleaned_data["valid_from"].isoformat(),
        }


def first_seasons(unit: Unit | None) -> list[dict[str, str]]:
    """The seasons of the unit without an end, to begin with; else those of everybody."""
    rows = WorkingHours.objects.filter(valid_to=None).order_by("season_from")
    own = [row for row in rows if row.unit_id == (unit.pk if unit else None)]
    return [
        {
            "first": say_mmdd(row.season_from),
            "last": say_mmdd(row.season_to),
            "periods": say_periods(row.periods),
        }
        for row in own or [row for row in rows if row.unit_id is None]
    ]


def check_apart(seasons: list[Any]) -> None:
    """Seasons may not overlap; one over the end of the year is two spans."""
    spans = []
    for first, last, _periods in seasons:
        spans += [(first, last)] if first <= last else [(first, 1231), (101, last)]
    for one, two in pairwise(sorted(spans)):
        if two[0] <= one[1]:
            words = _("The seasons overlap on %(day)s.")
            raise ValidationError(words % {"day": say_mmdd(two[0])})
