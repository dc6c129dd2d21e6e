"""The list as an Excel file: all rows, no formula, nobody's name."""

import io

import pytest
import time_machine
from openpyxl import load_workbook

from tests.command.pages import at, browser_of
from tests.whistle.paces import Paces

FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("http://x")', "=cmd|' /C'!A0"]


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(at(20, 10), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def centre(district):
    return browser_of(district.people.dispatcher)


def sheet_of(client, query=""):
    answer = client.get(f"/work-orders/export/?sort=created{query}")
    assert answer.status_code == 200
    content = io.BytesIO(b"".join(answer.streaming_content))
    return load_workbook(content).active, answer


def rows_of(sheet):
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_file_holds_the_narrowed_list(paces, centre):
    closed, _open = paces.closed(), paces.reported()
    sheet, answer = sheet_of(centre, "&status=closed")
    assert [row["Number"] for row in rows_of(sheet)] == [closed.number]
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="orders-20261020-1000.xlsx"'
    )


def test_the_whole_list_is_exported_not_one_page(paces, centre):
    made = [paces.reported().number for _n in range(55)]
    sheet, _answer = sheet_of(centre)
    assert [row["Number"] for row in rows_of(sheet)] == made[::-1]


def test_a_row_says_what_the_page_says(paces, centre):
    paces.dispatched(description="一角断裂", source_number="W-7")
    row = rows_of(sheet_of(centre)[0])[0]
    assert row["Title"] == "平江府路污水井盖破损"
    assert row["In hand of"] == "夫子庙城管部"
    assert row["Filing condition"] == "破损大于25平方厘米"
    assert row["Number at the source"] == "W-7"
    assert row["Reported at"] == at(19, 9).replace(tzinfo=None)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(paces, centre, text):
    paces.reported(title=text, description=text, address=text)
    sheet, _answer = sheet_of(centre)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sheet["C2"].value == text.strip() or sheet["C2"].value == text


def test_signs_that_a_sheet_cannot_hold_are_left_out(paces, centre):
    paces.reported(description="井盖\x08破损\x1f")
    assert rows_of(sheet_of(centre)[0])[0]["Description"] == "井盖破损"


def test_reporters_are_masked(paces, centre):
    paces.reported(reporter=None, reporter_name="张建国", reporter_phone="13812345521")
    paces.reported(
        reporter=None, reporter_name="李四", reporter_phone="13812345522", confidential=True
    )
    rows = rows_of(sheet_of(centre)[0])
    assert [row["Reporter (masked)"] for row in rows] == [None, "张*国 138****5521"]


def test_a_long_list_is_cut_and_says_so(paces, centre, monkeypatch):
    monkeypatch.setattr("command.excel.MOST", 3)
    made = [paces.reported().number for _n in range(5)]
    sheet, _answer = sheet_of(centre)
    numbers = [row["Number"] for row in rows_of(sheet)]
    assert numbers[:3] == made[:1:-1]
    assert numbers[3].startswith("Only the newest 3 are in this file.")


def test_a_list_of_exactly_the_limit_is_whole(paces, centre, monkeypatch):
    monkeypatch.setattr("command.excel.MOST", 3)
    for _n in range(3):
        paces.reported()
    assert len(rows_of(sheet_of(centre)[0])) == 3


def test_strangers_get_an_empty_file(paces):
    paces.reported()
    assert rows_of(sheet_of(browser_of(paces.p.stranger))[0]) == []


def test_the_file_costs_the_same_however_long(paces, centre, django_assert_max_num_queries):
    for _n in range(30):
        paces.dispatched()
    sheet_of(centre)
    with django_assert_max_num_queries(8):
        sheet_of(centre)
