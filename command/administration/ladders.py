"""The ladders that unanswered clocks climb: each as a row of rungs in words, and a new one."""

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
from django.utils.translation import gettext_lazy, pgettext_lazy

from command.administration.forms import EditForm
from command.administration.names import (
    kind_word,
    leg_words,
    legs,
    place_of,
    rung_rows,
    scope_words,
    short,
)
from organization.calendar import TimeUnit
from whistle.load import FLOWS, KINDS
from workflow import policy
from workflow.fields import DayField
from workflow.models import PolicyChange, Rung

MOST_RUNGS = 12
CARDS = (Rung.Does.YELLOW, Rung.Does.RED)


def table(today: datetime.date) -> list[dict[str, Any]]:
    """Every ladder: what it is for, its rungs now, and those of days to come."""
    rows = Rung.objects.order_by("flow", "clock", "kind", "-valid_from", "n")
    keyed = [(key, list(same)) for key, same in groupby(rows, lambda r: (r.flow, r.clock, r.kind))]
    keyed.sort(key=lambda pair: place_of(*pair[0]))
    return [ladder_of(rungs, today) for _key, rungs in keyed]


def ladder_of(rungs: list[Rung], today: datetime.date) -> dict[str, Any]:
    first = rungs[0]
    days = [
        {"day": day, "rungs": rung_rows(map(parts, same)), "sample": same[0].sample}
        for day, same in ((d, list(rows)) for d, rows in groupby(rungs, lambda r: r.valid_from))
    ]
    begun = [row for row in days if row["day"] <= today]
    return {
        "name": leg_words(first.flow, first.clock),
        "scope": scope_words(first),
        "general": not first.flow,
        "now": begun[0] if begun else None,
        "coming": [row for row in reversed(days) if row["day"] > today],
        "url": f"{reverse('ladder_edit')}?{urlencode(named(first))}",
    }


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every leg, and every kind on it, that can have a ladder of its own: `flow:clock:kind`."""
    return [
        (
            group,
            [
                (f"{leg}:{kind}", f"{word} · {kind_word(leg.partition(':')[0], kind)}")
                if kind
                else (f"{leg}:", word)
                for leg, word in rows
                for kind in ("", *sorted(KINDS.get(leg.partition(":")[0], ())))
            ],
        )
        for group, rows in legs(windows=False)
    ]


def named(row: Rung) -> dict[str, str]:
    return {"flow": row.flow, "clock": row.clock, "kind": row.kind}


def parts(row: Rung) -> tuple[int | None, Any, str, str]:
    return row.percent, row.after, row.unit, row.does


def latest(flow: str, clock: str, kind: str) -> list[Rung]:
    """The rungs of the youngest ladder under just these names; else of the one that applies."""
    rows = list(Rung.objects.filter(flow=flow, clock=clock, kind=kind))
    if not rows:
        return policy.current().ladder(flow, clock, kind, timezone.localdate())
    newest = max((row.valid_from for row in rows), default=None)
    return sorted((row for row in rows if row.valid_from == newest), key=lambda row: row.n)


class RungForm(forms.Form):
    percent = forms.IntegerField(
        label=pgettext_lazy("ladder", "Percent of the time"),
        min_value=1,
        max_value=100,
        required=False,
    )
    after = forms.DecimalField(
        label=pgettext_lazy("ladder", "or so long after the deadline"),
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        required=False,
    )
    does = forms.ChoiceField(
        label=pgettext_lazy("ladder", "What happens"),
        choices=[("", "—"), *Rung.Does.choices],
        required=False,
    )


Rungs = forms.formset_factory(RungForm, extra=3, max_num=MOST_RUNGS, absolute_max=MOST_RUNGS)


class LadderForm(EditForm):
    """A new ladder for the leg of the address; its rungs are a table of small forms."""

    kind = PolicyChange.Kind.LADDER

    unit = forms.ChoiceField(
        label=gettext_lazy("Unit of the times after the deadline"), choices=TimeUnit.choices
    )
    valid_from = DayField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("A running clock keeps the ladder of the day on which it began."),
    )

    def __init__(self, place: dict[str, str], stored: list[Rung], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.place = place
        first = [{"percent": r.percent, "after": short(r.after), "does": r.does} for r in stored]
        given = {"data": self.data} if self.is_bound else {"initial": first}
        self.rungs = Rungs(prefix="rungs", **given)
        timed = [r.unit for r in stored if r.unit]
        self.fields["unit"].initial = timed[0] if timed else TimeUnit.WORK_DAY
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        self.fields["valid_from"].initial = tomorrow

    def clean_valid_from(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["valid_from"]
        if day <= timezone.localdate():
            raise ValidationError(_("A ladder begins tomorrow at the earliest."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.rungs.is_valid():
            raise ValidationError(_("A rung cannot be read; it says below what is wrong."))
        given["rungs"] = [row for row in map(self.read, self.rungs.forms) if row is not None]
        if not given["rungs"]:
            raise ValidationError(_("Give at least one rung."))
        check_rise(given["rungs"])
        return given

    def read(self, form: forms.Form) -> tuple[int | None, Decimal | None, str] | None:
        """One rung; None: the row was left blank."""
        row = form.cleaned_data
        percent, after, does = row.get("percent"), row.get("after"), row.get("does") or ""
        if percent is None and after is None and not does:
            return None
        if (percent is None) == (after is None) or not does:
            number = form.prefix.rpartition("-")[2] if form.prefix else "0"
            words = _("Rung %(n)s: give a percentage or a time after, and what happens.")
            raise ValidationError(words % {"n": int(number) + 1})
        if does in CARDS and percent is not None and percent < 100:
            raise ValidationError(_("A card is not given before the deadline."))
        return percent, after, does

    def body(self) -> dict[str, Any]:
        given = self.cleaned_data
        unit = given["unit"]
        rungs = [
            [percent, "" if after is None else str(after), unit if after is not None else "", does]
            for percent, after, does in given["rungs"]
        ]
        return {**self.place, "valid_from": given["valid_from"].isoformat(), "rungs": rungs}


def check_rise(rungs: list[Any]) -> None:
    heights = [(percent or 101, after or 0) for percent, after, _does in rungs]
    if any(one >= two for one, two in zip(heights, heights[1:], strict=False)):
        raise ValidationError(_("Rungs rise: percentages first, then times after the deadline."))


def known_place(given: dict[str, str]) -> dict[str, str] | None:
    """The names of a ladder as the address gives them; None: there is nothing of that name."""
    flow, clock, kind = (given.get(name, "") for name in ("flow", "clock", "kind"))
    if given.get("place", "").count(":") == 2:
        flow, clock, kind = given["place"].split(":")
    if not flow:
        return None if clock or kind else {"flow": "", "clock": "", "kind": ""}
    if flow not in FLOWS or (kind and kind not in KINDS[flow]):
        return None
    if clock and clock not in {timer.what for timer in FLOWS[flow].timers}:
        return None
    return {"flow": flow, "clock": clock, "kind": kind}
