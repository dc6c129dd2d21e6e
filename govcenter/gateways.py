"""The settings of the gateways for SMS and voice; nonsense is refused with a sentence."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from govcenter import env

TEMPLATE = '{"id": "{id}", "to": "{to}", "text": "{text}"}'


def gateway(name: str) -> dict[str, Any] | None:
    """What the variables NAME_… say of a channel's gateway; None where there is no NAME_URL."""
    url = env.text(f"{name}_URL")
    if not url:
        return None
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise ImproperlyConfigured(f"{name}_URL is {url!r}; write https://gateway.example/send.")
    template = json_object(f"{name}_TEMPLATE", TEMPLATE)
    written = json.dumps(template)
    for needed in ("{to}", "{text}", "{id}"):
        if needed not in written:
            raise ImproperlyConfigured(f"{name}_TEMPLATE lacks {needed}.")
    return {
        "url": url,
        "template": template,
        "headers": headers(f"{name}_HEADERS"),
        "secret": env.secret(f"{name}_SECRET"),
        "timeout": env.number(f"{name}_TIMEOUT", 10, least=1, most=60),
        "accepts": json_object(f"{name}_ACCEPTS", "{}"),
    }


def json_object(name: str, default: str) -> dict[str, Any]:
    value = env.text(name, default) or default
    try:
        found = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a JSON object in braces.")
    return found


def headers(name: str) -> dict[str, str]:
    found = json_object(name, "{}")
    for header, value in found.items():
        if not isinstance(value, str) or "\n" in header + value or "\r" in header + value:
            raise ImproperlyConfigured(f"{name}: the header {header!r} needs one line of text.")
    return found


def receipt_secret() -> str:
    """What the gateways sign their receipts with; empty where they send none."""
    found = env.secret("RECEIPT_SECRET")
    if found and len(found) < env.SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"RECEIPT_SECRET is too short; give at least {env.SHORTEST_KEY} characters."
        )
    return found


def mail_sender(host: str) -> str:
    """The address from which mail goes; needed as soon as there is a server for it."""
    found = env.text("MAIL_FROM")
    if host and ("@" not in found or "\n" in found):
        raise ImproperlyConfigured(
            f"MAIL_HOST is set, so MAIL_FROM must be an address; it is {found!r}."
        )
    return found
