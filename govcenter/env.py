"""Settings from the environment. What cannot be meant is refused with a sentence."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
SHORTEST_KEY = 32


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in YES | NO:
        return value in YES
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} is {value!r}; write true or false.")


def number(name: str, default: int, least: int = 0, most: int = 10**9) -> int:
    value = text(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write a whole number from {least} to {most}."
        )
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points at."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    if text(name):
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set; keep one of them.")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error


def keys(name: str) -> tuple[str, ...]:
    """One secret key or several, the newest first, parted by white space."""
    found = tuple(secret(name).split())
    if any(len(key) < SHORTEST_KEY for key in found):
        raise ImproperlyConfigured(
            f"{name} has a key that is too short; each needs at least {SHORTEST_KEY} characters."
        )
    if len(set(found)) < len(found):
        raise ImproperlyConfigured(f"{name} has the same key twice; write each of them once.")
    return found


def hosts(name: str, default: str) -> list[str]:
    found = names(name, default)
    if not found:
        raise ImproperlyConfigured(f"{name} is empty; name at least one host.")
    for host in found:
        if host == "*" or "/" in host or " " in host:
            raise ImproperlyConfigured(
                f"{name} has {host!r}; write host names such as gov.example."
            )
    return found


def origins(name: str, default: str = "") -> list[str]:
    found = names(name, default)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"{name} has {origin!r}; write origins such as https://gov.example."
            )
    return found


def public_url(name: str, hosts: list[str], port: str) -> str:
    """The origin that residents know; unless it is said, the first name that is not local."""
    local = ("localhost", "127.0.0.1")
    host = next((host for host in hosts if host not in local), hosts[0]).lstrip(".")
    return origins(name, f"{'http' if port else 'https'}://{host}{port}")[0]


def redis_url(name: str, default: str) -> str:
    value = text(name, default)
    if urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write redis://host:6379/0.")
    return value


def broker(redis: str) -> str:
    """Celery's way to write the address of a Redis behind a socket."""
    if not redis.startswith("unix:"):
        return redis
    return redis.replace("unix://", "redis+socket://").replace("db=", "virtual_host=")


def database(url: str) -> dict[str, object]:
    """Django's database settings from postgresql://user:password@host:port/name?option=value.

    A socket's folder goes into the options: postgresql:///name?host=/run/postgresql.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from error
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql://; PostgreSQL is the only database."
        )
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise ImproperlyConfigured("DATABASE_URL must end with the name of one database.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }
