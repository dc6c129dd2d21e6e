"""What the units of a whistle have agreed on: the lead's plan, joint meetings, their tasks."""

import datetime
from typing import Any

from django.utils.translation import pgettext

from command.papers.dossier import Dossier
from command.papers.rows import first_countdown, status_badge
from command.signs import VERB_ICONS
from organization.models import Unit, User
from whistle.models import Assignment, Meeting, Response, Whistle
from workflow.buttons import buttons


def agreements(
    found: Dossier,
    whistle: Whistle,
    responses: list[Response],
    user: User,
    now: datetime.datetime,
) -> dict[str, Any] | None:
    """Plan, meetings and assignments; None for a whistle in which there is nothing to agree on."""
    meetings = list(whistle.meetings.select_related("unit")) if whistle.is_level_three else []
    whistle.called = any(meeting_open(meeting) for meeting in meetings)
    plan = plan_of(found, responses)
    papers = [p for p in found.assignments_to(whistle) if p.status != Assignment.Status.CANCELLED]
    if not (plan or meetings or papers):
        return None
    rows = [assignment_row(found, paper, user, now) for paper in papers]
    return {
        "plan": plan,
        "meetings": [meeting_row(found, whistle, meeting, now) for meeting in meetings],
        "stages": [row for row in rows if row["paper"].kind == Assignment.Kind.STAGE],
        "tasks": [row for row in rows if row["paper"].kind == Assignment.Kind.MEETING],
        "rows": rows,
        "done": sum(row["done"] for row in rows),
        "late": sum(row["late"] for row in rows),
    }


def rows_of_unit(agreed: dict[str, Any] | None, unit: Unit) -> list[dict[str, Any]]:
    """What stands on the lane of one department."""
    return [row for row in agreed["rows"] if row["paper"].unit_id == unit.pk] if agreed else []


def meeting_open(meeting: Meeting) -> bool:
    return meeting.minuted_at is None and meeting.called_off_at is None


def plan_of(found: Dossier, responses: list[Response]) -> dict[str, Any] | None:
    """The plan that was set last, in the words of its step."""
    steps = [e for e in found.events_of(*responses) if e.verb == "plan"]
    if not steps:
        return None
    last = steps[-1]
    return {"text": last.words.get("plan", ""), "event": last, "unit": last.about.unit.title}


def assignment_row(
    found: Dossier, paper: Assignment, user: User, now: datetime.datetime
) -> dict[str, Any]:
    """One stage or task: by whom, until when, done or overdue, and this reader's buttons."""
    done = paper.status == Assignment.Status.ANSWERED
    acts = buttons(paper, user, next_url=paper.whistle.get_absolute_url())
    return {
        "paper": paper,
        "done": done,
        "late": not done and paper.due_at is not None and paper.due_at < now,
        "badge": status_badge(paper),
        "count": None if done else first_countdown(found, paper, now),
        "late_done": done and any(clock.late for clock in found.clocks_of(paper)),
        "actions": [
            act | {"icon": VERB_ICONS.get(act["verb"], ""), "main": False}
            for act in acts
            if not act["why"]
        ],
    }


def meeting_row(
    found: Dossier, whistle: Whistle, meeting: Meeting, now: datetime.datetime
) -> dict[str, Any]:
    """A meeting with who must come or who came, as the log of the whistle says."""
    held = step_at(found, whistle, "minute", meeting.minuted_at)
    calls = [
        e
        for e in found.events_of(whistle)
        if e.verb == "meet" and (not meeting.minuted_at or e.at <= meeting.minuted_at)
    ]
    return {
        "meeting": meeting,
        "state": meeting_state(meeting, now),
        "open": meeting_open(meeting),
        "summoned": names(calls[-1].data.get("summoned")) if calls else [],
        "present": names(held.data.get("present")) if held else [],
    }


def meeting_state(meeting: Meeting, now: datetime.datetime) -> dict[str, str]:
    if meeting.called_off_at:
        return {"word": pgettext("meeting", "called off"), "tone": "still", "icon": "x"}
    if meeting.minuted_at:
        return {"word": pgettext("meeting", "held"), "tone": "done", "icon": "check"}
    if meeting.at < now:
        return {"word": pgettext("meeting", "minutes missing"), "tone": "soon", "icon": "file"}
    return {"word": pgettext("meeting", "called"), "tone": "", "icon": "users"}


def step_at(found: Dossier, whistle: Whistle, verb: str, at: datetime.datetime | None) -> Any:
    steps = [e for e in found.events_of(whistle) if e.verb == verb and e.at == at]
    return steps[-1] if steps else None


def names(units: Any) -> list[str]:
    return [unit["name"] for unit in units or []]
