"""What a person can do with a paper now, as data for the action bar, and what will come of it."""

import datetime
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organization.calendar import due
from organization.calendar_words import format_due, say_amount
from organization.models import User
from workflow import policy
from workflow.actions import options
from workflow.bounds import bounds_of, ends_of, outermost_first
from workflow.flow import BACK, STAY, Step
from workflow.models import Paper

DANGEROUS = frozenset(
    "refuse recall send_back void decline cancel deny rework redo release dispute".split()
)


def key_of(paper: Any) -> Any:
    """What names the paper in an address: its number, or its id if it has none."""
    return getattr(paper, "number", None) or paper.pk


def step_url(paper: Paper, verb: str) -> str:
    return reverse(f"take_{paper.flow.name}", args=[key_of(paper), verb])


def buttons(paper: Any, actor: User, *, next_url: str = "") -> list[dict[str, Any]]:
    """The action bar (parts/actions.html): what may be done first, then what may not, with why.

    `main` is the one step that the paper waits for; `direct` needs no input and is posted at once.
    """
    rows = [_button(paper, step, why, next_url) for step, why in options(paper, actor)]
    awaited = paper.flow.awaits.get(paper.status, ())
    rows.sort(key=lambda row: (bool(row["why"]), row["verb"] not in awaited, row["danger"]))
    main = next((row for row in rows if not row["why"] and row["verb"] in awaited), None)
    if main is not None:
        main["main"] = True
    for row in rows:
        row["show"] = bool(row["why"]) and main is None and row["verb"] in awaited
    return rows


def _button(paper: Any, step: Step, why: str, next_url: str) -> dict[str, Any]:
    url = step_url(paper, step.verb)
    direct = not step.needs and not step.takes and step.verb not in paper.flow.sealed
    more = (
        {"seen": paper.trace_count, "next": next_url} if next_url else {"seen": paper.trace_count}
    )
    return {
        "verb": step.verb,
        "label": paper.flow.label(step.verb),
        "url": url if direct else f"{url}?{urlencode(more)}",
        "why": why,
        "main": False,
        "ask": False,
        "danger": step.verb in DANGEROUS,
        "direct": direct,
        "fields": more if direct else {},
    }


def what_happens(
    paper: Any,
    step: Step,
    now: datetime.datetime | None = None,
    *,
    without: Collection[str] = (),
) -> str:
    """One line beside the button: where the paper stands then, and what is due by when.

    `without` leaves out clocks whose limit depends on what is still to be chosen.
    """
    now = now or timezone.now()
    to = paper.status if step.to == STAY else paper.back_status() if step.to == BACK else step.to
    begun = paper.flow.timers_started(step.verb, to) if paper.flow.is_open(to) else []
    limits = limits_of(paper, [what for what in begun if what not in without], now)
    ends = ends_before(paper, limits, now) if limits else {}
    words = [_say_due(paper, what, *limit, ends[what]) for what, limit in limits.items()]
    if step.to != STAY:
        words.insert(0, _("Then: %(status)s") % {"status": paper.Status(to).label})
    return " · ".join(words)


def limits_of(paper: Any, names: list[str], now: datetime.datetime) -> dict[str, tuple[Any, str]]:
    """How long these clocks of the paper would run: its own limits, else the policy's."""
    if not names:
        return {}
    kind, area, day = paper.policy_kind(), paper.policy_area(), timezone.localdate(now)
    found = policy.limits(paper.flow.name, names, kind, day, area)
    rules = {what: (row.amount, row.unit) for what, row in found.items()}
    own = {what: paper.limit_for(what, now) for what in names if what in rules}
    return {what: own[what] or rules[what] for what in own}


def ends_before(
    paper: Any, limits: dict[str, tuple[Any, str]], now: datetime.datetime
) -> dict[str, datetime.datetime]:
    """When clocks that would be started now would end, each inside its outer limits."""
    running = paper.clocks.filter(stopped=None) if paper.pk else ()
    ends = ends_of(paper, running, limits)
    for what in outermost_first(paper.flow, limits):
        like = paper.clocks.model(what=what, kind=paper.policy_kind(), started=now)
        moment = due(now, *limits[what], hours_of=paper.clock_unit(what))
        bounds = bounds_of(paper.flow, like, paper.outer_ends(), ends)
        ends[what] = min([moment, *bounds.values()])
    return ends


def _say_due(paper: Any, what: str, amount: Any, unit: str, moment: datetime.datetime) -> str:
    words = _("%(what)s within %(limit)s, by %(due)s")
    return words % {
        "what": paper.flow.clock_label(what),
        "limit": say_amount(amount, unit),
        "due": format_due(moment),
    }
