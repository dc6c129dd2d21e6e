"""Twenty thousand stored orders: lived ones, multiplied with all that hangs on them.

Only ended papers are multiplied, each copy some hours earlier than the one before. Their logs are
chained anew, so that a copy is as sound as its model. Nothing but this bench writes rows this way.
"""

import datetime
import io
import json
from collections.abc import Iterator
from copy import copy as copy_object
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from command.simulation.past import Target, live_until
from organization.models import Notice
from whistle.models import Response, Verification, Whistle, WorkOrder
from workflow.trace import verify_paper

LIVED = 150
STEP = 1_000_000
EARLIER = datetime.timedelta(hours=31)
ENDED = ("closed", "refused", "void")
COUNTED = (
    "whistle_workorder",
    "whistle_workorderevent",
    "whistle_whistle",
    "organization_notice",
)
SEEN = ("whistle_workorder", "whistle_whistle")
MODELS = {
    WorkOrder: "status__in",
    Whistle: "order__status__in",
    Response: "whistle__order__status__in",
    Verification: "order__status__in",
}
# Keys between the multiplied tables: each copy has its own.
KEYS = {
    "id",
    "paper_id",
    "order_id",
    "whistle_id",
    "response_id",
    "clock_id",
    "event_id",
    "raised_from_id",
}
NUMBER = (
    "regexp_replace(t.number, '[0-9]+$', '') || "
    "to_char(right(t.number, 6)::int + c.n * 1000, 'FM999000000')"
)
OTHERWISE = {
    "number": NUMBER,
    "progress_code": "upper(substr(md5(t.id || '-' || c.n), 1, 10))",
    "source_number": "CASE WHEN t.source_number = '' THEN '' ELSE t.source_number || c.n END",
    "letter_number": "t.letter_number",
}


def fill(orders: int) -> dict[str, int]:
    """Live some orders and multiply them until there are so many; returns what is stored."""
    print(f"Living {LIVED} orders and multiplying them to {orders} …", flush=True)
    live_until(Target(LIVED))
    ended = ended_papers()
    copies = copies_for(orders, ended)
    with transaction.atomic():
        for statement in multiplications(ended, 1, copies):
            run(statement)
        for model in MODELS:
            chain(model, ended[model], copies)
            if hasattr(model, "attachments"):
                photos = f"{model._meta.db_table}photo"
                run(multiply(photos, "paper_id", ended[model], 1, copies))
        number_on(copies)
    run("VACUUM ANALYZE")
    check()
    return {table: count(table) for table in COUNTED}


def grow(orders: int, lot: int = 500) -> None:
    """Multiply what has been lived until there are so many, quickly and unchained.

    For measuring at a million: foreign keys and triggers are not asked, the copies' logs keep the
    hashes of their models.
    """
    ended = ended_papers()
    copies = copies_for(orders, ended)
    run("SET session_replication_role = replica")
    for first in range(1, copies + 1, lot):
        last = min(first + lot - 1, copies)
        for statement in multiplications(ended, first, last):
            run(statement)
        for model, chosen in ended.items():
            run(multiply(f"{model._meta.db_table}event", "paper_id", chosen, first, last))
    run("SET session_replication_role = origin")
    number_on(copies)
    run("VACUUM ANALYZE")


def ended_papers() -> dict[Any, list[int]]:
    return {model: ids(model, **{way: ENDED}) for model, way in MODELS.items()}


def copies_for(orders: int, ended: dict[Any, list[int]]) -> int:
    return max(0, orders - WorkOrder.objects.count()) // len(ended[WorkOrder]) + 1


def ids(model: Any, **which: Any) -> list[int]:
    return list(model._base_manager.filter(**which).values_list("pk", flat=True))


def multiplications(ended: dict[Any, list[int]], first: int, last: int) -> Iterator[str]:
    for model, chosen in ended.items():
        table = model._meta.db_table
        yield multiply(table, "id", chosen, first, last)
        yield multiply(f"{table}clock", "paper_id", chosen, first, last)
        clocks = ids(model._meta.get_field("clocks").related_model, paper__in=chosen)
        yield multiply(f"{table}firing", "clock_id", clocks, first, last)
        if table in SEEN:
            yield multiply(f"{table}sight", "paper_id", chosen, first, last)
    yield multiply("whistle_task", "whistle_id", ended[Whistle], first, last)
    yield multiply("whistle_score", "response_id", ended[Response], first, last)
    papers = (
        WorkOrder.objects.filter(pk__in=ended[WorkOrder]),
        Whistle.objects.filter(pk__in=ended[Whistle]),
    )
    numbers = [number for found in papers for number in found.values_list("number", flat=True)]
    yield multiply("organization_notice", "id", ids(Notice, number__in=numbers), first, last)


