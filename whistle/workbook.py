"""The cells of a workbook as plain text, from a file that nobody has to trust."""

import datetime
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from organization.tables import Problem, Refused, clean

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 48 * 2**20
MOST_PARTS = 500
MOST_CELLS = 300_000
MOST_ROWS, MOST_COLUMNS = 20_000, 100
SPREADSHEET_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}

Place = tuple[int, int]


@dataclass
class Sheet:
    """Cells by (row, column), both from 1. `faults` says why a cell has no plain text.

    `merged` leads from each covered cell of a merged area to the one that holds its text.
    """

    title: str
    cells: dict[Place, str] = field(default_factory=dict)
    faults: dict[Place, str] = field(default_factory=dict)
    merged: dict[Place, Place] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    def put(self, place: Place, text: str, fault: str = "") -> None:
        self.rows, self.columns = max(self.rows, place[0]), max(self.columns, place[1])
        self.cells[place] = text
        if fault:
            self.faults[place] = fault


def open_workbook(path: Path) -> list[Sheet]:
    """Every sheet of an .xlsx file; refuses what is no workbook, too large or made to harm."""
    try:
        check_package(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=False, keep_links=False)
    except Refused:
        raise
    except Exception as error:
        raise refusal(path, _("this is not a workbook of the .xlsx kind")) from error
    return [plain_sheet(sheet) for sheet in book.worksheets]


def refusal(path: Path, message: str) -> Refused:
    return Refused([Problem(path.name, message)])


def check_package(path: Path) -> None:
    """Look at the parts of the package before anything builds objects from them."""
    if path.stat().st_size > MOST_BYTES:
        raise refusal(path, _("the file is larger than %s MB") % (MOST_BYTES // 2**20))
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise refusal(path, _("unpacked, the file is too large for a table of categories"))
        cells = 0
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                cells += check_part(path, package, part)
        if cells > MOST_CELLS:
            raise refusal(path, _("there are more than %s cells") % MOST_CELLS)


def check_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Count the cells of a part, those of its merged areas included."""
    if b"<!DOCTYPE" in package.read(part):
        raise refusal(
            path, _("the workbook declares a document type, which no office program does")
        )
    cells = 0
    with package.open(part) as stream:
        for _event, element in ElementTree.iterparse(stream):
            tag = element.tag.rpartition("}")[2]
            if tag == "mergeCell":
                cells += area_size(path, element.get("ref", ""))
            elif tag == "c":
                cells += 1
            element.clear()
    return cells


def area_size(path: Path, ref: str) -> int:
    left, top, right, bottom = range_boundaries(ref)
    if bottom > MOST_ROWS or right > MOST_COLUMNS:
        raise refusal(path, _("the merged area %s is too large") % ref)
    return int((bottom - top + 1) * (right - left + 1))


def plain_sheet(worksheet) -> Sheet:  # type: ignore[no-untyped-def]
    sheet = Sheet(worksheet.title.strip())
    for line in worksheet.iter_rows(
        max_row=min(worksheet.max_row, MOST_ROWS), max_col=min(worksheet.max_column, MOST_COLUMNS)
    ):
        for cell in line:
            if cell.value is not None:
                text, fault = plain_text(cell)
                sheet.put((cell.row, cell.column), text, fault)
    for area in worksheet.merged_cells.ranges:
        for place in covered(area):
            sheet.merged[place] = (area.min_row, area.min_col)
            sheet.rows = max(sheet.rows, place[0])
    return sheet


def covered(area) -> Iterator[Place]:  # type: ignore[no-untyped-def]
    for row in range(area.min_row, area.max_row + 1):
        for column in range(area.min_col, area.max_col + 1):
            if (row, column) != (area.min_row, area.min_col):
                yield row, column


def plain_text(cell) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    """A cell's text as the reader of the sheet sees it, and why it cannot be taken, if so."""
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "f":
            return value, _("a text is expected, not a formula")
        if value in SPREADSHEET_ERRORS:
            return value, _("a text is expected, not an error of the spreadsheet")
        return clean(value), ""
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return str(value), _("a text is expected; the spreadsheet holds a date or a truth value")
    if isinstance(value, int):
        zeros = cell.number_format if set(cell.number_format) == {"0"} else ""
        return str(value).zfill(len(zeros)), ""
    if isinstance(value, float):
        return str(value), ""
    return str(value), _("a text is expected, not a formula")
