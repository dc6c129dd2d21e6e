"""Lists as Excel files: text stays text, never a formula; people are masked."""

import datetime
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from command.papers.read import with_units
from whistle.masking import masked
from workflow.paging import NEWEST

MOST = 10_000
CHUNK = 1000
WHEN = "yyyy-mm-dd hh:mm"
BOLD = Font(bold=True)

Read = Callable[[Any], Any]
Columns = tuple[tuple[Any, int, Read], ...]


def title(name: str) -> Read:
    """The name of a unit that the paper may have."""
    return lambda paper: getattr(getattr(paper, name), "title", "")


def reporter(order: Any) -> str:
    return " ".join(filter(None, masked(order).values()))


COLUMNS: Columns = (
    (gettext_lazy("Number"), 24, lambda o: o.number),
    (gettext_lazy("Status"), 10, lambda o: o.get_status_display()),
    (gettext_lazy("Title"), 36, lambda o: o.title),
    (gettext_lazy("Description"), 40, lambda o: o.description),
    (gettext_lazy("Category"), 18, lambda o: o.category or ""),
    (gettext_lazy("Filing condition"), 24, lambda o: o.condition or ""),
    (gettext_lazy("Urgency"), 8, lambda o: o.get_urgency_display()),
    (gettext_lazy("Level"), 8, lambda o: o.get_level_display()),
    (gettext_lazy("Source"), 14, lambda o: o.get_source_display()),
    (gettext_lazy("Number at the source"), 20, lambda o: o.source_number),
    (gettext_lazy("Street"), 14, title("street")),
    (gettext_lazy("Community"), 14, title("community")),
    (gettext_lazy("Grid"), 18, title("grid")),
    (gettext_lazy("Address"), 30, lambda o: o.address),
    (gettext_lazy("In hand of"), 18, title("holder")),
    (gettext_lazy("Reporter (masked)"), 18, reporter),
    (gettext_lazy("Reported at"), 17, lambda o: o.created),
    (gettext_lazy("Limit"), 17, lambda o: o.due_at),
    (gettext_lazy("Closed at"), 17, lambda o: o.closed_at),
    (gettext_lazy("Satisfaction"), 10, lambda o: o.satisfaction),
)


WHISTLES: Columns = (
    (gettext_lazy("Number"), 24, lambda w: w.number),
    (pgettext_lazy("whistle", "Type"), 10, lambda w: w.get_kind_display()),
    (gettext_lazy("Level"), 10, lambda w: w.get_level_display()),
    (gettext_lazy("Status"), 10, lambda w: w.get_status_display()),
    (gettext_lazy("Matter"), 36, lambda w: w.order.title),
    (gettext_lazy("What is asked"), 40, lambda w: w.ask),
    (gettext_lazy("Caller"), 14, title("caller")),
    (gettext_lazy("Called"), 8, lambda w: w.called),
    (gettext_lazy("On the spot"), 8, lambda w: w.present),
    (gettext_lazy("Letter"), 24, lambda w: w.letter_number),
    (gettext_lazy("Number of the order"), 24, lambda w: w.order.number),
    (gettext_lazy("Blown"), 17, lambda w: w.blown_at),
    (gettext_lazy("Concluded"), 17, lambda w: w.closed_at),
)


def write_orders(orders: QuerySet[Any]) -> IO[bytes]:
    """The newest orders, `MOST` at most, as a file that is gone when it is closed."""
    return write(_("Orders"), COLUMNS, with_units(newest(orders), CHUNK))


def write_whistles(whistles: QuerySet[Any]) -> IO[bytes]:
    return write(_("Whistles"), WHISTLES, newest(whistles))


def newest(papers: QuerySet[Any]) -> Iterator[Any]:
    return papers.order_by(*NEWEST)[: MOST + 1].iterator(chunk_size=CHUNK)


def write(name: str, columns: Columns, rows: Iterable[Any]) -> IO[bytes]:
    return write_sheets((name, columns, rows))


def write_sheets(*sheets: tuple[str, Columns, Iterable[Any]]) -> IO[bytes]:
    """A workbook with these sheets (name, columns, rows), gone when it is closed."""
    book = Workbook(write_only=True)
    for name, columns, rows in sheets:
        add_sheet(book.create_sheet(name), columns, rows)
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def add_sheet(sheet: Any, columns: Columns, rows: Iterable[Any]) -> None:
    for n, (_label, width, _read) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes = "B2"
    sheet.append([heading(sheet, label) for label, _width, _read in columns])
    if fill(sheet, columns, rows) > MOST:
        sheet.append([text(sheet, cut_short())])


def fill(sheet: Any, columns: Columns, rows: Iterable[Any]) -> int:
    """Write up to `MOST` rows; returns how many were read."""
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= MOST:
            sheet.append([cell(sheet, read(row)) for _label, _width, read in columns])
    return count


def cut_short() -> str:
    words = _("Only the newest %(most)s are in this file. Narrow the list to get the rest.")
    return words % {"most": MOST}


def heading(sheet: Any, label: Any) -> Any:
    found = text(sheet, label)
    found.font = BOLD
    return found


def cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        found = WriteOnlyCell(sheet, timezone.make_naive(value))
        found.number_format = WHEN
        return found
    if value is None or isinstance(value, int | float):
        return value
    return text(sheet, value) if str(value) else None


def text(sheet: Any, value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, whatever it begins with."""
    found = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    found.data_type = "s"
    return found