def multiply(table: str, key: str, chosen: list[int], first: int, last: int) -> str:
    """SQL that makes the copies from the first to the last of the rows whose key is chosen."""
    names = ", ".join(f'"{name}"' for name, _kind in columns(table))
    values = ", ".join(value(name, kind) for name, kind in columns(table))
    keys = ", ".join(map(str, chosen)) or "NULL"
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t "
        f"CROSS JOIN generate_series({first}, {last}) AS c(n) WHERE t.{key} IN ({keys})"
    )


def value(name: str, kind: str) -> str:
    """What a copy has in a column: its own keys and number, earlier times, the rest the same."""
    if name in OTHERWISE:
        return OTHERWISE[name]
    if kind == "uuid":
        return "gen_random_uuid()"
    if name in KEYS and kind == "bigint":
        return f't."{name}" + c.n::bigint * {STEP}'
    if kind == "timestamp with time zone":
        return f"t.\"{name}\" - c.n * interval '{EARLIER.total_seconds()} seconds'"
    return f't."{name}"'


def columns(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return cursor.fetchall()


def chain(model: Any, chosen: list[int], copies: int) -> None:
    """Write the copies' logs, each event chained to the copy of its predecessor."""
    kind = model._meta.get_field("events").related_model
    events = list(kind.objects.filter(paper__in=chosen).order_by("paper", "n"))
    fields = kind._meta.concrete_fields
    lines, heads = io.StringIO(), io.StringIO()
    for n in range(1, copies + 1):
        head: dict[int, str] = {}
        for event in events:
            copy = copy_of(event, n, head.get(event.paper_id, ""))
            head[event.paper_id] = copy.hash
            lines.write(line([plain(field, copy) for field in fields]))
        for paper, last in head.items():
            heads.write(line([str(paper + n * STEP), last]))
    names = ", ".join(f'"{field.column}"' for field in fields)
    copy_in(f"COPY {kind._meta.db_table} ({names}) FROM STDIN", lines)
    run("CREATE TEMP TABLE heads (id bigint, head text) ON COMMIT DROP")
    copy_in("COPY heads FROM STDIN", heads)
    run(f"UPDATE {model._meta.db_table} p SET trace_head = head FROM heads h WHERE h.id = p.id")
    run("DROP TABLE heads")


def copy_of(event: Any, n: int, before: str) -> Any:
    copy = copy_object(event)
    copy.pk, copy.paper_id = event.pk + n * STEP, event.paper_id + n * STEP
    copy.at, copy.prev_hash = event.at - n * EARLIER, before
    copy.hash = copy.digest()
    return copy


def plain(field: Any, event: Any) -> str:
    found = getattr(event, field.attname)
    if found is None:
        return "\\N"
    if field.get_internal_type() == "JSONField":
        found = json.dumps(found, ensure_ascii=False, cls=DjangoJSONEncoder)
    text = found.isoformat() if isinstance(found, datetime.datetime) else str(found)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def line(values: list[str]) -> str:
    return "\t".join(values) + "\n"


def copy_in(statement: str, lines: io.StringIO) -> None:
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, lines)


def number_on(copies: int) -> None:
    """New rows and new numbers come behind the copies."""
    run(f"""SELECT setval(pg_get_serial_sequence(relname, 'id'), {10**12}) FROM pg_class
        WHERE relkind = 'r' AND (relname LIKE 'whistle_%' OR relname = 'organization_notice')
        AND pg_get_serial_sequence(relname, 'id') IS NOT NULL""")
    run(f"UPDATE workflow_counter SET last = last + {(copies + 1) * 1000}")


def check() -> None:
    """The copies are sound: every page of some logs holds."""
    for model in MODELS:
        for paper in model._base_manager.filter(pk__gt=STEP).order_by("?")[:5]:
            faults = verify_paper(paper)
            assert not faults, faults


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
