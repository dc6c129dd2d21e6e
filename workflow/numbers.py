"""Numbers of papers: gapless per issuing unit and Shanghai year, taken last in the transaction."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from organization.models import Unit
from workflow.models import Counter

_TAKE = """
INSERT INTO {table} (flow, unit_id, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT ON CONSTRAINT counter_once DO UPDATE SET last = {table}.last + 1
RETURNING last
"""


def next_key(model: Any) -> int:
    """The key of the next paper of a kind, known before its row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def take(flow: str, unit: Unit, now: datetime.datetime) -> tuple[int, int]:
    """The next (year, serial) of a unit. The counter stays locked until the transaction ends."""
    year = timezone.localtime(now).year
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(table=Counter._meta.db_table), [flow, unit.pk, year])
        return year, int(cursor.fetchone()[0])


def number(paper: Any, now: datetime.datetime) -> None:
    """Give a newly born paper its number, e.g. 320104002-2026-000123 (issuer, year, serial)."""
    issuer = paper.number_issuer()
    if issuer is None:
        return
    year, serial = take(paper.flow.name, issuer, now)
    paper.number = f"{prefix(issuer, year)}{serial:06}"


def prefix(issuer: Unit, year: int) -> str:
    return f"{issuer.code[:9]}-{year}-"


def gaps(models: Iterable[Any]) -> Iterator[str]:
    """The counters that gave more numbers than there are papers: somebody has removed some."""
    numbered = {model.flow.name: model for model in models if hasattr(model, "number")}
    for counter in Counter.objects.filter(flow__in=numbered).select_related("unit"):
        start = prefix(counter.unit, counter.year)
        papers = numbered[counter.flow]._base_manager.filter(number__startswith=start)
        if (missing := counter.last - papers.count()) > 0:
            yield f"{counter.flow} {start}…: {missing} of {counter.last} numbers have no paper"
