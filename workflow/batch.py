"""One step of many papers by one request: each in its own transaction, each with its own answer."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from organization.models import User
from workflow.errors import NotPossible
from workflow.forms import form_for

MOST = 100


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


def take_many(
    papers: Any,
    verb: str,
    keys: Iterable[str],
    actor: User,
    data: dict[str, Any],
    now: datetime.datetime | None = None,
) -> Batch:
    """Take a verb of the papers named, out of those in the queryset, through the form of the step.

    A paper that refuses does not hinder the others. Raises ValidationError if the verb cannot be
    taken of many, or for no key or too many.
    """
    keys = list(dict.fromkeys(keys))
    model = papers.model
    if verb not in model.flow.batched:
        raise ValidationError({"verb": _("This step is taken one paper at a time.")})
    if not keys:
        raise ValidationError({"keys": _("Choose at least one paper.")})
    if len(keys) > MOST:
        raise ValidationError({"keys": _("Choose at most %(most)s papers.") % {"most": MOST}})
    name = key_name(model)
    found = {
        str(getattr(p, name)): p for p in papers.filter(**{f"{name}__in": proper(model, keys)})
    }
    return Batch(verb, [_take_one(key, found.get(key), verb, actor, data, now) for key in keys])


def key_name(model: Any) -> str:
    """The field by which addresses name a paper: its number, or its id if it has none."""
    return "number" if any(f.name == "number" for f in model._meta.fields) else "pk"


def proper(model: Any, keys: list[str]) -> list[str]:
    """The keys that can be keys at all: what a number is made of, or a whole number."""
    if key_name(model) == "number":
        return [key for key in keys if key.isascii() and key.isprintable()]
    return [key for key in keys if key.isascii() and key.isdigit() and len(key) < 19]


def _take_one(
    key: str,
    paper: Any,
    verb: str,
    actor: User,
    data: dict[str, Any],
    now: datetime.datetime | None,
) -> Outcome:
    if paper is None:
        return Outcome(key, None, _("There is nothing here that you may see."))
    try:
        form = form_for(paper, verb, actor, data)
        done = form.take(now)
    except (NotPossible, PermissionDenied) as refusal:
        return Outcome(key, paper, str(refusal))
    return Outcome(key, paper, "" if done else first_error(form))


def first_error(form: Any) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
