"""Choosing several papers of a list: what may be done with them, and how the answer reads."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from command.signs import VERB_ICONS, VERB_KEYS
from organization.authority import units_where
from organization.models import User
from workflow.batch import Batch, ManyForm, Outcome
from workflow.flow import Flow
from workflow.openapi import personal_rows


def batch_bar(
    flow: Flow, user: User, back_url: str, statuses: Collection[str] = ()
) -> dict[str, Any] | None:
    """What `parts/batch.html` shows: the verbs that this reader may hold somewhere; None: none.

    `statuses` are those that the papers of the list can have; none: any.
    """
    acts = [
        {
            "verb": verb,
            "label": flow.label(verb),
            "icon": VERB_ICONS.get(verb, ""),
            "key": VERB_KEYS.get(verb, ""),
        }
        for verb in flow.verbs
        if verb in flow.batched and meant(flow, verb, user, statuses)
    ]
    if not acts:
        return None
    url = reverse("work_orders_batch")
    return {"url": url, "acts": acts, "back_url": back_url, "note": _("Note")}


def meant(flow: Flow, verb: str, user: User, statuses: Collection[str]) -> bool:
    """Whether the reader holds the duty of a row that starts from one of these statuses."""
    rows = [
        row
        for row in personal_rows(flow, verb)
        if not statuses or not set(row.sources).isdisjoint(statuses)
    ]
    return any(row.duty and units_where(user, row.duty) for row in rows)


def question(form: ManyForm, back_url: str) -> dict[str, Any]:
    """What `command/batch_ask.html` shows: what is still to be said for all that were chosen."""
    n = len(form.keys)
    return {
        "title": form.flow.label(form.verb),
        "chosen": ngettext("%(n)s order chosen", "%(n)s orders chosen", n) % {"n": n},
        "papers": list(form.found.values()),
        "form": form,
        "verb": form.verb,
        "keys": ",".join(form.keys),
        "back_url": back_url,
    }


def result(batch: Batch, flow: Flow, back_url: str) -> dict[str, Any]:
    """What `command/batch.html` shows: those refused first, by why, for something is left there."""
    done, refused = len(batch.done), len(batch.refused)
    return {
        "title": flow.label(batch.verb),
        "done": ngettext("%(n)s done", "%(n)s done", done) % {"n": done} if done else "",
        "refused": ngettext("%(n)s refused", "%(n)s refused", refused) % {"n": refused},
        "refusals": refused,
        "reasons": by_reason(batch.refused),
        "settled": batch.done,
        "done_keys": ",".join(outcome.key for outcome in batch.done),
        "again_url": list_of(batch.refused),
        "back_url": back_url,
    }


def by_reason(refused: list[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """The refusals under their reasons, the most frequent first."""
    found: dict[str, list[Outcome]] = {}
    for outcome in refused:
        found.setdefault(outcome.why, []).append(outcome)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def list_of(refused: list[Outcome]) -> str:
    """Those that were refused as a list of their own, to be chosen again; "" if it is none."""
    ids = ",".join(str(outcome.paper.pk) for outcome in refused if outcome.paper is not None)
    return f"{reverse('work_orders')}?{urlencode({'only': ids, 'rows': 200})}" if ids else ""
