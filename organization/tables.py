"""Documented tables read cell by cell: whatever cannot be read is named, nothing is guessed."""

import csv
import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

MOST_BYTES = 20 * 2**20
MOST_ROWS = 200_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NOTE = "note"
NOTE_TITLE = "备注"


class Unreadable(Exception):
    """A cell cannot be read; the argument says what is expected there."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with its place: file, sheet, row and column as people count them."""

    file: str
    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    found: str | None = None

    def __str__(self) -> str:
        return _("%(place)s: %(what)s") % {"place": self.place, "what": self.sentence}

    @property
    def place(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(_("sheet %s") % self.sheet)
        if self.row:
            parts.append(_("row %s") % self.row)
        if self.column:
            parts.append(_("column %s") % self.column)
        return _(", ").join(parts)

    @property
    def sentence(self) -> str:
        if self.found is None:
            return self.message
        shown = self.found if len(self.found) <= 60 else self.found[:59] + "…"
        found = _("“%s”") % shown if shown else _("nothing")
        return _("found %(found)s; %(message)s") % {"found": found, "message": self.message}


class Refused(Exception):
    """A folder or file that is not taken over, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


Read = Callable[[str], Any]


def text(most: int) -> Read:
    def read(cell: str) -> str:
        if CONTROL.search(cell):
            raise Unreadable(_("a text without control characters is expected"))
        if len(cell) > most:
            raise Unreadable(_("at most %s characters are expected") % most)
        return cell

    return read


def matching(pattern: str, expected: Callable[[], str]) -> Read:
    compiled = re.compile(pattern)

    def read(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise Unreadable(expected())
        return cell

    return read


def one_of_these(names: Iterable[str]) -> str:
    return _("one of these is expected: %s") % ", ".join(names)


def one_of(choices: Mapping[str, str]) -> Read:
    """One of the values, written as itself or with its Chinese name."""
    by_name = {value: value for value in choices} | {
        name: value for value, name in choices.items() if name
    }

    def read(cell: str) -> str:
        if cell not in by_name:
            raise Unreadable(one_of_these(choices))
        return by_name[cell]

    return read


def yes_no(cell: str) -> bool:
    if cell not in ("yes", "no", "是", "否"):
        raise Unreadable(_("yes or no is expected"))
    return cell in ("yes", "是")


def date(cell: str) -> datetime.date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
            return datetime.date.fromisoformat(cell)
    except ValueError:
        pass
    raise Unreadable(_("a date such as 2026-07-01 is expected"))


def positive(cell: str) -> Decimal:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,2})?", cell, re.ASCII) or Decimal(cell) == 0:
        raise Unreadable(_("a number above 0 with at most two decimals is expected"))
    return Decimal(cell)


def whole(low: int, high: int) -> Read:
    def read(cell: str) -> int:
        if not re.fullmatch(r"\d{1,9}", cell, re.ASCII) or not low <= int(cell) <= high:
            span = {"low": low, "high": high}
            raise Unreadable(_("a whole number from %(low)s to %(high)s is expected") % span)
        return int(cell)

    return read


def phone(cell: str) -> str:
    if not re.fullmatch(r"\+?[0-9][0-9 -]{2,18}", cell, re.ASCII):
        raise Unreadable(_("a telephone number of digits, spaces and hyphens is expected"))
    return cell


def mail(cell: str) -> str:
    if not cell.isascii() or not re.fullmatch(r"[^@\s<>,;]{1,60}@[A-Za-z0-9.-]{1,59}", cell):
        raise Unreadable(_("a mail address is expected"))
    return cell


@dataclass(frozen=True)
class Column:
    """A column found by its header, English or Chinese; `blank` is the value of an empty cell.

    Without `blank` the column must be there and every cell filled.
    """

    name: str
    title: str
    read: Read
    blank: Any = ...

    @property
    def required(self) -> bool:
        return self.blank is ...


@dataclass(frozen=True)
class Row:
    number: int
    values: Mapping[str, Any]
    raw: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass
class Table:
    """The readable rows of one file and what was wrong with the others."""

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def complain(self, row: Row, column: str, message: str) -> None:
        found = row.raw.get(column, "")
        self.problems.append(Problem(self.file, message, "", row.number, column, found))

    def check_unique(self, *columns: str) -> None:
        first: dict[tuple[Any, ...], int] = {}
        for row in self.rows:
            key = tuple(row[column] for column in columns)
            seen = first.setdefault(key, row.number)
            if seen != row.number:
                message = _("the same as in row %s, but it may stand only once") % seen
                self.complain(row, columns[0], message)

    def check_dates(self) -> None:
        for row in self.rows:
            start, end = row["valid_from"], row["valid_to"]
            if start and end and end < start:
                self.complain(row, "valid_to", _("a day not before valid_from is expected"))


def decode(data: bytes) -> str:
    """Text in UTF-8, or in GB 18030 as Excel in China writes its CSV files."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def read_cells(path: Path) -> list[list[str]]:
    """The cells of a CSV file, trimmed and with full-width forms made plain; may refuse."""
    if path.stat().st_size > MOST_BYTES:
        message = _("the file is larger than %s MB") % (MOST_BYTES // 2**20)
        raise Refused([Problem(path.name, message)])
    try:
        lines = csv.reader(StringIO(decode(path.read_bytes()), newline=""), strict=True)
        rows = [[clean(cell) for cell in line] for line in lines]
    except UnicodeDecodeError as error:
        message = _("the text is neither UTF-8 nor GB 18030")
        raise Refused([Problem(path.name, message)]) from error
    except csv.Error as error:
        message = _("this is not a CSV file: %s") % error
        raise Refused([Problem(path.name, message)]) from error
    if len(rows) > MOST_ROWS:
        raise Refused([Problem(path.name, _("more than %s rows") % MOST_ROWS)])
    return rows


def clean(cell: str) -> str:
    return cell.replace("\u3000", " ").replace("\ufeff", "").strip()


def plain(cell: str) -> str:
    """A header or code with full-width forms made plain and all white space taken out."""
    return "".join(unicodedata.normalize("NFKC", cell).split())


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    table = Table(path.name)
    try:
        lines = read_cells(path)
    except Refused as refused:
        table.problems += refused.problems
        return table
    places = find_columns(table, lines[0] if lines else [], columns)
    if table.problems:
        return table
    for number, line in enumerate(lines[1:], start=2):
        if any(line):
            read_row(table, number, line, columns, places)
    return table


def find_columns(table: Table, header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands; complains of unknown, doubled and missing ones."""
    names = {plain(column.title): column.name for column in columns}
    names |= {column.name: column.name for column in columns}
    names |= {NOTE: NOTE, NOTE_TITLE: NOTE}
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = names.get(plain(cell))
        if name and name not in places:
            places[name] = place
        elif cell:
            message = _("this header stands twice") if name else unknown_header(columns)
            table.problems.append(Problem(table.file, message, "", 1, letter(place), cell))
    for column in columns:
        if column.required and column.name not in places:
            message = _("the column %s is missing") % column.name
            table.problems.append(Problem(table.file, message, "", 1))
    return places


def unknown_header(columns: Sequence[Column]) -> str:
    known = ", ".join(column.name for column in columns)
    return _("this header is not known; the columns are: %s") % known


def letter(place: int) -> str:
    """The name that spreadsheets give a column: 0 is A, 26 is AA."""
    name = ""
    while place >= 0:
        name = chr(ord("A") + place % 26) + name
        place = place // 26 - 1
    return name


def read_row(
    table: Table,
    number: int,
    line: Sequence[str],
    columns: Sequence[Column],
    places: Mapping[str, int],
) -> None:
    """Append the row if every cell can be read; otherwise name each that cannot."""
    raw = {name: line[place] if place < len(line) else "" for name, place in places.items()}
    before = len(table.problems)
    if any(cell for place, cell in enumerate(line) if place not in places.values()):
        message = _("a cell stands under no header; does a text with a comma lack its quotes?")
        table.problems.append(Problem(table.file, message, "", number))
    values: dict[str, Any] = {}
    for column in columns:
        cell = raw.get(column.name, "")
        try:
            values[column.name] = read_cell(column, cell)
        except Unreadable as error:
            table.problems.append(Problem(table.file, str(error), "", number, column.name, cell))
    if len(table.problems) == before:
        table.rows.append(Row(number, values, raw))


def read_cell(column: Column, cell: str) -> Any:
    if cell:
        return column.read(cell)
    if column.required:
        raise Unreadable(_("this cell may not be empty"))
    return column.blank
