"""Documented tables: columns by their header, and every unreadable cell named with its place."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from organization import tables
from organization.tables import Column, Problem, Refused, letter, read_table

COLUMNS = [
    Column("code", "编码", tables.matching(r"\d{3}", lambda: "three digits")),
    Column("name", "名称", tables.text(4)),
    Column("open", "开放", tables.yes_no, False),
    Column("day", "日期", tables.date, None),
]


@pytest.fixture
def read(tmp_path):
    def read(text, encoding="utf-8"):
        path = tmp_path / "things.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_table(path, COLUMNS)

    return read


def places(table):
    return [(p.row, p.column, p.found) for p in table.problems]


def test_rows_are_read_by_header_in_any_order(read):
    table = read("name,code,day\n甲,001,2026-02-28\n乙,002,\n")
    assert [(r["code"], r["name"], r["open"], str(r["day"])) for r in table] == [
        ("001", "甲", False, "2026-02-28"),
        ("002", "乙", False, "None"),
    ]


def test_headers_may_be_chinese(read):
    assert [row["open"] for row in read("编码,名称,开放\n001,甲,是\n")] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_as_excel_writes_them(read, encoding):
    assert [row["name"] for row in read("code,name\r\n001,秦淮\r\n", encoding)] == ["秦淮"]


def test_every_unreadable_cell_is_named(read):
    table = read("code,name,open,day\n1,甲,maybe,2026-02-30\n002,名字太长了,,\n")
    assert places(table) == [
        (2, "code", "1"),
        (2, "open", "maybe"),
        (2, "day", "2026-02-30"),
        (3, "name", "名字太长了"),
    ]
    assert table.rows == []


def test_an_empty_cell_that_must_be_filled_is_named(read):
    assert places(read("code,name\n001,\n")) == [(2, "name", "")]


def test_blank_rows_are_passed_over_but_counted(read):
    table = read("code,name\n\n,\n001,甲\n")
    assert [row.number for row in table] == [4]


def test_an_unknown_header_is_named_with_its_column(read):
    assert places(read("code,name,colour\n001,甲,red\n")) == [(1, "C", "colour")]


def test_a_note_is_allowed_everywhere(read):
    assert not read("code,name,note\n001,甲,随便写\n").problems


def test_a_header_that_stands_twice_is_named(read):
    assert places(read("code,name,编码\n001,甲,002\n")) == [(1, "C", "编码")]


def test_a_missing_column_is_named(read):
    assert [(p.row, p.column) for p in read("code\n001\n").problems] == [(1, "")]
    assert len(read("").problems) == 2


def test_a_cell_under_no_header_is_named(read):
    assert [p.row for p in read("code,name\n001,甲,乙\n").problems] == [2]


def test_control_characters_are_refused(read):
    assert places(read("code,name\n001,甲\x00\n")) == [(2, "name", "甲\x00")]


def test_what_is_no_text_is_refused(read):
    assert len(read(b"\xff\xfe\x00\x81").problems) == 1
    assert len(read('code,name\n001,"甲').problems) == 1


def test_a_file_that_is_too_large_is_not_read(read, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    assert len(read("code,name\n001,甲\n").problems) == 1


def test_rows_that_repeat_a_key_are_named(read):
    table = read("code,name\n001,甲\n002,乙\n001,丙\n")
    table.check_unique("code")
    assert places(table) == [(4, "code", "001")]


def test_a_problem_is_one_sentence_in_the_users_language():
    problem = Problem("units.csv", "three digits are expected", "", 7, "code", "1")
    with translation.override("en"):
        assert str(problem) == (
            "units.csv, row 7, column code: found “1”; three digits are expected"
        )


def test_a_long_cell_is_shown_shortened():
    problem = Problem("units.csv", "shorter", found="长" * 500)
    assert len(str(problem)) < 120


@given(st.integers(0, 20_000))
def test_columns_have_the_names_that_spreadsheets_give_them(place):
    name = letter(place)
    number = 0
    for sign in name:
        number = number * 26 + ord(sign) - 64
    assert number - 1 == place


@given(st.text())
def test_no_text_breaks_a_reader(cell):
    readers = [
        tables.yes_no,
        tables.date,
        tables.positive,
        tables.whole(1, 5),
        tables.phone,
        tables.text(5),
        tables.one_of({"a": "甲"}),
    ]
    for reader in readers:
        try:
            reader(cell)
        except tables.Unreadable as error:
            assert str(error)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "things.csv"
    path.write_bytes(content)
    table = read_table(path, COLUMNS)
    assert table.problems or table.rows == [] or content


def test_refused_says_everything():
    refused = Refused([Problem("a.csv", "one"), Problem("b.csv", "two")])
    assert "a.csv" in str(refused) and "b.csv" in str(refused)


@pytest.mark.parametrize(
    "cell", ["a@b@c.cn", "值班@b.cn", "a b@c.cn", "a", "a@", f"{'a' * 120}@b.cn"]
)
def test_what_is_no_mail_address_is_refused(cell):
    with pytest.raises(tables.Unreadable):
        tables.mail(cell)
    assert tables.mail("duty@water.example") == "duty@water.example"
