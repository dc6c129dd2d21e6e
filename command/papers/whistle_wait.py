"""What a whistle waits for from the one who looks at it: the one main button of its page."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from command.countdown import countdown_of, why
from command.papers.dossier import Dossier
from command.signs import VERB_ICONS
from command.wording import say_when
from organization.models import User
from whistle.models import Response, Whistle

# verb → what stands in the box; {unit} is who answers, {caller} who whistles.
WHISTLE_WORDS = {
    "confirm": _("Waits for your confirmation as main leader"),
    "blow": _("Confirmed: waits for you to blow it"),
    "verify": _("All have answered: waits for you to check the result"),
    "rework": _("The resident is not content: send it back, or accept it with a reason"),
    "score": _("Checked: waits for your marks"),
    "close": _("Scored: waits for you to conclude it"),
    "leader_report": _("Waits for your report on the spot"),
}
RESPONSE_WORDS = {
    "sign": _("{unit}: waits for you to sign for it"),
    "name": _("{caller} calls: send somebody"),
    "arrive": _("{unit}: waits to be signed in on arrival"),
    "finish": _("{unit}: waits for the result"),
    "designate": _("{unit} disputes it: waits for your ruling"),
}
WORDS: dict[str, dict[str, Any]] = {"whistle": WHISTLE_WORDS, "response": RESPONSE_WORDS}

Choice = tuple[Any, dict[str, Any]]


def choose(
    found: Dossier, rows: list[tuple[Any, list[dict[str, Any]]]], user: User
) -> Choice | None:
    """Among the main buttons of the papers the one whose limit ends first; the rest grow quiet."""
    waiting = []
    for paper, buttons in rows:
        for button in buttons:
            if button["main"] and not already_reported(paper, button, user):
                waiting.append((paper, button))
            button["main"], button["ask"] = False, button["main"]
    return min(waiting, key=lambda choice: due_of(found, *choice), default=None)


def already_reported(paper: Any, button: dict[str, Any], user: User) -> bool:
    """Once reported, by himself or his deputy, he may report again, but nothing waits for it."""
    return button["verb"] == "leader_report" and paper.relations_of(user) <= paper.reported()


def due_of(found: Dossier, paper: Any, button: dict[str, Any]) -> float:
    clock = clock_for(found, paper, button["verb"])
    return clock.due.timestamp() if clock else float("inf")


def clock_for(found: Dossier, paper: Any, verb: str) -> Any:
    """The running clock that the verb stops."""
    stopped = paper.flow.timers_stopped(verb)
    running = [c for c in found.clocks_of(paper) if c.running and c.what in stopped]
    return min(running, key=lambda c: c.due, default=None)


def wait_box(found: Dossier, choice: Choice, now: datetime.datetime) -> dict[str, Any]:
    """What `parts/wait.html` shows."""
    paper, button = choice
    clock = clock_for(found, paper, button["verb"])
    count = countdown_of(clock, now) if clock else None
    if count is not None:
        count.why = why(clock, found.pauses(now))
    return {
        "icon": VERB_ICONS.get(button["verb"], "clock"),
        "title": title(paper, button),
        "sub": last_step(found, paper, now),
        "count": count,
        "act": button,
    }


def title(paper: Whistle | Response, button: dict[str, Any]) -> str:
    words = WORDS[paper.flow.name].get(button["verb"])
    if words is None:
        return str(button["label"])
    whistle = paper.whistle if isinstance(paper, Response) else paper
    unit = paper.unit.title if isinstance(paper, Response) else ""
    return str(words).format(unit=unit, caller=whistle.caller.title)


def last_step(found: Dossier, paper: Any, now: datetime.datetime) -> str:
    """Who did what before, and why."""
    moves = [event for event in found.events_of(paper) if event.old != event.new]
    if not moves:
        return ""
    event = moves[-1]
    parts = [say_when(event.at, now), paper.flow.label(event.verb), str(event.actor or "")]
    return " · ".join(filter(None, [*parts, event.note]))
