"""Ready phrases beside the texts of a form: which are offered, and keeping one's own."""

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.authority import posts_of
from organization.models import User
from workflow.flow import Flow
from workflow.forms import NOTE, ActForm
from workflow.models import Phrase
from workflow.models.phrases import LONGEST
from workflow.trace import paper_models

OFFERED = 12
MOST_OWN = 100


def flows() -> dict[str, Flow]:
    return {model.flow.name: model.flow for model in paper_models()}


def personal_verbs(flow: Flow) -> list[str]:
    """The verbs that people take, in the order of the table."""
    return list(dict.fromkeys(step.verb for step in flow.steps if step.personal))


def texts_of(flow: Flow, verb: str) -> list[str]:
    """The inputs of a verb that are texts, long enough for a phrase: the note among them."""
    rows = [step for step in flow.steps if step.verb == verb and step.personal]
    names = dict.fromkeys(name for step in rows for name in (*step.needs, *step.takes))
    made = {name: flow.fields[name](None, rows[0], None) for name in names if name != "reason"}
    long = [name for name, field in made.items() if is_long(field)]
    return long if verb in flow.unnoted else [*long, NOTE]


def is_long(field: forms.Field) -> bool:
    return isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea)


def offer(form: ActForm, user: User, case: str) -> None:
    """Lay the phrases of a step's form beside its texts, by one query."""
    if form.asks_for is None:
        return
    flow, verb = form.asks_for
    found = phrases(flow, verb, user, case)
    for name, field in form.fields.items():
        if is_long(field):
            keep = {"flow": flow, "verb": verb, "field": name}
            field.ready = {"phrases": found[name][:OFFERED], "keep": keep}  # type: ignore[attr-defined]


def phrases(flow: str, verb: str, user: User, case: str = "") -> dict[str, list[str]]:
    """The phrases for each text of a step on a class of problem.

    One's own first, then those of the class, the narrowest first, then the unit's, then all others.
    """
    rows = Phrase.objects.offered_to(user, posts_of(user))
    rows = rows.filter(flow=flow, verb__in=[verb, ""], case__in=wider(case))
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.user_id is None, -len(r.case), r.unit_id is None)):
        if row.text not in found[row.field]:
            found[row.field].append(row.text)
    return found


def wider(case: str) -> list[str]:
    """A case with all that hold it, down to that of everything: event-05-07, event-05, event, ''."""
    parts = case.split("-")
    return ["-".join(parts[:n]) for n in range(len(parts), -1, -1)]


class OwnPhraseForm(forms.Form):
    """A phrase that somebody keeps for himself, out of the form where it was written."""

    flow = forms.CharField(max_length=20)
    verb = forms.CharField(max_length=20)
    field = forms.CharField(max_length=20)
    text = forms.CharField(label=gettext_lazy("Phrase"), max_length=LONGEST)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.user = user

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        flow = flows().get(given.get("flow", ""))
        if flow is None or given.get("verb") not in personal_verbs(flow):
            raise ValidationError(_("There is no such step."))
        if given.get("field") not in texts_of(flow, given["verb"]):
            raise ValidationError({"field": _("This step has no such text.")})
        if Phrase.objects.filter(user=self.user).count() >= MOST_OWN:
            words = _("You keep %(most)s phrases already: drop one first.")
            raise ValidationError({"text": words % {"most": MOST_OWN}})
        return given

    def keep(self) -> Phrase:
        """The phrase, kept once however often it is asked for."""
        own = Phrase.objects.filter(user=self.user)
        last = own.aggregate(last=Max("n"))["last"] or 0
        return own.get_or_create(user=self.user, **self.cleaned_data, defaults={"n": last + 1})[0]
