"""Asking for pages as somebody of the cast, and counting what it costs."""

import datetime
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BACKEND = "django.contrib.auth.backends.ModelBackend"


def at(day, hour, minute=0):
    """A moment of October 2026, in which the cast lives; the 19th is a Monday."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime(2026, 10, day, hour, minute, tzinfo=zone)


def browser_of(user, **headers):
    """A browser in which the person has logged in, that asks for English pages."""
    client = Client(headers={"accept": "text/html", "accept-language": "en", **headers})
    client.force_login(user, BACKEND)
    return client


def cost(client, url):
    """How many queries a page takes, once what is kept for a while has been read."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def rows_of(answer):
    """The keys of the rows that a page shows, in order."""
    return [int(key) for key in re.findall(r'data-row="(\d+)"', answer.text)]
