"""Programs and browsers that ask the platform over HTTP and keep their connection."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client as Login
from rest_framework.authtoken.models import Token

from bench.house import HOST
from organization.models import User


@dataclass
class Client:
    """One person at one connection; `token` as a program, else with the cookie of a browser."""

    port: int
    user: User
    token: bool = True
    line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection(HOST, self.port, timeout=60)
        if self.token:
            key = Token.objects.get_or_create(user=self.user)[0].key
            self.headers = {"Authorization": f"Token {key}"}
        else:
            login = Login()
            login.force_login(self.user, "django.contrib.auth.backends.ModelBackend")
            cookie = login.cookies[settings.SESSION_COOKIE_NAME].value
            self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}

    def get(self, path: str) -> bytes:
        return self.ask("GET", path, None, {})

    def post(self, path: str, body: Any, **headers: str) -> Any:
        kind = {"Content-Type": "application/json"}
        sent = json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return json.loads(self.ask("POST", path, sent, kind | named))

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            self.line.request(method, path, body, self.headers | headers)
            answer = self.line.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):  # idle for too long
            self.line.close()
            self.line.request(method, path, body, self.headers | headers)
            answer = self.line.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content


def clock(acts: list[Callable[[], Any]]) -> list[float]:
    """How many seconds each act takes, one after the other."""
    taken = []
    for act in acts:
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return taken


def clock_together(queues: list[list[Callable[[], Any]]]) -> tuple[list[float], float]:
    """The same for several clients at once: all times, and how long the whole took."""
    found: list[list[float]] = [[] for _queue in queues]

    def work(number: int) -> None:
        found[number] = clock(queues[number])

    threads = [threading.Thread(target=work, args=[n]) for n in range(len(queues))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - began
    return [seconds for one in found for seconds in one], whole
