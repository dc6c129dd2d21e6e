"""What reporters are told by SMS after each step, for all classes and for single ones."""

import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from command.administration.forms import DatedForm
from command.administration.versions import Makers, laid_out, makers_of, version
from organization.calendar_words import listed
from whistle.birth import CategoryField
from whistle.flow import ORDER
from whistle.models import ReporterText
from whistle.models.reporter_texts import LONGEST, OWN_PLACES, VERBS, strange_places
from workflow.models import PolicyChange


def table(today: datetime.date) -> list[dict[str, Any]]:
    """The steps, each with its text for all classes (told or not) and those of single classes."""
    makers = makers_of(PolicyChange.Kind.TELLING, "verb", "category")
    found: dict[tuple[str, int | None], list[ReporterText]] = {(verb, None): [] for verb in VERBS}
    for row in ReporterText.objects.select_related("category").order_by("-valid_from"):
        found.setdefault((row.verb, row.category_id), []).append(row)
    steps: dict[str, list[dict[str, Any]]] = {verb: [] for verb in VERBS}
    for (verb, _category), rows in found.items():
        steps[verb].append(row_of(verb, rows, today, makers))
    return [{"name": ORDER.label(verb), "rows": rows} for verb, rows in steps.items()]


def row_of(
    verb: str, rows: list[ReporterText], today: datetime.date, makers: Makers
) -> dict[str, Any]:
    category = rows[0].category if rows else None
    said = [version(row, row.text, makers, verb, row.category_id) for row in rows]
    named = {"verb": verb} | ({"category": category.pk} if category else {})
    return {
        "category": str(category) if category else pgettext("telling", "All classes"),
        "url": f"{reverse('telling_edit')}?{urlencode(named)}",
        **laid_out(said, today, ""),
    }


def standing(named: dict[str, str]) -> dict[str, Any]:
    """The step, class and text that an address names, to begin a form with."""
    asked = named.get("category", "")
    category = asked if asked.isascii() and asked.isdecimal() else ""
    known = {"verb": named.get("verb", ""), "category": category}
    rows = ReporterText.objects.filter(
        verb=known["verb"],
        category=int(category) if category else None,
        valid_from__lte=timezone.localdate(),
    )
    row = rows.order_by("valid_from").last()
    return known | {"text": row.text if row else ""}


class TellingForm(DatedForm):
    kind = PolicyChange.Kind.TELLING

    verb = forms.ChoiceField(
        label=gettext_lazy("Step"), choices=[(verb, ORDER.labels[verb]) for verb in VERBS]
    )
    text = forms.CharField(
        label=gettext_lazy("Text of the message"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("verb", "category", "text", "valid_from", "sample")

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        first = {"valid_from": timezone.localdate()} | (initial or {})
        super().__init__(*args, initial=first, **kwargs)
        self.fields["category"] = CategoryField(required=False)
        self.fields["category"].empty_label = pgettext("telling", "All classes")  # type: ignore[attr-defined]
        self.fields["text"].help_text = help_text()
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        verb, text = given.get("verb", ""), given.get("text", "")
        if verb and (strange := strange_places(verb, text)):
            words = _("This means nothing after this step: %(places)s")
            self.add_error("text", words % {"places": ", ".join(strange)})
        if not self.errors and self.stands(given):
            self.add_error("text", _("This is in force already."))
        return given

    def stands(self, given: dict[str, Any]) -> bool:
        rows = ReporterText.objects.filter(
            verb=given["verb"], category=given["category"], valid_from__lte=given["valid_from"]
        )
        row = rows.order_by("valid_from").last()
        wanted = (given["text"], given["sample"])
        if row is not None:
            return bool((row.text, row.sample) == wanted)
        return given["category"] is None and wanted == ("", False)

    def body(self) -> dict[str, Any]:
        given = self.cleaned_data
        category = given["category"].pk if given["category"] else None
        return {
            "verb": given["verb"],
            "category": category,
            "text": given["text"],
            **self.version(),
        }


def help_text() -> str:
    """What may stand in braces, and after which steps."""
    own = [
        _("%(place)s after %(steps)s")
        % {"place": f"{{{name}}}", "steps": listed(ORDER.label(verb) for verb in verbs)}
        for name, verbs in OWN_PLACES.items()
    ]
    words = _(
        "Filled in: {number}, {kind} (the class or the title), {centre}; %(own)s. "
        "Without a text nothing is sent."
    )
    return words % {"own": listed(own)}
