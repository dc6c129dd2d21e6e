"""The same request twice is one act: the answer is kept under a key that the client makes.

The row of the key is written first, in the transaction of the act: whoever comes with the same key
meanwhile waits for it and then gets the same answer, and a crash leaves neither key nor act. Only
what was done is kept; a refused request may be mended and sent again under its key.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import User
from workflow.models import Idempotency

LONGEST_KEY = 255

Answer = tuple[int, Any]

_TAKE = """
INSERT INTO {table} (user_id, key, digest, created) VALUES (%s, %s, %s, %s)
ON CONFLICT ON CONSTRAINT idempotency_once DO NOTHING RETURNING id
"""


class KeyReused(Exception):
    """The key came before with another request (422)."""

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request."))


@transaction.atomic
def once(user: User, key: str, digest: str, act: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Act, unless this key has been answered: (the answer, whether it is a repeated one).

    `act` returns a status code and a JSON body; when it raises, the key is free again.
    """
    taken = take(user, key, digest)
    if taken is None:
        return kept(user, key, digest), True
    code, body = act()
    Idempotency.objects.filter(pk=taken).update(code=code, body=body)
    return (code, body), False


def take(user: User, key: str, digest: str) -> int | None:
    """The id of the key's new row; None if it has been answered. Waits for an equal key."""
    with connection.cursor() as cursor:
        table = Idempotency._meta.db_table
        cursor.execute(_TAKE.format(table=table), [user.pk, key, digest, timezone.now()])
        found = cursor.fetchone()
        return int(found[0]) if found else None


def kept(user: User, key: str, digest: str) -> Answer:
    row = Idempotency.objects.get(user=user, key=key)
    if row.digest != digest:
        raise KeyReused
    return cast(Answer, (row.code, row.body))


def digest_of(parts: Iterable[Any], files: Iterable[Any] = ()) -> str:
    """One hash of a request: JSON-like parts, and files by their content."""
    total = hashlib.sha256()
    for part in parts:
        total.update(json.dumps(part, sort_keys=True, default=str).encode() + b"\0")
    for file in files:
        total.update(_hash_file(file))
    return total.hexdigest()


def _hash_file(file: Any) -> bytes:
    content = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.digest()
