"""Where things were settled, and what came and went day by day; every chart is a table too."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from command.overview.days import Figures
from command.overview.links import Links
from command.overview.tiles import CLOSED, last_days
from whistle.filters import Settled

DAYS = 21


def level_share(counts: dict[str, int], links: Links) -> dict[str, Any]:
    """At which level things were settled, as shares of all that were closed."""
    total = sum(counts.values())
    parts, begin = [], 0.0
    for who in Settled:
        count = counts.get(who, 0)
        share = round(100 * count / total, 1) if total else 0.0
        parts.append(
            {
                "name": who.label,
                "percent": share,
                "from": begin,
                "count": _("%(n)s papers") % {"n": count},
                "url": links.orders(settled=who.value, closed_since=links.start),
            }
        )
        begin += share
    return {"label": share_words(parts), "parts": parts, "total": total}


def share_words(parts: list[dict[str, Any]]) -> str:
    shares = " · ".join(f"{part['name']} {part['percent']}%" for part in parts)
    return _("Where things were settled: %(shares)s") % {"shares": shares}


def chart(days: Figures, now: datetime.datetime) -> dict[str, Any]:
    """Reported, closed and limits missed in the last three weeks."""
    today = timezone.localdate(now)
    dates = [today - datetime.timedelta(days=n) for n in reversed(range(DAYS))]
    series = [
        one(_("Reported"), "bar", "", last_days(days, "reported", today, DAYS)),
        one(_("Closed"), "line", "done", last_days(days, CLOSED, today, DAYS)),
        one(
            pgettext("chart", "Became overdue"),
            "line",
            "late",
            last_days(days, "late", today, DAYS),
        ),
    ]
    names = [f"{day.month}-{day.day}" for day in dates]
    return {
        "label": _("Reported, closed and overdue, day by day"),
        "css": "gc-chart gc-chart--fill",
        "data": {"x": names, "every": 1, "series": series},
        "table": table(dates, series),
    }


def one(name: str, kind: str, tone: str, values: list[int]) -> dict[str, Any]:
    return {"name": name, "kind": kind, "tone": tone, "values": values}


def table(dates: list[datetime.date], series: list[dict[str, Any]]) -> dict[str, Any]:
    """The same figures in rows, the newest day first."""
    columns = [one["values"] for one in series]
    rows = list(zip(dates, zip(*columns, strict=True), strict=True))
    return {"heads": [one["name"] for one in series], "rows": rows[::-1]}
