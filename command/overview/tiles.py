"""The four figures: value, how it moved, its last days as a line, and the papers behind it."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from command.overview.days import SETTLED, Figures
from command.overview.figures import Totals, percent
from command.overview.links import Links

DAYS = 7
CLOSED = tuple(SETTLED)


def tiles(
    now: Totals, was: Totals, history: list[int], days: Figures, links: Links
) -> list[dict[str, Any]]:
    """`history` is how many papers were overdue day by day, up to now."""
    late = history[-1]
    today = timezone.localdate(links.period.now)
    papers = pgettext("unit after a figure", "papers")
    reported = tile(_("Reported"), now.reported, papers, links.orders(since=links.start))
    closed = tile(_("Closed"), now.closed, papers, links.orders(closed_since=links.start))
    return [
        reported
        | change(now.reported, was.reported)
        | {"series": last_days(days, "reported", today)},
        closed | change(now.closed, was.closed) | {"series": last_days(days, CLOSED, today)},
        tile(_("Open and overdue"), late, papers, links.orders(overdue=1))
        | overdue_change(late, history)
        | {"tone": "late" if late else "", "series": history},
        satisfaction(now, was, links) | {"series": satisfied_days(days, today)},
    ]


def tile(label: str, value: Any, unit: str, url: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "url": url}


def change(now: int, was: int) -> dict[str, Any]:
    """How a figure moved, in percent; nothing is said where there was nothing before."""
    if not was:
        return {"note": _("nothing to compare with")}
    moved = 100 * (now - was) / was
    return {
        "change": f"{abs(moved):.1f}%",
        "up": moved > 0 if moved else None,
        "note": _("against the period before"),
    }


def overdue_change(late: int, history: list[int]) -> dict[str, Any]:
    """Against a week ago, in papers."""
    moved = late - history[0]
    if not moved:
        return {"change": _("as many"), "note": _("as a week ago")}
    words = (
        pgettext("than before", "%(n)s more")
        if moved > 0
        else pgettext("than before", "%(n)s fewer")
    )
    return {"change": words % {"n": abs(moved)}, "up": moved > 0, "note": _("than a week ago")}


def satisfaction(now: Totals, was: Totals, links: Links) -> dict[str, Any]:
    url = links.orders(answered_since=links.start)
    value, before = now.satisfaction, was.satisfaction
    asked = _("%(n)s called back") % {"n": now.answered}
    if value is None:
        return tile(_("Satisfied"), "—", "", url) | {"note": asked}
    shown = tile(_("Satisfied"), value, "%", url)
    if before is None:
        return shown | {"note": asked}
    moved = round(value - before, 1)
    words = _("%(n)s points") % {"n": abs(moved)}
    return shown | {"change": words, "up": moved > 0 if moved else None, "note": asked}


def last_days(
    days: Figures, names: str | tuple[str, ...], today: datetime.date, last: int = DAYS
) -> list[int]:
    """The figure (or the sum of several) on each of the last days."""
    names = (names,) if isinstance(names, str) else names
    dates = [today - datetime.timedelta(days=n) for n in reversed(range(last))]
    return [sum(days[day][name] for name in names) if day in days else 0 for day in dates]


def satisfied_days(days: Figures, today: datetime.date) -> list[float]:
    """The share of the days on which somebody was asked."""
    asked = last_days(days, "answered", today, 3 * DAYS)
    pleased = last_days(days, "satisfied", today, 3 * DAYS)
    shares = [percent(part, whole) for part, whole in zip(pleased, asked, strict=True)]
    return [share for share in shares if share is not None][-DAYS:]
