"""An official document (公文): one content, shown as a page, as PDF and as docx."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _


class Table(NamedTuple):
    """Rows of words under their heads; `widths` are the columns' shares of the page."""

    heads: list[str]
    rows: list[list[str]]
    widths: tuple[int, ...]


@dataclass
class Document:
    """What a document says, in its order (GB/T 9704-2012, 党政机关公文格式).

    `to` is whom it addresses (主送), `number` is empty until it has been sent, `sample` marks what
    a demo district wrote.
    """

    issuer: str
    title: str
    number: str
    to: str
    body: list[str | Table]
    day: datetime.date | None
    note: str = ""
    sample: bool = False

    @property
    def date(self) -> str:
        return date_format(self.day, "DATE_FORMAT") if self.day else ""

    @property
    def shown_number(self) -> str:
        return self.number or _("not sent yet")

    @property
    def mark(self) -> str:
        return _("Sample data: of no official effect") if self.sample else ""

    @property
    def blocks(self) -> list[tuple[str, str | Table]]:
        """The body as (kind, content), for a template."""
        return [("table" if isinstance(part, Table) else "text", part) for part in self.body]
