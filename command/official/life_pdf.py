"""The whole life of an order as PDF."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from command.official.pdf import Sheet
from command.papers.life import exactly, pauses_in_words, sections

TITLE, HEAD, TEXT = 20, 13, 10
LINE = 6
ROOM = 45  # mm for a head, a line and the first rows


def write_life(record: dict[str, Any], mark: str) -> BytesIO:
    sheet = Sheet(mark, orientation="landscape", margins=(20, 15, 22, 15))
    sheet.set_title(f"{record['number']} {record['title']}")
    sheet.say_bold(_("The whole life of an order"), TITLE, 12)
    head = [f"{record['number']}  {record['title']}", made(record), *pauses_in_words(record)]
    for words in head:
        sheet.say(words, TEXT, height=LINE)
    for section in sections(record):
        start_section(sheet)
        sheet.say(section.title, HEAD, height=8)
        sheet.say("  ".join(section.lines), TEXT, height=LINE)
        for table in section.tables:
            sheet.lay_table(table, 8)
    seal_off(sheet, record)
    return sheet.written()


def start_section(sheet: Sheet) -> None:
    """A head stands on the page of the first rows under it."""
    if sheet.will_page_break(ROOM):
        sheet.add_page()
    else:
        sheet.ln(4)


def made(record: dict[str, Any]) -> str:
    words = _("Exported %(at)s by %(who)s; what this person may see.")
    return words % {"at": exactly(record["made_at"]), "who": record["made_by"]}


def seal_off(sheet: Sheet, record: dict[str, Any]) -> None:
    """By what the paper copy is compared with the file and with the log."""
    words = _("Seal of the record (SHA-256): %(seal)s")
    sheet.say(words % {"seal": record["seal"]}, TEXT, height=LINE)
    for anchor in record["anchors"]:
        words = _("Anchor %(flow)s of %(day)s: %(hash)s") % anchor
        sheet.say(words, TEXT, height=LINE)
