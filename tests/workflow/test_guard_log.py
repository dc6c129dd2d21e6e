"""In production the log belongs to another role than the application's."""

import datetime
import os

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from govcenter import health
from organization.sending import deliver_waiting
from tests.command.pages import browser_of
from tests.whistle.paces import Paces
from whistle.models import Card, Disclosure, TraceExport, WorkOrder
from workflow import trace
from workflow.guards import alterable
from workflow.live import prune_changes
from workflow.models import Anchor
from workflow.sweep import run_clock

LOGS = [paper._meta.get_field("events").related_model for paper in trace.paper_models()]
KEPT = (Anchor, Card, Disclosure, TraceExport)
GUARDED = sorted(model._meta.db_table for model in (*KEPT, *LOGS))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def role(db):
    """A role beside the owner; roles are the whole server's, so each process has its own."""
    name = f"application_{os.getpid()}"
    run(f"CREATE ROLE {name}")
    return name


@pytest.fixture
def application(district, role):
    """The cast's district, and from here on every statement is the application's."""
    call_command("guard_log", role)
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what hung in the air is checked as the owner
    run("SET CONSTRAINTS ALL DEFERRED")
    run(f"SET LOCAL SESSION AUTHORIZATION {role}")
    return Paces(district)


@pytest.fixture
def as_owner(application):
    def back():
        run("RESET SESSION AUTHORIZATION")

    return back


def test_whole_lives_are_lived(application):
    application.concluded()
    application.raised()
    application.answered()
    assert list(trace.verify_trace()) == []


def test_clocks_run_phones_are_called_and_pages_are_told(application):
    response = application.called()
    later = application.now + datetime.timedelta(days=9)
    assert run_clock(later) > 0
    assert response.events.filter(verb="remind").exists()
    deliver_waiting()
    assert prune_changes(later + datetime.timedelta(days=9)) > 0


def test_pages_and_the_api_act(application):
    order = application.reported(
        reporter=None, reporter_name="张建国", reporter_phone="13812345521"
    )
    centre = browser_of(application.p.dispatcher)
    assert centre.get("/work-orders/").status_code == 200
    url = f"/work-orders/{order.number}/reporter/"
    assert "13812345521" in centre.post(url, {"note": "回访"}).text
    assert Disclosure.objects.count() == 1
    done = centre.post(
        f"/api/work-orders/{order.number}/register/",
        {"condition": application.d.condition.pk, "seen": order.trace_count},
        headers={"accept": "application/json"},
    )
    assert done.status_code == 200, done.text
    order.refresh_from_db()
    assert order.status == "registered"


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {0} SET id = id",
        "UPDATE {0} SET id = id WHERE false",
        "DELETE FROM {0} WHERE false",
        "TRUNCATE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "ALTER TABLE {0} DISABLE TRIGGER {0}_stays",
        "DROP TRIGGER {0}_stays ON {0}",
        "CREATE TRIGGER mine BEFORE INSERT ON {0} EXECUTE FUNCTION workflow_event_stays()",
        "ALTER TABLE {0} RENAME TO other",
        "DROP TABLE {0} CASCADE",
        "ALTER FUNCTION workflow_event_stays() RENAME TO other",
        "CREATE OR REPLACE FUNCTION workflow_event_stays() RETURNS trigger LANGUAGE sql AS ''",
        "SET session_replication_role = replica",
        "CREATE TABLE mine ()",
    ],
)
def test_the_log_is_out_of_reach(application, table, sql):
    with (
        pytest.raises(DatabaseError, match="permission denied|must be owner"),
        transaction.atomic(),
    ):
        run(sql.format(table))


def test_no_other_table_can_be_emptied_around_the_log(application):
    application.reported()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run("TRUNCATE whistle_workorder CASCADE")


def test_guarding_twice_changes_nothing_and_names_the_tables(role, capsys):
    for _time in range(2):
        call_command("guard_log", role)
        named = capsys.readouterr().out.strip().partition("add to ")[2].strip(".").split(", ")
        assert set(GUARDED) <= set(named)
    assert alterable(role) == []


def test_a_right_given_by_hand_is_found_and_taken_back(role):
    call_command("guard_log", role)
    run(f"GRANT UPDATE (words) ON whistle_workorderevent TO {role}")
    run(f"GRANT TRUNCATE ON whistle_disclosure TO {role}")
    assert alterable(role) == ["whistle_disclosure", "whistle_workorderevent"]
    call_command("guard_log", role)
    assert alterable(role) == []


@pytest.mark.parametrize(
    "how",
    [
        "ALTER ROLE {0} SUPERUSER",
        "DO $$ BEGIN EXECUTE format('GRANT %%I TO {0}', current_user); END $$",
        "ALTER TABLE whistle_workorderevent OWNER TO {0}",
        "ALTER SCHEMA public OWNER TO {0}",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I OWNER TO {0}', current_database()); END $$",
    ],
)
def test_a_role_that_owns_the_log_somehow_is_refused(role, how):
    run(how.format(role))
    with pytest.raises(CommandError, match="could still change .*whistle_workorderevent"):
        call_command("guard_log", role)


def test_who_owns_nothing_can_guard_nothing(application, role):
    with pytest.raises(CommandError, match="as the owner"):
        call_command("guard_log", role)


def test_an_unknown_role_is_refused(db):
    with pytest.raises(CommandError, match="no role nobody-such"):
        call_command("guard_log", "nobody-such")


def test_the_health_page_says_whether_the_log_is_guarded(application, as_owner, settings):
    settings.PRODUCTION = True
    assert health.guard() == {"log_guarded": True}
    as_owner()
    assert health.guard() == {"log_guarded": False}
    settings.PRODUCTION = False
    assert health.guard() == {}


def test_erasing_by_law_is_the_owners(application, as_owner, caplog):
    order = application.reported(
        reporter=None, reporter_name="张建国", reporter_phone="13812345521"
    )
    application.step(
        order,
        "register",
        application.p.dispatcher,
        condition=application.d.condition,
        note="住户来电",
    )
    with pytest.raises(CommandError, match="Only the owner"), transaction.atomic():
        call_command("erase_words", order.number, reason="本人申请")
    assert order.events.get(verb="register").note == "住户来电"
    as_owner()
    call_command("erase_words", order.number, reason="本人申请")
    assert order.events.get(verb="register").note == ""
    assert trace.verify_paper(WorkOrder.objects.get(pk=order.pk)) == []
    assert "本人申请" in caplog.text


def test_erasing_takes_the_words_of_every_paper_of_the_order_and_who_reported(district, capsys):
    paces = Paces(district)
    response = paces.done()
    order, other = response.whistle.order, paces.closed()
    WorkOrder.objects.filter(pk=order.pk).update(reporter_name="张建国")
    call_command("erase_words", order.number, reason="本人申请")
    assert not response.events.exclude(words={}).exists()
    assert not response.whistle.events.exclude(words={}).exists()
    assert other.events.exclude(words={}).exists()
    order.refresh_from_db()
    assert (order.reporter_name, order.reporter_phone, order.reporter_hash) == ("", "", "")
    assert list(trace.verify_trace()) == []


def test_erasing_wants_a_known_order(db):
    with pytest.raises(CommandError, match="no order 7"):
        call_command("erase_words", "7", reason="x")
