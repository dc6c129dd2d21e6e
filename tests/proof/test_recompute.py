"""A hundred thousand open clocks under an edited calendar: moved within two minutes."""

import time

import pytest
from django.db import connection

from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from workflow import recompute
from workflow.models import PolicyChange

MANY = 100_000
SECONDS = 120


def copies(table, changed):
    """An INSERT that copies a row `MANY` times, some of its columns given as SQL."""
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    names = [name for name in columns if name != "id"]
    values = [changed.get(name, f'"{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table}"


def multiply(order):
    with connection.cursor() as cursor:
        sql = copies(
            "whistle_workorder",
            {"number": "'X' || n", "progress_code": "left(md5(n::text), 12)"},
        )
        cursor.execute(f"{sql}, generate_series(1, %s) n WHERE id = %s", [MANY, order.pk])
        clock = copies("whistle_workorderclock", {"paper_id": "o.id"})
        clock = clock.replace(" FROM whistle_workorderclock", " FROM (SELECT * FROM "
                              "whistle_workorderclock WHERE paper_id = %s) c")  # fmt: skip
        cursor.execute(f"{clock}, (SELECT id FROM whistle_workorder WHERE id > %s) o",
                       [order.pk, order.pk])  # fmt: skip
        cursor.execute("ANALYZE")


@pytest.mark.django_db
def test_a_hundred_thousand_open_clocks_move_within_two_minutes(district):
    paces = Paces(district)
    order = paces.taken()
    multiply(order)
    change = recompute.ask(
        "calendar",
        {"days": {"2026-10-20": ["holiday", "台风停工"]}},
        actor=paces.p.district,
        reason="台风",
        now=paces.now,
    )
    seconds = {}
    for step in ("reckoned", "made"):
        began = time.monotonic()
        assert recompute.work_off(paces.now) == 1
        seconds[step] = time.monotonic() - began
        change.refresh_from_db()
        if step == "reckoned":
            recompute.order(change, actor=paces.p.district, now=paces.now)
    print({name: f"{took:.1f} s" for name, took in seconds.items()}, change.total, change.moved)
    assert change.state == PolicyChange.State.DONE
    assert change.total == change.moved == MANY + 1
    due = order.clocks.get(what="handle").due
    assert WorkOrder.objects.filter(due_at=due).count() == MANY + 1
    assert max(seconds.values()) < SECONDS
