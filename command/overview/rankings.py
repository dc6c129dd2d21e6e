"""Rankings of streets and departments: the best, the last, and all of them on demand."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from command.overview.figures import UnitRow

BEST, LAST = 4, 3

Say = Callable[[UnitRow], dict[str, Any]]


def ranking(
    rows: list[UnitRow], url: Callable[[str], str], say: Say, *, full: bool
) -> dict[str, Any]:
    """Best four and last three unless `full`; the units between are one line."""
    floor = floor_of(rows)
    shown = [rank_row(n, row, floor, url, say) for n, row in enumerate(rows, 1)]
    folds = not full and len(shown) > BEST + LAST + 1
    if folds:
        middle = rows[BEST:-LAST]
        words = _("%(n)s between, %(best)s to %(last)s")
        gap = {"n": len(middle), "best": middle[0].value, "last": middle[-1].value}
        shown[BEST:-LAST] = [{"gap": words % gap}]
    return {"rows": shown, "count": len(rows), "folds": folds, "floor": floor}


def floor_of(rows: list[UnitRow]) -> int:
    """Where the bars begin: so that differences show, and the last one still has a bar."""
    lowest = min((row.value for row in rows), default=0)
    return max(0, int(lowest // 10) * 10 - 10)


def rank_row(
    n: int, row: UnitRow, floor: int, url: Callable[[str], str], say: Say
) -> dict[str, Any]:
    return {
        "n": n,
        "name": row.unit["name"],
        "url": url(row.unit["code"]),
        "width": (row.value - floor) / (100 - floor) * 100,
        "value": f"{row.value:.1f}",
        "count": row.count,
    } | say(row)


def say_move(row: UnitRow) -> dict[str, Any]:
    """By how many places a street rose or fell; how many count where there was nothing before."""
    if row.moved is None:
        return {"note": _("%(n)s papers") % {"n": row.count}}
    if not row.moved:
        return {"note": _("same place")}
    return {"up": row.moved > 0, "change": str(abs(row.moved))}


def say_count(row: UnitRow) -> dict[str, Any]:
    return {"note": _("%(n)s whistles") % {"n": row.count}}
