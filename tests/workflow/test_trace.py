"""The log keeps everything: whoever changes it by whatever road is found out."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.whistle.paces import Paces
from whistle.models import Response, WorkOrder, WorkOrderEvent, WorkOrderPhoto
from workflow import trace
from workflow.models.events import canonical

EVENTS = "whistle_workorderevent"


@pytest.fixture
def order(district):
    return Paces(district).closed()


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def tamper(sql, *params):
    """What a database administrator could do: triggers and foreign keys off."""
    run("SET LOCAL session_replication_role = replica")
    run(sql, *params)
    run("SET LOCAL session_replication_role = origin")


def faults_of(order):
    return trace.verify_paper(WorkOrder.objects.get(pk=order.pk))


def test_untouched_logs_are_whole(district):
    Paces(district).concluded()
    Paces(district).raised()
    Paces(district).answered()
    assert list(trace.verify_trace()) == []


@pytest.mark.parametrize(
    "change, fault",
    [
        ('words = \'{"note": "另一句话"}\'', "its words were changed"),
        ("words = '{}'", "its words were changed"),
        ('data = data || \'{"method": "phone"}\'', "its content was changed"),
        ("data = '{}'", "its content was changed"),
        ("verb = 'accept'", "its content was changed"),
        ("new = 'closed'", "its content was changed"),
        ("at = at - interval '1 hour'", "its content was changed"),
        ("actor_id = NULL", "its content was changed"),
        ("post_id = NULL", "its content was changed"),
        ("trigger = 'clock:verify:2'", "its content was changed"),
    ],
)
def test_a_changed_event_is_found(order, change, fault):
    tamper(f"UPDATE {EVENTS} SET {change} WHERE paper_id = %s AND verb = 'verify'", order.pk)
    assert faults_of(order) == [f"workorder {order.pk} event 6: {fault}"]


def test_an_event_that_was_changed_and_hashed_anew_does_not_fit_the_next(order):
    event = order.events.get(n=3)
    event.data["unit"]["name"] = "别处"
    tamper(
        f"UPDATE {EVENTS} SET data = %s, hash = %s WHERE id = %s",
        json.dumps(event.data),
        event.digest(),
        event.pk,
    )
    name = f"workorder {order.pk} event 4"
    assert faults_of(order) == [f"{name}: does not follow its predecessor"]


def test_a_missing_event_is_found(order):
    tamper(f"DELETE FROM {EVENTS} WHERE paper_id = %s AND n IN (3, 4)", order.pk)
    assert f"workorder {order.pk} event 5: events 3 to 4 are missing" in faults_of(order)


def test_a_cut_tail_is_found(order):
    tamper(f"DELETE FROM {EVENTS} WHERE paper_id = %s AND n > 6", order.pk)
    assert f"workorder {order.pk}: the log ends at 6, the paper says 8" in faults_of(order)


def test_a_cut_tail_is_found_though_the_count_was_set_back(order):
    tamper(f"DELETE FROM {EVENTS} WHERE paper_id = %s AND n > 6", order.pk)
    run("UPDATE whistle_workorder SET trace_count = 6 WHERE id = %s", order.pk)
    assert f"workorder {order.pk}: the log ends at 6, the paper says 6" in faults_of(order)


def test_an_emptied_log_is_found(order):
    for table in ("whistle_workorderphoto", EVENTS):
        tamper(f"DELETE FROM {table} WHERE paper_id = %s", order.pk)
    assert f"workorder {order.pk}: the log ends at 0, the paper says 8" in faults_of(order)


def test_a_status_to_which_no_step_led_is_found(order):
    run("UPDATE whistle_workorder SET status = 'void' WHERE id = %s", order.pk)
    assert faults_of(order) == [f"workorder {order.pk}: no step led to its status “void”"]


def test_a_photo_put_in_place_of_another_is_found(order):
    WorkOrderPhoto.objects.filter(event__verb="handle").update(sha256="0" * 64)
    assert faults_of(order) == [f"workorder {order.pk} event 5: its photos were changed"]


def test_a_paper_that_was_removed_whole_leaves_a_gap_in_the_numbers(order, district):
    Paces(district).reported()
    for table in ("event", "photo", "sight", "clock"):
        tamper(f"DELETE FROM whistle_workorder{table} WHERE paper_id = %s", order.pk)
    tamper("DELETE FROM whistle_workorder WHERE id = %s", order.pk)
    assert list(trace.verify_trace()) == [
        "workorder 320104002-2026-…: 1 of 2 numbers have no paper"
    ]


def test_words_may_be_erased_by_law_and_the_chain_holds(order):
    run(f"UPDATE {EVENTS} SET words = '{{}}', salt = '' WHERE paper_id = %s", order.pk)
    assert faults_of(order) == []
    assert order.events.get(verb="verify").note == ""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET verb = 'x'",
        "UPDATE {} SET words = '{{}}', salt = '', verb = 'x'",
        "UPDATE {} SET words = '{{}}'",
        "UPDATE {} SET words = '{{\"note\": \"y\"}}', salt = ''",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
    ],
)
@pytest.mark.parametrize("flow", ["workorder", "whistle", "response", "verification"])
def test_the_database_itself_refuses_to_change_the_log(district, flow, sql):
    paces = Paces(district)
    paces.done()
    paces.answered()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(InternalError, match="append-only"), transaction.atomic():
        run(sql.format(f"whistle_{flow}event"))


def test_the_models_refuse_too(order):
    event = order.events.first()
    for change in (
        event.save,
        event.delete,
        WorkOrderEvent.objects.all().delete,
        lambda: WorkOrderEvent.objects.update(verb="x"),
        lambda: order.events.filter(n=1).update(verb="x"),
    ):
        with pytest.raises(TypeError):
            change()


def test_the_log_says_who_did_what_from_which_post_and_with_what(order, district):
    event = order.events.get(verb="handle")
    assert (event.actor, event.post.code) == (district.people.office, "office")
    assert event.data["settled_on"] == "当日"
    assert event.words == {"result": "换新井盖", "talked_to": "陈先生"}
    assert len(event.data["photos"]) == 1


def test_what_must_not_be_kept_is_not_in_the_log(district):
    response = Paces(district).arrived()
    text = str([(e.data, e.words) for e in response.events.all()])
    assert "13900000000" not in text
    assert response.whistle.arrival_code not in text


def test_an_act_between_two_looks_is_no_fault(district):
    paces = Paces(district)
    stale = WorkOrder.objects.get(pk=paces.dispatched().pk)
    paces.step(WorkOrder.objects.get(pk=stale.pk), "accept", paces.p.office)
    assert trace.verify_paper(stale) != []
    assert trace._verify_still(stale) == []


def test_a_response_is_looked_at_again_under_the_lock_of_its_order(district):
    response = Paces(district).done()
    assert trace._verify_still(response) == []
    assert trace.verify_paper(Response.objects.get(pk=response.pk)) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.integers() | st.text(max_size=3).filter(lambda s: "\0" not in s), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@pytest.mark.django_db
@given(value=JSON)
def test_whatever_is_given_hashes_alike_when_it_comes_back_from_the_database(value):
    kept = trace.plain({"given": value})
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(kept)])
        back = json.loads(cursor.fetchone()[0])
    assert canonical(back) == canonical(kept)


def test_the_command_is_content_with_whole_logs(order, capsys):
    call_command("verify_trace")
    assert "1" in capsys.readouterr().out


def test_the_command_names_each_fault_and_fails(order, capsys):
    run("UPDATE whistle_workorder SET status = 'void' WHERE id = %s", order.pk)
    with pytest.raises(CommandError):
        call_command("verify_trace")
    assert capsys.readouterr().out.splitlines() == faults_of(order)
