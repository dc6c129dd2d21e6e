import asyncio
import contextlib
import datetime
import time

import psycopg2
import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from govcenter.embedded import wait_until
from govcenter.hub import MOST_UNSENT, Client
from govcenter.stream import is_ours
from organization.models import User
from tests.govcenter.live import ORDER, Stream, move, ticket_for
from workflow.live import CHANNEL, Ticket, is_mark, mark_now, prune_changes, read_ticket
from workflow.models import Change

HERE, ABOVE, ELSEWHERE = 11, 1, 12


@pytest.fixture(autouse=True)
def db(django_db_setup, django_db_blocker):
    """Streams see only what is committed: no transaction around each test, no flush after it."""
    with django_db_blocker.unblock():
        yield
        for model in (Change, Session, User):
            model.objects.all().delete()


@pytest.fixture(scope="module")
def program(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        running = Stream()
    yield running
    running.stop()


@pytest.fixture
def stream(program):
    yield program
    program.leave()


@pytest.fixture
def operator():
    return User.objects.create_user("operator", name="Operator")


@pytest.fixture
def another_transaction():
    """A second writer, whose transaction stays open until it commits."""
    with contextlib.closing(connect()) as conn:
        yield conn


def connect(**other):
    return psycopg2.connect(**connections["default"].get_connection_params() | other)


def write(conn, paper_id, *units):
    with conn.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_change (paper, paper_id, units) VALUES (%s, %s, %s)",
            [ORDER, paper_id, list(units)],
        )


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_tells_only_what_the_ticket_covers(stream, operator):
    page = stream.listen(ticket_for(operator, HERE))
    move(1, ELSEWHERE)
    move(2, ABOVE, HERE)
    move(3, ABOVE, ELSEWHERE)
    move(4, HERE, ELSEWHERE)
    assert [page.next(), page.next()] == [("change", 2), ("change", 4)]


def test_tells_nothing_of_what_was_rolled_back(stream, operator, another_transaction):
    page = stream.listen(ticket_for(operator, HERE))
    write(another_transaction, 1, HERE)
    another_transaction.rollback()
    move(2, HERE)
    assert page.next() == ("change", 2)


def test_tells_what_happened_between_the_ticket_and_the_connection(stream, operator):
    ticket = ticket_for(operator, HERE)
    move(1, HERE)
    assert stream.listen(ticket).next() == ("change", 1)


def test_a_late_commit_is_told_and_holds_back_nobody(stream, operator, another_transaction):
    page = stream.listen(ticket_for(operator, HERE))
    write(another_transaction, 1, HERE)
    move(2, HERE)
    assert page.next() == ("change", 2)
    another_transaction.commit()
    assert page.next() == ("change", 1)


def test_a_late_commit_is_not_lost_by_who_comes_back(stream, operator, another_transaction):
    page = stream.listen(ticket_for(operator, HERE))
    write(another_transaction, 1, HERE)
    move(2, HERE)
    page.next()
    page.close()
    another_transaction.commit()
    move(3, HERE)
    again = stream.listen(ticket_for(operator, HERE), last=page.last)
    assert [again.next(), again.next()] == [("change", 1), ("change", 3)]


def test_the_browsers_header_goes_before_the_address(stream, operator):
    page = stream.listen(ticket_for(operator, HERE))
    first = mark_now()
    move(1, HERE)
    page.next()
    again = stream.listen(ticket_for(operator, HERE), first, {"Last-Event-ID": page.last})
    move(2, HERE)
    assert again.next() == ("change", 2)


def test_a_batch_is_acknowledged_only_with_its_last_event(stream, operator, another_transaction):
    ticket = ticket_for(operator, HERE)
    for paper_id in (1, 2, 3):
        write(another_transaction, paper_id, HERE)
    another_transaction.commit()
    page = stream.listen(ticket)
    events = [page.read() for _ in range(4)]
    assert ["id" in event for event in events] == [True, False, False, True]


def test_a_mark_of_nonsense_or_of_long_ago_resets_the_page(stream, operator):
    long_ago = "1-" + mark_now().partition("-")[2]
    of_another_life = mark_now().partition("-")[0] + "-900000000000:900000000000:"
    for last in ("7", "1-2:1:", long_ago, of_another_life):
        page = stream.listen(ticket_for(operator, HERE), last=last)
        assert page.next() == ("reset", None), last
        move(1, HERE)
        assert page.next() == ("change", 1), last


def test_very_many_changes_become_one_reset(stream, operator):
    mark = mark_now()
    Change.objects.bulk_create(
        Change(at=timezone.now(), paper=ORDER, paper_id=number, units=[HERE])
        for number in range(400)
    )
    assert stream.listen(ticket_for(operator, HERE, mark=mark)).next() == ("reset", None)


def test_rows_restored_from_another_cluster_are_not_told_again_and_again(stream, operator):
    run(
        "INSERT INTO workflow_change (xid, paper, paper_id, units)"
        f" VALUES ('900000000000', '{ORDER}', 1, '{{{HERE}}}')"
    )
    page = stream.listen(ticket_for(operator, HERE))
    move(2, HERE)
    move(3, HERE)
    assert [page.next(), page.next()] == [("change", 2), ("change", 3)]


def test_a_lost_notification_is_made_up_for(stream, operator):
    page = stream.listen(ticket_for(operator, HERE))
    run("ALTER TABLE workflow_change DISABLE TRIGGER workflow_change_notify")
    try:
        move(1, HERE)
        assert page.next() == ("change", 1)
    finally:
        run("ALTER TABLE workflow_change ENABLE TRIGGER workflow_change_notify")


