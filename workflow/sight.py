"""The projection of who sees which paper, and the word to open pages that it moved."""

import datetime
from typing import Any

from django.db import connection
from django.db.models import ForeignKey

from organization.models import Unit
from workflow.models import Change, Paper

_RECORD = """
INSERT INTO {change} (at, paper, paper_id, units)
SELECT %s, %s, %s, array_agg(unit_id) FROM {sight} WHERE paper_id = %s
"""


_RECORD_ALL = """
INSERT INTO {change} (at, paper, paper_id, units)
SELECT %s, %s, paper_id, array_agg(unit_id) FROM {sight} WHERE paper_id = ANY(%s) GROUP BY paper_id
"""


def load_units(*papers: Paper) -> None:
    """Read every unit that papers of one kind name in one query: joining them costs far more."""
    fields = papers[0]._meta.fields if papers else ()
    names = [f for f in fields if isinstance(f, ForeignKey) and f.related_model is Unit]
    wanted = {getattr(paper, f.attname) for paper in papers for f in names} - {None}
    units = Unit.objects.in_bulk(wanted)
    for paper in papers:
        for f in names:
            pk = getattr(paper, f.attname)
            f.set_cached_value(paper, units[pk] if pk else None)


def widen(paper: Any, *more: Unit) -> None:
    """Let the units concerned, and all above them, see the paper; nobody loses sight again."""
    units = {pk for unit in (*paper.units_concerned(), *more) for pk in unit.path}
    seen = paper.seen_as()
    model = seen.sight_model()
    rows = [model(paper=seen, unit_id=pk, created=seen.created) for pk in sorted(units)]
    model.objects.bulk_create(rows, ignore_conflicts=True)


def record_change(paper: Paper, now: datetime.datetime) -> None:
    """Tell open pages, after the commit, that the paper moved: ids only."""
    seen = paper.seen_as()
    _record(seen, now, seen._meta.label_lower, seen.pk)


def record_presence(paper: Paper, now: datetime.datetime) -> None:
    """Tell the pages on which the paper is open that somebody has come, goes, or writes."""
    _record(paper.seen_as(), now, f"workflow.presence-{paper.flow.name}", paper.pk)


def _record(seen: Paper, now: datetime.datetime, label: str, pk: int) -> None:
    sql = _RECORD.format(change=Change._meta.db_table, sight=seen.sight_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, label, pk, seen.pk])


def record_changes(model: Any, pks: list[int], now: datetime.datetime) -> None:
    """The same for many papers of one kind at once."""
    seen = model.seen_model()
    if seen is not model:
        rows = model.objects.filter(pk__in=pks).values_list(model.to_seen, flat=True)
        pks = list(rows.distinct())
    sight = seen.sight_model()._meta.db_table
    sql = _RECORD_ALL.format(change=Change._meta.db_table, sight=sight)
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, seen._meta.label_lower, pks])
