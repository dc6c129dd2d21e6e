"""The time limits as a table: in force, coming, past; and the form of a new one."""

import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.administration.forms import VersionForm, part_of
from command.administration.names import (
    clock_word,
    flow_word,
    kinds,
    leg_words,
    legs,
    place_of,
    scope_words,
    short,
)
from command.administration.versions import Makers, laid_out, makers_of, version
from organization.calendar_words import say_amount
from organization.models.units import AREA_LEVELS
from workflow.models import PolicyChange, TimeLimit

NAMES = ("flow", "clock", "kind", "area")
ANY = gettext_lazy("All")


def table(today: datetime.date) -> list[dict[str, Any]]:
    """The flows with their limits, each with its versions of other days."""
    makers = makers_of(PolicyChange.Kind.LIMIT, *NAMES)
    rows = sorted(
        TimeLimit.objects.order_by(*NAMES, "-valid_from"),
        key=lambda row: (*place_of(row.flow, row.clock, row.kind), row.area),
    )
    found = [row_of(list(same), today, makers) for _key, same in groupby(rows, key_of)]
    return [
        {"name": flow_word(flow), "rows": list(same)}
        for flow, same in groupby(found, lambda row: row["flow"])
    ]


def key_of(row: TimeLimit) -> tuple[str, ...]:
    return row.flow, row.clock, row.kind, row.area


def row_of(versions: list[TimeLimit], today: datetime.date, makers: Makers) -> dict[str, Any]:
    """One leg: `versions` are of one key, the youngest first."""
    first = versions[0]
    said = [
        version(row, say_amount(row.amount, row.unit), makers, *key_of(row)) for row in versions
    ]
    return {
        "flow": first.flow,
        "clock": clock_word(first.flow, first.clock),
        "scope": scope_words(first),
        "url": edit_url(first),
        **laid_out(said, today, ""),
    }


def edit_url(row: TimeLimit) -> str:
    named = {"leg": f"{row.flow}:{row.clock}", "area": row.area}
    named["kind"] = f"{row.flow}:{row.kind}" if row.kind else ""
    query = urlencode({name: value for name, value in named.items() if value})
    return f"{reverse('limit_edit')}?{query}"


def standing(named: dict[str, str]) -> dict[str, Any]:
    """The limit in force of the row that an address names, to begin a form with."""
    flow, _colon, clock = named.get("leg", "").partition(":")
    kind = named.get("kind", "").partition(":")[2]
    rows = TimeLimit.objects.filter(flow=flow, clock=clock, kind=kind, area=named.get("area", ""))
    row = rows.filter(valid_from__lte=timezone.localdate()).order_by("-valid_from").first()
    if row is None:
        return {}
    return {"amount": short(row.amount), "unit": row.unit}


class LimitForm(VersionForm):
    kind = PolicyChange.Kind.LIMIT
    PLACE = ("leg", "kind", "area")

    leg = forms.ChoiceField(label=gettext_lazy("Leg"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leg"].choices = legs(windows=True)  # type: ignore[attr-defined]
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("Only this kind"), choices=[("", ANY), *kinds()], required=False
        )
        self.fields["area"] = forms.ChoiceField(
            label=gettext_lazy("Only places of this level"),
            choices=[("", ANY), *AREA_LEVELS],
            required=False,
        )
        self.order_fields(["leg", "kind", "area", "amount", "unit", "valid_from", "sample"])

    def fix(self) -> str:
        """Keep to the leg that was chosen in the table; what it is called."""
        for name in self.PLACE:
            self.fields[name].widget = forms.HiddenInput()
        given = {name: self[name].value() or "" for name in self.PLACE}
        row = TimeLimit(flow=given["leg"].partition(":")[0], area=given["area"])
        row.clock, row.kind = (given[name].partition(":")[2] for name in ("leg", "kind"))
        return f"{leg_words(row.flow, row.clock)} · {scope_words(row)}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        flow = given.get("leg", "").partition(":")[0]
        if flow:
            try:
                part_of(given.get("kind", ""), flow)
            except ValidationError as fault:
                self.add_error("kind", fault)
        if not self.errors and self.stands():
            self.add_error("amount", _("This limit is in force already."))
        return given

    def stands(self) -> bool:
        """Whether the limit in force on that day is this very one."""
        body = self.body()
        day = body.pop("valid_from")
        key = {name: body[name] for name in NAMES}
        row = TimeLimit.objects.filter(**key, valid_from__lte=day).order_by("-valid_from").first()
        wanted = (Decimal(body["amount"]), body["unit"], body["sample"])
        return row is not None and (row.amount, row.unit, row.sample) == wanted

    def body(self) -> dict[str, Any]:
        given = self.cleaned_data
        flow, _colon, clock = given["leg"].partition(":")
        return {
            "flow": flow,
            "clock": clock,
            "kind": part_of(given["kind"], flow),
            "area": given["area"],
            **self.version(),
        }
