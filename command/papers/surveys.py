"""Satisfaction surveys on the pages of orders and whistles."""

import datetime
from typing import Any

from django.utils.translation import pgettext

from command.papers.dossier import Dossier
from command.papers.rows import first_countdown, status_badge
from command.signs import VERB_ICONS
from organization.models import User
from whistle.labels import Satisfaction
from whistle.models import Survey, Whistle, WorkOrder
from whistle.surveying import answer_to
from workflow.buttons import buttons


def survey_rows(
    found: Dossier, user: User, next_url: str, now: datetime.datetime
) -> list[dict[str, Any]]:
    """What `command/survey_lines.html` shows, the newest first; the trace has what was dropped."""
    shown = [s for s in found.surveys if s.status != Survey.Status.DROPPED]
    return [survey_row(found, survey, user, next_url, now) for survey in reversed(shown)]


def survey_row(
    found: Dossier, survey: Survey, user: User, next_url: str, now: datetime.datetime
) -> dict[str, Any]:
    survey.log = found.events_of(survey)
    acts = [act for act in buttons(survey, user, next_url=next_url) if not act["why"]]
    for act in acts:
        act |= {"main": False, "ask": False, "icon": VERB_ICONS.get(act["verb"], "")}
    answer = next((e for e in survey.log if e.verb == "answer"), None)
    return {
        "survey": survey,
        "badge": status_badge(survey),
        "answers": answer_badges(survey.solved, survey.satisfaction) if answer else [],
        "remark": answer.words.get("remark", "") if answer else "",
        "at": answer.at if answer else survey.created,
        "count": first_countdown(found, survey, now),
        "actions": acts,
        "may_show": bool(acts),
    }


def answer_badges(solved: bool | None, satisfaction: int | None) -> list[dict[str, str]]:
    """Solved or not, and how satisfied; red for what somebody has to decide on."""
    rows = []
    if solved is not None:
        word = pgettext("survey", "Solved") if solved else pgettext("survey", "Not solved")
        rows.append(badge(word, "done" if solved else "late", "check" if solved else "alert"))
    if satisfaction is not None:
        tone = "late" if satisfaction <= 2 else "line"
        rows.append(badge(str(Satisfaction(satisfaction).label), tone, "star"))
    return rows


def badge(word: str, tone: str, icon: str) -> dict[str, str]:
    return {"word": word, "tone": tone, "icon": icon}


def displeased_badges(order: WorkOrder, whistle: Whistle | None) -> list[dict[str, str]]:
    """The red marks of an order that waits for rework, or for a closing with a reason."""
    said = said_of(order, whistle)
    return [row for row in answer_badges(*said) if row["tone"] == "late"] if said else []


def said_of(order: WorkOrder, whistle: Whistle | None) -> tuple[bool | None, int | None] | None:
    """What the reporter says of the result that is to be judged now."""
    if order.status == WorkOrder.Status.VERIFIED:
        return order.solved, order.satisfaction
    survey = answer_to(whistle) if whistle is not None else None
    return (survey.solved, survey.satisfaction) if survey else None
