"""The cities' category table: what is read, what is inherited, what is named as unreadable."""

import datetime
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from organization.tables import Unreadable
from whistle.spreadsheet import COLUMNS, LIMIT_UNITS, read_categories, read_limit

HEADERS = ["大类代码", "大类名称", "小类代码", "小类名称", "立案条件", "处置时限"]
LID = ["01", "公用设施", "01", "上水井盖", "缺失", "2紧急工作时"]
NOISE = ["01", "市容环境", "28", "商业噪音", "高音喇叭", "2工作时"]


def save(tmp_path, components=(LID,), events=(NOISE,), headers=HEADERS, title=True):
    book = Workbook()
    book.remove(book.active)
    for name, rows in (("部件", components), ("事件", events)):
        sheet = book.create_sheet(name)
        if title:
            sheet.append([f"城市管理{name}立案处置标准"])
        sheet.append(list(headers))
        for row in rows:
            sheet.append(list(row))
    path = tmp_path / "categories.xlsx"
    book.save(path)
    return path, book


def read(tmp_path, *args, **kwargs):
    path, _book = save(tmp_path, *args, **kwargs)
    return read_categories(path)


def told(reading):
    return [(p.sheet, p.row, p.column, p.found) for p in reading.problems]


def test_both_sheets_are_read(tmp_path):
    reading = read(tmp_path)
    assert reading.problems == []
    assert [(f.kind, f.name, f.amount, f.unit) for f in reading.filings] == [
        ("component", "上水井盖", 2, "urgent_hour"),
        ("event", "商业噪音", 2, "work_hour"),
    ]


def test_the_title_row_may_be_missing(tmp_path):
    assert len(read(tmp_path, title=False).filings) == 2


def test_columns_are_found_by_their_headers(tmp_path):
    order = [4, 5, 0, 1, 2, 3]
    reading = read(
        tmp_path,
        components=[[LID[n] for n in order]],
        events=[[NOISE[n] for n in order]],
        headers=[HEADERS[n] for n in order],
    )
    assert reading.problems == []
    assert reading.filings[0].major_name == "公用设施"


def test_a_header_may_be_broken_over_lines(tmp_path):
    headers = ["大类\n代码", " 大类名称 ", "小类代码", "小类名称", "立案 条件", "处置时限"]
    assert read(tmp_path, headers=headers).problems == []


def test_later_columns_may_be_absent_or_empty(tmp_path):
    headers = [*HEADERS, "结案条件", "采集要求"]
    reading = read(tmp_path, [[*LID, "补装", None]], [[*NOISE, None, "录音"]], headers)
    assert [(f.closing, f.collection, f.supervisor) for f in reading.filings] == [
        ("补装", "", ""),
        ("", "录音", ""),
    ]


def test_a_needed_column_that_is_absent_is_named(tmp_path):
    reading = read(tmp_path, [LID[:5]], [NOISE[:5]], HEADERS[:5])
    assert told(reading) == [("部件", 0, "处置时限", None), ("事件", 0, "处置时限", None)]


def test_a_header_that_stands_twice_is_named(tmp_path):
    reading = read(tmp_path, [[*LID, "x"]], [NOISE], [*HEADERS, "处置时限"])
    assert ("部件", 2, "G", "处置时限") in told(reading)


def test_other_columns_and_sheets_are_told_as_ignored(tmp_path):
    path, book = save(tmp_path, headers=[*HEADERS, "序号"])
    book.create_sheet("说明").append(["见附件"])
    book.save(path)
    reading = read_categories(path)
    assert reading.problems == []
    assert any("序号" in line for line in reading.ignored)
    assert any("说明" in line for line in reading.ignored)


def test_blank_cells_take_the_class_above(tmp_path):
    more = [
        [None, None, None, None, "破损", "4工作时"],
        [None, None, "02", "污水井盖", "缺失", "1工作时"],
    ]
    reading = read(tmp_path, [LID, *more])
    assert reading.problems == []
    found = [(f.major_code, f.code, f.name, f.text) for f in reading.filings if f.row < 6][:3]
    assert found == [
        ("01", "01", "上水井盖", "缺失"),
        ("01", "01", "上水井盖", "破损"),
        ("01", "02", "污水井盖", "缺失"),
    ]


