"""Scoring a response from its own clocks and log: every point names the row that cost it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from whistle.models import Response, Score, ScoreRule, ScoreScheme


def cost(
    clocks: Iterable[Any], events: Iterable[Any], scheme: ScoreScheme, now: datetime.datetime
) -> list[dict[str, Any]]:
    """What the facts cost under the scheme: missed clocks and counted verbs, with their rows."""
    rules = {(rule.fact, rule.name): rule.points for rule in scheme.rules.all()}
    rows = []
    for clock in clocks:
        points = rules.get((ScoreRule.Fact.LATE, clock.what))
        if points and clock.missed(now):
            rows.append({"fact": "late", "name": clock.what, "points": points, "clock": clock.pk})
    for event in events:
        points = rules.get((ScoreRule.Fact.VERB, event.verb))
        if points:
            rows.append({"fact": "verb", "name": event.verb, "points": points, "event": event.n})
    return rows


def score_response(response: Response, mark: int, now: datetime.datetime) -> Score:
    """Write the one score of a response: the platform's facts and the caller's mark."""
    scheme = ScoreScheme.on(timezone.localdate(now))
    if not 0 <= mark <= scheme.caller_points:
        words = _("A mark lies between 0 and %(most)s.") % {"most": scheme.caller_points}
        raise ValidationError({"marks": words})
    rows = cost(response.clocks.all(), response.events.all(), scheme, now)
    platform = max(0, scheme.platform_points - sum(row["points"] for row in rows))
    score, _created = Score.objects.update_or_create(
        response=response,
        defaults={
            "scheme": scheme,
            "platform": platform,
            "caller": mark,
            "deductions": rows,
            "at": now,
        },
    )
    return score
