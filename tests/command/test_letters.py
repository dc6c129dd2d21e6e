"""The letter of a street and the replies of departments: one content, three shapes."""

import re
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from docx import Document as read_docx
from fontTools.ttLib import TTFont

from command.official import pdf
from command.papers.letter import letter, reply
from tests.command.pages import at, browser_of
from tests.whistle.paces import Paces
from whistle.erasing import erase
from whistle.models import Response

PDF, DOCX = "application/pdf", "officedocument"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 15), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


def url_of(whistle, rest):
    return f"/whistles/{whistle.number}/{rest}"


def file_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer, BytesIO(b"".join(answer.streaming_content))


def words_of(file):
    """All that a docx says, tables too."""
    document = read_docx(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_letter_names_whom_it_asks_for_what_by_when(paces, leader):
    paces.give_room()
    whistle = paces.blown()
    page = leader.get(url_of(whistle, "letter/")).text
    for words in (
        whistle.letter_number,
        "区水务局",
        "区住建局",
        "修复并核实产权",
        "2 working days",
    ):
        assert words in page
    assert re.search(r"2 working days<br>2026-10-21 18:00", page)
    assert page.index("Lead") < page.index("Assist")


def test_a_draft_has_a_letter_without_number(paces, leader):
    whistle = paces.drafted()
    assert "not sent yet" in leader.get(url_of(whistle, "letter/")).text
    assert letter(whistle).to == "区水务局, 区住建局"


def test_a_community_whistles_without_a_letter(paces, leader):
    assert leader.get(url_of(paces.level_two(), "letter/")).status_code == 404


def test_the_docx_says_what_the_page_says(paces, leader):
    whistle = paces.blown()
    answer, file = file_of(leader, url_of(whistle, "letter.docx"))
    words = words_of(file)
    assert DOCX in answer.headers["Content-Type"]
    for said in letter(whistle).body[:2]:
        assert said in words
    assert whistle.letter_number in words and "修复并核实产权" in words


def test_the_pdf_carries_its_own_font(paces, leader):
    whistle = paces.blown()
    answer, file = file_of(leader, url_of(whistle, "letter.pdf"))
    assert answer.headers["Content-Type"] == PDF
    assert file.getvalue().startswith(b"%PDF-") and b"NotoSerifSC" in file.getvalue()


def test_the_font_knows_the_rare_signs_of_names():
    with TTFont(pdf.settings.BASE_DIR / pdf.FONT, lazy=True) as font:
        known = font.getBestCmap()
    assert not [sign for sign in "秦淮〔〕—“”、㙍䶮堃喆" if ord(sign) not in known]


def test_an_unknown_shape_is_not_found(paces, leader):
    assert leader.get(url_of(paces.blown(), "letter.exe")).status_code == 404


def test_a_long_text_goes_on_over_pages(paces):
    whistle = paces.blown()
    document = letter(whistle)
    document.body[0] = "请各单位共同处置，逐户核实产权，分段修复。" * 200
    pages = re.search(rb"/Count (\d+)", pdf.write_pdf(document).getvalue())
    assert int(pages[1]) > 5


def test_lines_break_between_signs_but_never_before_one_that_closes():
    lines = pdf.broken("请在2026-10-21前办结，（逐户）核实。", len, 14)
    assert lines == ["请在2026-10-21前办", "结，（逐户）核实。"]
    assert pdf.broken("逐户核实，", len, 4) == ["逐户核", "实，"]


def test_the_reply_answers_the_letter_by_number(paces, leader):
    response = paces.done()
    page = leader.get(url_of(response.whistle, f"replies/{response.pk}/")).text
    for words in (response.reply_number, response.whistle.letter_number, "已修复", "区水务局"):
        assert words in page
    assert "139" not in page  # the phone of who leads


def test_the_reply_comes_as_files_too(paces, leader):
    response = paces.done()
    url = url_of(response.whistle, f"replies/{response.pk}")
    assert "已修复" in words_of(file_of(leader, f"{url}.docx")[1])
    assert file_of(leader, f"{url}.pdf")[1].getvalue().startswith(b"%PDF-")


def test_the_whistles_page_leads_to_the_reply(paces, leader):
    response = paces.done()
    page = leader.get(url_of(response.whistle, "")).text
    assert url_of(response.whistle, f"replies/{response.pk}/") in page


def test_who_has_not_answered_has_no_reply(paces, leader):
    response = paces.arrived()
    assert leader.get(url_of(response.whistle, f"replies/{response.pk}/")).status_code == 404


def test_a_reply_stands_under_its_own_whistle_only(paces, leader):
    response, other = paces.done(), paces.blown()
    assert leader.get(url_of(other, f"replies/{response.pk}/")).status_code == 404


@pytest.mark.parametrize("rest", ["letter/", "letter.pdf", "letter.docx", "replies/{}/"])
def test_strangers_get_neither_letter_nor_reply(paces, rest):
    response = paces.done()
    stranger = browser_of(paces.p.stranger)
    assert stranger.get(url_of(response.whistle, rest.format(response.pk))).status_code == 404


def test_erased_words_are_gone_from_the_reply(paces):
    response = paces.done()
    erase(response.whistle.order)
    response = Response.objects.get(pk=response.pk)
    assert "已修复" not in str(reply(response).body)


def test_sample_data_says_so(paces, leader):
    cache.delete("has-demo")
    paces.p.leader.demo = True
    paces.p.leader.save()
    whistle = paces.blown()
    assert "of no official effect" in leader.get(url_of(whistle, "letter/")).text
    assert "of no official effect" in words_of(file_of(leader, url_of(whistle, "letter.docx"))[1])
    cache.delete("has-demo")
