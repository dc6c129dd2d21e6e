"""A gateway for short messages or calls behind HTTP: JSON in, a status out."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.utils import timezone

from organization.delivery.errors import Away, Busy, Refused
from organization.models import Outbox

TOOK_IT_BEFORE = 409
NOT_WANTED = {400, 404, 410, 422}
BUSY = 429
LONGEST_PAUSE = 3600
MOST_ANSWER = 64 * 2**10
NAME = re.compile(r"\{(id|to|text|subject|secret)\}")


class NoRedirect(HTTPRedirectHandler):
    """A message sent on elsewhere would arrive as a GET: better to learn of it."""

    def redirect_request(self, *given: Any) -> None:
        return None


opener = build_opener(NoRedirect)


@dataclass(frozen=True)
class Gateway:
    """Where and in which form a channel's messages are handed over.

    `template` and `headers` name `{id}`, `{to}`, `{text}`, `{subject}` and `{secret}`; `accepts`
    are fields that the answer must have, for gateways that answer 200 to everything. The id is the
    same each time a message is sent, so that the gateway knows what it has taken already.
    """

    url: str
    template: dict[str, Any]
    headers: dict[str, str]
    secret: str
    timeout: float
    accepts: dict[str, Any]

    def send(self, message: Outbox) -> None:
        words = self.words(message)
        body = json.dumps(filled(self.template, words), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": words["id"]}
        headers |= filled(self.headers, words)
        if self.secret:
            headers["X-Signature"] = signature(self.secret, body)
        self.check(self.ask(Request(self.url, body, headers)))

    def words(self, message: Outbox) -> dict[str, str]:
        return {
            "id": str(message.message_id),
            "to": message.real_to,
            "text": message.real_text,
            "subject": message.subject,
            "secret": self.secret,
        }

    def ask(self, request: Request) -> bytes:
        try:
            with opener.open(request, timeout=self.timeout) as answer:
                found: bytes = answer.read(MOST_ANSWER)
                return found
        except HTTPError as error:
            with error:
                return self.blame(error)
        except (URLError, HTTPException, OSError) as error:
            raise Away(str(error) or type(error).__name__) from error

    def blame(self, error: HTTPError) -> bytes:
        """What an answer other than 2xx means; one that took the message before is as good."""
        if error.code == TOOK_IT_BEFORE:
            return json.dumps(self.accepts).encode()
        if error.code == BUSY:
            raise Busy(pause(error.headers.get("Retry-After", "")))
        if error.code in NOT_WANTED:
            raise Refused(f"HTTP {error.code}")
        raise Away(f"HTTP {error.code}")

    def check(self, answer: bytes) -> None:
        if not self.accepts:
            return
        try:
            said = json.loads(answer)
        except ValueError as error:
            raise Away("the answer is no JSON") from error
        if not isinstance(said, dict) or any(said.get(k) != v for k, v in self.accepts.items()):
            raise Refused(f"answered {answer[:120].decode(errors='replace')}")


def filled(template: Any, words: dict[str, str]) -> Any:
    """The template with its `{names}` replaced, at any depth; other braces stay."""
    if isinstance(template, dict):
        return {name: filled(value, words) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, words) for value in template]
    if isinstance(template, str):
        return NAME.sub(lambda found: words[found[1]], template)
    return template


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def pause(given: str) -> int:
    """Seconds of a Retry-After, whole or as a date; a minute where it says nothing."""
    if given.isdecimal():
        seconds = int(given)
    else:
        try:
            seconds = int((parsedate_to_datetime(given) - timezone.now()).total_seconds())
        except (ValueError, TypeError):
            seconds = 60
    return min(max(seconds, 1), LONGEST_PAUSE)
