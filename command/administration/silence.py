"""What silence means for each kind of request and for surveys: in force, coming and past."""

import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from command.administration.forms import DatedForm
from command.administration.versions import Makers, laid_out, makers_of, version
from whistle.models import SilenceRule
from whistle.models.silence import KINDS, OUTCOMES, default_of, outcomes_of
from workflow.models import PolicyChange


def kind_word(kind: str) -> str:
    return str(dict(KINDS).get(kind, kind))


def outcome_word(outcome: str) -> str:
    return str(dict(OUTCOMES).get(outcome, outcome))


def table(today: datetime.date) -> list[dict[str, Any]]:
    makers = makers_of(PolicyChange.Kind.SILENCE, "kind")
    rules = list(SilenceRule.objects.order_by("-valid_from"))
    return [
        row_of(kind, [rule for rule in rules if rule.kind == kind], today, makers)
        for kind, _word in KINDS
    ]


def row_of(
    kind: str, rules: list[SilenceRule], today: datetime.date, makers: Makers
) -> dict[str, Any]:
    said = [version(rule, outcome_word(rule.outcome), makers, kind) for rule in rules]
    return {
        "name": kind_word(kind),
        "url": reverse("silence_edit", args=[kind]),
        **laid_out(said, today, outcome_word(default_of(kind))),
    }


class SilenceForm(DatedForm):
    kind = PolicyChange.Kind.SILENCE

    outcome = forms.ChoiceField(
        label=gettext_lazy("Not decided or answered in time"), widget=forms.RadioSelect
    )
    field_order = ("outcome", "valid_from", "sample")

    def __init__(self, about: str, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        first = {"outcome": SilenceRule.on(about, today), "valid_from": today}
        super().__init__(*args, initial=first, **kwargs)
        self.about = about
        self.fields["outcome"].choices = outcomes_of(about)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and self.stands(given):
            self.add_error("outcome", _("This is in force already."))
        return given

    def stands(self, given: dict[str, Any]) -> bool:
        rules = SilenceRule.objects.filter(kind=self.about, valid_from__lte=given["valid_from"])
        rule = rules.order_by("valid_from").last()
        return rule is not None and (rule.outcome, rule.sample) == (
            given["outcome"],
            given["sample"],
        )

    def body(self) -> dict[str, Any]:
        outcome = self.cleaned_data["outcome"]
        return {"kind": self.about, "outcome": outcome, **self.version()}
