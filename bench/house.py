"""A platform of its own for the time of the measurement."""

import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from govcenter import embedded
from govcenter.children import spawn, stop

BASE = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


class House:
    """PostgreSQL and Redis as `make run` starts them, tables, the demo district, web workers."""

    def __enter__(self) -> "House":
        self.data = Path(tempfile.mkdtemp(prefix="govcenter-bench-"))
        self.port = free_port()
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ |= {
            "GOVCENTER_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "govcenter.settings",
            "DEMO": "false",
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
        }
        self.services = [
            embedded.Postgres(embedded.postgres_home(self.data)),
            embedded.Redis(self.data),
        ]
        self.web = None
        for service in self.services:
            service.start(self.data / f"{type(service).__name__.lower()}.log")
        import django

        django.setup()
        return self

    def __exit__(self, *error: object) -> None:
        from django.db import connection

        connection.close()
        if self.web:
            stop(self.web, patience=5)
        for service in reversed(self.services):
            service.stop()
        shutil.rmtree(embedded.postgres_home(self.data), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def prepare(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_district", "fixtures/qinhuai", demo=True)

    def open(self) -> None:
        """Start the web workers as the supervisor does, and wait for the first answer."""
        from govcenter.supervisor import COMMANDS

        words = COMMANDS["web"].format(host=HOST, port=self.port).split()
        self.web = spawn([sys.executable, "-m", *words], log=self.data / "web.log", cwd=BASE)
        if not embedded.wait_until(self.answers, 60):
            raise embedded.Unable((self.data / "web.log").read_text()[-2000:])

    def spent(self) -> float:
        """Seconds of processor that the web workers and the database have used so far."""
        return sum(used_by(child.pid) for child in (self.web, self.services[0].child) if child)

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=5)
        except OSError:
            time.sleep(0.2)
            return False
        return True


def used_by(pid: int) -> float:
    """Seconds of processor of a process, of those it waited for, and of all below it."""
    try:
        own = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0.0
    ticks = sum(int(part) for part in own) / os.sysconf("SC_CLK_TCK")
    return ticks + sum(used_by(int(child)) for child in below)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
