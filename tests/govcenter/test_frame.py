"""The pieces of the frame that every page passes through."""

import datetime
import json
import time
from types import SimpleNamespace

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from govcenter import health, standby, tasks
from govcenter.cache import ForgivingRedisCache
from govcenter.celery import Task
from govcenter.sessions import SELDOM, KeepSession, client_address
from organization.models import Outbox


@pytest.fixture
def healthy(monkeypatch, settings):
    settings.PRODUCTION = False  # the tests' own role owns the log
    monkeypatch.setattr(health, "redis_answers", lambda: True)
    tasks.tick()


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_healthz_tells_each_part(client, healthy):
    answer = client.get("/healthz")
    body = json.loads(answer.content)
    assert answer.status_code == 200
    assert body["well"] and body["database"] and body["redis"]
    assert body["migrations"] == 0
    assert body["beat_age"] < 5
    assert body["clock_age"] is None
    assert timezone.localdate().year in body["calendar_missing"]


@pytest.mark.django_db
def test_healthz_is_not_well_when_beat_stands_still(client, healthy):
    cache.set(tasks.TICK, int(time.time()) - health.BEAT_IS_LATE - 1)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert not json.loads(answer.content)["well"]


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "well"), [(59, True), (61, False)])
def test_healthz_is_not_well_when_a_message_waits_for_an_hour(client, healthy, minutes, well):
    since = timezone.now() - datetime.timedelta(minutes=minutes)
    Outbox.objects.create(key="a", channel="sms", to="025", text="x", created=since, ready=since)
    body = json.loads(client.get("/healthz").content)
    assert body["well"] is well
    assert body["message_age"] == pytest.approx(minutes * 60, abs=30)


def test_healthz_answers_503_without_the_database(client, monkeypatch):
    def away():
        raise health.DatabaseError

    monkeypatch.setattr(health.connection, "ensure_connection", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] is False


@pytest.mark.django_db
def test_healthz_still_works_without_redis_but_is_not_well(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert json.loads(answer.content)["redis"] is False


def nobody(request):
    return request


@pytest.mark.parametrize(("seen", "renewed"), [(None, True), (SELDOM + 9, True), (5, False)])
def test_session_is_renewed_seldom(rf, seen, renewed):
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=True)
    then = int(time.time()) - seen if seen else 0
    request.session = {"seen": then}
    KeepSession(nobody)(request)
    assert (request.session["seen"] != then) is renewed


def test_pages_that_refresh_themselves_do_not_keep_a_session(rf):
    request = rf.get("/", headers={"X-Live": "1"})
    request.user = SimpleNamespace(is_authenticated=True)
    request.session = {}
    KeepSession(nobody)(request)
    assert request.session == {}


@pytest.mark.parametrize(
    ("proxies", "hops", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.0.0.7", "10.0.0.7"),
        (2, "6.6.6.6, 10.0.0.7, 10.0.0.1", "10.0.0.7"),
        (2, "10.0.0.1", "127.0.0.1"),
    ],
)
def test_address_of_a_client_cannot_be_forged(rf, settings, proxies, hops, address):
    settings.PROXIES = proxies
    assert client_address(rf.get("/", headers={"X-Forwarded-For": hops})) == address


def test_nothing_fails_while_redis_is_away():
    away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    assert away.get("key", "default") == "default"
    assert away.get_or_set("key", 5) == 5
    assert away.set("key", 1) is None
    assert away.add("key", 1)
    assert away.get_many(["key"]) == {}
    assert away.incr("key") == 1


def test_task_that_cannot_be_queued_does_not_fail_the_act(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(Task.__mro__[1], "apply_async", away)
    assert tasks.tick.delay() is None


def test_every_scheduled_task_exists():
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert scheduled <= set(current_app.tasks)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(current_app.conf.beat_schedule))
def test_scheduled_task_may_run_twice(name):
    task = current_app.tasks[current_app.conf.beat_schedule[name]["task"]]
    assert isinstance(task(), int)
    assert isinstance(task(), int)


@pytest.mark.parametrize(
    ("redis", "late", "stands_in"),
    [(True, None, False), (True, 30, False), (True, 90, True), (False, None, True)],
)
def test_standby_drives_the_clocks_only_when_the_queue_does_not(
    monkeypatch, redis, late, stands_in
):
    age = late and datetime.timedelta(seconds=late)
    monkeypatch.setattr(health, "redis_answers", lambda: redis)
    monkeypatch.setattr("workflow.sweep.oldest_unfired", lambda: age)
    monkeypatch.setattr("workflow.sweep.run_clock", lambda: 3)
    monkeypatch.setattr("organization.sending.deliver_waiting", lambda: 1)
    assert standby.stand_in() == (4 if stands_in else None)


def test_late_tasks_come_back_but_none_is_planned_ahead():
    assert current_app.conf.task_acks_late
    timeout = current_app.conf.broker_transport_options["visibility_timeout"]
    assert timeout > current_app.conf.task_time_limit
