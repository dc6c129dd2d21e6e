"""The 12345 hotline's work orders, read from the file that it exports.

Each row has its verdict: taken, known already, or what is wrong with which cell. The hotline's
number makes taking a file twice harmless, and its limit stays the outer limit of the order.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.authority import holds
from organization.duty import Duty
from organization.models import Unit, User
from organization.tables import (
    Column,
    Problem,
    Refused,
    Row,
    Table,
    Unreadable,
    find_columns,
    plain,
    read_cells,
    read_row,
    text,
    yes_no,
)
from whistle.birth import ReportForm
from whistle.models import Category, WorkOrder
from whistle.workbook import open_workbook

MOST = 200  # rows that a page looks through itself; more are left to the worker
LARGEST = 5000
HEADERS_WITHIN = 5
TITLE = 30
DAY = r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?"
HOUR = r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.0+)?)?"
MOMENT = re.compile(f"{DAY}(?:[ T]{HOUR})?", re.ASCII)
URGENCIES = {"一般": "normal", "普通": "normal", "紧急": "urgent", "特急": "critical", "": "normal"}


def moment(cell: str) -> datetime.datetime:
    """A moment of Shanghai; a day alone means its end, as limits are meant."""
    found = MOMENT.fullmatch(cell)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups()[:3])
            hour, minute = (int(part) for part in (found[4] or 23, found[5] or 59))
            return timezone.make_aware(datetime.datetime(year, month, day, hour, minute))  # noqa: DTZ001
    except ValueError:
        pass
    raise Unreadable(_("a moment such as 2026-07-01 09:30 is expected"))


def urgency(cell: str) -> str:
    if plain(cell) not in URGENCIES:
        raise Unreadable(_("one of these is expected: %s") % "一般, 紧急, 特急")
    return URGENCIES[plain(cell)]


def degree(cell: str) -> float:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,12})?", cell, re.ASCII):
        raise Unreadable(_("degrees such as 118.7902 are expected"))
    return float(cell)


COLUMNS = (
    Column("source_number", "工单编号", text(40)),
    Column("called", "来电时间", moment),
    Column("reporter_name", "来电人", text(30), ""),
    Column("reporter_phone", "电话", text(20), ""),
    Column("address", "地址", text(120)),
    Column("title", "标题", text(80), ""),
    Column("description", "诉求内容", text(1900)),
    Column("category", "分类", text(60), ""),
    Column("source_due", "办理时限", moment, None),
    Column("confidential", "是否保密", yes_no, False),
    Column("urgency", "紧急程度", urgency, "normal"),
    Column("lng", "经度", degree, None),
    Column("lat", "纬度", degree, None),
)
TITLES = {column.name: column.title for column in COLUMNS}


@dataclass
class Verdict:
    """What becomes of one row; `known` is our number of an order that was received before."""

    row: int
    source_number: str = ""
    title: str = ""
    address: str = ""
    due: datetime.datetime | None = None
    known: str = ""
    problems: list[Problem] = field(default_factory=list)
    form: ReportForm | None = None
    number: str = ""

    @property
    def can_be_taken(self) -> bool:
        return not self.known and not self.problems


def may_take_in(user: User) -> bool:
    """Whether the person receives for the district: reports and triages at its centre."""
    district = Unit.objects.filter(kind=Unit.Kind.DISTRICT).first()
    if district is None:
        return False
    centre = district.centre()
    return all(holds(user, duty, centre) for duty in (Duty.REPORT, Duty.TRIAGE))


@dataclass
class Sheet:
    """A file as it was read: its rows, and what is wrong with their cells."""

    table: Table
    verdicts: dict[int, Verdict]
    ignored: list[str]


def read_file(path: Path, actor: User, now: datetime.datetime) -> tuple[list[Verdict], list[str]]:
    """The verdict on each row, and headers that mean nothing here; errors as in `read_sheet`."""
    sheet = read_sheet(path)
    judge(sheet, sheet.table.rows, actor, now)
    return list(sheet.verdicts.values()), sheet.ignored


def read_sheet(path: Path, most: int = MOST) -> Sheet:
    """The filled rows of a file.

    Raises `Refused` for what is no such table: wrong kind of file, no headers, too many rows.
    """
    lines = lines_of(path)
    start = header_row(path, lines)
    header, ignored = known_headers(lines[start])
    table = Table(path.name)
    places = find_columns(table, header, COLUMNS)
    if table.problems:
        raise Refused([titled(problem) for problem in table.problems])
    numbers = range(start + 1, len(lines))
    filled = [n for n in numbers if any(lines[n])]
    if len(filled) > most:
        raise Refused([Problem(path.name, _("more than %s rows") % most)])
    for n in filled:
        cells = [cell if header[k] else "" for k, cell in enumerate(lines[n][: len(header)])]
        read_row(table, n + 1, cells, COLUMNS, places)
    table.check_unique("source_number")
    at = places["source_number"]
    verdicts = {n + 1: Verdict(n + 1, lines[n][at][:40]) for n in filled}
    for problem in table.problems:
        verdicts[problem.row].problems.append(titled(problem))
    return Sheet(table, verdicts, ignored)


def lines_of(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".csv":
        return read_cells(path)
    if path.suffix.lower() != ".xlsx":
        raise Refused([Problem(path.name, _("a file that ends in .xlsx or .csv is expected"))])
    sheet = open_workbook(path)[0]
    columns = range(1, sheet.columns + 1)
    return [[sheet.cells.get((r, c), "") for c in columns] for r in range(1, sheet.rows + 1)]


def header_row(path: Path, lines: list[list[str]]) -> int:
    """A title may stand above the headers."""
    titles = set(TITLES.values())
    for n, line in enumerate(lines[:HEADERS_WITHIN]):
        if len(titles.intersection(plain(cell) for cell in line)) >= 3:
            return n
    wanted = "、".join(column.title for column in COLUMNS if column.required)
    raise Refused([Problem(path.name, _("the headers are missing: %s") % wanted)])


def known_headers(line: list[str]) -> tuple[list[str], list[str]]:
    titles = set(TITLES.values())
    header = [cell if plain(cell) in titles else "" for cell in line]
    ignored = [cell for cell, kept in zip(line, header, strict=True) if cell and not kept]
    return header, ignored


def titled(problem: Problem) -> Problem:
    """Columns named as the file names them."""
    column = TITLES.get(problem.column, problem.column)
    return Problem(problem.file, problem.message, "", problem.row, column, problem.found)


def judge(sheet: Sheet, rows: list[Row], actor: User, now: datetime.datetime) -> None:
    """Complete the verdicts on some rows: whether each is known, what the report's form says."""
    given = [row["source_number"] for row in rows]
    orders = WorkOrder.objects.filter(source=WorkOrder.Source.HOTLINE, source_number__in=given)
    known = dict(orders.values_list("source_number", "number"))
    categories = categories_named({row["category"] for row in rows})
    for row in rows:
        verdict = sheet.verdicts[row.number]
        look_at(verdict, sheet.table.file, row, actor, now, categories)
        verdict.known = known.get(row["source_number"], "")


