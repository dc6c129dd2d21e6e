"""A document as docx, to be worked on in the office; laid out like the PDF."""

from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document as new_file
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from command.official.document import Document, Table
from command.official.pdf import BOTTOM, HEAD, LEFT, RIGHT, SMALL, TEXT, TITLE, TOP

RED = RGBColor(200, 0, 0)
SONG, FANG = "方正小标宋简体", "仿宋_GB2312"
CENTRE, END = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def write_docx(document: Document) -> BytesIO:
    file = new_file()
    lay_sheet(file)
    file.core_properties.title = document.title
    file.core_properties.author = document.issuer
    if document.mark:
        say(file, document.mark, SMALL, END)
    say(file, document.issuer, HEAD, CENTRE, font=SONG, color=RED)
    underline(say(file, document.shown_number, TEXT, CENTRE))
    say(file, document.title, TITLE, CENTRE, font=SONG)
    say(file, _("%(units)s:") % {"units": document.to})
    for part in document.body:
        lay_part(file, part)
    for words in (document.issuer, document.date):
        say(file, words, align=END)
    if document.note:
        say(file, document.note, SMALL)
    out = BytesIO()
    file.save(out)
    out.seek(0)
    return out


def lay_sheet(file) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    dress(file.styles["Normal"], FANG, TEXT)


def dress(style, font: str, size: float) -> None:
    """A run or style in a Chinese font: Word keeps that name apart from the Latin one."""
    style.font.name, style.font.size = font, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def say(file, words: str, size: float = TEXT, align=None, font: str = FANG, color=None):
    paragraph = file.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0 if size == TEXT else 6)
    run = paragraph.add_run(words)
    dress(run, font, size)
    if color is not None:
        run.font.color.rgb = color
    return paragraph


def underline(paragraph) -> None:
    """The red line under the head."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "C80000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.space_after = Pt(18)


def lay_part(file, part: str | Table) -> None:
    if isinstance(part, Table):
        lay_table(file, part)
        return
    for line in part.splitlines():
        say(file, line).paragraph_format.first_line_indent = Pt(2 * TEXT)


def lay_table(file, table: Table) -> None:
    laid = file.add_table(rows=0, cols=len(table.heads), style="Table Grid")
    laid.alignment, laid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    room = 210 - LEFT - RIGHT
    for cells in (table.heads, *table.rows):
        for cell, words, share in zip(laid.add_row().cells, cells, table.widths, strict=True):
            cell.width = Mm(room * share / sum(table.widths))
            dress(cell.paragraphs[0].add_run(words), FANG, 12)
    say(file, "", SMALL)
