"""The sample accounts' password: from the environment, or made once and kept for the owner."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable, make_password

from organization.models import User

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def demo_password() -> str:
    """DEMO_PASSWORD, else the one in the data folder, which only its owner may read."""
    given = os.environ.get("DEMO_PASSWORD", "").strip()
    return given or kept_password(Path(settings.DEMO_PASSWORD_FILE))


def kept_password(path: Path) -> str:
    if path.exists() and (password := path.read_text(encoding="utf-8").strip()):
        return password
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{password}\n")
    fresh.replace(path)
    return password


def open_accounts(usernames: Iterable[str]) -> int:
    """Give these sample people the password, unless they have it; how many were changed.

    One hash serves them all: it is one password, and a hash takes as long as a login should.
    """
    password = demo_password()
    people = list(User.objects.filter(username__in=usernames, demo=True))
    stale = {
        encoded
        for encoded in {person.password for person in people}
        if not (is_password_usable(encoded) and check_password(password, encoded))
    }
    closed = [person.pk for person in people if person.password in stale]
    if closed:
        User.objects.filter(pk__in=closed).update(password=make_password(password))
    return len(closed)
