"""A database in which everything is really committed: for threads and processes beside the test.

Where a module or a folder takes over this `db`, the district of the cast stands in such a one.
"""

import threading

import pytest
from django.db import connection, connections


@pytest.fixture
def db(django_db_setup, django_db_blocker):
    """A copy of the tests' database, thrown away with all that is committed in it."""
    with django_db_blocker.unblock():
        there = connection.settings_dict["NAME"]
        connection.close()
        copy = f"{there}_copy"
        on_server(f"DROP DATABASE IF EXISTS {copy}")
        on_server(f"CREATE DATABASE {copy} TEMPLATE {there} STRATEGY FILE_COPY")
        connection.settings_dict["NAME"] = copy
        yield
        connection.close()
        connection.settings_dict["NAME"] = there
        on_server(f"DROP DATABASE {copy} WITH (FORCE)")


def on_server(sql):
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def at_once(*acts):
    """Run the acts in threads that start together; what each returned or raised, in order."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(i, act):
        try:
            connection.ensure_connection()
            barrier.wait()
            results[i] = act()
        except Exception as failure:
            results[i] = failure
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not any(thread.is_alive() for thread in threads)
    return results


def deadlocks():
    """How many the server has broken up in this database (counted at the end of a session)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
