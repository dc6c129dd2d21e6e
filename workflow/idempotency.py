"""The same request twice is one act: the answer is kept under a key that the client makes.

The row of the key is written first, in the transaction of the act: whoever comes with the same key
meanwhile waits for it and then gets the same answer, and a crash leaves neither key nor act. Only
what was done is kept; a refused request may be mended and sent again under its key.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organization.models import User
from workflow.models import Idempotency

LONGEST_KEY = 255

Answer = tuple[int, Any]


class KeyReused(Exception):
    """The key came before with another request (422)."""

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request."))


@transaction.atomic
def once(user: User, key: str, digest: str, act: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Act, unless this key has been answered: (the answer, whether it is a repeated one).

    `act` returns a status code and a JSON body; when it raises, the key is free again.
    """
    row = Idempotency(user=user, key=key, digest=digest)
    Idempotency.objects.bulk_create([row], ignore_conflicts=True)  # waits for an equal key
    kept = Idempotency.objects.get(user=user, key=key)
    if kept.digest != digest:
        raise KeyReused
    if kept.code is not None:
        return (kept.code, kept.body), True
    kept.code, kept.body = act()
    kept.save(update_fields=["code", "body"])
    return (kept.code, kept.body), False


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
