"""A simulated past: lived by the rules, whole, the same each time, and only up to its target."""

import datetime
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from command.simulation import beside, hours, orders, past, whistles
from command.simulation.deck import (
    BLOCKS,
    ORDERS,
    RECENT,
    RESTING,
    WHISTLES,
    Block,
    Card,
    Deal,
    deal,
)
from command.simulation.past import LOCK, Target, live_until
from command.simulation.past import live as live_one
from command.simulation.people import Cast
from command.simulation.pictures import paint
from command.simulation.scenes import THINGS
from command.simulation.whistles import turned
from command.simulation.world import World
from grids.models import Grid
from organization.duty import Duty
from organization.models import Notice, Outbox
from tests.grids.ground import draw, square
from whistle.models import (
    Condition,
    Request,
    Response,
    Score,
    SupervisionOrder,
    Whistle,
    WorkOrder,
    WorkOrderClock,
    WorkOrderPhoto,
)
from workflow.sweep import clock_models, run_clock
from workflow.trace import verify_trace

FIRST, DAY = 40, datetime.timedelta(days=1)


@pytest.fixture
def ground(district, monkeypatch):
    """The cast's district with a grid to stand on; its first block of lives is a small one."""
    monkeypatch.setattr(past, "BLOCKS", (replace(BLOCKS[0], lives=FIRST), BLOCKS[1]))
    kind = Grid.Kind.GENERAL
    places = {"community": district.community, "street": district.street}
    grid = Grid.objects.create(unit=district.grid, kind=kind, serial=1, **places)
    draw(grid, square(0, 1))
    return district


def play(district, story, seed=1, world=None, **card):
    """One life of a story, begun long enough ago to have come to its end."""
    dealt = Deal(seed, 0, Block(1, (Card(story, 1, **card),)))
    dealt.ago = 0.9
    return live_one(world or World(), dealt, 60, district.now)


def test_a_past_spreads_over_every_stage_and_leaves_no_clock_unfired(ground):
    live_until(Target(FIRST), now=ground.now)
    statuses = set(WorkOrder.objects.values_list("status", flat=True))
    assert len(statuses) >= 8
    assert Whistle.objects.filter(status="closed").count() >= 5
    assert [
        model for model in clock_models() if model.objects.filter(next_at__lte=ground.now)
    ] == []
    assert run_clock(ground.now) == 0
    assert list(verify_trace()) == []


def test_nothing_happens_before_its_birth_or_after_now(ground):
    live_until(Target(10), now=ground.now)
    for order in WorkOrder.objects.all():
        moments = [event.at for event in order.events.all()]
        assert moments == sorted(moments)
        assert moments[0] == order.created
        assert moments[-1] <= ground.now


def test_the_same_call_again_adds_nothing(ground):
    assert live_until(Target(5), now=ground.now) >= 5
    assert live_until(Target(5), now=ground.now) == 0


def test_closed_whistles_are_a_target_too(ground):
    live_until(Target(1, whistles=3), now=ground.now)
    assert Whistle.objects.filter(status="closed").count() >= 3


def test_the_same_seed_lives_the_same_past(ground):
    lived = []
    for _again in range(2):
        with transaction.atomic():
            live_until(Target(7), now=ground.now, seed=7)
            rows = WorkOrder.objects.order_by("pk").values_list("title", "created", "status")
            lived.append(list(rows))
            transaction.set_rollback(True)
    assert lived[0] == lived[1]


def test_numbers_follow_time(ground):
    live_until(Target(12), now=ground.now)
    numbered = WorkOrder.objects.filter(street=ground.street).order_by("number")
    births = list(numbered.values_list("created", flat=True))
    backwards = [a - b for a, b in zip(births, births[1:], strict=False) if a > b]
    assert max(backwards, default=datetime.timedelta()) < datetime.timedelta(days=3)


def test_one_process_lives_the_past_at_a_time(ground):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert live_until(Target(5), now=ground.now) == 0
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    other.close()
    assert live_until(Target(1), now=ground.now) >= 1


