"""The bulletin as an official document (page, PDF, docx) and as a workbook."""

import datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from command.bulletin import words
from command.bulletin.figures import Figures, Month
from command.excel import Columns, write_sheets
from command.frame import has_demo
from command.models import Bulletin
from command.official.document import Document, Table
from organization.calendar_words import listed
from organization.models import Unit
from whistle.models import Whistle

STREET_WIDTHS = (24, 10, 10, 10, 10, 14, 14, 13, 13, 13)
UNIT_WIDTHS = (9, 28, 10, 14, 14, 14, 9, 10, 9, 9, 12)


def document(
    month: Month, figures: Figures, bulletin: Bulletin | None, centre: Unit | None
) -> Document:
    """After it was issued with number, day and hash; before as a draft."""
    draft = [] if bulletin else [_("Draft: the figures are those of now and may still change.")]
    return Document(
        issuer=centre.name if centre else "",
        title=words.title(month),
        number=bulletin.number if bulletin else "",
        to=_("All streets and departments of the district"),
        body=[*draft, *words.summary(figures), *tables(figures), *slow_and_red(figures)],
        day=timezone.localdate(bulletin.issued_at) if bulletin else None,
        note=note(bulletin) if bulletin else "",
        sample=has_demo(),
    )


def note(bulletin: Bulletin) -> str:
    said = _("Issued by %(who)s; edition %(edition)s; hash of the figures %(hash)s.") % {
        "who": f"{bulletin.post} {bulletin.actor}",
        "edition": bulletin.edition,
        "hash": bulletin.hash,
    }
    if bulletin.reason:
        said += _(" Issued again: %(reason)s") % {"reason": bulletin.reason}
    return said


def tables(figures: Figures) -> list[str | Table]:
    streets = [words.rated(row) for row in figures["streets"]]
    units = figures["departments"]
    found: list[str | Table] = []
    if streets:
        heads = [_("Street"), *(str(head) for _name, head, _opens in words.STREETS)]
        rows = [[row["name"], *cells(row, words.STREETS)] for row in streets]
        total = [_("Together"), *cells(words.street_totals(figures), words.STREETS)]
        found += [_("Whistles of the streets"), Table(heads, [*rows, total], STREET_WIDTHS)]
    if units:
        heads = [pgettext("bulletin", "Rank"), _("Department")]
        heads += [str(head) for _name, head, _opens in words.UNITS]
        rows = [[words.shown(r["rank"]), r["name"], *cells(r, words.UNITS)] for r in units]
        total = ["", _("Together"), *cells(words.unit_totals(figures), words.UNITS)]
        found += [_("Answers of the departments"), Table(heads, [*rows, total], UNIT_WIDTHS)]
    return found


def cells(row: Figures, columns: Any) -> list[str]:
    return [words.shown(row[name], share=words.is_share(name)) for name, _head, _opens in columns]


def slow_and_red(figures: Figures) -> list[str | Table]:
    found: list[str | Table] = []
    if rows := figures["red"]:
        heads = [_("Red card for"), _("Number of the order"), _("Day")]
        cells = [[row["unit"], row["order"], day(row["at"])] for row in rows]
        found += [_("Red cards"), Table(heads, cells, (30, 40, 30))]
    if rows := figures["slow"]:
        heads = [_("Whistle"), _("Street"), _("Still at work"), pgettext("bulletin", "Days")]
        cells = [[r["number"], r["street"], listed(r["units"]), str(r["days"])] for r in rows]
        found += [_("Open longest"), Table(heads, cells, (38, 18, 32, 12))]
    return found


def day(moment: str) -> str:
    return f"{timezone.localtime(datetime.datetime.fromisoformat(moment)):%Y-%m-%d}"


def workbook(figures: Figures) -> IO[bytes]:
    """One sheet for streets, one for departments, with the counts behind the shares."""
    streets = [words.rated(row) for row in figures["streets"]]
    rank: Columns = ((pgettext("bulletin", "Rank"), 8, reader("rank")),)
    of_streets = columns(_("Street"), words.STREETS, words.SUMS_OF_STREETS)
    of_units = columns(_("Department"), words.UNITS, words.SUMS_OF_UNITS)
    return write_sheets(
        (_("Streets"), of_streets, streets),
        (_("Departments"), rank + of_units, figures["departments"]),
        (_("Open longest"), SLOW, figures["slow"]),
    )


SLOW: Columns = (
    (gettext_lazy("Whistle"), 24, lambda row: row["number"]),
    (pgettext_lazy("whistle", "Type"), 12, lambda row: Whistle.Kind(row["kind"]).label),
    (gettext_lazy("Street"), 14, lambda row: row["street"]),
    (gettext_lazy("Still at work"), 30, lambda row: listed(row["units"])),
    (pgettext_lazy("bulletin", "Days"), 8, lambda row: row["days"]),
)


def columns(first: str, shown: Any, counts: Any) -> Columns:
    """The columns of the page, then the counts that it does not show."""
    heads = {name: head for name, head, _opens in shown}
    heads |= {name: words.COUNTS[name] for name in counts if name not in heads}
    named: Columns = ((first, 18, reader("name")),)
    return named + tuple((head, 12, reader(name)) for name, head in heads.items())


def reader(name: str) -> Any:
    return lambda row: row[name]
