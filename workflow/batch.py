"""One step of many papers by one request: each in its own transaction, each with its own answer."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from organization.models import User
from workflow.errors import NotPossible
from workflow.flow import Flow
from workflow.forms import NOTE, ActForm, form_for, note_field
from workflow.openapi import personal_rows

MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What became of one paper: done, or why not. `paper` is None where nothing is to be seen."""

    key: str
    paper: Any
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


@dataclass
class Batch:
    """The outcomes in the order in which the papers were named."""

    verb: str
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def done(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.done]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.done]


class ManyForm(ActForm):
    """What a step of many papers asks for once: the flow's `shared` inputs, and the note.

    `papers` are those that the person may see, `keys` name those chosen. Raises ValidationError
    if the verb cannot be taken of many, or for no key or too many.
    """

    def __init__(
        self, papers: Any, verb: str, keys: Iterable[str], actor: User, data: Any = None
    ) -> None:
        super().__init__(data)
        self.keys, self.verb, self.actor = list(dict.fromkeys(keys)), verb, actor
        self.papers, self.flow = papers, papers.model.flow
        check_choice(self.flow, verb, self.keys)
        self.found = named(papers, self.keys)
        self.fields |= shared_fields(self.flow, verb, list(self.found.values()), actor)

    @property
    def asks(self) -> bool:
        """Whether there is more to say than a note that may be left out."""
        return list(self.fields) != [NOTE] or self.fields[NOTE].required

    def act(self, now: datetime.datetime | None) -> Batch:
        meant = [key for key in self.keys if key != self.spared] or self.keys
        return Batch(self.verb, [self.take_one(key, now) for key in meant])

    @property
    def spared(self) -> str:
        """The paper that an input names for all: what the others do to it, it does not to itself."""
        papers = (v for v in self.cleaned_data.values() if isinstance(v, self.papers.model))
        return next((str(getattr(p, key_name(self.papers.model))) for p in papers), "")

    def take_one(self, key: str, now: datetime.datetime | None) -> Outcome:
        paper = self.found.get(key)
        if paper is None:
            return Outcome(key, None, _("There is nothing here that you may see."))
        try:
            form = form_for(paper, self.verb, self.actor, self.given_to(paper))
            done = form.take(now)
        except (NotPossible, PermissionDenied) as refusal:
            return Outcome(key, paper, str(refusal))
        except ValidationError as refusal:
            return Outcome(key, paper, refusal.messages[0])
        return Outcome(key, paper, "" if done else first_error(form))

    def given_to(self, paper: Any) -> dict[str, Any]:
        """What the step's own form is given for one paper."""
        given: dict[str, Any] = {NOTE: self.cleaned_data[NOTE]}
        for name, value in self.cleaned_data.items():
            if name != NOTE and value not in (None, ""):
                given[name] = self.flow.shared[name].each(paper, value)
        return given


def take_many(
    papers: Any,
    verb: str,
    keys: Iterable[str],
    actor: User,
    data: dict[str, Any],
    now: datetime.datetime | None = None,
) -> Batch:
    """Take a verb of the papers named, out of those in the queryset.

    A paper that refuses does not hinder the others. Raises ValidationError as `ManyForm` does, or
    by field for what is wrong for all of them.
    """
    form = ManyForm(papers, verb, keys, actor, data)
    done: Batch | None = form.take(now)
    if done is None:
        raise ValidationError(dict(form.errors.as_data()))
    return done


def shared_fields(
    flow: Flow, verb: str, papers: list[Any], actor: User | None
) -> dict[str, forms.Field]:
    """The fields of a verb of many papers; without papers, as the documentation shows them."""
    rows = personal_rows(flow, verb)
    names = dict.fromkeys(name for row in rows for name in (*row.needs, *row.takes))
    needed = set.intersection(*(set(row.needs) for row in rows))
    fields: dict[str, forms.Field] = {}
    for name in names:
        if name != "reason":
            fields[name] = made = flow.shared[name].field(papers, rows[0], actor)
            made.required = made.widget.is_required = name in needed
    return {**fields, NOTE: note_field("reason" in needed)}


def check_choice(flow: Flow, verb: str, keys: list[str]) -> None:
    if verb not in flow.batched:
        raise ValidationError({"verb": _("This step is taken one paper at a time.")})
    if not keys:
        raise ValidationError({"keys": _("Choose at least one paper.")})
    if len(keys) > MOST:
        raise ValidationError({"keys": _("Choose at most %(most)s papers.") % {"most": MOST}})


def named(papers: Any, keys: list[str]) -> dict[str, Any]:
    """The papers by their keys, in the order of the keys, as far as they are there."""
    name = key_name(papers.model)
    rows = papers.filter(**{f"{name}__in": proper(papers.model, keys)})
    found = {str(getattr(paper, name)): paper for paper in rows}
    return {key: found[key] for key in keys if key in found}


def key_name(model: Any) -> str:
    """The field by which addresses name a paper: its number, or its id if it has none."""
    return "number" if any(f.name == "number" for f in model._meta.fields) else "pk"


def proper(model: Any, keys: list[str]) -> list[str]:
    """The keys that can be keys at all: what a number is made of, or a whole number."""
    if key_name(model) == "number":
        return [key for key in keys if key.isascii() and key.isprintable()]
    return [key for key in keys if key.isascii() and key.isdigit() and len(key) < 19]


def first_error(form: Any) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
