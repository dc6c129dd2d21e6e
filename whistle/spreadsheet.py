"""The table of categories that cities publish: classes, filing conditions and limits.

One sheet for components (部件) and one for events (事件), or one CSV file with a column 类别.
A title may stand above the headers. Merged cells count for every row they cover. A blank cell
takes the cell above it as long as the class stays the same. Whatever cannot be read is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from organization.tables import Problem, Refused, Unreadable, letter, plain, read_cells, text
from organization.working_time import TimeUnit
from whistle.workbook import Place, Sheet, open_workbook

KINDS = {"部件": "component", "事件": "event"}
LIMIT_UNITS = {
    "紧急工作时": TimeUnit.URGENT_HOUR,
    "工作时": TimeUnit.WORK_HOUR,
    "工作日": TimeUnit.WORK_DAY,
    "自然日": TimeUnit.NATURAL_DAY,
}
LIMIT = re.compile(rf"(\d{{1,4}}(?:\.\d{{1,2}})?)个?({'|'.join(LIMIT_UNITS)})", re.ASCII)
HEADERS_WITHIN = 10


@dataclass(frozen=True)
class Filing:
    """One filing condition with its class, as one row of the table gives it."""

    kind: str
    major_code: str
    major_name: str
    code: str
    name: str
    text: str
    amount: Decimal
    unit: str
    closing: str
    supervisor: str
    responsible: str
    legal_basis: str
    legal_clause: str
    collection: str
    sheet: str = field(compare=False)
    row: int = field(compare=False)


@dataclass
class Reading:
    """What a file holds, what is wrong with it, and which of its parts were not looked at."""

    file: str
    filings: list[Filing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read_code(cell: str) -> str:
    if not re.fullmatch(r"\d{2,4}", plain(cell), re.ASCII):
        raise Unreadable(_("a code of two to four digits such as 01 is expected"))
    return plain(cell)


def read_limit(cell: str) -> tuple[Decimal, str]:
    """Amount and time unit of a limit such as 2紧急工作时 or 0.5工作时."""
    found = LIMIT.fullmatch(plain(cell))
    if not found or Decimal(found[1]) == 0:
        raise Unreadable(_("a limit such as 2紧急工作时, 4工作时, 5工作日 or 3自然日 is expected"))
    return Decimal(found[1]), LIMIT_UNITS[found[2]]


# header → name of the field, how to read a cell, whether the column must be there
COLUMNS: dict[str, tuple[str, Any, bool]] = {
    "大类代码": ("major_code", read_code, True),
    "大类名称": ("major_name", text(40), True),
    "小类代码": ("code", read_code, True),
    "小类名称": ("name", text(60), True),
    "立案条件": ("text", text(200), True),
    "处置时限": ("limit", read_limit, True),
    "结案条件": ("closing", text(200), False),
    "监管主体": ("supervisor", text(100), False),
    "责任主体": ("responsible", text(100), False),
    "法律法规依据": ("legal_basis", text(200), False),
    "法律法规具体条款": ("legal_clause", text(4000), False),
    "采集要求": ("collection", text(200), False),
}
KIND_HEADER = "类别"
FIELDS = {name: header for header, (name, _read, _required) in COLUMNS.items()}
MAJOR, MINOR = ("major_code", "major_name"), ("code", "name")
REST = [name for name in FIELDS if name not in (*MAJOR, *MINOR)]
NEEDED = {name for name, _read, required in COLUMNS.values() if required}


def read_categories(path: Path) -> Reading:
    reading = Reading(path.name)
    try:
        if path.suffix.lower() == ".csv":
            SheetReader(reading, csv_sheet(path)).read()
        else:
            read_sheets(reading, open_workbook(path))
    except Refused as refused:
        reading.problems += refused.problems
    check_classes(reading)
    return reading


def csv_sheet(path: Path) -> Sheet:
    sheet = Sheet("")
    for row, line in enumerate(read_cells(path), start=1):
        for column, cell in enumerate(line, start=1):
            if cell:
                sheet.put((row, column), cell)
    return sheet


def read_sheets(reading: Reading, sheets: list[Sheet]) -> None:
    """Read the one sheet of each kind; a workbook may hold others, which are named as ignored."""
    for word, kind in KINDS.items():
        found = [sheet for sheet in sheets if word in sheet.title]
        if len(found) == 1 and not all(other in found[0].title for other in KINDS):
            SheetReader(reading, found[0], kind).read()
        else:
            message = _("exactly one sheet with %s in its name is expected") % word
            names = ", ".join(sheet.title for sheet in found or sheets)
            reading.problems.append(Problem(reading.file, message, found=names))
    others = [sheet.title for sheet in sheets if not any(word in sheet.title for word in KINDS)]
    reading.ignored += [_("sheet %s") % title for title in others]


class SheetReader:
    """Walks down one sheet, with the row above in hand."""

    def __init__(self, reading: Reading, sheet: Sheet, kind: str = "") -> None:
        self.reading, self.sheet, self.kind = reading, sheet, kind
        self.places: dict[str, int] = {}
        self.above: dict[str, Any] = {}
        self.row = 0

    def read(self) -> None:
        self.row = self.find_headers()
        if self.missing_headers():
            return
        while self.row < self.sheet.rows:
            self.row += 1
            if self.holds_something() and not self.repeats_headers():
                self.read_row()

    # headers

    def find_headers(self) -> int:
        """The row with the most headers among the first; `places` is set from it."""
        rows = range(1, min(HEADERS_WITHIN, self.sheet.rows) + 1)
        best = max(rows, key=lambda row: len(self.headers_in(row)), default=1)
        self.places = self.headers_in(best)
        return best

    def headers_in(self, row: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for column in range(1, self.sheet.columns + 1):
            header = plain(self.sheet.cells.get((row, column), ""))
            if header in COLUMNS or (header == KIND_HEADER and not self.kind):
                found.setdefault(header, column)
        return found

    def missing_headers(self) -> bool:
        needed = [header for header, (_name, _read, must) in COLUMNS.items() if must]
        needed += [] if self.kind else [KIND_HEADER]
        missing = [header for header in needed if header not in self.places]
        for header in missing:
            self.complain_at(0, header, _("this column is missing"), None)
        self.note_other_headers()
        return bool(missing)

    def note_other_headers(self) -> None:
        """Name the columns that are passed over, and refuse headers that stand twice."""
        for column in range(1, self.sheet.columns + 1):
            header = self.sheet.cells.get((self.row, column), "")
            if plain(header) in self.places and self.places[plain(header)] != column:
                self.complain_at(
                    self.row, letter(column - 1), _("this header stands twice"), header
                )
            elif header and plain(header) not in self.places:
                where = f"{self.sheet.title} {letter(column - 1)}{self.row}".strip()
                self.reading.ignored.append(f"{where} {header}")

    # rows

    def own(self, header: str) -> str:
        return self.sheet.cells.get((self.row, self.places.get(header, 0)), "")

    def holds_something(self) -> bool:
        return any(self.own(header) for header in self.places)

    def repeats_headers(self) -> bool:
        return all(plain(self.own(header)) in ("", header) for header in self.places)

    def complain_at(self, row: int, column: str, message: str, found: str | None) -> None:
        self.reading.problems.append(
            Problem(self.reading.file, message, self.sheet.title, row, column, found)
        )

    def complain(self, header: str, message: str) -> None:
        column = self.places.get(header, 0)
        name = f"{header} ({letter(column - 1)})"
        place = self.sheet.merged.get((self.row, column), (self.row, column))
        self.complain_at(self.row, name, message, self.sheet.cells.get(place, ""))

    def cell(self, header: str, read: Any) -> Any:
        """What the cell or the merged area over it says; None if it is blank or unreadable."""
        here: Place = (self.row, self.places.get(header, 0))
        place = self.sheet.merged.get(here, here)
        found = self.sheet.cells.get(place, "")
        if not found:
            return None
        try:
            if place in self.sheet.faults:
                raise Unreadable(self.sheet.faults[place])
            return read(found)
        except Unreadable as error:
            self.complain(header, str(error))
            return None

    def read_row(self) -> None:
        before = len(self.reading.problems)
        if not self.kind or KIND_HEADER in self.places:
            self.read_kind()
        own = {name: self.cell(header, read) for header, (name, read, _) in COLUMNS.items()}
        if len(self.reading.problems) > before:
            self.above |= {name: value for name, value in own.items() if value is not None}
            return
        row = self.fill(own)
        self.above = row
        if len(self.reading.problems) == before:
            self.keep(row)

    def read_kind(self) -> None:
        found = self.cell(KIND_HEADER, plain)
        if found is None and self.kind:
            return
        if found not in KINDS:
            self.complain(KIND_HEADER, _("部件 or 事件 is expected"))
        elif KINDS[found] != self.kind:
            self.kind, self.above = KINDS[found], {}

    def fill(self, own: dict[str, Any]) -> dict[str, Any]:
        """The row with its blank cells taken from above, as far as the class is the same."""
        row = dict(own)
        same_major = self.fill_pair(row, MAJOR, True)
        same_minor = self.fill_pair(row, MINOR, same_major) and same_major
        for name in REST:
            if row[name] is None and same_minor:
                row[name] = self.above.get(name)
            if row[name] is None and name in NEEDED:
                self.complain(
                    FIELDS[name], _("this cell may not be empty in the first row of a class")
                )
        return row

    def fill_pair(self, row: dict[str, Any], pair: tuple[str, str], may_inherit: bool) -> bool:
        """Complete code and name from above; whether they are the same as above."""
        above = {name: self.above.get(name) for name in pair} if may_inherit else {}
        given = [name for name in pair if row[name] is not None]
        agrees = all(row[name] == above.get(name) for name in given)
        if agrees and all(above.get(name) for name in pair):
            row.update(above)
            return True
        for name in pair:
            if row[name] is None:
                self.complain(FIELDS[name], _("a new class needs its code and its name"))
        return False

    def keep(self, row: dict[str, Any]) -> None:
        amount, unit = row["limit"]
        values = {name: row[name] or "" for name in FIELDS if name != "limit"}
        place = {"sheet": self.sheet.title, "row": self.row, "kind": self.kind}
        self.reading.filings.append(Filing(**values, **place, amount=amount, unit=unit))


# over the whole file


def check_classes(reading: Reading) -> None:
    """A code has one name everywhere, and a class each of its conditions once."""
    said: dict[tuple[str, ...], tuple[str, int]] = {}
    for filing in reading.filings:
        for key, value, header in statements(filing):
            before, row = said.setdefault(key, (value, filing.row))
            if before != value:
                message = _("row %(row)s says “%(before)s” for the same code")
                words = message % {"row": row, "before": before}
                complain_of(reading, filing, header, words, value)
    first: dict[tuple[str, ...], int] = {}
    for filing in reading.filings:
        key = (filing.kind, filing.major_code, filing.code, filing.text)
        row = first.setdefault(key, filing.row)
        if row != filing.row:
            message = _("row %s already has this condition for the class") % row
            complain_of(reading, filing, "立案条件", message, filing.text)


def statements(filing: Filing) -> Iterator[tuple[tuple[str, ...], str, str]]:
    yield (filing.kind, filing.major_code), filing.major_name, "大类名称"
    yield (filing.kind, filing.major_code, filing.code), filing.name, "小类名称"


def complain_of(reading: Reading, filing: Filing, header: str, message: str, found: str) -> None:
    reading.problems.append(Problem(reading.file, message, filing.sheet, filing.row, header, found))
