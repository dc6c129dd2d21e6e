"""Choosing several papers of a list: what may be done with them, and how the answer reads."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from command.signs import VERB_ICONS
from organization.authority import units_where
from organization.models import User
from workflow.batch import Batch
from workflow.flow import Flow


def batch_bar(flow: Flow, user: User, url_name: str, back_url: str) -> dict[str, Any] | None:
    """What `parts/batch.html` shows: the verbs that this reader may hold somewhere; None: none."""
    acts = [
        {"verb": verb, "label": flow.label(verb), "icon": VERB_ICONS.get(verb, "")}
        for verb in sorted(flow.batched)
        if any(step.duty and units_where(user, step.duty) for step in rows_of(flow, verb))
    ]
    if not acts:
        return None
    return {"url": reverse(url_name), "acts": acts, "back_url": back_url, "note": _("Note")}


def rows_of(flow: Flow, verb: str) -> list[Any]:
    return [step for step in flow.steps if step.verb == verb]


def result(batch: Batch, flow: Flow, back_url: str) -> dict[str, Any]:
    """What `command/batch.html` shows: those refused first, for something is left to do there."""
    done, refused = len(batch.done), len(batch.refused)
    return {
        "title": flow.label(batch.verb),
        "done": ngettext("%(n)s done", "%(n)s done", done) % {"n": done},
        "refused": ngettext("%(n)s refused", "%(n)s refused", refused) % {"n": refused},
        "refusals": refused,
        "rows": [*batch.refused, *batch.done],
        "back_url": back_url,
    }
