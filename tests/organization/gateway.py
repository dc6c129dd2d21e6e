"""A gateway of our own on 127.0.0.1: it does what the test says, and remembers what it was sent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        house = self.server.house
        what = house.said(json.loads(body), self.headers, body)
        if what == "lose":  # taken, but the reply never arrives
            self.close_connection = True
            return
        if what == "sleep":
            time.sleep(house.seconds)
            what = 200
        status, headers, answer = what if isinstance(what, tuple) else (what, {}, b"{}")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            pass

    def log_message(self, *_given):
        pass


class FakeGateway:
    """`plan` says what to answer, one after the other, then 200: a status, "lose" or "sleep"."""

    def __init__(self):
        self.plan, self.calls, self.seconds = [], [], 0.5
        self.taken = {}
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.house = self
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    def said(self, body, headers, raw):
        with self.lock:
            self.calls.append((body, dict(headers), raw))
            what = self.plan.pop(0) if self.plan else 200
            if what in (200, "lose", "sleep"):
                self.taken.setdefault(body["id"], body)
            return what

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/send"

    def settings(self, **changed):
        template = {"id": "{id}", "to": "{to}", "text": "{text}"}
        plain = {"headers": {}, "secret": "", "timeout": 0.3, "accepts": {}}
        return {"url": self.url, "template": template, **plain, **changed}


@pytest.fixture
def gateway():
    house = FakeGateway()
    house.thread.start()
    yield house
    house.server.shutdown()
    house.server.server_close()
    house.thread.join()
