"""The one reader of changes in a stream process, and the clients it serves.

No ORM and no threads: one asynchronous connection in the event loop listens, and reads once for
all. Every client has its mark (`workflow.live`), so that a lost notification, a restarted
database and a page that comes back are the same case: the next read starts from the mark.
"""

import asyncio
import json
import logging
import time

import psycopg2
from django.db import connections
from psycopg2.extensions import POLL_OK, POLL_READ

from workflow.live import CHANGES_SINCE, CHANNEL, STILL_WELCOME, Ticket, is_lost, is_mark

BEAT = 15
CHECK = 5
GATHER = 0.03
PATIENCE = 5
RETRY = 0.5
RECONNECT = 2000
STREAM_LIFE = 600
MOST_STREAMS = 2000
MOST_CHANGES = 300
MOST_UNSENT = 50

log = logging.getLogger("govcenter.stream")


class Link:
    """One connection to PostgreSQL that never blocks the event loop."""

    def __init__(self):
        self.conn = psycopg2.connect(**connections["default"].get_connection_params(), async_=True)

    async def ask(self, sql, **given):
        async with asyncio.timeout(PATIENCE):
            await self.ready()
            with self.conn.cursor() as cursor:
                cursor.execute(sql, given)
                await self.ready()
                return cursor.fetchall() if cursor.description else []

    async def ready(self):
        while (state := self.conn.poll()) != POLL_OK:
            await self.turn(state == POLL_READ)

    async def turn(self, reading=True):
        """Wait until the socket can be read, or written to."""
        loop, fd, turn = asyncio.get_running_loop(), self.conn.fileno(), asyncio.Event()
        (loop.add_reader if reading else loop.add_writer)(fd, turn.set)
        try:
            await turn.wait()
        finally:
            (loop.remove_reader if reading else loop.remove_writer)(fd)

    async def news(self, wake, patience):
        """Wait for a notification, for `wake`, or for the end of patience."""
        self.conn.poll()  # one that came along with an answer does not show on the socket
        if not self.conn.notifies:
            arrivals = [asyncio.create_task(wait) for wait in (self.turn(), wake.wait())]
            try:
                await asyncio.wait(arrivals, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in arrivals:
                    task.cancel()
                await asyncio.gather(*arrivals, return_exceptions=True)
        wake.clear()
        self.conn.poll()
        self.conn.notifies.clear()


class Client:
    """One open page."""

    def __init__(self, ticket: Ticket, last: str):
        self.ticket = ticket
        self.reset = bool(last) and not is_mark(last)
        self.mark = ticket.mark if self.reset or not last else last
        self.unsent = asyncio.Queue(MOST_UNSENT)
        self.welcome = asyncio.get_running_loop().create_future()
        self.until = time.monotonic() + STREAM_LIFE
        self.sender = None
        self.put(f"retry: {RECONNECT}\n{self.heartbeat()}")

    def take(self, changes, here):
        """Tell what the ticket covers; too much, or too long ago, becomes one word: reset."""
        if self.reset or len(changes) > MOST_CHANGES or is_lost(self.mark, here):
            frames = ["event: reset\ndata: {}\n"]
        else:
            frames = [text for text, units in changes if not units.isdisjoint(self.ticket.units)]
        self.mark, self.reset = here, False
        if frames:
            self.put("\n".join(frames) + f"id: {here}\n\n")

    def heartbeat(self):
        return f"event: beat\ndata: {{}}\nid: {self.mark}\n\n"

    def put(self, text):
        """Queue for sending; who reads too slowly is cut off and comes back with the last id."""
        try:
            self.unsent.put_nowait(text.encode())
        except asyncio.QueueFull:
            self.end()

    def end(self):
        if self.sender:
            self.sender.cancel()


class Hub:
    """All streams of this process, and the reader that serves them."""

    def __init__(self):
        self.clients = set()
        self.arrivals = []
        self.wake = asyncio.Event()
        self.link = None

    async def run(self):
        while True:
            link = None
            try:
                link = Link()
                await self.serve(link)
            except (psycopg2.Error, OSError) as error:
                log.warning("The database is away: %s", str(error).strip() or type(error).__name__)
            except Exception:
                log.exception("The reader of changes failed; it starts again.")
            finally:
                self.link = None
                if link:
                    link.conn.close()
            await asyncio.sleep(RETRY)

    async def serve(self, link):
        await link.ask(f"LISTEN {CHANNEL}")
        self.link = link
        check = beat = time.monotonic()
        while True:
            now = time.monotonic()
            await self.admit()
            if now >= check:
                check = now + CHECK
                await self.send_off()
            await self.tell()
            if now >= beat:
                beat = now + BEAT
                self.beat()
            await link.news(self.wake, max(0, min(check, beat) - time.monotonic()))
            await asyncio.sleep(GATHER)

    async def enter(self, client):
        """200 when the client is in, 403 when it may not be, 503 when nobody can say now."""
        if len(self.clients) + len(self.arrivals) >= MOST_STREAMS:
            return 503
        self.arrivals.append(client)
        self.wake.set()
        try:
            return 200 if await asyncio.wait_for(client.welcome, PATIENCE) else 403
        except TimeoutError:
            return 503

    async def admit(self):
        arrivals, self.arrivals = self.arrivals, []
        welcome = await self.still_welcome(arrivals)
        for client in arrivals:
            if client.welcome.done():
                continue  # it did not wait for us
            client.welcome.set_result(client in welcome)
            if client in welcome:
                self.clients.add(client)

    async def send_off(self):
        """End the streams of users and sessions that have ended, and of old tickets."""
        now = time.monotonic()
        welcome = await self.still_welcome(list(self.clients))
        for client in list(self.clients):
            if client not in welcome or client.until < now:
                client.end()

    async def still_welcome(self, clients):
        if not clients:
            return set()
        rows = await self.link.ask(
            STILL_WELCOME,
            numbers=list(range(len(clients))),
            users=[client.ticket.user for client in clients],
            sessions=[client.ticket.session for client in clients],
        )
        return {clients[number] for (number,) in rows}

    async def tell(self):
        """Read once for all: the clients at one mark, which is nearly all, share its changes."""
        changes = {client.mark: [] for client in self.clients}
        if not changes:
            return
        rows = await self.link.ask(CHANGES_SINCE, marks=list(changes), limit=MOST_CHANGES + 1)
        for mark, _, paper, pk, units in rows:
            if paper:
                data = json.dumps({"paper": paper, "id": pk})
                changes[mark].append((f"event: change\ndata: {data}\n", frozenset(units)))
        here = rows[0][1]
        for client in list(self.clients):
            client.take(changes[client.mark], here)

    def beat(self):
        for client in list(self.clients):
            client.put(client.heartbeat())

    def close(self):
        for client in list(self.clients):
            client.end()
