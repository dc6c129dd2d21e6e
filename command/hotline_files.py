"""The page of a large file of the hotline: progress, counts, the verdicts a page at a time."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organization.models import User
from whistle.hotline_files import counts, percent
from whistle.models import HotlineFile, HotlineRow
from workflow.paging import page

ROWS = 100
LATEST = 5
LOOKS = {"ready": "act", "known": "still", "wrong": "late", "taken": "done"}
State = HotlineFile.State


def files_of() -> list[HotlineFile]:
    """The last files that were left to the worker."""
    return list(HotlineFile.objects.select_related("by").defer("kept")[:LATEST])


def page_of(file: HotlineFile, user: User, query: Mapping[str, str]) -> dict[str, Any]:
    counted = counts(file)
    chosen = query.get("verdict", "")
    chosen = chosen if chosen in HotlineRow.Verdict.values else ""
    rows = file.rows.filter(verdict=chosen) if chosen else file.rows.all()
    try:
        shown = page(rows, query.get("cursor", ""), ROWS, ("row",))
    except ValidationError:
        shown = page(rows, "", ROWS, ("row",))
    return {
        "file": file,
        "counts": counted,
        "tabs": tabs(counted, chosen),
        "rows": shown.rows,
        "looks": LOOKS,
        "progress": progress(file, counted),
        "may_take": file.state == State.SHOWN and file.by_id == user.pk and counted["ready"],
        "pages": {
            "newer_url": url_of(chosen, shown.previous),
            "older_url": url_of(chosen, shown.next),
        },
    }


def url_of(verdict: str, cursor: str) -> str:
    query = {"verdict": verdict, "cursor": cursor}
    given = {name: value for name, value in query.items() if value}
    return f"?{urlencode(given)}" if cursor else ""


def tabs(counted: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    kinds = [("", _("All")), *HotlineRow.Verdict.choices]
    return [
        {
            "label": label,
            "count": counted[kind] if kind else counted["looked"],
            "url": f"?verdict={kind}" if kind else "?",
            "current": kind == chosen,
        }
        for kind, label in kinds
    ]


def progress(file: HotlineFile, counted: dict[str, int]) -> dict[str, Any]:
    """Of `parts/progress.html`; the page around it asks for itself again."""
    looking = file.state == State.LOOKING
    done = counted["looked"] if looking else counted["taken"]
    total = file.total if looking else counted["taken"] + counted["ready"]
    words = _("%(done)s of %(total)s rows; you may leave this page.")
    return {
        "label": _("Looking the rows through …") if looking else _("Taking the rows …"),
        "percent": percent(file, counted),
        "note": words % {"done": done, "total": total},
        "url": "",
        "page": reverse("hotline_file", args=[file.pk]),
    }
