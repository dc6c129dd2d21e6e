"""What can be done with many orders at once, and what is asked once for all of them."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from organization.models import Unit
from tests.command.pages import at, browser_of
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle.models import Category, Condition, WorkOrder
from workflow.batch import take_many

URL = "/work-orders/batch/"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 15), tick=False), translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def desk(paces):
    return browser_of(paces.p.dispatcher)


def many(paces, verb, *orders, actor=None, **data):
    actor = actor or paces.p.dispatcher
    seen = WorkOrder.objects.visible_to(actor)
    return take_many(seen, verb, [order.number for order in orders], actor, data)


def body(verb, *orders, **more):
    return {"verb": verb, "keys": ",".join(order.number for order in orders), **more}


def again(order):
    return WorkOrder.objects.get(pk=order.pk)


def test_all_go_to_the_one_unit_that_is_chosen(paces):
    orders = [paces.registered(), paces.registered()]
    batch = many(paces, "dispatch", *orders, unit=paces.d.office.code, note="请今日办结")
    assert len(batch.done) == 2
    assert {again(order).holder for order in orders} == {paces.d.office}
    assert {order.events.last().note for order in orders} == {"请今日办结"}


@pytest.mark.parametrize("word", ["grid", "community"])
def test_each_goes_to_what_lies_under_its_own_place(paces, word):
    d = paces.d
    grid = Unit.objects.establish(
        code="320104002001Z002", name="综合网格02", kind=Unit.Kind.GRID, parent=d.community
    )
    here, there, nowhere = (paces.registered() for _n in range(3))
    WorkOrder.objects.filter(pk=there.pk).update(grid=grid)
    WorkOrder.objects.filter(pk=nowhere.pk).update(grid=None, community=None)
    batch = many(paces, "dispatch", here, there, nowhere, unit=word)
    held = {"grid": [d.grid, grid], "community": [d.community, d.community]}[word]
    assert [again(order).holder for order in (here, there)] == held
    assert [outcome.key for outcome in batch.refused] == [nowhere.number]
    assert "所在位置没有对应" in batch.refused[0].why
    assert again(nowhere).status == "registered"


def test_one_class_of_problem_is_registered_under_one_condition(paces):
    other = Category.objects.create(
        kind="event", major_code="05", major_name="街面秩序", code="07", name="占道经营"
    )
    Condition.objects.create(category=other, text="占道", amount=2, unit="work_hour")
    plain, classed = paces.reported(), paces.reported(category=paces.d.condition.category)
    strange = paces.reported(category=other)
    condition = str(paces.d.condition.pk)
    batch = many(paces, "register", plain, classed, strange, condition=condition)
    assert [outcome.done for outcome in batch.outcomes] == [True, True, False]
    assert "占道经营" in batch.refused[0].why and again(strange).status == "reported"
    assert again(plain).urgency == "normal"


def test_what_is_called_back_is_closed_and_the_rest_says_what_is_missing(paces):
    ready, silent, unsolved = (paces.verified() for _n in range(3))
    paces.call_back(ready)
    paces.call_back(unsolved, solved=False)
    batch = many(paces, "close", ready, silent, unsolved)
    assert [outcome.done for outcome in batch.outcomes] == [True, False, False]
    assert again(ready).status == "closed"
    assert many(paces, "close", unsolved, note="产权不明，已转专题会").done


def test_who_holds_the_orders_signs_for_all_of_them(paces):
    orders = [paces.dispatched(), paces.dispatched()]
    assert len(many(paces, "accept", *orders, actor=paces.p.office).done) == 2
    page = browser_of(paces.p.office).get("/work-orders/").text
    assert 'value="accept"' in page and 'value="close"' not in page


def test_what_is_still_to_be_said_is_asked_first_and_nothing_is_done_meanwhile(paces, desk):
    order = paces.registered()
    page = desk.post(URL, body("dispatch", order, note="请今日办结"))
    assert page.status_code == 200
    assert 'name="unit"' in page.text and "The grid where each one lies" in page.text
    assert f'value="{order.number}"' in page.text and "请今日办结" in page.text
    assert again(order).status == "registered"


def test_what_is_left_out_is_asked_again_and_what_was_typed_stays(paces, desk):
    page = desk.post(URL, body("dispatch", paces.registered(), given="1", note="请今日办结"))
    assert page.status_code == 400
    assert "gc-form__err" in page.text and "请今日办结" in page.text


def test_the_dialog_tells_what_became_of_each_and_leads_to_those_refused(paces):
    desk = browser_of(paces.p.dispatcher, **{"hx-request": "true"})
    good, gone = paces.registered(), paces.dispatched()
    page = desk.post(URL, body("dispatch", good, gone, given="1", unit="grid")).text
    assert "<html" not in page and f'data-picks-done="{good.number}"' in page
    assert f"only={gone.pk}&amp;rows=200" in page
    assert gone.get_absolute_url() in page
    listed = desk.get("/work-orders/", {"only": str(gone.pk), "rows": "200"}).text
    assert gone.number in listed and good.number not in listed


@pytest.mark.parametrize(
    ("queue", "verbs"),
    [
        ("triage", ["register", "merge"]),
        ("dispatch", ["merge", "dispatch"]),
        ("callback", ["close", "urge"]),
        ("verify", []),
    ],
)
def test_a_queue_offers_what_its_orders_wait_for(paces, desk, queue, verbs):
    waiting = {
        "triage": paces.reported,
        "dispatch": paces.registered,
        "callback": paces.verified,
        "verify": paces.handled,
    }
    waiting[queue]()
    page = desk.get(f"/desk/?queue={queue}").text
    offered = [verb for verb in WorkOrder.flow.verbs if f'name="verb" value="{verb}"' in page]
    assert offered == verbs
    assert ("data-pick=" in page) == bool(verbs)


def test_a_page_of_the_list_can_hold_as_many_as_are_dealt_with_at_once(paces, desk):
    paces.reported()
    page = desk.get("/work-orders/?rows=200").text
    assert 'aria-current="true">200</a>' in page
    assert 'aria-current="true">50</a>' in desk.get("/work-orders/?rows=100000").text


def test_the_api_dispatches_each_to_its_own_grid(paces):
    order = paces.registered()
    office = Office(paces.p.dispatcher)
    keys = {"verb": "dispatch", "keys": [order.number], "unit": "grid"}
    assert office.post("work-orders/batch/", keys).json()["done"] == 1
    assert again(order).holder == paces.d.grid
    wrong = office.post("work-orders/batch/", {**keys, "unit": "nowhere"})
    assert wrong.status_code == 400 and "unit" in wrong.json()["fields"]


def test_all_join_one_of_those_chosen_or_another(paces):
    first, second, third = paces.reported(), paces.registered(), paces.reported()
    batch = many(paces, "merge", first, second, third, into=first.number)
    assert [outcome.key for outcome in batch.outcomes] == [second.number, third.number]
    assert len(batch.done) == 2
    assert {again(order).merged_into for order in (second, third)} == {first}
    assert again(first).status == "reported"
    later = paces.reported()
    batch = many(paces, "merge", first, into=later.number)
    assert "请先拆分" in batch.refused[0].why
    batch = many(paces, "merge", later, into=later.number)
    assert [outcome.key for outcome in batch.refused] == [later.number]


def test_what_they_join_must_be_open_and_seen(paces):
    orders, closed = [paces.reported(), paces.reported()], paces.closed()
    for number in (closed.number, "320104002-2026-999999", ""):
        with pytest.raises(ValidationError) as refusal:
            many(paces, "merge", *orders, into=number)
        assert list(refusal.value.error_dict) == ["into"]
    assert {again(order).status for order in orders} == {"reported"}


def test_the_page_suggests_what_came_first(paces, desk):
    later, first = paces.reported(), paces.reported()
    WorkOrder.objects.filter(pk=first.pk).update(
        created=first.created - datetime.timedelta(hours=1)
    )
    page = desk.post(URL, body("merge", later, first)).content.decode()
    assert f'name="into" value="{first.number}"' in page and "Number of the order they join" in page
    page = desk.post(URL, body("merge", later, first, given=1, into=first.number)).content.decode()
    assert again(later).merged_into == first and "1 done" in page
