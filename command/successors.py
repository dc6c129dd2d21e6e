"""After a reform of the departments: all open answers of one go to its successor (划转)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from command.countdown import paper_countdown
from command.papers.rows import status_badge
from organization.authority import units_where
from organization.duty import Duty
from organization.models import Unit, User
from whistle.flow import RESPONSE
from whistle.models import Response
from workflow.batch import MOST

VERB = "move"
MOVABLE = [status for step in RESPONSE.steps if step.verb == VERB for status in step.sources]


def may_move(user: User) -> bool:
    return bool(units_where(user, Duty.ARBITRATE))


def open_answers(user: User) -> QuerySet[Any]:
    """What departments have in hand and a ruling is not awaited on, as far as it is seen."""
    answers = Response.objects.visible_to(user).filter(status__in=MOVABLE)
    answers = answers.filter(whistle__level=3, unit__kind=Unit.Kind.DEPARTMENT)
    return answers.select_related("whistle__order", "whistle__caller").order_by("due_at", "pk")


def departments(user: User) -> list[dict[str, Any]]:
    """Those that have open answers, with how many; first those that no longer exist."""
    today = timezone.localdate()
    counted = open_answers(user).order_by().values_list("unit").annotate(Count("pk"))
    found = dict(counted)
    rows = [
        {"unit": unit, "n": found[unit.pk], "ended": bool(unit.valid_to and unit.valid_to < today)}
        for unit in Unit.objects.filter(pk__in=found).order_by("code")
    ]
    return sorted(rows, key=lambda row: not row["ended"])


def answers_of(user: User, unit: Unit) -> QuerySet[Any]:
    """The first of them, as many as one act moves, what runs out first on top."""
    return open_answers(user).filter(unit=unit)[:MOST]


def rows_of(answers: Iterable[Any], now: datetime.datetime) -> list[dict[str, Any]]:
    return [
        {
            "answer": answer,
            "key": str(answer.pk),
            "whistle": answer.whistle,
            "badge": status_badge(answer),
            "count": paper_countdown(answer, now),
        }
        for answer in answers
    ]