def test_a_life_that_fails_is_taken_back_and_the_next_is_lived(ground, monkeypatch, caplog):
    first = iter([RuntimeError("spoilt")])

    def spoil(life, *args, **kwargs):
        for error in first:
            raise error
        return report(life, *args, **kwargs)

    report = orders.report
    monkeypatch.setattr(orders, "report", spoil)
    assert live_until(Target(2), now=ground.now) >= 2
    assert "failed" in caplog.text


def name_of(card):
    """A name that is the same in every process: of a story, or of what it is made of."""
    story = getattr(card.story, "func", card.story)
    return f"{story.__name__}{getattr(card.story, 'keywords', '')}"


def test_every_story_can_be_lived_to_its_end(ground):
    world = World()
    for seed, card in enumerate([*ORDERS, *WHISTLES]):
        choice = {"kind": card.kind, "desks": card.desks, "sources": card.sources}
        life = play(ground, card.story, seed, world, **choice)
        for order in life.orders:
            order.refresh_from_db()
            assert order.status in ("closed", "merged", "refused", "void"), card


def test_what_rests_lies_open_and_is_seldom_late(ground):
    Condition.objects.update(amount=3, unit="work_day")
    world, rests, late = World(), {card.rest: card for card in RESTING}, []
    for seed, card in enumerate(rests.values()):
        life = live_one(world, Deal(seed, 0, Block(1, (card,))), 60, ground.now)
        order = life.orders[0]
        order.refresh_from_db()
        assert order.flow.is_open(order.status), card
        if order.due_at and order.due_at < ground.now:
            late.append((card, order.due_at))
    assert len(late) <= len(rests) / 5


def test_a_late_order_climbs_the_ladder(ground):
    life = play(ground, orders.late)
    handle = WorkOrderClock.objects.filter(paper__in=life.orders, what="handle").get()
    assert handle.late
    assert life.orders[0].events.filter(verb="escalate").exists()


def test_a_suspended_order_is_resumed_by_its_clock(ground):
    life = play(ground, orders.suspended)
    assert life.orders[0].events.get(verb="resume").trigger.startswith("clock:suspension")


def test_a_whistle_is_scored_once_per_department(ground):
    play(ground, turned(disputed=True))
    done = Response.objects.filter(status="done")
    assert Score.objects.count() == done.count() >= 1
    assert done.first().events.filter(verb="designate").exists()


def test_a_tough_whistle_has_both_reports(ground):
    play(ground, turned("tough"))
    whistle = Whistle.objects.get(level=3)
    reports = whistle.events.filter(verb="leader_report")
    assert whistle.status == "closed"
    assert {who for event in reports for who in event.data["relations"]} >= {"paired"}


def test_a_raised_whistle_closes_both_levels(ground):
    play(ground, whistles.raised)
    assert sorted(Whistle.objects.values_list("level", "status")) == [(2, "closed"), (3, "closed")]


def test_papers_beside_the_order_are_lived_to_their_end(ground):
    for seed in range(3):
        play(ground, beside.extended, seed, sources=("grid",))
        play(ground, beside.given_back, seed, sources=("grid",))
    assert set(Request.objects.values_list("kind", flat=True)) == {"extension", "return"}
    assert not Request.objects.open()
    play(ground, beside.supervised, sources=("grid",))
    assert SupervisionOrder.objects.get().status == "signed_off"
    life = play(ground, beside.divided, sources=("grid",))
    whole, *parts = life.orders
    assert {part.part_of_id for part in parts} == {whole.pk}
    assert whole.events.get(verb="gather").trigger.startswith("workorder:")


def test_what_was_answered_is_read_and_calls_were_made(ground):
    life = play(ground, turned())
    assert Notice.objects.exists()
    assert not Notice.objects.filter(read=None, kind=Notice.Kind.WAITS).exists()
    assert not Notice.objects.filter(read__gt=life.now).exists()
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_what_still_waits_is_unread(ground):
    play(ground, orders.ordinary, rest=("workorder", "report"))
    assert Notice.objects.filter(read=None, kind=Notice.Kind.WAITS).exists()


