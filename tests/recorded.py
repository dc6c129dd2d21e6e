"""What a maker puts into the database, recorded once and put there again for every test.

The sequences keep what the recording took from them, so nothing made later has the same number.
"""

import pickle

from django.db import connection, transaction

TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid
"""


class Recording:
    """The rows that `make()` wrote, and the objects that it returned."""

    def __init__(self, make):
        with transaction.atomic():
            self.returned = pickle.dumps(make())
            self.script = "".join(self.inserts())
            transaction.set_rollback(True)

    def inserts(self):
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f"SELECT quote_literal(json_agg(t)) FROM {table} t"
                    " WHERE xmin::text::bigint >= txid_current()"
                )
                if rows := cursor.fetchone()[0]:
                    yield (
                        f"INSERT INTO {table}"
                        f" SELECT * FROM json_populate_recordset(NULL::{table}, {rows});"
                    )

    def replay(self):
        """Write the rows into the open transaction; the objects, as if just made."""
        with connection.cursor() as cursor:
            cursor.execute(self.script)
        return pickle.loads(self.returned)
