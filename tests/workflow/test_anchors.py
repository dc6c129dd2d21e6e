"""Each night the log of every flow is anchored: a cut end is found although the paper hides it."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from tests.whistle.paces import Paces
from tests.workflow.test_trace import EVENTS, run, tamper
from whistle.models import WorkOrder, WorkOrderEvent
from workflow import anchors, trace
from workflow.guards import guard
from workflow.models import Anchor

DAY = datetime.timedelta(days=1)


@pytest.fixture
def paces(district):
    return Paces(district)


def anchor(now, day=None):
    return anchors.anchor_all(trace.paper_models(), day or now.date(), now)


def faults():
    return list(trace.verify_trace())


def rewrite(order, n):
    """Cut a paper's log after event n, and make its head, count and status agree."""
    last = order.events.get(n=n)
    tamper(
        "DELETE FROM whistle_workorderphoto WHERE event_id IN "
        f"(SELECT id FROM {EVENTS} WHERE paper_id = %s AND n > %s)",
        order.pk,
        n,
    )
    tamper(f"DELETE FROM {EVENTS} WHERE paper_id = %s AND n > %s", order.pk, n)
    run(
        "UPDATE whistle_workorder SET trace_count = %s, trace_head = %s, status = %s WHERE id = %s",
        n,
        last.hash,
        last.new,
        order.pk,
    )


def test_each_flow_is_anchored_and_the_days_are_chained(paces):
    paces.concluded()
    first = {a.flow: a for a in anchor(paces.now)}
    paces.done()
    second = {a.flow: a for a in anchor(paces.now + DAY)}
    assert set(first) == {model.flow.name for model in trace.paper_models()}
    order = second["workorder"]
    assert (order.papers, order.events) == (2, WorkOrderEvent.objects.count())
    assert order.prev_hash == first["workorder"].hash
    assert faults() == []


def test_a_day_is_anchored_once(paces):
    paces.reported()
    assert anchor(paces.now) and not anchor(paces.now)
    assert not anchor(paces.now, paces.now.date() - DAY)


def test_a_cut_end_is_found_although_head_count_and_status_were_set_back(paces):
    order = paces.closed()
    anchor(paces.now)
    rewrite(order, 6)
    assert trace.verify_paper(WorkOrder.objects.get(pk=order.pk)) == []
    name = f"workorder anchor of {paces.now.date()}"
    assert faults() == [f"{name}: 8 events were anchored, 6 are there"]


def test_an_end_that_was_cut_and_written_anew_is_found(paces):
    """Someone else's steps in place of those that were, as the application itself writes them."""
    order = paces.verified()
    anchor(paces.now)
    rewrite(order, 5)
    order.refresh_from_db()
    paces.step(order, "rework", paces.p.dispatcher, note="未修好")
    assert trace.verify_paper(WorkOrder.objects.get(pk=order.pk)) == []
    name = f"workorder anchor of {paces.now.date()}"
    assert faults() == [f"{name}: 6 events were anchored, 5 are there"]


def test_a_forged_end_under_the_old_keys_is_found(paces):
    order = paces.verified()
    anchor(paces.now)
    event = order.events.get(n=6)
    event.data["method"] = "phone"
    tamper(f"UPDATE {EVENTS} SET hash = %s WHERE id = %s", event.digest(), event.pk)
    run("UPDATE whistle_workorder SET trace_head = %s WHERE id = %s", event.digest(), order.pk)
    name = f"workorder anchor of {paces.now.date()}"
    assert f"{name}: the events are not those that were anchored" in faults()


@pytest.mark.parametrize("change", ["events = events - 2", "digest = md5('x')", "last = 1"])
def test_an_anchor_that_was_fitted_to_it_is_found(paces, change):
    paces.closed()
    anchor(paces.now)
    tamper(f"UPDATE workflow_anchor SET {change} WHERE flow = 'workorder'")
    name = f"workorder anchor of {paces.now.date()}"
    assert f"{name}: its content was changed" in faults()


def test_a_missing_anchor_is_found(paces):
    for n in range(3):
        paces.reported()
        anchor(paces.now + n * DAY)
    day = paces.now.date() + DAY
    tamper("DELETE FROM workflow_anchor WHERE flow = 'workorder' AND day = %s", day)
    name = f"workorder anchor of {paces.now.date() + 2 * DAY}"
    assert f"{name}: does not follow its predecessor" in faults()


def test_words_may_be_erased_by_law_and_the_anchors_hold(paces):
    order = paces.closed()
    anchor(paces.now)
    trace.erase_words([order])
    assert faults() == []


def test_what_came_later_is_no_concern_of_an_anchor(paces):
    paces.reported()
    anchor(paces.now)
    paces.closed()
    assert faults() == []


@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET events = 0", "DELETE FROM {}", "TRUNCATE {}"],
)
def test_the_database_itself_refuses_to_change_an_anchor(paces, sql):
    paces.reported()
    anchor(paces.now)
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql.format("workflow_anchor"))
    assert "BEFORE TRUNCATE" in guard("workflow_anchor")


def test_anchoring_costs_the_same_however_much_is_stored(paces, django_assert_num_queries):
    paces.reported()
    with django_assert_num_queries(5):
        anchors.anchor_day(WorkOrder, paces.now.date(), paces.now)
    for _n in range(5):
        paces.reported()
    with django_assert_num_queries(5):
        anchors.anchor_day(WorkOrder, paces.now.date() + DAY, paces.now)
    assert Anchor.objects.filter(flow="workorder").last().papers == 6
