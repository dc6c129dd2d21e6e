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
from command.administration.versions import Makers, laid_out, makers_of, version
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
    makers = makers_of(PolicyChange.Kind.FILING, "condition")
    versions = watched.refresh()
    found = [row_of(row, versions.get(row.pk, ()), today, makers) for row in rows]
    return [
        {"name": name, "rows": list(same)}
        for name, same in groupby(found, lambda row: row["major"])
    ]


def row_of(row: Condition, versions: Any, today: datetime.date, makers: Makers) -> dict[str, Any]:
    """A condition; before its first version, and after all of them, stands the published table."""
    said = [version(one, say_amount(one.amount, one.unit), makers, row.pk) for one in versions]
    published = say_amount(row.amount, row.unit)
    found = laid_out(said, today, published)
    if found["now"].get("day"):
        found["past"].append({"words": published})
    return {
        "condition": row,
        "major": f"{row.category.get_kind_display()} · {row.category.major_name}",
        "url": reverse("filing_edit", args=[row.pk]),
        **found,
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
