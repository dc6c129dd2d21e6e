"""The overview put together for its template: every figure opens the papers behind it."""

import datetime
from typing import Any

from django.utils import timezone

from command.countdown import paper_countdown
from command.overview import figures
from command.overview.charts import DAYS, chart, level_share
from command.overview.days import Book, Figures, book_of
from command.overview.links import Links
from command.overview.period import NAMES, midnight, period_of
from command.overview.rankings import ranking, say_count, say_move
from command.overview.supervision import instructed_by, supervision_cards
from command.overview.tiles import DAYS as WEEK
from command.overview.tiles import tiles
from command.overview.waiting import waiting
from organization.models import Unit, User

LATE_ROWS = 5


def overview(
    user: User, name: str, street: Unit | None, now: datetime.datetime, *, full: bool = False
) -> dict[str, Any]:
    links = Links(period_of(name, now), street)
    own = instructed_by(user)
    return {
        "period": links.period,
        "periods": period_chips(links),
        "waiting": waiting(user, own, links.here()),
        "full": full,
        "full_url": links.here(full=1),
        **supervision_cards(user, own, street, now),
        **order_cards(book_of(user, street), links, full),
        **whistle_cards(figures.whistles_of(user, street), links, full),
    }


def period_chips(links: Links) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": links.here(period=name), "current": name == links.period.name}
        for name, label in NAMES.items()
    ]


def order_cards(book: Book, links: Links, full: bool) -> dict[str, Any]:
    period = links.period
    today = midnight(timezone.localdate(period.now))
    days = book.by_day((today - (DAYS - 1) * figures.DAY, period.now))
    moments = [period.now - n * figures.DAY for n in reversed(range(WEEK + 1))]
    history = figures.overdue_history(book.orders, moments)
    now, was = book.by_street((period.start, period.now), (period.before, period.before_end))
    total = figures.totals(now)
    return {
        "stats": tiles(total, figures.totals(was), history, days, links),
        "share": level_share(total.levels, links),
        "chart": chart(days, period.now),
        "streets": ranking(
            ranked(now, was),
            lambda code: links.orders(street=code, closed_since=links.start),
            say_move,
            full=full,
        ),
    }


def ranked(now: Figures, was: Figures) -> list[figures.UnitRow]:
    """The streets, with the places that they rose or fell since the period before."""
    return figures.note_moves(figures.street_ranking(now), figures.street_ranking(was))


def whistle_cards(whistles: Any, links: Links, full: bool) -> dict[str, Any]:
    now = links.period.now
    board = figures.whistle_board(whistles, links.period)
    in_time = figures.arrivals(whistles, links.period)
    return {
        "board": [board_row(row, in_time.get(row["kind"]), links) for row in board],
        "called": sum(row["called"] for row in board),
        "called_url": links.whistles(blown_since=links.start),
        "late": [late_row(r, now) for r in figures.latest_late(whistles, now, LATE_ROWS)],
        "late_url": links.whistles(overdue=1),
        "departments": ranking(
            figures.department_ranking(whistles, links.period),
            lambda code: links.whistles(unit=code, scored_since=links.start),
            say_count,
            full=full,
        ),
    }


def board_row(row: dict[str, Any], in_time: float | None, links: Links) -> dict[str, Any]:
    kind = row["kind"].value
    return row | {
        "in_time": in_time,
        "open_url": links.whistles(kind=kind, open=1),
        "overdue_url": links.whistles(kind=kind, overdue=1),
        "concluded_url": links.whistles(kind=kind, closed_since=links.start),
    }


def late_row(response: Any, now: datetime.datetime) -> dict[str, Any]:
    return {
        "unit": response.unit.title,
        "title": response.whistle.order.title,
        "what": response.flow.clock_label(response.due_what),
        "url": response.get_absolute_url(),
        "count": paper_countdown(response, now),
    }