def test_the_nearest_holders_act_unless_barred(district):
    cast, people = Cast(), district.people
    assert cast.able(Duty.HANDLE, district.grid, here=False) == [people.warden.pk]
    barred = {people.warden.pk}
    above = cast.able(Duty.HANDLE, district.grid, here=False, without=barred)
    assert people.community.pk in above
    assert cast.able(Duty.HANDLE, district.grid, here=True, without=barred) == []


def test_photos_are_few_shared_and_have_thumbnails(ground):
    live_until(Target(6), now=ground.now)
    photos = WorkOrderPhoto.objects.all()
    assert photos.values("sha256").distinct().count() < photos.count()
    assert all(photo.thumb and photo.name.startswith("示例") for photo in photos)


def test_before_and_after_differ_and_pictures_are_the_same_each_time():
    for scene in list(THINGS)[:4]:
        assert paint(scene, False).tobytes() == paint(scene, False).tobytes()
        assert paint(scene, False).tobytes() != paint(scene, True).tobytes()


@pytest.mark.django_db
def test_reports_come_at_the_hours_of_their_source():
    rng, last = Random(1), timezone.now()
    first = last - datetime.timedelta(days=30)
    moments = [hours.birth(rng, "leader", first, last) for _n in range(60)]
    assert all(8 <= timezone.localtime(moment).hour < 19 for moment in moments)
    assert all(first <= moment <= last for moment in moments)


FRIDAY = datetime.datetime(2026, 11, 27, 2, 0, tzinfo=datetime.UTC)


def days_of(block, lives, now=FRIDAY, days=60):
    """How many of the lives are born so many days ago."""
    shares = [(n + 0.5) / lives for n in range(lives)]
    starts = [hours.day_of(share, days, now, block.weight)[0] for share in shares]
    midnight = hours.day_of(0, days, now, block.weight)[0]
    return Counter((midnight - start).days for start in starts)


@pytest.mark.django_db
def test_the_blocks_together_are_born_evenly_over_the_working_days():
    born = sum((days_of(block, block.lives) for block in BLOCKS), Counter())
    working = [born[ago] for ago in range(4, 60) if (FRIDAY - ago * DAY).weekday() < 5]
    assert max(working) < 1.4 * min(working)


@pytest.mark.django_db
def test_the_first_block_is_born_in_the_weeks_that_the_chart_shows():
    assert max(days_of(BLOCKS[0], 150)) == RECENT


@pytest.mark.django_db
def test_fewer_are_born_on_a_free_day_and_until_now_today():
    born = days_of(Block(1000, ()), 1000)
    assert 0 < born[6] < 0.7 * born[7]  # Saturday and Friday of last week
    first, last = hours.day_of(0, 60, FRIDAY, Block(1, ()).weight)
    assert first < last == FRIDAY


def test_every_life_of_a_block_is_dealt_once_and_the_oldest_first():
    lives = sum(block.lives for block in BLOCKS)
    dealt = [deal(1, index, BLOCKS) for index in range(lives)]
    assert len({each.rng.random() for each in dealt}) == lives
    for block in BLOCKS:
        shares = [each.ago for each in dealt if each.block is block]
        assert len(shares) == block.lives
        assert shares == sorted(shares, reverse=True)


@pytest.mark.django_db
def test_working_hours_back_lead_forward_again():
    afternoon = datetime.datetime(2026, 10, 19, 8, 0, tzinfo=datetime.UTC)
    for amount in (0.5, 4, 20):
        there = hours.later(hours.before(afternoon, amount), amount, "work_hour", 1)
        assert abs(there - afternoon) < datetime.timedelta(minutes=2)


def test_the_command_says_what_it_did(ground, capsys):
    call_command("simulate", orders=2)
    there = WorkOrder.objects.count()
    capsys.readouterr()
    call_command("simulate", orders=1)
    assert WorkOrder.objects.count() == there
    assert [word for word in capsys.readouterr().out.split() if word.isdigit()] == ["0", str(there)]
