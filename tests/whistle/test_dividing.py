"""分办: an order in parts, each with its own limit, and the whole that waits for all of them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from tests.cast import plain_photo
from tests.command.pages import browser_of, cost
from tests.whistle.asking import fresh, refuses, refuses_input
from tests.whistle.faces import Office
from tests.whistle.paces import DAY, Paces
from whistle.filters import Settled, settled_by
from whistle.models import Condition, Whistle, WorkOrder
from whistle.replies import replies, replies_due
from workflow.actions import create
from workflow.errors import NotPossible
from workflow.reason import say_cut


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def test_parts_are_orders_of_their_own_at_the_same_place(paces):
    order = paces.divided("更换井盖", "清理路面", "通知居民")
    assert order.status == "divided"
    parts = list(order.parts.order_by("pk"))
    assert [part.title for part in parts] == ["更换井盖", "清理路面", "通知居民"]
    assert len({part.number for part in [order, *parts]}) == 4
    for part in parts:
        assert (part.status, part.grid, part.centre) == ("registered", order.grid, order.centre)
        assert part.reporter is None
        assert set(part.clocks.values_list("what", flat=True)) == {"handle", "dispatch"}


def test_a_part_runs_under_its_own_condition_inside_the_whole_limit(paces):
    paces.limit_condition(5, "work_day")
    d = paces.d
    short = Condition.objects.create(
        category=d.condition.category, text="堵塞", amount=1, unit="work_day"
    )
    long = Condition.objects.create(
        category=d.condition.category, text="沉降", amount=30, unit="work_day"
    )
    order = paces.registered()
    whole = order.clocks.get(what="handle")
    paces.now += DAY
    rows = [{"title": "疏通", "condition": short}, {"title": "加固", "condition": long}]
    paces.step(order, "divide", paces.p.dispatcher, parts=rows)
    first, second = (part.clocks.get(what="handle") for part in order.parts.order_by("pk"))
    assert first.due < whole.due and second.due == whole.due
    assert (first.cut, second.cut) == ("", "whole")
    assert "the limit of the whole" in say_cut(second)
    assert fresh(order).clocks.get(what="handle").running


def test_the_whole_goes_on_with_the_last_part(paces):
    order = paces.divided()
    first, second = order.parts.order_by("pk")
    paces.settle_part(first)
    assert fresh(order).status == "divided"
    paces.settle_part(second)
    order = fresh(order)
    assert order.status == "verified"
    assert not order.clocks.filter(what="handle", stopped=None).exists()
    assert order.events.get(verb="gather").trigger == f"workorder:{second.pk}:close"
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    assert order.status == "closed"


def test_the_reply_tells_what_was_done_about_each_part(paces):
    order = paces.gathered(source="hotline", source_number="SH-1")
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    (reply,) = replies(replies_due(paces.p.dispatcher))
    assert reply.order == order
    assert reply.measures == "更换井盖：换新；清理路面：换新"
    assert reply.settled_on and reply.talked_to


def test_without_a_part_that_was_done_the_whole_is_to_be_dispatched_again(paces):
    order = paces.divided()
    for part in order.parts.order_by("pk"):
        paces.step(part, "void", paces.p.dispatcher, note="分错")
    order = fresh(order)
    assert order.status == "registered"
    assert order.clocks.filter(what__in=["handle", "dispatch"], stopped=None).count() == 2
    rows = [{"title": title, "condition": paces.d.condition} for title in ("甲", "乙")]
    paces.step(order, "divide", paces.p.dispatcher, parts=rows)
    assert order.parts.open().count() == 2


def test_parts_of_an_earlier_division_do_not_speak_for_a_later_one(paces):
    order = paces.gathered()
    paces.call_back(order, solved=False)
    paces.step(order, "rework", paces.p.dispatcher, note="仍有异响")
    rows = [{"title": title, "condition": paces.d.condition} for title in ("甲", "乙")]
    paces.step(order, "divide", paces.p.dispatcher, parts=rows)
    for part in order.parts.open().order_by("pk"):
        paces.step(part, "void", paces.p.dispatcher, note="分错")
    assert fresh(order).status == "registered"


def test_an_unhappy_resident_sends_the_whole_back_to_dispatch(paces):
    order = paces.gathered()
    paces.call_back(order, solved=False)
    paces.step(order, "rework", paces.p.dispatcher, note="仍有异响")
    assert fresh(order).status == "registered"


def test_the_resident_is_asked_about_the_whole_alone(paces):
    part = paces.part()
    paces.verify_part(part)
    refuses("cannot be done now", paces.call_back, part)
    assert not part.clocks.filter(stopped=None).exists()
    refuses("cannot be done now", paces.step, part, "survey", paces.p.dispatcher)


def test_what_is_refused(paces):
    order = paces.registered()
    one = [{"title": "甲", "condition": paces.d.condition}]
    for rows in (one, one * 11):
        refuses_input("parts", paces.step, order, "divide", paces.p.dispatcher, parts=rows)
    order, other = paces.divided(), paces.reported()
    part, done = order.parts.earliest("pk"), paces.gathered().parts.earliest("pk")
    for paper, verb, given in (
        (part, "divide", {"parts": one * 2}),
        (part, "merge", {"into": other}),
        (done, "reopen", {"note": "再办"}),
        (fresh(order), "void", {"note": "误报"}),
    ):
        refuses("cannot be done now", paces.step, paper, verb, paces.p.dispatcher, **given)
    refuses_input("into", paces.step, other, "merge", paces.p.dispatcher, into=part)


def test_the_database_knows_no_divided_part(paces):
    part = paces.part()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=part.pk).update(status="divided")


def test_the_pages_lead_from_the_whole_to_its_parts_and_back(paces):
    order = paces.divided()
    part = order.parts.earliest("pk")
    desk = browser_of(paces.p.dispatcher)
    page = desk.get(order.get_absolute_url()).text
    assert all(f"/work-orders/{one.number}/" in page for one in order.parts.all())
    assert f'href="{order.get_absolute_url()}"' in desk.get(part.get_absolute_url()).text
    assert cost(desk, order.get_absolute_url()) <= 20


def test_parts_are_no_duplicates_of_their_whole(paces):
    order = paces.divided()
    desk = browser_of(paces.p.dispatcher)
    for paper in (order, order.parts.earliest("pk")):
        context = desk.get(paper.get_absolute_url()).context
        own = {order.number, *order.parts.values_list("number", flat=True)}
        near = [row["url"] for part in ("same", "near") for row in context[part]["rows"]]
        assert not [url for url in near if any(number in url for number in own - {paper.number})]
    found = desk.get(paces.registered().get_absolute_url()).context["same"]["rows"]
    assert len(found) == 1


def test_it_is_divided_by_the_form_and_by_api(paces):
    order, other = paces.registered(), paces.registered()
    desk = browser_of(paces.p.dispatcher)
    url = f"/work-orders/{order.number}/divide/"
    assert desk.get(url).status_code == 200
    condition = str(paces.d.condition.pk)
    rows = {"parts-TOTAL_FORMS": "4", "parts-INITIAL_FORMS": "0"}
    for n, title in enumerate(("更换井盖", "清理路面", "", "")):
        rows |= {f"parts-{n}-title": title, f"parts-{n}-condition": condition}
    assert desk.post(url, rows).status_code == 302
    assert order.parts.count() == 2
    body = [{"title": title, "condition": paces.d.condition.pk} for title in ("甲", "乙", "丙")]
    told = Office(paces.p.dispatcher).take(f"work-orders/{other.number}/divide/", parts=body)
    assert told["status"] == "divided"
    assert other.parts.count() == 3


def test_a_part_that_was_whistled_for_comes_to_its_end(paces):
    order, d, p = paces.registered(), paces.d, paces.p
    rows = [{"title": f"第{n}项", "condition": d.condition} for n in (1, 2)]
    paces.step(order, "divide", p.dispatcher, parts=rows)
    part = order.parts.earliest("pk")
    whistle = Whistle(order=part, level=3, caller=d.street, centre=d.centre, ask="请水务局")
    create(whistle, "draft", actor=p.dispatcher, now=paces.now, tasks=paces.tasks(d.water))
    paces.step(whistle, "confirm", p.street_head)
    paces.step(whistle, "blow", p.dispatcher)
    paces.finish(paces.response_of(whistle, d.water), p.liaison)
    whistle.refresh_from_db()
    paces.step(whistle, "verify", p.duty_leader, method="spot", note="现场已恢复")
    marks = {response.pk: 45 for response in whistle.responses.all()}
    paces.step(whistle, "score", p.duty_leader, marks=marks)
    part.refresh_from_db()
    paces.step(part, "close", p.dispatcher)
    assert part.status == "closed"


def test_while_a_whistle_is_drafted_it_is_not_divided(paces):
    order = paces.drafted().order
    rows = [{"title": f"第{n}项", "condition": paces.d.condition} for n in (1, 2)]
    with pytest.raises(NotPossible):
        paces.step(order, "divide", paces.p.dispatcher, parts=rows)


def test_the_api_names_the_whole_of_a_part_and_finds_the_parts(paces):
    order = paces.divided()
    client = Office(paces.p.dispatcher)
    part = order.parts.earliest("pk")
    assert client.get(f"work-orders/{part.number}/").json()["part_of"] == order.number
    assert client.get(f"work-orders/{order.number}/").json()["part_of"] is None
    parts = client.get(f"work-orders/?part_of={order.number}").json()["results"]
    assert {row["number"] for row in parts} == {p.number for p in order.parts.all()}
    wholes = client.get("work-orders/?whole=on").json()["results"]
    assert [row["number"] for row in wholes] == [order.number]
    stranger = Office(paces.p.stranger)
    assert stranger.get(f"work-orders/?part_of={order.number}").json()["results"] == []


def test_what_begins_on_a_part_when_the_whole_is_over_runs_its_own_time(paces):
    order = paces.divided()
    part = order.parts.earliest("pk")
    paces.step(part, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    paces.step(part, "accept", paces.p.office)
    paces.now = order.clocks.get(what="handle").due + DAY
    given = {"result": "换新", "talked_to": "陈先生", "settled_on": "当日"}
    paces.step(part, "handle", paces.p.office, photos=[plain_photo("after")], **given)
    clock = part.clocks.get(what="verify")
    assert clock.due > paces.now and clock.cut == ""


def test_what_runs_its_own_time_may_be_extended_in_its_own_time(paces):
    order = paces.divided()
    part = order.parts.earliest("pk")
    paces.verify_part(part)
    paces.now = order.clocks.get(what="handle").due + DAY
    paces.step(part, "rework", paces.p.dispatcher, note="松动")
    before = part.clocks.get(what="handle", stopped=None).due
    request = paces.ask(part, "extension", amount=1)
    paces.step(request, "grant", paces.p.district)
    assert part.clocks.get(what="handle", stopped=None).due > before


def test_the_number_of_the_whole_is_told_to_those_who_see_it(paces):
    """Who has one part in hand need not know of the whole."""
    order = paces.divided()
    part = order.parts.earliest("pk")
    paces.step(part, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    office = Office(paces.p.office)
    assert office.get(f"work-orders/{order.number}/").status_code == 404
    assert office.get(f"work-orders/{part.number}/").json()["part_of"] is None
    assert office.get(f"work-orders/?part_of={order.number}").json()["results"] == []
    assert office.take(f"work-orders/{part.number}/accept/")["part_of"] is None


def test_a_void_part_says_nothing_of_the_level(paces):
    order = paces.divided()
    void, done = order.parts.order_by("pk")
    WorkOrder.objects.filter(pk=void.pk).update(level=3)
    paces.step(fresh(void), "void", paces.p.dispatcher, note="重复")
    paces.settle_part(done)
    assert fresh(order).level == fresh(done).level == 2


def test_more_time_than_the_whole_has_is_no_use_to_a_part(paces):
    part = paces.divided().parts.earliest("pk")
    paces.step(part, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    paces.step(part, "accept", paces.p.office)
    with pytest.raises(ValidationError) as refused:
        paces.ask(part, "extension", amount=1)
    assert "The whole of which it is a part" in str(refused.value)


def test_a_whole_counts_as_settled_by_who_settled_the_hardest_part(paces):
    """Nobody holds the whole: what its parts say decides between grid and community."""
    d, p = paces.d, paces.p
    by = {"grid": [(d.grid, p.warden)] * 2, "community": [(d.community, p.community)]}
    by["community"].append((d.grid, p.warden))
    by["street"] = [(d.office, p.office), (d.community, p.community)]
    for who, hands in by.items():
        order = paces.divided()
        for part, (unit, actor) in zip(order.parts.order_by("pk"), hands, strict=True):
            paces.settle_part(part, unit, actor)
        found = {w for w in Settled.values if WorkOrder.objects.filter(settled_by(w), pk=order.pk)}
        assert found == {who}
