"""The sample accounts' password: from the environment, or made once and kept for the owner."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from organization.models import User

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def demo_password() -> str:
    """DEMO_PASSWORD, else the one in the data folder, which only its owner may read."""
    given = os.environ.get("DEMO_PASSWORD", "").strip()
    return given or kept_password(Path(settings.DEMO_PASSWORD_FILE))


def kept_password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return password


def open_accounts(usernames: Iterable[str]) -> int:
    """Give these sample people the password, unless they have it; how many were changed.

    One hash serves them all: it is one password, and a hash takes as long as a login should.
    """
    password = demo_password()
    people = list(User.objects.filter(username__in=usernames, demo=True))
    stale = {p.password for p in people if not check_password(password, p.password)}
    return (
        User.objects.filter(pk__in=[p.pk for p in people if p.password in stale]).update(
            password=make_password(password)
        )
        if stale
        else 0
    )
