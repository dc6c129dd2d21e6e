"""The pieces of a paper's page as plain data for `templates/parts/`."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from command.countdown import Countdown, clock_rows, countdown_of, why
from command.papers.dossier import Dossier
from command.signs import CARD_TONES, VERB_TONES, status_sign
from organization.calendar import Remaining, remaining
from organization.calendar_words import say_amount, say_remaining
from whistle.models import (
    Assignment,
    Card,
    Request,
    Response,
    SupervisionOrder,
    Survey,
    Verification,
    Whistle,
    WorkOrder,
)
from whistle.stages import Stage, stages
from workflow.reason import say_cut
from workflow.trace_page import trace_row


def status_badge(paper: Any) -> dict[str, str]:
    tone, icon = status_sign(paper)
    return {"word": str(paper.Status(paper.status).label), "tone": tone, "icon": icon}


def order_badges(order: WorkOrder) -> list[dict[str, str]]:
    rows = [status_badge(order)]
    rows.append({"word": order.get_source_display(), "tone": "line", "icon": ""})
    if order.urgency != WorkOrder.Urgency.NORMAL:
        rows.append({"word": order.get_urgency_display(), "tone": "soon", "icon": "bolt"})
    return rows


def kind_badge(whistle: Whistle) -> dict[str, str]:
    tone = "tough" if whistle.is_tough else "soon" if whistle.is_emergency else "line"
    return {"word": whistle.get_kind_display(), "tone": tone, "icon": "whistle"}


def card_badges(cards: Iterable[Any]) -> list[dict[str, str]]:
    """A badge for each colour that was shown, the worst first, with how often."""
    count = Counter(card.colour for card in cards)
    return [card_badge(colour, count[colour]) for colour in ("red", "yellow") if count[colour]]


def card_badge(colour: str, times: int = 1) -> dict[str, str]:
    word = str(Card.Colour(colour).label)
    return {
        "word": f"{word} ×{times}" if times > 1 else word,
        "tone": CARD_TONES[colour],
        "icon": "redcard",
    }


def supervision_badge(paper: SupervisionOrder) -> dict[str, str]:
    """Which kind it is: a leader's word stands out."""
    icon = "pen" if paper.is_instruction else "shield"
    return {"word": paper.get_kind_display(), "tone": "line", "icon": icon}


def first_countdown(found: Dossier, paper: Any, now: datetime.datetime) -> Countdown | None:
    """The countdown of the paper's clock that is due first; it can say why it is due then."""
    clocks = [c for c in found.clocks_of(paper) if c.running]
    if not clocks:
        return None
    first = min(clocks, key=lambda c: c.due)
    count = countdown_of(first, now)
    count.why = why(first, found.pauses(now))
    return count


def clocks_row(found: Dossier, paper: Any, now: datetime.datetime) -> list[dict[str, str]]:
    """The clocks of a paper in a row, without the whole limit that stands over them."""
    whole = whole_clock(found) if paper is found.order else None
    return clock_rows([c for c in found.clocks_of(paper) if c is not whole], now)


def whole_clock(found: Dossier) -> Any:
    """The order's own limit, inside which every leg lies until it is handled; the newest."""
    return next((c for c in reversed(found.clocks_of(found.order)) if c.what == "handle"), None)


def whole_limit(found: Dossier, now: datetime.datetime) -> dict[str, Any] | None:
    """The outer limit of the order as `parts/whole.html` shows it; None before it is filed."""
    clock = whole_clock(found)
    if clock is None:
        return None
    count = countdown_of(clock, now)
    count.why = why(clock, found.pauses(now))
    return {
        "limit": say_amount(clock.limit, clock.unit),
        "due": clock.due,
        "cut": say_cut(clock),
        "count": count,
    }


def step_rows(found: Dossier, now: datetime.datetime, waits: str = "") -> list[dict[str, Any]]:
    """The nine-step bar; `waits` says for whom the present step waits."""
    whistle = found.whistle
    rows = stages(
        found.order,
        found.work_events,
        found.work_clocks,
        whistle,
        found.responses_to(whistle),
        now,
    )
    return [step_row(row, now, waits) for row in rows]


def step_row(row: Stage, now: datetime.datetime, waits: str) -> dict[str, Any]:
    shown = {"name": row.name, "state": row.state, "at": "", "who": "", "tone": "", "sign": ""}
    if row.state in ("done", "late") and row.event is not None:
        shown["at"] = say_short(row.event.at, now)
        shown["who"] = str(row.event.actor or "")
    elif row.state == "now":
        shown["who"] = waits
        if clock := row.clock:
            rest = remaining(now, clock.due, clock.unit, hours_of=clock)
            shown["at"] = say_remaining(coarse(rest))
            shown["tone"] = countdown_of(clock, now).tone
    return shown


def say_short(moment: datetime.datetime, now: datetime.datetime) -> str:
    """The hour of today, the day of another: the bar has no room for more."""
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate(now)
    return f"{local:%H:%M}" if today else f"{local:%m-%d}"


def coarse(rest: Remaining) -> Remaining:
    """Days without hours, hours without minutes."""
    if rest.days:
        return rest._replace(hours=0, minutes=0)
    return rest._replace(minutes=0) if rest.hours else rest


def trace_rows(events: list[Any]) -> list[dict[str, Any]]:
    """The trace of several papers together, newest first; answers say whose they are."""
    rows = []
    for event in reversed(events):
        row = trace_row(event.about.flow, event)
        row["lines"] = [*whose(event.about), *row["lines"]]
        row["anchor"] = anchor_of(event)
        rows.append(row | {"tone": VERB_TONES.get(event.verb, "")})
    return rows


def anchor_of(event: Any) -> str:
    """Where a step stands in a common trace: its name as the end of an address."""
    return f"step-{event.about.flow.name}-{event.about.pk}-{event.n}"


def whose(paper: Any) -> list[str]:
    """Of which unit, and of which kind of request, a step in the common trace tells."""
    if isinstance(paper, Request):
        return [f"{paper.get_kind_display()} · {paper.unit.title}"]
    if isinstance(paper, Survey):
        return [str(paper.get_kind_display())]
    of_one_unit = Response | Assignment | Verification | SupervisionOrder
    return [paper.unit.title] if isinstance(paper, of_one_unit) else []


TRACE_KINDS = {
    "": pgettext_lazy("trace", "All"),
    "people": pgettext_lazy("trace", "People"),
    "clocks": pgettext_lazy("trace", "Time limits"),
    "photos": pgettext_lazy("trace", "With photos"),
}


def trace_filters(rows: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """The chips over a trace, each with how many steps it leaves."""
    return [
        {
            "label": label,
            "url": f"?trace={kind}#trace" if kind else "?#trace",
            "current": kind == wanted,
            "count": len(narrowed(rows, kind)),
        }
        for kind, label in TRACE_KINDS.items()
    ]


def narrowed(rows: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """The steps that people took, those of the clocks, or those with photos."""
    match wanted:
        case "people":
            return [row for row in rows if row["actor"]]
        case "clocks":
            return [row for row in rows if row["event"].trigger.startswith("clock:")]
        case "photos":
            return [row for row in rows if row["photos"]]
        case _:
            return rows
