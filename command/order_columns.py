"""The columns of the list of orders: which there are, which are shown, what stands in a cell."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from command.category_signs import category_icon
from command.countdown import paper_countdown
from command.papers.around import short_number
from command.papers.rows import card_badge, status_badge
from command.pieces import badge, chip, sign
from command.wording import say_when

COOKIE = "order_columns"
YEAR = 365 * 86400

# What stands in the cell of an order, as safe HTML.
Cell = Callable[[Any, datetime.datetime], str]


@dataclass(frozen=True)
class Column:
    """`fixed` columns are always shown; `sort` is what the address calls the order by it."""

    key: str
    label: Any
    css: str
    cell: Cell
    usual: bool = True
    fixed: bool = False
    sort: str = ""

    @property
    def start(self) -> str:
        return f'<td class="{self.css}">' if self.css else "<td>"


def words(said: Any, sign: str = "") -> str:
    """What a cell says; whole on hover, where the column is too narrow."""
    plain = escape(str(said or "—"))
    return f'{sign}<span title="{plain}">{plain}</span>'


def text(read: Callable[[Any], Any]) -> Cell:
    return lambda order, now: words(read(order))


def phone(said: str) -> str:
    """What the card of the phone adds to the cell."""
    return f'<span class="gc-only-phone gc-mute">{escape(said)}</span>' if said else ""


def area(order: Any) -> str:
    return " · ".join(unit.title for unit in (order.street, order.community) if unit)


def number(order: Any, now: datetime.datetime) -> str:
    url, whole = escape(order.get_absolute_url()), escape(order.number)
    return f'<a href="{url}" title="{whole}">{escape(short_number(order))}</a>'


def category(order: Any, now: datetime.datetime) -> str:
    return words(order.category or order.title, f"{sign(category_icon(order.category))} ")


def place(order: Any, now: datetime.datetime) -> str:
    where = order.address or (order.grid.title if order.grid else "")
    return words(where) + phone(area(order))


def status(order: Any, now: datetime.datetime) -> str:
    shown = badge(**status_badge(order))
    if order.red:
        shown += SafeString(" ") + badge(**card_badge("red"))
    return shown + phone(order.holder.title if order.holder else "")


def due(order: Any, now: datetime.datetime) -> str:
    count = paper_countdown(order, now)
    return chip(count) if count else words("")


def reported(order: Any, now: datetime.datetime) -> str:
    return words(say_when(order.created, now))


def closed(order: Any, now: datetime.datetime) -> str:
    return words(say_when(order.closed_at, now) if order.closed_at else "")


COLUMNS = (
    Column("number", _("Number"), "gc-num gc-c-no", number, fixed=True),
    Column("category", _("Category"), "gc-c-cat", category, fixed=True),
    Column("place", _("Place"), "gc-c-place", place),
    Column("what", _("What"), "gc-fit gc-c-what", text(lambda o: o.description[:60] or o.title)),
    Column("street", _("Street · community"), "gc-c-street", text(area)),
    Column("source", _("Source"), "gc-c-src", text(lambda o: o.Source(o.source).label)),
    Column("status", _("Status"), "gc-c-st", status, fixed=True),
    Column("holder", _("In hand of"), "gc-c-unit", text(lambda o: o.holder and o.holder.title)),
    Column("created", _("Reported at"), "gc-num gc-c-t", reported, sort="created"),
    Column("due", _("Limit"), "gc-c-due", due, fixed=True, sort="due"),
    Column("grid", _("Grid"), "", text(lambda o: o.grid and o.grid.title), usual=False),
    Column("urgency", _("Urgency"), "", text(lambda o: o.Urgency(o.urgency).label), usual=False),
    Column("level", _("Level"), "", text(lambda o: o.Level(o.level).label), usual=False),
    Column("condition", _("Filing condition"), "", text(lambda o: o.condition), usual=False),
    Column("source_number", _("Number at the source"), "gc-num", text(lambda o: o.source_number),
           usual=False),
    Column("closed", _("Closed at"), "gc-num", closed, usual=False),
)  # fmt: skip
KEYS = frozenset(column.key for column in COLUMNS)


def chosen_columns(request: HttpRequest) -> list[Column]:
    """Those of the address, else those chosen last in this browser, else the usual ones."""
    keys = request.GET.getlist("col") or request.COOKIES.get(COOKIE, "").split(".")
    wanted = KEYS.intersection(keys)
    if not wanted:
        return [column for column in COLUMNS if column.usual or column.fixed]
    return [column for column in COLUMNS if column.fixed or column.key in wanted]


def remember(request: HttpRequest, response: HttpResponse, columns: list[Column]) -> None:
    if request.GET.getlist("col"):
        keys = ".".join(column.key for column in columns)
        response.set_cookie(COOKIE, keys, max_age=YEAR, samesite="Lax", httponly=True)


def column_choices(columns: list[Column]) -> list[dict[str, Any]]:
    """What `parts/columns.html` offers."""
    return [
        {"key": column.key, "label": column.label, "on": column in columns}
        for column in COLUMNS
        if not column.fixed
    ]


def cells(
    order: Any, columns: list[Column], now: datetime.datetime, *, pick: bool = False
) -> SafeString:
    """The row of an order, cell by cell: a page has five hundred. `pick`: it can be chosen."""
    shown = "".join(f"{c.start}{c.cell(order, now)}</td>" for c in columns)
    return SafeString((box(order.number) if pick else "") + shown)


def box(number: str) -> str:
    label = escape(gettext("Choose %(number)s") % {"number": number})
    return (
        f'<td class="gc-c-pick"><input class="gc-check" type="checkbox" '
        f'data-pick="{escape(number)}" aria-label="{label}"></td>'
    )
