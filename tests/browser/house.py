"""The house that the browser tests visit: a database of its own, the web server, the stream.

What pages commit cannot be rolled back, and the triggers of the trace refuse to be emptied: so the
tests work on a copy of the test database that is thrown away with everything in it.
"""

import contextlib
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.testcases import LiveServerThread

from govcenter.embedded import wait_until
from organization import calendar_cache
from organization.models import Post, User
from tests.cast import make_district
from tests.govcenter.live import Stream
from tests.whistle.faces import PLACE, lay_ground

PASSWORD = "not-easy-to-guess-7"
HOST = "127.0.0.1"
NAMES = {
    "warden": ("王芳", "网格员"),
    "community": ("李敏", "社区负责人"),
    "community_head": ("陈静", "社区书记"),
    "dispatcher": ("赵强", "值班长"),
    "duty_leader": ("孙立", "值班领导"),
    "street_head": ("周正", "街道主任"),
    "street_clerk": ("吴洁", "街道文员"),
    "office": ("郑凯", "城管部负责人"),
    "liaison": ("刘洋", "水务联络员"),
    "housing": ("何伟", "住建联络员"),
    "district": ("高远", "区值班长"),
    "leader": ("林峰", "区长"),
    "deputy_leader": ("马涛", "副区长"),
    "stranger": ("罗兰", "红花值班员"),
    "admin": ("梁宇", "管理员"),
}


@contextlib.contextmanager
def open_house(folder, *, streams=False):
    """A district in which people can log in; with a stream process of its own if it `streams`."""
    with own_database(), override_settings(MEDIA_ROOT=folder), contextlib.ExitStack() as doors:
        cache.clear()
        calendar_cache.forget()
        house = SimpleNamespace(place=PLACE, district=furnish(), stream=None)
        house.url = doors.enter_context(serving())
        if streams:
            house.stream = doors.enter_context(streaming(house.url))
        house.hosts = {urlsplit(house.url).netloc, f"{HOST}:{settings.STREAM_PORT}"}
        yield house
    cache.clear()


@contextlib.contextmanager
def own_database():
    """Everything in this process works on a copy of the test database meanwhile."""
    there = connection.settings_dict
    original, copy = there["NAME"], f"{there['NAME']}_house"
    connection.close()
    administer(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    there["NAME"] = copy
    try:
        yield
    finally:
        wait_until(everybody_left, 5)
        connection.close()
        there["NAME"] = original
        administer(f'DROP DATABASE "{copy}" WITH (FORCE)')


def everybody_left():
    """Whether no other connection to this database is left: pages may still be answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone() == (0,)


def administer(sql):
    params = connection.get_connection_params() | {"dbname": "postgres"}
    params.pop("cursor_factory", None)
    with contextlib.closing(psycopg2.connect(**params)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute(sql)


def furnish():
    """The cast, the ground under its grid, one password for everybody."""
    district = make_district()
    lay_ground(district)
    for username, (name, post) in NAMES.items():
        User.objects.filter(username=username).update(name=name)
        Post.objects.filter(code=username).update(name=post)
    User.objects.update(password=make_password(PASSWORD))
    return district


@contextlib.contextmanager
def serving():
    """The whole application, static files by its own middleware, as in the field."""
    server = LiveServerThread(HOST, static_handler=lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.terminate()


@contextlib.contextmanager
def streaming(origin):
    """The stream as it runs in the field, and pages that know where it is."""
    program = Stream(origin=origin)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    connect = [*policy["connect-src"], f"http://{HOST}:{program.port}"]
    known = {"DIRECTIVES": policy | {"connect-src": connect}}
    try:
        with override_settings(STREAM_PORT=program.port, CONTENT_SECURITY_POLICY=known):
            yield program
    finally:
        program.stop()
