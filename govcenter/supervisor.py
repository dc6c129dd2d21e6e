"""Every process of an embedded installation under one roof: `python -m govcenter.supervisor`.

Children die with this process, whatever ends it. One that ends by itself is started again.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from govcenter import embedded, env
from govcenter.children import die_with_parent, spawn, stop
from govcenter.embedded import BASE, Unable

COMMANDS = {
    "web": (
        "gunicorn govcenter.wsgi --bind {host}:{port} --worker-class gthread --workers 2 "
        "--threads 8 --timeout 120 --graceful-timeout 5 --no-control-socket"
    ),
    "stream": (
        "uvicorn govcenter.stream:app --host {host} --port {stream} --no-access-log "
        "--timeout-graceful-shutdown 3"
    ),
    "worker": "celery -A govcenter worker --concurrency 2 --loglevel INFO --without-gossip",
    "beat": "celery -A govcenter beat --loglevel INFO --pidfile= --schedule {data}/beat",
    "standby": "govcenter.standby",
}
FACES = ("web", "stream", "beat", "standby")
RESTARTS = 5
WITHIN = 60


class Stop(Exception):
    """Somebody asked for the end: Ctrl-C, a closed terminal, kill."""


class Kept:
    """A child that is started again when it ends, but not for ever."""

    def __init__(self, name: str, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name = name
        self.begin = begin
        self.child = begin()
        self.starts = [time.monotonic()]

    def watch(self) -> None:
        if self.child.poll() is None:
            return
        now = time.monotonic()
        self.starts = [start for start in self.starts if now - start < WITHIN] + [now]
        say(f"{self.name} ended with code {self.child.returncode}, starting it again")
        if len(self.starts) > RESTARTS:
            raise Unable(f"{self.name} ended {RESTARTS} times within a minute; see its log.")
        self.child = self.begin()


class House:
    def __init__(self, data: Path, host: str, port: int) -> None:
        self.data = data
        self.host, self.port = host, port
        self.logs = data / "log"
        self.services: dict[str, embedded.Postgres | embedded.Redis] = {}
        self.kept: dict[str, Kept] = {}

    def begin(self) -> None:
        self.logs.mkdir(exist_ok=True)
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".log.1"))
        if not os.environ.get("DATABASE_URL"):
            self.serve("PostgreSQL", embedded.Postgres(embedded.postgres_home(self.data)))
        if not os.environ.get("REDIS_URL"):
            self.serve("Redis", embedded.Redis(self.data))
        self.prepare()
        for name in COMMANDS:
            self.kept[name] = Kept(name, lambda name=name: self.run(name))

    def serve(self, name: str, service: embedded.Postgres | embedded.Redis) -> None:
        self.services[name] = service

        def begin() -> subprocess.Popen[bytes]:
            service.start(self.logs / f"{name.lower()}.log")
            return service.child

        self.kept[name] = Kept(name, begin)

    def prepare(self) -> None:
        """Migrate and load in a process of its own, so that this one stays small."""
        child = spawn([sys.executable, "-m", "govcenter.prepare"], cwd=BASE)
        try:
            if child.wait():
                raise Unable("The database could not be made ready; the reason stands above.")
        finally:
            stop(child)

    def run(self, name: str) -> subprocess.Popen[bytes]:
        places = {"host": self.host, "port": self.port, "stream": self.port + 1}
        words = [word.format(data=self.data, **places) for word in COMMANDS[name].split()]
        return spawn([sys.executable, "-m", *words], log=self.logs / f"{name}.log", cwd=BASE)

    def watch(self, enough: Callable[[], bool] = lambda: False) -> None:
        while not enough():
            for kept in self.kept.values():
                kept.watch()
            time.sleep(0.5)

    def end(self) -> None:
        """Web first, then the worker, then what both need."""
        for name in FACES:
            if name in self.kept and self.kept[name].child.poll() is None:
                self.kept[name].child.terminate()
        for name in (*FACES, "worker"):
            if name in self.kept:
                stop(self.kept[name].child, patience=8)
        for service in reversed(self.services.values()):
            if hasattr(service, "child"):
                service.stop()


def say(words: str) -> None:
    print(words, flush=True)


def ensure_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unable(
                f"Port {port} on {host} cannot be used: {error.strerror}. PORT names another one "
                f"(and PORT + 1 is the live stream's): PORT=8100 make run"
            ) from None


def is_up(host: str, port: int) -> bool:
    here = "127.0.0.1" if host == "0.0.0.0" else host
    try:
        urllib.request.urlopen(f"http://{here}:{port}/healthz", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def on_signal(number: int, frame: object) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stop


def main() -> int:
    if "--with-parent" in sys.argv:
        die_with_parent(os.getppid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, on_signal)
    try:
        host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000, least=1, most=65534)
        house = House(embedded.data_folder(), host, port)
        with embedded.hold(house.data):
            live(house)
    except Stop:
        say("Stopped.")
    except (Unable, ImproperlyConfigured) as error:
        say(f"\n{error}")
        return 1
    return 0


def live(house: House) -> None:
    began = time.monotonic()
    try:
        ensure_free(house.host, house.port)
        ensure_free(house.host, house.port + 1)
        house.begin()
        house.watch(lambda: is_up(house.host, house.port))
        say(f"\nhttp://{house.host}:{house.port}/ answers after {time.monotonic() - began:.0f} s.")
        say(f"Logs: {house.logs}. Ctrl-C stops everything.")
        house.watch()
    except Stop:
        say("\nStopping …")
        raise
    finally:
        house.end()


if __name__ == "__main__":
    sys.exit(main())