def test_a_blank_cell_takes_the_limit_above_within_the_class(tmp_path):
    reading = read(tmp_path, [LID, [None, None, None, None, "破损", None]])
    assert reading.problems == []
    assert reading.filings[1].amount == 2


def test_a_blank_limit_in_the_first_row_of_a_class_is_named_not_inherited(tmp_path):
    reading = read(tmp_path, [LID, [None, None, "02", "污水井盖", "缺失", None]])
    assert told(reading) == [("部件", 4, "处置时限 (F)", "")]


def test_optional_cells_are_not_carried_into_the_next_class(tmp_path):
    headers = [*HEADERS, "监管主体"]
    reading = read(
        tmp_path,
        [[*LID, "水务局"], [None, None, "02", "污水井盖", "缺失", "1工作时", None]],
        [[*NOISE, None]],
        headers,
    )
    assert reading.filings[1].supervisor == ""


def test_a_merged_cell_counts_for_every_row_it_covers_even_over_classes(tmp_path):
    rows = [
        LID,
        [None, None, "02", "污水井盖", "缺失", None],
        [None, None, None, None, "破损", "1工作日"],
    ]
    path, book = save(tmp_path, rows)
    sheet = book["部件"]
    for area in ("A3:A5", "B3:B5", "F3:F4", "C4:C5", "D4:D5"):
        sheet.merge_cells(area)
    book.save(path)
    reading = read_categories(path)
    assert reading.problems == []
    assert [(f.code, str(f.amount), f.unit) for f in reading.filings[:3]] == [
        ("01", "2", "urgent_hour"),
        ("02", "2", "urgent_hour"),
        ("02", "1", "work_day"),
    ]


def test_a_new_major_class_does_not_inherit_the_minor_class(tmp_path):
    reading = read(tmp_path, [LID, ["02", "道路设施", None, None, "缺失", "1工作时"]])
    assert [column for _s, row, column, _f in told(reading)] == ["小类代码 (C)", "小类名称 (D)"]


def test_a_new_code_without_a_name_is_named(tmp_path):
    reading = read(tmp_path, [LID, [None, None, "02", None, "缺失", "1工作时"]])
    assert told(reading) == [("部件", 4, "小类名称 (D)", "")]


@pytest.mark.parametrize(
    "limit",
    [
        "3天",
        "2小时",
        "5",
        "五工作日",
        "工作日",
        "0工作日",
        "-1工作日",
        "2紧急工作日",
        "1.234工作日",
        "99999工作日",
        "5工作日内",
    ],
)
def test_a_limit_that_is_not_one_of_four_units_is_named(tmp_path, limit):
    reading = read(tmp_path, [[*LID[:5], limit]])
    assert told(reading) == [("部件", 3, "处置时限 (F)", limit)]
    assert len(reading.filings) == 1


@pytest.mark.parametrize(
    ("cell", "amount", "unit"),
    [
        ("2紧急工作时", "2", "urgent_hour"),
        ("0.5工作时", "0.5", "work_hour"),
        ("5 个工作日", "5", "work_day"),
        ("３自然日", "3", "natural_day"),
        ("10\n工作日", "10", "work_day"),
    ],
)
def test_limits_as_cities_write_them(cell, amount, unit):
    assert read_limit(cell) == (Decimal(amount), unit)


@given(st.decimals("0.01", "9999", places=2), st.sampled_from(sorted(LIMIT_UNITS)))
def test_every_limit_with_a_known_unit_is_read_exactly(amount, unit):
    assert read_limit(f"{amount}{unit}") == (amount, LIMIT_UNITS[unit])


@given(st.text(max_size=12))
def test_any_other_text_is_refused_or_means_a_positive_limit(cell):
    try:
        amount, unit = read_limit(cell)
    except Unreadable:
        return
    assert amount > 0
    assert unit in LIMIT_UNITS.values()


@pytest.mark.parametrize("value", [datetime.date(2026, 5, 1), True, "=1+1", "#REF!", 5])
def test_cells_that_hold_no_text_are_named(tmp_path, value):
    reading = read(tmp_path, [[*LID[:5], value]])
    assert [place[:3] for place in told(reading)] == [("部件", 3, "处置时限 (F)")]


