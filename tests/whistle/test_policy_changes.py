"""Editing policy or calendar under running clocks: what would move is shown first, then moved."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from organization import calendar_cache
from organization.models.calendar import CalendarDay, WorkingHours
from tests.cast import LONG_AGO
from tests.whistle.paces import DAY, Paces
from tests.whistle.stations import STATIONS
from whistle.models import Response
from workflow import policy, recompute
from workflow.clock import rungs_of
from workflow.errors import NotPossible
from workflow.models import Change, PolicyChange, Rung, TimeLimit
from workflow.sweep import run_clock
from workflow.trace import verify_trace

HOUR = datetime.timedelta(hours=1)
TODAY = "2026-10-19"


@pytest.fixture
def paces(district):
    return Paces(district)


def asked(paces, kind, **body):
    """The change as its author sees it, its consequences reckoned."""
    change = recompute.ask(kind, body, actor=paces.p.district, reason="汛期", now=paces.now)
    assert recompute.work_off(paces.now) == 1
    change.refresh_from_db()
    return change


def made(paces, change):
    recompute.order(change, actor=paces.p.district, now=paces.now)
    assert recompute.work_off(paces.now) == 1
    change.refresh_from_db()
    assert change.state == PolicyChange.State.DONE
    return change


def limit(amount, **more):
    return {
        "flow": "workorder",
        "clock": "triage",
        "amount": str(amount),
        "unit": "work_hour",
        "valid_from": TODAY,
        **more,
    }


@pytest.mark.parametrize(
    "station",
    [
        "order reported",
        "whistle blown",
        "response called",
        "verification asked",
        "request asked: extension",
    ],
)
def test_the_ways_of_a_query_lead_to_the_same_papers_as_the_paper_itself(paces, station):
    paper = STATIONS[station](paces)()
    model = type(paper)
    ways = {"root": model.to_root or "pk", "seen": model.to_seen or "pk"}
    row = model.objects.filter(pk=paper.pk).values(*ways.values()).get()
    assert (model.root_model(), row[ways["root"]]) == (type(paper.root), paper.root.pk)
    assert (model.seen_model(), row[ways["seen"]]) == (type(paper.seen_as()), paper.seen_as().pk)
    if model.to_outer:
        outer = model.objects.filter(pk=paper.pk).values_list(model.to_outer, flat=True).get()
        assert outer == paper.outer_ends().get("source")


def test_a_shorter_limit_shows_what_it_would_move_and_moves_nothing_yet(paces):
    late, fresh = paces.reported(), None
    paces.now += HOUR + HOUR / 2
    fresh = paces.reported()
    before = {order.pk: order.due_at for order in (late, fresh)}
    change = asked(paces, "limit", **limit(1))
    assert (change.total, change.moved, change.overdue) == (2, 2, 1)
    first, second = change.examples
    assert (first["number"], first["overdue"]) == (late.number, True)
    assert (second["number"], second["overdue"]) == (fresh.number, False)
    for order in (late, fresh):
        order.refresh_from_db()
        assert order.due_at == before[order.pk]
    assert not TimeLimit.objects.filter(valid_from=TODAY).exists()


def test_a_limit_that_is_made_moves_clocks_papers_and_open_pages(paces):
    order = paces.reported()
    change = asked(paces, "limit", **limit(1))
    told = Change.objects.count()
    made(paces, change)
    order.refresh_from_db()
    clock = order.clocks.get(what="triage")
    assert clock.due == order.due_at == clock.started + HOUR
    assert (clock.amount, clock.policy.valid_from.isoformat()) == (1, TODAY)
    assert order.warn_at == clock.warn_at == clock.next_at
    assert Change.objects.count() == told + 1
    assert not list(verify_trace())


def test_papers_under_another_limit_stay_as_they_are(paces):
    TimeLimit.objects.create(
        flow="workorder", clock="triage", kind="critical", amount=1, unit="urgent_hour",
        valid_from=LONG_AGO,
    )  # fmt: skip
    paces.reported(urgency="critical")
    change = asked(paces, "limit", **limit(4))
    assert (change.total, change.moved) == (1, 0)


def test_a_limit_of_one_level_moves_places_of_that_level_only(paces):
    paces.reported(area_level="A")
    paces.reported(area_level="B")
    change = asked(paces, "limit", **limit(1, area="A"))
    assert change.moved == 1


def test_the_limit_of_the_condition_is_not_the_policy_s(paces):
    paces.registered()
    change = asked(paces, "limit", **limit(9, clock="handle", unit="work_day"))
    assert (change.total, change.moved) == (0, 0)


def test_a_late_clock_that_gets_time_again_climbs_its_ladder_anew(paces):
    order = paces.reported()
    due = order.due_at
    while run_clock(due):
        pass
    paces.now = due + HOUR
    made(paces, asked(paces, "limit", **limit(7)))
    clock = order.clocks.get(what="triage")
    assert (clock.rung, clock.version) == (0, 2)
    assert clock.next_at == clock.warn_at > paces.now
    assert run_clock(clock.due + DAY) > 0


def test_a_new_holiday_moves_what_runs_over_it(paces):
    paces.give_room()
    order = paces.dispatched()
    sign, triaged = order.clocks.get(what="sign"), order.clocks.get(what="triage")
    response = paces.called()
    arrive = response.clocks.get(what="arrive")
    days = {"2026-10-20": ["holiday", "台风停工"]}
    change = asked(paces, "calendar", days=days)
    assert not CalendarDay.objects.filter(date="2026-10-20").exists()
    assert change.overdue == 0
    assert {row["clock"] for row in change.examples} >= {"arrive"}
    made(paces, change)
    moved = response.clocks.get(what="arrive")
    assert moved.due == arrive.due + DAY
    assert order.clocks.get(what="sign").due == sign.due
    assert order.clocks.get(what="triage").due == triaged.due
    assert CalendarDay.objects.get(date="2026-10-20").source == "notice"
    response.refresh_from_db()
    assert response.due_at == min(c.due for c in response.clocks.filter(stopped=None))


def test_a_day_taken_out_again_moves_everything_back(paces):
    response = paces.called()
    before = response.clocks.get(what="arrive").due
    made(paces, asked(paces, "calendar", days={"2026-10-20": ["holiday", ""]}))
    made(paces, asked(paces, "calendar", days={"2026-10-20": ["", ""]}))
    assert response.clocks.get(what="arrive").due == before


def test_new_working_hours_of_a_unit_move_its_own_clocks_only(paces):
    paces.now = paces.now.replace(hour=17, minute=30)
    order, response = paces.dispatched(), paces.called()
    water = Response.objects.get(pk=response.pk).unit
    sign = order.clocks.get(what="sign").due
    seasons = [[101, 1231, [540, 1200]]]
    change = asked(paces, "hours", unit=water.pk, seasons=seasons, valid_from=TODAY)
    assert change.moved
    made(paces, change)
    clock = response.clocks.get(what="sign")
    assert clock.due == clock.started + HOUR
    assert order.clocks.get(what="sign").due == sign


def test_earlier_hours_of_the_unit_end_the_day_before(paces):
    water = paces.d.water
    old = WorkingHours.objects.create(unit=water, periods=[480, 1020], valid_from=LONG_AGO)
    calendar_cache.refresh()
    seasons = [[101, 630, [540, 1200]], [701, 1231, [480, 1020]]]
    change = asked(paces, "hours", unit=water.pk, seasons=seasons, valid_from=TODAY)
    made(paces, change)
    old.refresh_from_db()
    assert old.valid_to.isoformat() == "2026-10-18"
    rows = WorkingHours.objects.filter(unit=water, valid_to=None).order_by("season_from")
    assert [[row.season_from, row.season_to, row.periods] for row in rows] == seasons
    recompute.make(change, paces.now)
    assert rows.count() == 2


def test_a_limit_of_a_day_to_come_leaves_alone_what_runs(paces):
    order = paces.reported()
    coming = (timezone.localdate() + DAY).isoformat()
    change = made(paces, asked(paces, "limit", **limit(1, valid_from=coming)))
    assert (change.total, change.moved) == (0, 0)
    assert order.clocks.get(what="triage").amount == 2
    assert TimeLimit.objects.filter(valid_from=coming).exists()


def test_a_new_ladder_is_climbed_by_what_begins_under_it(paces):
    order = paces.reported()
    rungs = [[90, "", "", "holder"], [None, "1.5", "work_hour", "yellow"]]
    body = {"flow": "workorder", "clock": "triage", "valid_from": "2026-10-20", "rungs": rungs}
    change = made(paces, asked(paces, "ladder", **body))
    assert (change.total, change.moved) == (0, 0)
    assert len(rungs_of(order.clocks.get(what="triage"), "workorder")) == 4
    paces.now += DAY
    clock = paces.reported().clocks.get(what="triage")
    said = [(rung.percent, rung.after, rung.does) for rung in rungs_of(clock, "workorder")]
    assert said == [(90, None, "holder"), (None, Decimal("1.5"), "yellow")]
    recompute.make(change, paces.now)
    assert Rung.objects.filter(valid_from="2026-10-20").count() == 2


def test_a_held_clock_learns_of_the_limit_and_is_due_by_it_when_resumed(paces):
    order = paces.taken()
    paces.suspend(order)
    edit = limit(9, clock="handle", unit="work_day")
    change = made(paces, asked(paces, "limit", **edit))
    held = order.clocks.get(what="handle")
    assert (change.moved, held.amount, held.next_at) == (0, 9, None)


def test_what_has_not_been_shown_or_is_done_cannot_be_ordered(paces):
    change = recompute.ask("limit", limit(1), actor=paces.p.district, reason="试", now=paces.now)
    with pytest.raises(NotPossible):
        recompute.order(change, actor=paces.p.district)
    recompute.work_off(paces.now)
    recompute.drop(change)
    with pytest.raises(NotPossible):
        recompute.order(change, actor=paces.p.district)
    assert recompute.work_off(paces.now) == 0


def test_a_run_that_was_cut_off_is_run_again(paces, monkeypatch):
    orders = [paces.reported() for _n in range(3)]
    change = asked(paces, "limit", **limit(1))
    recompute.order(change, actor=paces.p.district, now=paces.now)
    monkeypatch.setattr("workflow.recompute.batches", lambda pks: ([pk] for pk in pks))
    real, cut = recompute._write, []

    def cut_off(*given):
        cut.append(1)
        if len(cut) == 2:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(recompute, "_write", cut_off)
    with pytest.raises(KeyboardInterrupt):
        recompute.make(PolicyChange.objects.get(pk=change.pk), paces.now)
    recompute.work_off(paces.now)
    for order in orders:
        clock = order.clocks.get(what="triage")
        assert (clock.due, clock.version) == (clock.started + HOUR, 2)


def test_supposing_leaves_the_policy_of_everybody_else_alone(paces):
    asked(paces, "limit", **limit(1))
    assert policy.current().limit("workorder", "triage", "", paces.now.date()).amount == 2


def test_the_cost_does_not_grow_with_the_papers(paces, monkeypatch, django_assert_max_num_queries):
    for _n in range(40):
        paces.reported()
    change = asked(paces, "limit", **limit(1))
    recompute.order(change, actor=paces.p.district, now=paces.now)
    change.refresh_from_db()
    with django_assert_max_num_queries(50):
        recompute.make(change, paces.now)
