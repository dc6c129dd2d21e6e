"""The live stream: tells open pages which papers moved. One small process of its own, on PORT+1.

    uvicorn govcenter.stream:app --timeout-graceful-shutdown 3

    GET /stream/?ticket=…[&last=…]   text/event-stream; the header Last-Event-ID goes before `last`
    GET /stream/health               {"database": true, "streams": 12}; 503 without the database

Events: `change` {"paper": "whistle.workorder", "id": 7}, only for units of the ticket; `reset`
(too much was missed: reload what is shown); `beat` at the start and every 15 seconds. The id
stands at the last event of a batch, so that a batch cut in the middle comes again.
"""

import asyncio
import contextlib
import json
import os
import resource
import signal
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.signing import BadSignature

from govcenter import embedded
from govcenter.hub import Client, Hub
from workflow.live import read_ticket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govcenter.settings")

PLAIN = [(b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
JSON = (b"content-type", b"application/json")
EVENTS = (b"content-type", b"text/event-stream; charset=utf-8")

hub = Hub()


async def app(scope, receive, send):
    path = settings.STREAM_PATH
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["method"] != "GET":
        await answer(send, 405)
    elif scope["path"] == f"{path}health":
        await health(send)
    elif scope["path"] == path:
        await live(scope, receive, send)
    else:
        await answer(send, 404)


async def lifespan(receive, send):
    await receive()
    raise_file_limit()
    reader = asyncio.create_task(hub.run())
    end_streams_on_signal()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    await send({"type": "lifespan.shutdown.complete"})


def end_streams_on_signal():
    """The server, told to stop, waits for open streams, and of themselves they would not end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def ending(number, frame, before=before):
            loop.call_soon_threadsafe(hub.close)
            before(number, frame)

        if callable(before):
            signal.signal(number, ending)


def raise_file_limit():
    """Every stream is an open file, and the usual soft limit is lower than `MOST_STREAMS`."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def answer(send, status, content=None, headers=()):
    headers = [JSON, *PLAIN, *headers]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


async def health(send):
    there = hub.link is not None
    content = {"database": there, "streams": len(hub.clients)}
    await answer(send, 200 if there else 503, content)


async def live(scope, receive, send):
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope["query_string"].decode("latin-1"))
    origin = headers.get(b"origin", "")
    if origin and not is_ours(origin, headers.get(b"host")):
        return await answer(send, 403)
    allow = [(b"vary", b"Origin")]
    if origin:
        allow.append((b"access-control-allow-origin", origin.encode()))
    try:
        ticket = read_ticket(query.get("ticket", [""])[0])
    except BadSignature:
        return await answer(send, 403, headers=allow)
    client = Client(ticket, headers.get(b"last-event-id") or query.get("last", [""])[0])
    try:
        status = await hub.enter(client)
        if status != 200:
            return await answer(send, status, headers=allow)
        await stream(client, receive, send, allow)
    finally:
        hub.clients.discard(client)


def is_ours(origin, host):
    """Whether a page of this origin may listen: ours on the web's port, or on the very same."""
    web = embedded.origins(settings.ALLOWED_HOSTS, settings.STREAM_PORT and settings.PORT)
    return origin in (*web, *settings.CSRF_TRUSTED_ORIGINS) or urlsplit(origin).netloc == host


async def stream(client, receive, send, allow):
    headers = [EVENTS, *PLAIN, *allow]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    client.sender = asyncio.create_task(forward(client, send))
    leaving = asyncio.create_task(left(receive))
    try:
        await asyncio.wait({client.sender, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        client.sender.cancel()
        leaving.cancel()
    with contextlib.suppress(TimeoutError):  # one that reads nothing is cut off by the server
        await asyncio.wait_for(send({"type": "http.response.body"}), 1)


async def forward(client, send):
    while True:
        body = await client.unsent.get()
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def left(receive):
    while (await receive())["type"] != "http.disconnect":
        pass
