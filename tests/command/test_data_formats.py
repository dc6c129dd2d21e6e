"""The documentation names every file, column and header that the loader reads."""

from pathlib import Path

import pytest

from command.district.folder import KNOWN
from organization.loading import files
from whistle import load as policy
from whistle.spreadsheet import COLUMNS as HEADERS

TEXT = (Path(__file__).parents[2] / "docs" / "data-formats.md").read_text(encoding="utf-8")
COLUMNS = files.COLUMNS | policy.COLUMNS


@pytest.mark.parametrize("name", KNOWN)
def test_every_file_is_documented(name):
    assert name in TEXT


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_documented_with_both_names(name):
    section = TEXT[TEXT.index(f"{name}.csv", TEXT.index("### units.csv")) :]
    section = section.split("\n### " if name != "score_schemes" else "\n## ", 1)[0]
    for column in COLUMNS[name]:
        marked = f"`{column.name}`{' *' if column.required else ''}"
        assert marked in section, column.name
        assert column.title in section, column.title


@pytest.mark.parametrize("header", HEADERS)
def test_every_header_of_the_category_table_is_documented(header):
    _name, _read, required = HEADERS[header]
    assert f"{header} *" in TEXT if required else header in TEXT