@contextlib.contextmanager
def nobody_may_connect():
    name = connection.settings_dict["NAME"]
    with contextlib.closing(connect(dbname="postgres")) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            yield
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_a_database_that_goes_away_and_comes_back_loses_nothing(stream, operator):
    page = stream.listen(ticket_for(operator, HERE))
    with nobody_may_connect():
        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert wait_until(lambda: stream.health()[0] == 503, 5)
        move(1, HERE)
    assert page.next() == ("change", 1)


@pytest.mark.parametrize("ticket", ["", "nonsense", "WzFd:1abcde:xyz"])
def test_a_forged_ticket_is_refused(stream, ticket):
    assert stream.listen(ticket).answer.status == 403


def test_a_ticket_opens_for_a_minute_only(stream, operator):
    with time_machine.travel(timezone.now() - datetime.timedelta(seconds=61)):
        ticket = ticket_for(operator, HERE)
    assert stream.listen(ticket).answer.status == 403


def test_a_user_who_was_switched_off_is_refused(stream, operator):
    ticket = ticket_for(operator, HERE)
    User.objects.update(is_active=False)
    assert stream.listen(ticket).answer.status == 403


def test_the_stream_ends_within_seconds_of_the_user_or_the_session(stream, operator):
    person = User.objects.create_user("person", name="Person")
    session = SessionStore()
    session.create()
    of_user = stream.listen(ticket_for(person, HERE))
    of_session = stream.listen(ticket_for(operator, HERE, session=session.session_key))
    stays = stream.listen(ticket_for(operator, HERE))
    User.objects.filter(pk=person.pk).update(is_active=False)
    session.delete()
    began = time.monotonic()
    assert (of_user.next(), of_session.next()) == (None, None)
    assert time.monotonic() - began < 6
    move(1, HERE)
    assert stays.next() == ("change", 1)


def test_a_ticket_does_not_show_the_session(operator):
    ticket = read_ticket(ticket_for(operator, HERE, session="secret-key-of-the-session"))
    assert len(ticket.session) == 32 and "secret" not in ticket.session


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://gov.example:8000", 200), ("http://gov.example", 403), ("null", 403)],
)
def test_only_pages_of_our_own_origin_may_listen(stream, operator, origin, status):
    answer = stream.listen(ticket_for(operator, HERE), headers={"Origin": origin}).answer
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == (origin if status == 200 else None)


def test_a_page_of_the_very_same_origin_may_listen(stream, operator):
    headers = {"Origin": f"http://127.0.0.1:{stream.port}"}
    assert stream.listen(ticket_for(operator, HERE), headers=headers).answer.status == 200


def test_pages_of_the_web_port_may_listen_in_the_embedded_installation(settings):
    settings.STREAM_PORT, settings.PORT, settings.ALLOWED_HOSTS = 8001, 8000, ["localhost"]
    assert is_ours("http://localhost:8000", "localhost:8001")
    assert not is_ours("http://localhost:9000", "localhost:8001")
    settings.STREAM_PORT = 0
    assert not is_ours("http://localhost:8000", "localhost")


def test_other_addresses_and_methods_are_refused(stream):
    assert stream.get("/")[1].status == 404
    assert stream.get("/stream/", method="POST")[1].status == 405


def test_health_counts_the_open_streams(stream, operator):
    before = stream.health()[1]["streams"]
    page = stream.listen(ticket_for(operator, HERE))
    assert stream.health() == (200, {"database": True, "streams": before + 1})
    page.close()


def test_stops_at_once_with_many_pages_open(operator):
    stream = Stream()
    for _ in range(25):
        stream.listen(ticket_for(operator, HERE))
    assert stream.health()[1]["streams"] == 25
    assert stream.stop() < 2
    assert stream.process.returncode in (0, -15)


def test_a_page_that_does_not_read_is_cut_off_and_holds_nothing_more():
    async def fall_behind():
        client = Client(Ticket(1, frozenset([HERE]), "", "1-2:2:"), last="")
        client.sender = asyncio.create_task(asyncio.sleep(60))
        for _ in range(MOST_UNSENT + 1):
            client.put("more")
        await asyncio.wait([client.sender], timeout=1)
        return client

    client = asyncio.run(fall_behind())
    assert client.sender.cancelled() and client.unsent.qsize() == MOST_UNSENT


def test_an_act_notifies_when_it_commits(another_transaction):
    run(f"LISTEN {CHANNEL}")
    write(another_transaction, 1, HERE)
    connection.connection.poll()
    assert connection.connection.notifies == []
    another_transaction.commit()
    run("SELECT 1")
    assert len(connection.connection.notifies) == 1


def test_old_changes_are_forgotten():
    now = timezone.now()
    for days in (1, 3, 4):
        at = now - datetime.timedelta(days=days)
        Change.objects.create(at=at, paper=ORDER, paper_id=days, units=[HERE])
    assert prune_changes(now) == 2
    assert list(Change.objects.values_list("paper_id", flat=True)) == [1]


NUMBER = st.integers(0, 12) | st.integers(0, 2**70)


@given(NUMBER, NUMBER, st.lists(NUMBER, max_size=3))
def test_whatever_counts_as_a_mark_is_a_snapshot_to_postgresql(low, high, running):
    mark = f"1-{low}:{high}:{','.join(map(str, running))}"
    if is_mark(mark):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::pg_snapshot", [mark.partition("-")[2]])


@pytest.mark.parametrize(
    "text", ["", "x", "1-1:2:x", "1-１:2:", "1-0:0:", "1-3:2:", "1-1:9:5,4", f"1-1:{2**32}:"]
)
def test_other_text_is_no_mark(text):
    assert not is_mark(text)


def test_every_mark_of_the_database_is_a_mark(another_transaction):
    write(another_transaction, 1, HERE)
    move(2, HERE)
    assert is_mark(mark_now())
