"""The whole house of `make run` on a data folder of its own: start, kill, come back, stop."""

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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(house, how):
    house.start()
    assert house.health()["database"]
    assert house.end(how) == 0
    assert "Stopped." in house.words()


def test_killed_house_leaves_no_process_and_comes_back(house):
    house.start()
    house.end(signal.SIGKILL)
    house.start()
    assert house.health()["migrations"] == 0


def test_second_house_on_the_same_data_is_refused(house):
    house.start()
    second = House(house.data)
    process = second.open()
    assert process.wait(30) == 1
    assert f"already runs on {house.data} (process {house.parent.pid})" in second.words()
    assert house.health()["database"]


def test_taken_port_is_named(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port + 1))
        taken.listen()
        house.parent = house.open()
        assert house.parent.wait(30) == 1
    assert f"Port {house.port + 1} on 127.0.0.1 cannot be used" in house.words()


def test_nonsense_port_is_refused_with_a_sentence(house):
    house.env["PORT"] = "http"
    house.parent = house.open()
    assert house.parent.wait(30) == 1
    assert house.words().strip().startswith("PORT is 'http'; write a whole number")


@pytest.mark.parametrize("name", ["gunicorn", "celery"])
def test_child_that_ends_is_started_again(house, name):
    house.start()
    first = [p for p in psutil.Process(house.parent.pid).children() if name in p.cmdline()]
    for child in first:
        child.kill()
    psutil.wait_procs(first, timeout=10)

    def back():
        now = [p for p in psutil.Process(house.parent.pid).children() if name in p.cmdline()]
        return len(now) == len(first)

    assert embedded.wait_until(back, 20)
    assert embedded.wait_until(lambda: house.health() is not None, 30)
    house.children = psutil.Process(house.parent.pid).children(recursive=True)


def test_killed_worker_leaves_no_orphans(house):
    house.start()
    worker = psutil.Process(house.pid_of("worker"))
    pool = worker.children(recursive=True)
    worker.kill()
    gone, left = psutil.wait_procs(pool, timeout=20)
    assert not left
    house.children = psutil.Process(house.parent.pid).children(recursive=True)
