"""The whole house of `make run` on a data folder of its own: start, kill, come back, stop."""

import signal
import socket

import psutil
import pytest

from govcenter import embedded
from tests.house import House, house

__all__ = ["house"]


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
