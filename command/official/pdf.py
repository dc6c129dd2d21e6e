"""A document as PDF, with the locked font: no font of the machine is asked."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextMode, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from command.official.document import Document, Table

FONT = Path("static/vendor/NotoSerifSC_400Regular.ttf")
RED = (200, 0, 0)
TEXT, HEAD, TITLE, SMALL = 16, 30, 22, 10
LINE = 10  # mm, the 28 points of the standard
# A number or Latin word, or one sign; with what opens before and closes after it.
PIECES = re.compile(r"[（《“〔]*(?:[A-Za-z0-9./:%-]{1,40}|.)[，。；：、！？）》”〕]*", re.DOTALL)
TOP, RIGHT, BOTTOM, LEFT = 37, 26, 35, 28


class Sheet(FPDF):
    """A4 with the margins of the standard, the font, and the number of each page."""

    def __init__(
        self,
        mark: str = "",
        orientation: str = "portrait",
        margins: tuple[float, float, float, float] = (TOP, RIGHT, BOTTOM, LEFT),
    ) -> None:
        super().__init__(orientation=orientation, format="A4")
        self.mark = mark
        top, right, bottom, left = margins
        self.set_margins(left, top, right)
        self.set_auto_page_break(True, bottom)
        self.add_font("Serif", fname=settings.BASE_DIR / FONT)
        self.set_font("Serif", size=TEXT)
        self.add_page()

    def header(self) -> None:
        if self.mark:
            self.set_font_size(SMALL)
            self.set_xy(self.l_margin, self.t_margin / 2)
            self.cell(0, 6, self.mark, align="R")
            self.set_font_size(TEXT)
        self.set_xy(self.l_margin, self.t_margin)

    def footer(self) -> None:
        self.set_y(-self.b_margin + 7)
        self.set_font_size(12)
        self.cell(0, 6, f"— {self.page_no()} —", align="C")
        self.set_font_size(TEXT)

    def written(self) -> BytesIO:
        """The finished file; the font's own is closed."""
        file = BytesIO(self.output())
        for font in self.fonts.values():
            font.ttfont.close()
        return file

    def say(self, words: str, size: float = TEXT, align: str = "L", height: float = LINE) -> None:
        self.set_font_size(size)
        self.multi_cell(0, height, words, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font_size(TEXT)

    def say_bold(self, words: str, size: float, height: float) -> None:
        """A head: the font has one weight, its outline makes the other."""
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size / 80):
            self.say(words, size, "C", height)

    def lay_table(self, table: Table, size: float = 12) -> None:
        self.set_font_size(size)
        style = FontFace(fill_color=(240, 240, 240))
        with self.table(
            col_widths=table.widths,
            line_height=size * 0.5,
            padding=1,
            text_align="LEFT",
            headings_style=style,
            borders_layout=TableBordersLayout.ALL,
            wrapmode=WrapMode.CHAR,
        ) as laid:
            for cells in (table.heads, *table.rows):
                row = laid.row()
                for cell in cells:
                    row.cell(cell)
        self.set_font_size(TEXT)
        self.ln(4)


def write_pdf(document: Document) -> BytesIO:
    sheet = Sheet(document.mark)
    sheet.set_title(document.title)
    sheet.set_author(document.issuer)
    red_head(sheet, document)
    sheet.say_bold(document.title, TITLE, 12)
    sheet.ln(LINE / 2)
    sheet.say(_("%(units)s:") % {"units": document.to})
    for part in document.body:
        lay_part(sheet, part)
    sign(sheet, document)
    return sheet.written()


def red_head(sheet: Sheet, document: Document) -> None:
    """The issuer in red, the number, and the red line between head and text."""
    with sheet.local_context(text_color=RED, draw_color=RED):
        sheet.say_bold(document.issuer, HEAD, 16)
    sheet.ln(4)
    sheet.say(document.shown_number, align="C")
    with sheet.local_context(draw_color=RED, line_width=0.6):
        sheet.line(LEFT, sheet.get_y() + 2, sheet.w - RIGHT, sheet.get_y() + 2)
    sheet.ln(LINE)


def lay_part(sheet: Sheet, part: str | Table) -> None:
    if isinstance(part, Table):
        sheet.ln(2)
        sheet.lay_table(part)
        return
    for paragraph in part.splitlines():
        for line in broken(f"\u3000\u3000{paragraph}", sheet.get_string_width, sheet.epw - 2):
            sheet.say(line)


def broken(words: str, width_of: Callable[[str], float], room: float) -> list[str]:
    """The lines of a paragraph: Chinese may break anywhere, but no sign that closes begins a line.

    fpdf breaks at spaces only, which Chinese does not have.
    """
    lines, line, used = [], "", 0.0
    for piece in PIECES.findall(words):
        width = width_of(piece)
        if line and used + width > room:
            lines.append(line)
            line, used = "", 0.0
            piece = piece.lstrip(" ")
        line, used = line + piece, used + width
    return [*lines, line]


def sign(sheet: Sheet, document: Document) -> None:
    """Issuer and day at the right, kept together on one page; then what it says of itself."""
    with sheet.unbreakable() as kept:
        kept.ln(LINE)
        for words in (document.issuer, document.date):
            kept.say(words, align="R")
        if document.note:
            kept.ln(4)
            kept.say(document.note, SMALL, height=6)
