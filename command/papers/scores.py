"""What a department was given for a whistle: in one row, and line by line on a sheet."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from command.countdown import clock_name
from command.papers.dossier import Dossier
from command.papers.rows import anchor_of, status_badge
from organization.calendar_words import format_due, say_amount
from whistle.actions.scoring import Facts, cards_among, costs, expected, prices_of
from whistle.models import Response, Score, ScoreLine, ScoreScheme, Whistle

Fact = ScoreLine.Fact


def marks(
    found: Dossier, responses: list[Response], now: datetime.datetime
) -> dict[str, Any] | None:
    """一哨一考核: the platform's part with what each fact cost, and the caller's part.

    As long as there is no score the platform's part is counted from what has happened so far.
    """
    counted = [r for r in responses if r.status != Response.Status.RELEASED]
    if not counted:
        return None
    scores = scores_of(counted)
    scheme = scheme_on(now)
    return {
        "scheme": next(iter(scores.values())).scheme if scores else scheme,
        "rows": [mark(found, r, scores.get(r.pk), scheme, now) for r in counted],
    }


def scores_of(responses: list[Response]) -> dict[int, Score]:
    """The scores with their lines, oldest first."""
    rows = Score.objects.filter(response__in=responses).select_related("scheme")
    return {score.response_id: score for score in rows.prefetch_related("lines")}


def scheme_on(now: datetime.datetime) -> ScoreScheme:
    schemes = ScoreScheme.objects.prefetch_related("rules")
    return schemes.filter(valid_from__lte=timezone.localdate(now)).latest("valid_from")


def counted_so_far(
    found: Dossier, response: Response, scheme: ScoreScheme, now: datetime.datetime
) -> list[ScoreLine]:
    facts = Facts.of(
        found.clocks_of(response), found.events_of(response), cards_among(found.cards, response)
    )
    return costs(facts, prices_of(scheme), now)


def mark(
    found: Dossier,
    response: Response,
    score: Score | None,
    scheme: ScoreScheme,
    now: datetime.datetime,
) -> dict[str, Any]:
    if score is not None:
        lines = list(score.lines.all())
        given_back = {line.of_id for line in lines}
        taken = [x for x in lines if x.fact in ScoreLine.COSTS and x.pk not in given_back]
    else:
        taken = counted_so_far(found, response, scheme, now)
    return {
        "unit": response.unit.title,
        "role": response.get_role_display(),
        "platform": score.platform if score else expected(taken, scheme),
        "caller": score.caller if score else None,
        "total": score.total if score else None,
        "deductions": [str(line) for line in taken],
        "corrected": score is not None and any(line.request_id for line in lines),
        "badge": status_badge(response),
        "url": reverse("whistle_score", args=[response.whistle.number, response.pk]),
    }


def sheet(
    found: Dossier, whistle: Whistle, response: Response, now: datetime.datetime
) -> dict[str, Any]:
    """Everything that `command/score.html` shows."""
    score = scores_of([response]).get(response.pk)
    scheme = score.scheme if score else scheme_on(now)
    if score:
        lines = list(score.lines.all())
    else:
        base = ScoreLine(fact=Fact.BASE, points=scheme.platform_points)
        lines = [base, *counted_so_far(found, response, scheme, now)]
    given_back = {line.of_id for line in lines} - {None}
    rows = [sheet_row(found, whistle, response, line, lines) for line in lines]
    for row, line in zip(rows, lines, strict=True):
        row["struck"] = line.pk in given_back
    return {
        "whistle": whistle,
        "order": found.order,
        "response": response,
        "score": score,
        "scheme": scheme,
        "platform": score.platform if score else expected(lines[1:], scheme),
        "lines": rows,
        "badge": status_badge(response),
    }


def sheet_row(
    found: Dossier,
    whistle: Whistle,
    response: Response,
    line: ScoreLine,
    lines: Iterable[ScoreLine],
) -> dict[str, Any]:
    """A line in words, with the step that proves it and where that step stands in the trace."""
    event = proof_of(found, whistle, response, line)
    clock = next((c for c in found.clocks_of(response) if c.pk == line.clock), None)
    corrected = next((one for one in lines if one.pk and one.pk == line.of_id), None)
    return {
        "what": line.what,
        "of": corrected.what if corrected else "",
        "points": line.signed if line.points else "0",
        "takes": line.points < 0,
        "event": event,
        "verb": event.about.flow.label(event.verb) if event else "",
        "url": f"{whistle.get_absolute_url()}#{anchor_of(event)}" if event else "",
        "limit": limit_words(clock) if clock else "",
    }


def proof_of(found: Dossier, whistle: Whistle, response: Response, line: ScoreLine) -> Any:
    """The step behind a line: of a request that corrects, the whistle, a card or the answer."""
    paper: Any = response
    if line.request_id:
        paper = next((r for r in found.requests if r.pk == line.request_id), None)
    elif line.fact == Fact.MARK:
        paper = whistle
    elif line.card_id:
        card = next((c for c in found.cards if c.pk == line.card_id), None)
        papers = found.supervisions if card and card.supervision_id else [response]
        paper = next((p for p in papers if card and p.pk == card_paper(card)), None)
    events = found.events_of(paper) if paper is not None else []
    return next((e for e in events if e.n == line.event_n), None)


def card_paper(card: Any) -> int | None:
    paper: int | None = card.supervision_id or card.response_id
    return paper


def limit_words(clock: Any) -> str:
    """Which limit it was, until when, and when it was kept after all."""
    told = {
        "clock": clock_name(clock),
        "limit": say_amount(clock.limit, clock.unit),
        "due": format_due(clock.due),
    }
    if not clock.stopped:
        return _("%(clock)s: limit %(limit)s, due %(due)s, still running") % told
    told["stopped"] = format_due(clock.stopped)
    return _("%(clock)s: limit %(limit)s, due %(due)s, done %(stopped)s") % told
