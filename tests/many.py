"""One order and its clocks, copied so often that only SQL can do it in time."""

from django.db import connection


def multiply(order, many):
    """Copies without log and sight: they are there to be in the way."""
    with connection.cursor() as cursor:
        own = {"number": "'X' || n", "progress_code": "left(md5(n::text), 12)"}
        orders = copying("whistle_workorder", own)
        cursor.execute(f"{orders}, generate_series(1, %s) n WHERE id = %s", [many, order.pk])
        clocks = copying(
            "whistle_workorderclock",
            {"paper_id": "o.id"},
            source="(SELECT * FROM whistle_workorderclock WHERE paper_id = %s) c",
        )
        others = "(SELECT id FROM whistle_workorder WHERE number LIKE 'X%%') o"
        cursor.execute(f"{clocks}, {others}", [order.pk])
        cursor.execute("ANALYZE")


def copying(table, changed, source=""):
    """An INSERT that copies rows of a table, some of the columns given as SQL."""
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    names = [name for name in columns if name != "id"]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {source or table}"
