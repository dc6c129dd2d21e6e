"""The monthly bulletin: counted until it is issued, kept as issued afterwards."""

from io import BytesIO

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from docx import Document as open_docx
from openpyxl import load_workbook

from command.models import Bulletin
from organization.models import Unit
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.models import Whistle

PAGE = "/bulletins/2026-10/"
ISSUE = f"{PAGE}issue/"


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


@pytest.fixture
def centre(district):
    """Somebody who supervises for the whole district."""
    return browser_of(district.people.district)


def november(day=2):
    return time_machine.travel(at(19, 9).replace(month=11, day=day), tick=False)


def october(paces):
    """One concluded whistle, scored 95; one in which 区水务局 signed three hours late."""
    paces.concluded()
    late = paces.blown(kind="tough")
    paces.now = paces.now.replace(hour=15)
    response = paces.response_of(late, paces.d.water)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    return late


def row_of(page, rows, name):
    """A row of a table as texts, by the heads of the page in English."""
    heads = [
        str(head) for head in page.context["unit_heads" if rows == "units" else "street_heads"]
    ]
    row = next(row for row in page.context[rows] if row["name"] == name)
    return dict(zip(heads, row["cells"], strict=True))


def test_the_months_begin_with_the_first_whistle(paces):
    leader = browser_of(paces.p.leader)

    def months():
        with november():
            return [row["url"] for row in leader.get("/bulletins/").context["rows"]]

    assert months() == ["/bulletins/2026-11/"]
    october(paces)
    assert months() == ["/bulletins/2026-11/", "/bulletins/2026-10/"]


def test_the_draft_counts_what_became_of_the_month_s_whistles(paces, leader):
    october(paces)
    with november():
        page = leader.get(PAGE)
    street = row_of(page, "streets", paces.d.street.title)
    assert {head: cell["text"] for head, cell in street.items()} == {
        "Blown": "2",
        "Routine": "1",
        "Emergency": "0",
        "Tough": "1",
        "Confirmed in time": "100%",
        "Scored in time": "100%",
        "Concluded %": "50%",
        "Solved %": "100%",
        "Satisfied %": "100%",
    }
    water = row_of(page, "units", "区水务局")
    told = {head: water[head]["text"] for head in ("Called", "Signed in time", "Mean score")}
    assert told == {"Called": "2", "Signed in time": "50%", "Mean score": "95"}
    assert "The streets blew 2 whistles: 1 routine, 0 emergency, 1 tough." in page.text
    assert "Draft" in page.text


def expected_count(cell):
    """How many whistles a cell must open; None where it is a share or a mean."""
    if cell["late"]:
        return cell["late"]
    share = cell["text"].endswith("%") or cell["text"] == "95"
    return None if share else int(cell["text"])


def test_every_number_opens_the_papers_behind_it(paces, leader):
    """The last row of the departments counts answers: several may belong to one whistle."""
    october(paces)
    with november():
        page = leader.get(PAGE)
        rows = [*page.context["streets"], *page.context["units"][:-1]]
        cells = [cell for row in rows for cell in row["cells"] if cell["url"]]
        for cell in cells:
            found = leader.get(cell["url"]).context
            count, wanted = found["count"][0], expected_count(cell)
            assert not found["list"].ignored and count, cell
            assert wanted in (None, count), cell
    assert len(cells) > 15


def test_a_month_that_was_issued_no_longer_changes(paces, leader, centre):
    late = october(paces)
    with november():
        assert centre.post(ISSUE).status_code == 302
        kept = Bulletin.objects.get()
        paces.now = at(19, 9).replace(month=11, day=2)
        paces.step(late, "cancel", paces.p.street_head, note="误吹")
        page, now = leader.get(PAGE), leader.get(f"{PAGE}?draft=1")
    assert kept.hash == kept.digest() and kept.hash[:16] in page.text
    assert (kept.number, kept.edition) == (f"{kept.unit.title}通报〔2026〕1号", 1)
    assert row_of(page, "units", "区水务局")["Called"]["text"] == "2"
    assert row_of(now, "units", "区水务局")["Called"]["text"] == "1"
    for sql in ("DELETE FROM command_bulletin", "UPDATE command_bulletin SET figures = '{}'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_it_is_issued_again_with_a_reason_only(paces, centre):
    october(paces)
    with november():
        centre.post(ISSUE)
        refused = centre.post(ISSUE)
        assert refused.status_code == 400 and "Say why it is issued again." in refused.text
        centre.post(ISSUE, {"reason": "申诉更正"})
        page, first = centre.get(PAGE), centre.get(f"{PAGE}?edition=1")
    assert page.context["bulletin"].edition == 2 and "申诉更正" in page.text
    assert first.context["bulletin"].edition == 1


def test_only_the_district_centre_issues_and_only_what_is_over(paces, leader, centre):
    october(paces)
    with time_machine.travel(at(31, 12), tick=False):
        early = centre.post(ISSUE)
        assert early.status_code == 400 and "not over yet" in early.text
    with november():
        for office in ("leader", "dispatcher", "duty_leader"):
            assert browser_of(getattr(paces.p, office)).post(ISSUE).status_code == 403
        assert 'id="issue"' not in leader.get(PAGE).text
    assert not Bulletin.objects.exists()


def test_departments_read_what_was_issued_and_wardens_nothing(paces, centre):
    october(paces)
    liaison, warden = browser_of(paces.p.liaison), browser_of(paces.p.warden)
    with november():
        assert liaison.get(PAGE).status_code == 404
        assert liaison.get("/bulletins/").context["rows"] == []
        centre.post(ISSUE)
        assert row_of(liaison.get(PAGE), "units", "区住建局")["Called"]["text"] == "2"
        assert liaison.get(f"{PAGE}?draft=1").context["bulletin"] is not None
        assert warden.get(PAGE).status_code == warden.get("/bulletins/").status_code == 404
    with time_machine.travel(at(19, 16), tick=False):
        assert browser_of(paces.p.leader).get("/bulletins/2026-11/").status_code == 404


def test_the_draft_counts_what_its_reader_may_see(paces):
    october(paces)
    with november():
        page = browser_of(paces.p.stranger).get(PAGE)
    assert page.context["streets"] == page.context["units"] == []
    assert "No whistle was blown in this month." in page.text


def test_it_goes_out_as_docx_pdf_and_workbook(paces, centre):
    october(paces)
    with november():
        centre.post(ISSUE)
        docx, pdf, xlsx = (
            b"".join(centre.get(f"/bulletins/2026-10.{kind}").streaming_content)
            for kind in ("docx", "pdf", "xlsx")
        )
    paper = open_docx(BytesIO(docx))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    kept = Bulletin.objects.get()
    assert kept.number in words and kept.hash in words
    assert [len(table.rows) for table in paper.tables][:2] == [3, 4]
    assert pdf.startswith(b"%PDF")
    book = load_workbook(BytesIO(xlsx))
    heads, first, *_rest = book["Departments"].values
    row = dict(zip(heads, first, strict=True))
    assert (row["Department"], row["Mean score"], row["Called"]) == ("区水务局", 95, 2)


def test_it_costs_the_same_for_few_and_many(paces, leader):
    october(paces)
    with november():
        few = cost(leader, PAGE)
    other = Unit.objects.get(pk=paces.d.other_street.pk)
    Whistle.objects.filter(pk=paces.blown().pk).update(caller=other)
    paces.blown(paces.d.district_centre)
    with november():
        assert cost(leader, PAGE) == few <= 20
