"""The whole house of `make run` on a data folder of its own, for tests that start and kill it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import psutil
import pytest
from django.conf import settings

from govcenter import embedded

QUIET = {"DEMO": "false", "HOST": "127.0.0.1"}
UNSET = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS")


class House:
    def __init__(self, data):
        self.data = data
        self.out = data.parent / f"out-{id(self)}"
        self.port = free_pair()
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.env = {**kept, **QUIET, "GOVCENTER_DATA": str(data), "PORT": str(self.port)}

    def open(self):
        with self.out.open("w") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "govcenter.supervisor"],
                cwd=settings.BASE_DIR,
                env=self.env,
                stdout=out,
                stderr=out,
                preexec_fn=heed_hangups,
            )

    def start(self):
        self.parent = self.open()
        assert embedded.wait_until(self.is_up, 90), self.words()
        self.children = psutil.Process(self.parent.pid).children(recursive=True)

    def is_up(self):
        return self.parent.poll() is not None or self.health() is not None

    def health(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
                return json.load(answer)
        except (OSError, urllib.error.HTTPError):
            return None

    def words(self):
        return self.out.read_text()

    def end(self, how):
        self.parent.send_signal(how)
        code = self.parent.wait(60)
        gone, left = psutil.wait_procs(self.children, timeout=20)
        assert not left
        return code

    def pid_of(self, words):
        [main] = [p for p in psutil.Process(self.parent.pid).children() if words in p.cmdline()]
        return main.pid


def heed_hangups():
    """Also where the tests themselves run under nohup, which a house would respect."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def free_pair():
    """A free port whose neighbour is free too."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports")


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "data")
    yield house
    if house.parent.poll() is None:
        house.end(signal.SIGTERM)
    home = embedded.postgres_home(house.data)
    if home.exists():
        subprocess.run(["rm", "-r", str(home)], check=True)
