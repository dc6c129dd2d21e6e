"""Everything that is sealed, at once: whether the keys open it, and sealing it anew."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from organization.sealed import KeyedHashField, SealedField, keyed_hashes, opened, seal

AT_ONCE = 1000

Model = type[models.Model]


def sealed_fields() -> Iterator[tuple[Model, SealedField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def unopened() -> list[str]:
    """The sealed columns whose newest value no key opens: a key is missing or wrong."""
    return [
        f"{model._meta.db_table}.{field.column}"
        for model, field in sealed_fields()
        if any(opened(token) is None for _pk, token in stored(model, field, newest=True))
    ]


def reseal() -> tuple[int, int]:
    """Write all with the first key: (how many were written, how many no key opens)."""
    written = shut = 0
    for model, field in sealed_fields():
        done, left = rewrite(model, field, opened, seal)
        written, shut = written + done, shut + left
    return written, shut


def rewrite(
    model: Model,
    field: "models.Field[Any, Any]",
    read: Callable[[str], str | None],
    write: Callable[[str], str],
) -> tuple[int, int]:
    """Write every value of a column anew, with its keyed hash: (how many, how many left alone).

    `read` makes the text of what is stored (None: leave it), `write` what is to be stored. It may
    run beside the ordinary work, and again: a row that somebody changes meanwhile is left to him.
    """
    written = left = after = 0
    while rows := stored(model, field, after):
        after = rows[-1][0]
        plain = [(pk, token, text) for pk, token in rows if (text := read(token)) is not None]
        save(model, field, [(pk, token, write(text), hash_of(text)) for pk, token, text in plain])
        written, left = written + len(plain), left + len(rows) - len(plain)
    return written, left


def hash_of(phone: str) -> str:
    return next(iter(keyed_hashes(phone)), "")


def stored(
    model: Model, field: "models.Field[Any, Any]", after: int = 0, newest: bool = False
) -> list[tuple[int, str]]:
    """What the column holds, as it is: the next rows, or the newest one."""
    name, how = field.column, "DESC LIMIT 1" if newest else f"LIMIT {AT_ONCE}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {name} FROM {model._meta.db_table} "
            f"WHERE id > %s AND {name} <> '' ORDER BY id {how}",
            [after],
        )
        return list(cursor.fetchall())


def save(
    model: Model, field: "models.Field[Any, Any]", rows: list[tuple[int, str, str, str]]
) -> None:
    hashed = [
        f", {other.column} = made.hash"
        for other in model._meta.concrete_fields
        if isinstance(other, KeyedHashField) and other.of == field.name
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} kept SET {field.column} = made.now{''.join(hashed)} "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) "
            "AS made(id, was, now, hash) "
            f"WHERE kept.id = made.id AND kept.{field.column} = made.was",
            [list(column) for column in zip(*rows, strict=True)] or [[]] * 4,
        )
