"""The least that the same work can take: what it wrote, written again by raw SQL.

An act is taken once in this process and its statements are recorded; then they are sent again, for
other papers, over a plain connection in one transaction each. No Python between them, no reads.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import connection

Statement = tuple[str, Any]
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def recorded(*kinds: str) -> Iterator[list[Statement]]:
    """The statements of some kinds that Django sends meanwhile."""
    found: list[Statement] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(kinds):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield found


class Raw:
    """A plain connection that sends recorded statements again with other keys in them."""

    def __init__(self) -> None:
        self.db = psycopg2.connect(**connection.get_connection_params())
        self.cursor = self.db.cursor()

    def send(self, statements: list[Statement], keys: dict[Any, Any]) -> None:
        """`keys` maps old values to new ones."""
        for sql, params in statements:
            self.cursor.execute(sql, exchange(params, keys))
        self.db.commit()

    def try_out(self, statements: list[Statement]) -> None:
        """Send them as they are, and undo them."""
        for sql, params in statements:
            self.cursor.execute(sql, params)
        self.db.rollback()

    def read(self, statements: list[Statement]) -> None:
        for sql, params in statements:
            self.cursor.execute(sql, params)
            self.cursor.fetchall()
        self.db.commit()


def exchange(value: Any, keys: dict[Any, Any]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(exchange(item, keys) for item in value)
    if isinstance(value, int | str | uuid.UUID) and value in keys:
        return keys[value]
    return value


def median(acts: list[Callable[[], Any]]) -> float:
    """Milliseconds of the middle one."""
    taken = []
    for act in acts:
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return round(1000 * sorted(taken)[len(taken) // 2], 2)
