"""What a process remembers of small tables, read again soon after anybody has edited them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

T = TypeVar("T")


class _Held(NamedTuple, Generic[T]):
    value: T
    stamp: str
    checked: float


class Watched(Generic[T]):
    """What `read` makes of some tables, at most `seconds` older than the database."""

    def __init__(
        self, read: Callable[[], T], tables: tuple[type[Model], ...], seconds: float = 3.0
    ) -> None:
        self.read, self.tables, self.seconds = read, tables, seconds
        self._held: _Held[T] | None = None
        self._supposed: ContextVar[T | None] = ContextVar("supposed", default=None)

    def current(self) -> T:
        if (supposed := self._supposed.get()) is not None:
            return supposed
        held = self._held
        if held and monotonic() - held.checked < self.seconds:
            return held.value
        return self.refresh()

    @contextmanager
    def supposing(self, value: T) -> Iterator[None]:
        """Reckon with this value instead of what is stored: what would an edit change?"""
        token = self._supposed.set(value)
        try:
            yield
        finally:
            self._supposed.reset(token)

    def refresh(self) -> T:
        """Look for edits now: to be called in the transaction that makes one."""
        stamp, held = self._stamp(), self._held
        value = held.value if held and held.stamp == stamp else self.read()
        self._held = _Held(value, stamp, monotonic())
        return value

    def forget(self) -> None:
        """Let the next look-up read the database: after a rollback, and between tests."""
        self._held = None

    def _stamp(self) -> str:
        """A digest of every row, so that no kind of edit is missed: bulk, raw, deletion."""
        digests = ", ".join(
            f"(SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table._meta.db_table} t)"
            for table in self.tables
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT concat_ws('/', {digests})")
            return str(cursor.fetchone()[0])