def categories_named(names: Iterable[str]) -> dict[str, Category]:
    """The classes of these very names, if only one is called so: the hotline's own differ."""
    found: dict[str, list[Category]] = {}
    for category in Category.objects.filter(active=True, name__in=names):
        found.setdefault(category.name, []).append(category)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def look_at(
    verdict: Verdict,
    file: str,
    row: Row,
    actor: User,
    now: datetime.datetime,
    categories: dict[str, Category],
) -> None:
    """Give the row to the form of every report, and keep what the form says against it."""
    verdict.address, verdict.due = row["address"], row["source_due"]
    verdict.title = row["title"] or row["description"][:TITLE]
    if row["called"] > now:
        problem = _("a moment that is not yet to come is expected")
        verdict.problems.append(Problem(file, problem, "", row.number, "来电时间"))
    verdict.form = form = ReportForm(actor, form_data(row, verdict.title))
    if form.is_valid():
        form.cleaned_data["category"] = categories.get(row["category"])
        return
    for name, sentences in form.errors.items():
        column = TITLES.get(name, name)
        found = row.raw.get(name)
        verdict.problems += [
            Problem(file, sentence, "", row.number, column, found) for sentence in sentences
        ]


def form_data(row: Row, title: str) -> dict[str, Any]:
    """The time of the call and the hotline's class stand before its words: both would be lost."""
    called = timezone.localtime(row["called"])
    parts = [f"来电 {called:%Y-%m-%d %H:%M}", row["category"]]
    head = "，".join(part for part in parts if part)
    plainly = ("source_number", "address", "reporter_name", "reporter_phone", "urgency")
    return {
        **{name: row[name] for name in (*plainly, "source_due", "confidential", "lng", "lat")},
        "source": WorkOrder.Source.HOTLINE,
        "title": title,
        "description": f"[{head}] {row['description']}",
    }


def take(verdicts: list[Verdict], now: datetime.datetime) -> int:
    """Receive what can be taken, each order in its own act; returns how many were.

    What somebody has received meanwhile, or the act refuses, stays out and says why.
    """
    taken = 0
    for verdict in verdicts:
        if verdict.form is None or not verdict.can_be_taken:
            continue
        try:
            verdict.number = verdict.form.act(now).number or ""
            taken += 1
        except ValidationError as error:
            verdict.problems += [Problem("", said, "", verdict.row) for said in error.messages]
    return taken
