"""The overview put together for its template: every figure opens the papers behind it."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.countdown import paper_countdown
from command.overview import figures
from command.overview.period import NAMES, Period, period_of
from organization.models import Unit, User
from whistle.models import WorkOrder

SPARK_DAYS = 7
CHART_DAYS = 21
FLOOR = 60


def overview(user: User, name: str, street: Unit | None, now: datetime.datetime) -> dict[str, Any]:
    period = period_of(name, now)
    orders = figures.orders_of(user, street)
    start = now - datetime.timedelta(days=CHART_DAYS)
    reported = figures.daily(orders, "created", start)
    closed = figures.daily(orders, "closed_at", start)
    board = figures.whistle_board(user, period, now)
    return {
        "period": period,
        "periods": period_chips(period, street),
        "stats": stats(orders, period, street, reported, closed),
        "share": level_share(figures.by_level(orders, period), period, street),
        "chart": chart(reported, closed, now),
        "board": board,
        "called": sum(row["called"] for row in board),
        "late": [late_row(response, now) for response in figures.latest_late(user, now)],
        "streets": ranking(
            figures.street_ranking(orders, period, now),
            "street",
            {"since": f"{period.start:%Y-%m-%d}"},
        ),
        "departments": ranking(figures.department_ranking(user, period), "unit", {}, "whistles"),
    }


def period_chips(period: Period, street: Unit | None) -> list[dict[str, Any]]:
    keep = {"street": street.code} if street else {}
    return [
        {
            "label": label,
            "url": "?" + urlencode({"period": name} | keep),
            "current": name == period.name,
        }
        for name, label in NAMES.items()
    ]


def list_url(street: Unit | None, **filters: Any) -> str:
    keep = {"street": street.code} if street else {}
    return f"{reverse('work_orders')}?{urlencode(filters | keep)}"


def stats(
    orders: Any,
    period: Period,
    street: Unit | None,
    reported: dict[Any, int],
    closed: dict[Any, int],
) -> list[dict[str, Any]]:
    """The four figures, each with its change against the period before."""
    now = figures.totals(orders, period.start, period.now)
    before = figures.totals(orders, period.before, period.before_end)
    late = figures.overdue(orders, period.now)
    since = f"{timezone.localdate(period.start):%Y-%m-%d}"
    versus = _("against the period before")
    satisfied = now.satisfaction
    return [
        stat(_("Reported"), now.reported, list_url(street, since=since), versus)
        | change(now.reported, before.reported)
        | {"series": last_days(reported, period.now)},
        stat(_("Closed"), now.closed, list_url(street, status="closed", since=since), versus)
        | change(now.closed, before.closed)
        | {"series": last_days(closed, period.now)},
        stat(_("Open and overdue"), late, list_url(street, overdue=1), _("right now"))
        | {"tone": "late" if late else ""},
        stat(
            _("Satisfied"),
            "—" if satisfied is None else satisfied,
            list_url(street, status="closed", since=since),
            _("%(n)s called back") % {"n": now.answered},
        )
        | {"unit": "" if satisfied is None else "%"},
    ]


def stat(label: str, value: Any, url: str, note: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": "", "url": url, "note": note}


def change(now: int, before: int) -> dict[str, Any]:
    """How a figure moved, in percent; nothing is said where there was nothing before."""
    if not before:
        return {"change": "", "up": None, "note": _("nothing to compare with")}
    moved = 100 * (now - before) / before
    return {"change": f"{abs(moved):.1f}%", "up": moved > 0 if moved else None}


def last_days(counts: dict[Any, int], now: datetime.datetime, days: int = SPARK_DAYS) -> list[int]:
    today = timezone.localdate(now)
    return [counts.get(today - datetime.timedelta(days=n), 0) for n in reversed(range(days))]


def level_share(counts: dict[int, int], period: Period, street: Unit | None) -> dict[str, Any]:
    """At which level things were settled, as shares of all that were closed."""
    total = sum(counts.values())
    parts, begin = [], 0.0
    for level in WorkOrder.Level:
        count = counts.get(level.value, 0)
        share = round(100 * count / total, 1) if total else 0.0
        since = f"{timezone.localdate(period.start):%Y-%m-%d}"
        parts.append(
            {
                "name": level.label,
                "percent": share,
                "from": begin,
                "count": _("%(n)s papers") % {"n": count},
                "url": list_url(street, level=level.value, status="closed", since=since),
            }
        )
        begin += share
    return {"label": _("Where things were settled"), "parts": parts, "total": total}


def chart(
    reported: dict[Any, int], closed: dict[Any, int], now: datetime.datetime
) -> dict[str, Any]:
    today = timezone.localdate(now)
    days = [today - datetime.timedelta(days=n) for n in reversed(range(CHART_DAYS))]
    return {
        "label": _("Reported and closed, day by day"),
        "data": {
            "x": [f"{day.month}-{day.day}" for day in days],
            "every": 1,
            "series": [
                {
                    "name": _("Reported"),
                    "kind": "bar",
                    "tone": "",
                    "values": last_days(reported, now, CHART_DAYS),
                },
                {
                    "name": _("Closed"),
                    "kind": "line",
                    "tone": "done",
                    "values": last_days(closed, now, CHART_DAYS),
                },
            ],
        },
    }


def ranking(
    rows: list[figures.UnitRow], key: str, keep: dict[str, str], page: str = "work_orders"
) -> dict[str, Any]:
    """Best four and last three; the units between are one line."""
    shown: list[dict[str, Any]] = [
        rank_row(n, row, key, keep, page) for n, row in enumerate(rows, 1)
    ]
    if len(shown) > 8:
        middle = rows[4:-3]
        words = _("%(n)s between, %(best)s to %(last)s")
        gap = {"n": len(middle), "best": middle[0].value, "last": middle[-1].value}
        shown[4:-3] = [{"gap": words % gap}]
    return {"rows": shown, "count": len(rows)}


def rank_row(
    n: int, row: figures.UnitRow, key: str, keep: dict[str, str], page: str
) -> dict[str, Any]:
    return {
        "n": n,
        "name": row.unit["name"],
        "url": f"{reverse(page)}?{urlencode({key: row.unit['code']} | keep)}",
        "width": max(0.0, (row.value - FLOOR) / (100 - FLOOR) * 100),
        "value": f"{row.value:.1f}",
        "note": _("%(n)s papers") % {"n": row.count},
    }


def late_row(response: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "unit": response.unit.title,
        "title": response.whistle.order.title,
        "url": response.whistle.get_absolute_url(),
        "count": paper_countdown(response, now),
    }
