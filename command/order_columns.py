"""The columns of the list of orders: which there are, which are shown, what stands in a cell."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from command.category_signs import category_icon
from command.countdown import paper_countdown
from command.papers.around import short_number
from command.papers.rows import status_badge
from command.templatetags.face import icon
from command.wording import say_when

COOKIE = "order_columns"
YEAR = 365 * 86400

Cell = Callable[[Any, datetime.datetime], dict[str, Any]]


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


def text(read: Callable[[Any], Any]) -> Cell:
    return lambda order, now: {"text": read(order) or "—"}


def area(order: Any) -> str:
    return " · ".join(unit.title for unit in (order.street, order.community) if unit)


def number(order: Any, now: datetime.datetime) -> dict[str, Any]:
    return {"text": short_number(order), "url": order.get_absolute_url(), "title": order.number}


def category(order: Any, now: datetime.datetime) -> dict[str, Any]:
    return {"icon": category_icon(order.category), "text": order.category or order.title}


def place(order: Any, now: datetime.datetime) -> dict[str, Any]:
    where = order.address or (order.grid.title if order.grid else "—")
    return {"text": where, "phone": area(order)}


def status(order: Any, now: datetime.datetime) -> dict[str, Any]:
    return {"badge": status_badge(order), "phone": order.holder.title if order.holder else ""}


def due(order: Any, now: datetime.datetime) -> dict[str, Any]:
    count = paper_countdown(order, now)
    return {"count": count} if count else {"text": "—"}


def reported(order: Any, now: datetime.datetime) -> dict[str, Any]:
    return {"text": say_when(order.created, now)}


def closed(order: Any, now: datetime.datetime) -> dict[str, Any]:
    return {"text": say_when(order.closed_at, now) if order.closed_at else "—"}


COLUMNS = (
    Column("number", _("Number"), "gc-num gc-c-no", number, fixed=True),
    Column("category", _("Category"), "gc-c-cat", category, fixed=True),
    Column("place", _("Place"), "gc-c-place", place),
    Column("what", _("What"), "gc-fit gc-c-what", text(lambda o: o.description[:60] or o.title)),
    Column("street", _("Street · community"), "gc-c-street", text(area)),
    Column("source", _("Source"), "gc-c-src", text(lambda o: o.get_source_display())),
    Column("status", _("Status"), "gc-c-st", status, fixed=True),
    Column("holder", _("In hand of"), "gc-c-unit", text(lambda o: o.holder and o.holder.title)),
    Column("created", _("Reported at"), "gc-num gc-c-t", reported, sort="created"),
    Column("due", _("Limit"), "gc-c-due", due, fixed=True, sort="due"),
    Column("grid", _("Grid"), "", text(lambda o: o.grid and o.grid.title), usual=False),
    Column("urgency", _("Urgency"), "", text(lambda o: o.get_urgency_display()), usual=False),
    Column("level", _("Level"), "", text(lambda o: o.get_level_display()), usual=False),
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


# Whole, for a template looks long and in vain for what is missing.
BLANK = {"text": "", "url": "", "title": "", "badge": None, "count": None, "icon": "", "phone": ""}


def cells(order: Any, columns: list[Column], now: datetime.datetime) -> list[dict[str, Any]]:
    return [whole(column.css, BLANK | column.cell(order, now)) for column in columns]


def whole(css: str, cell: dict[str, Any]) -> dict[str, Any]:
    """The cell as the template takes it; `html` if it holds nothing but words.

    A page has five hundred cells. Written here they cost a tenth of what a template needs.
    """
    plain = not (cell["badge"] or cell["count"])
    return cell | {"css": css, "html": write(css, cell) if plain else ""}


def write(css: str, cell: dict[str, Any]) -> SafeString:
    words = escape(cell["text"])
    if cell["url"]:
        words = f'<a href="{escape(cell["url"])}" title="{escape(cell["title"])}">{words}</a>'
    elif words:
        sign = f"{icon(cell['icon'])} " if cell["icon"] else ""
        words = f'{sign}<span title="{words}">{words}</span>'
    start = f'<td class="{escape(css)}">' if css else "<td>"
    return SafeString(f"{start}{words}{phone(cell)}</td>")


def phone(cell: dict[str, Any]) -> str:
    """What the card of the phone adds to the cell."""
    words = escape(cell["phone"])
    return f'<span class="gc-only-phone gc-mute">{words}</span>' if words else ""
