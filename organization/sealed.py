"""Personal data that is encrypted at rest, and the keyed hash by which it is still found.

`settings.DATA_KEYS` are the keys: the first one encrypts, each of them opens. So a new key is put
before the old one, `manage.py reseal` writes everything anew, and then the old one may go. A dump,
a copy of the disk or a log of the database holds neither the text nor a hash that could be tried
out without the keys.
"""

import hashlib
import hmac
import logging
import re
from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField

logger = logging.getLogger(__name__)

HIDDEN = "****"


class Unreadable(str):
    """Shown in place of what no key opens; when it is saved, what was stored stays as it is."""

    token: str

    def __new__(cls, token: str) -> "Unreadable":
        shown = super().__new__(cls, HIDDEN)
        shown.token = token
        return shown


def derived(key: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose alone."""
    return hmac.digest(key.encode(), f"govcenter {purpose}".encode(), "sha256")


@cache
def box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(derived(key, "seal"))) for key in keys])


def seal(plain: str) -> str:
    """Encrypted by the first key; nothing stays nothing, so that a blank is known as blank."""
    return box(settings.DATA_KEYS).encrypt(plain.encode()).decode() if plain else ""


def opened(token: str) -> str | None:
    """What was sealed by any of the keys; None if none of them opens it."""
    try:
        return box(settings.DATA_KEYS).decrypt(token.encode()).decode() if token else ""
    except InvalidToken:
        return None


def unseal(token: str) -> str:
    """What was sealed; what no key opens is `Unreadable`, so that no list stumbles over it."""
    plain = opened(token)
    if plain is not None:
        return plain
    logger.error("Sealed data cannot be read: DATA_KEY lacks the key that sealed it.")
    return Unreadable(token)


def digits(phone: str) -> str:
    """A phone number as one writes it in digits: without signs, 0 in front and China's 86."""
    plain = re.sub(r"[^0-9]", "", phone).lstrip("0")
    return plain[2:].lstrip("0") if len(plain) > 11 and plain.startswith("86") else plain


def keyed_hashes(phone: str) -> list[str]:
    """By which hashes the number may be stored, that of the first key first; none for no number."""
    number = digits(phone).encode()
    if not number:
        return []
    keys = (derived(key, "find") for key in settings.DATA_KEYS)
    return [hmac.new(key, number, hashlib.sha256).hexdigest() for key in keys]


def secret_hashes(secret: str) -> list[str]:
    """By which hashes a secret that opens something may be stored, that of the first key first."""
    keys = (derived(key, "secret") for key in settings.DATA_KEYS)
    return [hmac.new(key, secret.encode(), hashlib.sha256).hexdigest() for key in keys]


class SealedField(Text):
    """A short text of which the database holds only the encrypted form.

    It cannot be searched or sorted by: a `KeyedHashField` beside it finds whole numbers.
    """

    def get_internal_type(self) -> str:
        return "TextField"  # `max_length` is that of the text, not of its encrypted form

    def from_db_value(self, value: str | None, *_how: Any) -> str | None:
        return value if value is None else unseal(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.token
        return seal(value) if isinstance(value, str) else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class KeyedHashField(Text):
    """The keyed hash of the phone number in the field `of`, kept when the row is saved."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"max_length": 64, "blank": True, "default": "", "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "blank", "default", "editable"):
            del kwargs[given]
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        phone = getattr(model_instance, self.of)
        if not isinstance(phone, Unreadable):
            setattr(model_instance, self.attname, next(iter(keyed_hashes(phone)), ""))
        return super().pre_save(model_instance, add)
