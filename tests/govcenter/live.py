"""A stream process of its own and pages that listen to it, as the tests of both suites need."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.utils import timezone

from govcenter.embedded import wait_until
from workflow.live import make_ticket, mark_now
from workflow.models import Change

ORDER = "whistle.workorder"
OURS = "http://gov.example:8000"


class Stream:
    """The program as it is run in the field, on the database of the tests."""

    def __init__(self, database=None, origin=OURS):
        self.port = free_port()
        self.lines = []
        command = [sys.executable, "-m", "uvicorn", "govcenter.stream:app"]
        command += ["--port", str(self.port), "--timeout-graceful-shutdown", "3"]
        command += ["--log-level", "warning"]
        self.process = subprocess.Popen(command, env=environment(database or url(), origin))
        assert wait_until(lambda: self.health()[0] == 200, 20)

    def get(self, path, headers=None, method="GET"):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.lines.append(line)
        line.request(method, path, headers=headers or {})
        return line, line.getresponse()

    def health(self):
        try:
            _, answer = self.get("/stream/health")
        except ConnectionError:
            return 0, {}
        return answer.status, json.load(answer)

    def listen(self, ticket, last="", headers=None):
        path = "/stream/?" + urlencode({"ticket": ticket, "last": last})
        return Page(*self.get(path, headers))

    def leave(self):
        """Close all pages."""
        while self.lines:
            self.lines.pop().close()

    def stop(self):
        """End it as a supervisor does; the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)
        took = time.monotonic() - began
        self.leave()
        return took


class Page:
    """What a browser's EventSource does, as far as the stream can tell."""

    def __init__(self, line, answer):
        self.line, self.answer = line, answer
        self.last = ""

    def read(self):
        """The next event; None when the stream has ended."""
        event = {}
        for text in iter(self.answer.readline, b""):
            if text == b"\n":
                if event.get("data"):
                    return event
                event = {}
                continue
            name, _, value = text.decode().rstrip("\n").partition(": ")
            event[name] = value
            if name == "id":
                self.last = value
        return None

    def next(self):
        """The next event that is not a beat, without its id: (name, paper's id)."""
        while event := self.read():
            if event["event"] != "beat":
                return event["event"], json.loads(event["data"]).get("id")
        return None

    def close(self):
        self.line.close()


def url():
    """Where the tests' own database is."""
    there = connection.settings_dict
    parts = {"host": there["HOST"], "port": there["PORT"], "user": there["USER"]}
    options = urlencode({name: value for name, value in parts.items() if value})
    return f"postgresql:///{there['NAME']}?{options}"


def environment(database, origin):
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "SECRET_KEY": settings.SECRET_KEY,
        "PGPASSWORD": connection.settings_dict["PASSWORD"],
        "TRUSTED_ORIGINS": origin,
    }


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def ticket_for(user, *units, session=None, mark=None):
    return make_ticket(user.pk, units, session, mark or mark_now())


def move(paper_id, *units):
    """What an act leaves behind when its paper moved."""
    Change.objects.create(at=timezone.now(), paper=ORDER, paper_id=paper_id, units=list(units))
