"""The limits of filing conditions: found by class or words, in force, coming and past."""

import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.administration.forms import VersionForm
from command.administration.names import short
from command.administration.storms import cases
from organization.calendar_words import say_amount
from whistle.filings import limit_on, watched
from whistle.models import Condition
from workflow.models import PolicyChange

WHOLE = gettext_lazy("Every major class")


class FilingSearch(forms.Form):
    """Which of some three hundred conditions are shown: of one major class, or with some words."""

    case = forms.ChoiceField(label=gettext_lazy("Major class"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Minor class or filing condition"), max_length=60, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [("", WHOLE), *cases()]  # type: ignore[attr-defined]

    def found(self) -> QuerySet[Condition]:
        """What matches; a class or words that mean nothing leave everything."""
        asked = self.cleaned_data if self.is_valid() else {}
        rows = Condition.objects.filter(active=True, category__active=True)
        if asked.get("case"):
            kind, _dash, major = asked["case"].partition("-")
            rows = rows.filter(category__kind=kind, category__major_code=major)
        if words := asked.get("q", "").strip():
            rows = rows.filter(Q(text__icontains=words) | Q(category__name__icontains=words))
        order = ("category__kind", "category__major_code", "category__code", "pk")
        return rows.select_related("category").order_by(*order)


def table(rows: QuerySet[Condition], today: datetime.date) -> list[dict[str, Any]]:
    """The major classes with their conditions, each with its versions."""
    makers, versions = makers_of(), watched.refresh()
    found = [row_of(row, versions.get(row.pk, ()), today, makers) for row in rows]
    return [
        {"name": name, "rows": list(same)}
        for name, same in groupby(found, lambda row: row["major"])
    ]


def makers_of() -> dict[tuple[int, str], PolicyChange]:
    """Who made each version: condition, day → the change."""
    done = PolicyChange.objects.filter(
        kind=PolicyChange.Kind.FILING, state=PolicyChange.State.DONE
    ).select_related("actor")
    return {(c.body["condition"], c.body["valid_from"]): c for c in done.order_by("pk")}


def row_of(row: Condition, versions: Any, today: datetime.date, makers: Any) -> dict[str, Any]:
    said = [version_of(one, makers) for one in versions]
    said.append({"limit": say_amount(row.amount, row.unit), "day": None})
    begun = [one for one in said if one["day"] is None or one["day"] <= today]
    return {
        "condition": row,
        "major": f"{row.category.get_kind_display()} · {row.category.major_name}",
        "now": begun[0],
        "coming": [one for one in reversed(said) if one not in begun],
        "past": begun[1:],
        "url": reverse("filing_edit", args=[row.pk]),
    }


def version_of(row: Any, makers: Any) -> dict[str, Any]:
    return {
        "limit": say_amount(row.amount, row.unit),
        "day": row.valid_from,
        "sample": row.sample,
        "change": makers.get((row.condition_id, row.valid_from.isoformat())),
    }


class FilingForm(VersionForm):
    kind = PolicyChange.Kind.FILING

    def __init__(self, condition: Condition, *args: Any, **kwargs: Any) -> None:
        stands = limit_on(condition, timezone.localdate())
        first = {"amount": short(stands.amount), "unit": stands.unit}
        super().__init__(*args, initial={"valid_from": timezone.localdate(), **first}, **kwargs)
        self.condition = condition

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors:
            stands = limit_on(self.condition, given["valid_from"])
            wanted = (Decimal(given["amount"]), given["unit"], given["sample"])
            if (stands.amount, stands.unit, stands.sample) == wanted:
                self.add_error("amount", _("This limit is in force already."))
        return given

    def body(self) -> dict[str, Any]:
        return {"condition": self.condition.pk, **self.version()}
