"""PostgreSQL and Redis as children: what survives kill -9, stale files and half-made folders."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import psycopg2
import pytest
import redis
from django.conf import settings

from govcenter import embedded
from govcenter.children import working_in

PARENT = """
import sys, time
from pathlib import Path
from govcenter import embedded
data = Path(sys.argv[1])
for service in (embedded.Postgres(embedded.postgres_home(data)), embedded.Redis(data)):
    service.start(data / "log")
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def data(tmp_path):
    yield tmp_path
    home = embedded.postgres_home(tmp_path)
    if home.exists():
        subprocess.run(["rm", "-r", str(home)], check=True)


@pytest.fixture
def postgres(data):
    server = embedded.Postgres(embedded.postgres_home(data))
    yield server
    if hasattr(server, "child"):
        server.stop()


@pytest.fixture
def redis_server(data):
    server = embedded.Redis(data)
    yield server
    if hasattr(server, "child"):
        server.stop()


def ask(server, sql):
    line = psycopg2.connect(server.url)
    try:
        with line, line.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        line.close()


def start_parent(data):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(data)], cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    )
    assert parent.stdout.readline() == b"ready\n"
    return parent


def kill(parent):
    """Kill -9 the parent and wait until none of its children is left."""
    children = psutil.Process(parent.pid).children(recursive=True)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, left = psutil.wait_procs(children, timeout=10)
    assert not left
    assert len(gone) >= 2


def test_postgresql_serves_by_its_socket_only_and_stops(data, postgres):
    postgres.start(data / "log")
    assert ask(postgres, "SHOW listen_addresses") == ""
    assert ask(postgres, "SHOW server_encoding") == "UTF8"
    postgres.stop()
    assert not list(working_in(postgres.cluster, "postgres"))


def test_postgresql_does_not_run_as_root(data, postgres):
    postgres.start(data / "log")
    assert psutil.Process(postgres.child.pid).uids().effective != 0


def test_children_end_with_a_killed_parent_and_the_data_stays(data, postgres, redis_server):
    parent = start_parent(data)
    ask(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis(unix_socket_path=str(redis_server.socket)).rpush("queue", "task")
    kill(parent)
    postgres.start(data / "log")
    redis_server.start(data / "log")
    assert ask(postgres, "SELECT number FROM kept") == 7
    assert redis.Redis(unix_socket_path=str(redis_server.socket)).lrange("queue", 0, 9) == [b"task"]


@pytest.mark.parametrize("content", ["", "4", "garbage\n", f"{os.getpid()}\n/elsewhere\n"])
def test_stale_cut_or_recycled_pid_file_is_no_obstacle(data, postgres, content):
    postgres.start(data / "log")
    postgres.stop()
    (postgres.cluster / "postmaster.pid").write_text(content)
    postgres.start(data / "log")
    assert ask(postgres, "SELECT 1") == 1


def test_orphans_of_an_earlier_life_are_ended_first(data, postgres, redis_server):
    for server in (postgres, redis_server):
        server.start(data / "log")
        orphan = server.child
        server.start(data / "log")
        assert orphan.wait(10) is not None
        assert server.child.poll() is None
    assert ask(postgres, "SELECT 1") == 1


def test_half_made_cluster_is_made_anew(data, postgres):
    half = postgres.home / "new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").touch()
    postgres.start(data / "log")
    assert ask(postgres, "SELECT 1") == 1


def test_killed_backend_does_not_end_the_server(data, postgres):
    postgres.start(data / "log")
    named(postgres, "checkpointer").send_signal(signal.SIGKILL)
    time.sleep(1)
    assert embedded.wait_until(lambda: answers(postgres), 20)


def named(server, words):
    """The process of the server that says so of itself; others may end while they are asked."""
    for child in psutil.Process(server.child.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if words in " ".join(child.cmdline()):
                return child
    raise LookupError(words)


def answers(server):
    try:
        return ask(server, "SELECT 1") == 1
    except psycopg2.OperationalError:
        return False


def test_cut_append_only_file_of_redis_keeps_what_was_whole(data, redis_server):
    redis_server.start(data / "log")
    client = redis.Redis(unix_socket_path=str(redis_server.socket))
    client.rpush("queue", "first")
    client.rpush("queue", "second")
    client.close()
    [file] = redis_server.home.rglob("appendonly*")
    assert embedded.wait_until(lambda: b"second" in file.read_bytes(), 10)  # a slow disk is late
    redis_server.child.kill()
    redis_server.child.wait()
    os.truncate(file, file.stat().st_size - 5)
    redis_server.start(data / "log")
    assert redis.Redis(unix_socket_path=str(redis_server.socket)).lrange("queue", 0, 9) == [
        b"first"
    ]


def test_no_mode_outside_the_own_folders_changes(data, postgres, redis_server):
    above = [*data.parents, settings.BASE_DIR, *settings.BASE_DIR.parents]
    before = [path.stat().st_mode for path in above]
    postgres.start(data / "log")
    redis_server.start(data / "log")
    assert [path.stat().st_mode for path in above] == before
