"""What takes longer: many open pages at once, and a database that really restarts."""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg2
import pytest

from govcenter import embedded
from govcenter.stream import raise_file_limit
from tests.govcenter.live import ORDER, Stream, environment
from workflow.live import MARK_NOW, make_ticket

HERE, ELSEWHERE = 11, 12
SECONDS = 20
PER_SECOND = 10
INSERT = "INSERT INTO workflow_change (paper, paper_id, units) VALUES (%s, %s, %s)"
MANY = (
    "INSERT INTO workflow_change (paper, paper_id, units)"
    " SELECT %s, number, ARRAY[%s] FROM generate_series(1, 290) number"
)


@pytest.fixture(scope="module")
def cluster():
    """A database of its own, which may be stopped, with the project's tables in it."""
    with tempfile.TemporaryDirectory(prefix="govcenter-proof-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        running = embedded.Postgres(home / "postgres")
        running.start(home / "log")
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        given = environment(running.url, "http://gov.example:8000")
        subprocess.run(command, check=True, env=given)
        yield running
        running.stop()


def on(cluster, sql, *given):
    """Run one statement, committed."""
    with contextlib.closing(psycopg2.connect(cluster.url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall() if cursor.description else []


def add_users(cluster, count):
    sql = (
        "INSERT INTO organization_user (username, name, phone, language, demo, password, email,"
        " is_active, is_staff, is_superuser, date_joined)"
        " SELECT gen_random_uuid(), 'User', '', '', false, '', '', true, false, false, now()"
        " FROM generate_series(1, %s) RETURNING id"
    )
    return [pk for (pk,) in on(cluster, sql, count)]


def ticket(cluster, user):
    [(mark,)] = on(cluster, f"SELECT {MARK_NOW}")
    return make_ticket(user, [HERE], None, mark)


class Pages:
    """Many pages in one event loop; notes when each heard of each change."""

    def __init__(self, port, tickets):
        self.port, self.tickets = port, tickets
        self.heard = []

    async def listen(self, ticket, ready):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /stream/?ticket={ticket} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        try:
            async for line in reader:
                if line.startswith(b"retry:"):
                    ready.release()
                if line.startswith(b'data: {"paper"'):
                    self.heard.append((json.loads(line[6:])["id"], time.monotonic()))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def run(self, cluster):
        ready = asyncio.Semaphore(0)
        began = time.monotonic()
        tasks = [asyncio.create_task(self.listen(ticket, ready)) for ticket in self.tickets]
        for _ in self.tickets:
            await ready.acquire()
        self.opened = time.monotonic() - began
        told = await acts(cluster)
        await asyncio.sleep(2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return sorted(at - told[paper_id] for paper_id, at in self.heard)


async def acts(cluster):
    """A commit every tenth of a second; when each began to commit."""
    told = {}
    with contextlib.closing(psycopg2.connect(cluster.url)) as conn:
        for number in range(SECONDS * PER_SECOND):
            with conn.cursor() as cursor:
                cursor.execute(INSERT, [ORDER, number, [HERE if number % 2 else ELSEWHERE]])
            told[number] = time.monotonic()
            conn.commit()
            await asyncio.sleep(1 / PER_SECOND)
    return told


@pytest.mark.parametrize("count", [200, 1000])
def test_every_page_hears_within_a_second(cluster, count, capsys):
    raise_file_limit()
    stream = Stream(cluster.url)
    try:
        tickets = [ticket(cluster, user) for user in add_users(cluster, count)]
        pages = Pages(stream.port, tickets)
        took = asyncio.run(pages.run(cluster))
        process = psutil.Process(stream.process.pid)
        memory, work = process.memory_info().rss / 2**20, sum(process.cpu_times()[:2])
    finally:
        stopped = stream.stop()
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    with capsys.disabled():
        print(
            f"\n{count} pages (open in {pages.opened:.1f} s), {PER_SECOND} commits a second:"
            f" {len(took)} events, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
            f" most {took[-1] * 1000:.0f} ms, {memory:.0f} MB, {work:.1f} s of CPU,"
            f" stopped in {stopped:.1f} s"
        )
    assert len(took) == count * SECONDS * PER_SECOND // 2
    assert p99 < 1 and stopped < 5


def test_a_page_that_stops_reading_is_cut_off_and_comes_back(cluster, capsys):
    [user] = add_users(cluster, 1)
    stream = Stream(cluster.url)
    try:
        page = stream.listen(ticket(cluster, user))
        assert page.read()["event"] == "beat"
        rounds = 0
        while stream.health()[1]["streams"]:
            on(cluster, MANY, ORDER, HERE)
            rounds += 1
            time.sleep(0.04)
        again = stream.listen(ticket(cluster, user), last=page.last)
        assert again.next() == ("reset", None)
        memory = psutil.Process(stream.process.pid).memory_info().rss / 2**20
    finally:
        stream.stop()
    with capsys.disabled():
        print(f"\nA page that does not read: cut off after {rounds} batches, {memory:.0f} MB")


def test_restarts_of_the_database_lose_nothing(cluster, capsys):
    [user] = add_users(cluster, 1)
    stream = Stream(cluster.url)
    waits = []
    try:
        page = stream.listen(ticket(cluster, user))
        for number in range(5):
            cluster.stop()
            cluster.start(cluster.home / "log")
            on(cluster, INSERT, ORDER, number, [HERE])
            committed = time.monotonic()
            assert page.next() == ("change", number)
            waits.append(time.monotonic() - committed)
    finally:
        stream.stop()
    with capsys.disabled():
        print(f"\n5 restarts: nothing lost, heard after {max(waits):.1f} s at most")