def test_a_number_as_code_counts_only_with_its_shown_zeros(tmp_path):
    path, book = save(tmp_path, [[1, *LID[1:]]])
    assert told(read_categories(path)) == [("部件", 3, "大类代码 (A)", "1")]
    book["部件"]["A3"].number_format = "00"
    book.save(path)
    assert read_categories(path).filings[0].major_code == "01"


def test_one_code_has_one_name(tmp_path):
    other = ["01", "公用设施", "01", "下水井盖", "破损", "1工作时"]
    assert told(read(tmp_path, [LID, other])) == [("部件", 4, "小类名称", "下水井盖")]


def test_a_condition_stands_once_in_its_class(tmp_path):
    reading = read(tmp_path, [LID, [None, None, None, None, "缺失", "3工作时"]])
    assert told(reading) == [("部件", 4, "立案条件", "缺失")]


def test_blank_rows_and_repeated_headers_are_passed_over(tmp_path):
    reading = read(
        tmp_path, [LID, [None] * 6, HEADERS, [None, None, None, None, "破损", "4工作时"]]
    )
    assert reading.problems == []
    assert len(reading.filings) == 3


def test_a_footnote_is_named(tmp_path):
    assert told(read(tmp_path, [LID, ["注:以上为试行标准"]]))[0] == (
        "部件",
        4,
        "大类代码 (A)",
        "注:以上为试行标准",
    )


def test_all_unreadable_cells_are_named_at_once(tmp_path):
    rows = [[*LID[:5], "3天"], [None, None, "x", "污水井盖", "缺失", "快"]]
    assert [(row, column) for _s, row, column, _f in told(read(tmp_path, rows))] == [
        (3, "处置时限 (F)"),
        (4, "小类代码 (C)"),
        (4, "处置时限 (F)"),
    ]


def test_a_missing_sheet_is_named(tmp_path):
    path, book = save(tmp_path)
    del book["事件"]
    book.save(path)
    reading = read_categories(path)
    assert [p.found for p in reading.problems] == ["部件"]


def test_csv_with_a_column_for_the_kind(tmp_path):
    path = tmp_path / "categories.csv"
    lines = [
        ",".join(["类别", *HEADERS]),
        ",".join(["部件", *LID]),
        ",,,,,破损,4工作时",
        ",".join(["事件", *NOISE]),
    ]
    path.write_text("\n".join(lines), encoding="gb18030")
    reading = read_categories(path)
    assert reading.problems == []
    assert [(f.kind, f.text) for f in reading.filings] == [
        ("component", "缺失"),
        ("component", "破损"),
        ("event", "高音喇叭"),
    ]


def test_csv_does_not_inherit_a_class_over_the_kinds(tmp_path):
    path = tmp_path / "categories.csv"
    lines = [",".join(["类别", *HEADERS]), ",".join(["部件", *LID]), "事件,,,,,噪音,4工作时"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert {p.row for p in read_categories(path).problems} == {3}


# files that nobody has to trust


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "categories.xlsx"
    path.write_bytes(content)
    assert len(read_categories(path).problems) == 1


def test_a_zip_bomb_is_refused_unread(tmp_path):
    path = tmp_path / "categories.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (60 * 2**20))
    assert path.stat().st_size < 2**20
    problem = str(read_categories(path).problems[0])
    assert "过大" in problem or "large" in problem


def test_a_huge_merged_area_is_refused(tmp_path):
    path, _book = save(tmp_path)
    rewrite(
        path,
        b"</sheetData>",
        b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )
    assert len(read_categories(path).problems) == 1


def test_entities_are_refused(tmp_path):
    path, _book = save(tmp_path)
    rewrite(path, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    assert len(read_categories(path).problems) == 1


def rewrite(path, old, new):
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            if name.startswith("xl/worksheets/sheet1"):
                content = content.replace(old, new, 1)
            package.writestr(name, content)


def test_every_documented_column_is_in_the_filing(tmp_path):
    row = [*LID, "补装", "水务局", "水务集团", "条例", "第二十三条", "拍照"]
    reading = read(tmp_path, [row], [NOISE], list(COLUMNS))
    filing = reading.filings[0]
    assert (filing.closing, filing.supervisor, filing.responsible) == ("补装", "水务局", "水务集团")
    assert (filing.legal_basis, filing.legal_clause) == ("条例", "第二十三条")
    assert filing.collection == "拍照"
