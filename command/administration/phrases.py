"""Ready phrases of the district and of its units as a table, and the form that writes one."""

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from command.administration.names import flow_word
from command.administration.storms import cases
from organization.models import Unit
from whistle.models import Category
from workflow.flow import Flow
from workflow.forms import NOTE
from workflow.models import Phrase
from workflow.models.phrases import LONGEST
from workflow.phrases import flows, personal_verbs, texts_of


def table(rows: QuerySet[Phrase], unit: Unit | None = None) -> list[dict[str, Any]]:
    """The phrases under the texts they are for, in the order of the flows; of one unit only."""
    shown = list(rows.select_related("unit") if unit is None else rows.filter(unit=unit))
    words = class_words() if any(row.case for row in shown) else {}
    found: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in shown:
        found[row.flow, row.verb, row.field].append(
            {"row": row, "case": words.get(row.case, row.case)}
        )
    order = {name: list(flow.verbs) for name, flow in flows().items()}
    keys = sorted(found, key=lambda key: (list(order).index(key[0]), place_of(order, key), key[2]))
    return [{"name": name_of(*key), "rows": found[key], "place": ":".join(key)} for key in keys]


def place_of(order: dict[str, list[str]], key: tuple[str, str, str]) -> int:
    flow, verb, _field = key
    return order[flow].index(verb) if verb in order[flow] else -1


def name_of(flow: str, verb: str, field: str) -> str:
    """For which text a phrase is: work order · Dispatch · Note."""
    known = flows()[flow]
    step = known.label(verb) if verb else pgettext("phrase", "every step")
    return f"{flow_word(flow)} · {step} · {field_word(known, verb, field)}"


def field_word(flow: Flow, verb: str, field: str) -> str:
    if field == NOTE:
        return _("Note or reason")
    step = next((step for step in flow.steps if not verb or step.verb == verb), flow.steps[0])
    return str(flow.fields[field](None, step, None).label)


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every text that a phrase can be for, by flow: `flow:verb:field`."""
    return [
        (flow_word(name), [place(flow, verb, text) for verb, text in texts(flow)])
        for name, flow in flows().items()
    ]


def texts(flow: Flow) -> list[tuple[str, str]]:
    return [("", NOTE)] + [
        (verb, text) for verb in personal_verbs(flow) for text in texts_of(flow, verb)
    ]


def place(flow: Flow, verb: str, text: str) -> tuple[str, str]:
    step = flow.label(verb) if verb else pgettext("phrase", "every step")
    return f"{flow.name}:{verb}:{text}", f"{step} · {field_word(flow, verb, text)}"


def units() -> list[tuple[str, str]]:
    """Units that have phrases of their own, as choices: all but grids."""
    kinds = [Unit.Kind.DISTRICT, Unit.Kind.GRID]
    rows = Unit.objects.filter(valid_to=None).exclude(kind__in=kinds).order_by("code")
    return [("", pgettext("phrase", "Whole district"))] + [(u.code, u.title) for u in rows]


def classes(kept: str) -> list[tuple[str, str]]:
    """The major classes as choices, and the single class that a loaded phrase is for."""
    known = [("", pgettext("phrase", "Every class")), *cases()]
    return known if kept in dict(known) else [*known, (kept, class_words().get(kept, kept))]


def class_words() -> dict[str, str]:
    """What classes and major classes are called, by their cases."""
    return dict(cases()) | {category.case: category.name for category in Category.objects.all()}


class PhraseForm(forms.Form):
    """One phrase of the district or of a unit."""

    place = forms.ChoiceField(label=gettext_lazy("For which text"))
    case = forms.ChoiceField(label=gettext_lazy("Class of problems"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Phrase"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    n = forms.IntegerField(
        label=gettext_lazy("Place in the list"), min_value=1, max_value=999, initial=1
    )

    def __init__(self, phrase: Phrase, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.phrase = phrase
        self.fields["place"].choices = places()  # type: ignore[attr-defined]
        self.fields["case"].choices = classes(phrase.case)  # type: ignore[attr-defined]
        self.fields["unit"].choices = units()  # type: ignore[attr-defined]
        if phrase.pk is not None:
            key = ":".join([phrase.flow, phrase.verb, phrase.field])
            code = phrase.unit.code if phrase.unit else ""
            self.initial = {"place": key, "unit": code, "text": phrase.text, "n": phrase.n}
            self.initial["case"] = phrase.case

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors:
            self.lay_in(given)
            names = ("flow", "verb", "field", "case", "unit", "text")
            same = Phrase.objects.filter(**{n: getattr(self.phrase, n) for n in names}, user=None)
            if same.exclude(pk=self.phrase.pk).exists():
                raise ValidationError({"text": _("There is such a phrase already.")})
        return given

    def lay_in(self, given: dict[str, Any]) -> None:
        row = self.phrase
        row.flow, row.verb, row.field = given["place"].split(":")
        row.unit = Unit.objects.get(code=given["unit"]) if given["unit"] else None
        row.case, row.text, row.n = given["case"], given["text"], given["n"]
