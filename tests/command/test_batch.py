"""One step of many orders by one request: each on its own, each with its answer."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from organization.models import Notice
from tests.command.pages import at, browser_of
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from workflow.batch import MOST, take_many

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def urge(paces, keys, actor=None, **data):
    actor = actor or paces.p.dispatcher
    seen = WorkOrder.objects.visible_to(actor)
    return take_many(seen, "urge", keys, actor, data)


def urged(order):
    return order.events.filter(verb="urge").exists()


def test_each_order_is_done_or_says_why_not(paces):
    good, again, waiting = paces.accepted(), paces.accepted(), paces.registered()
    urge(paces, [again.number])
    keys = [good.number, again.number, waiting.number, "320104002-2026-999999"]
    batch = urge(paces, keys, note="请今日内反馈")
    assert [outcome.key for outcome in batch.outcomes] == keys
    assert [outcome.key for outcome in batch.done] == [good.number]
    assert "催办过" in batch.refused[0].why and batch.refused[1].why and batch.refused[2].why
    assert batch.refused[2].paper is None
    assert good.events.last().note == "请今日内反馈"
    assert not urged(waiting)


def test_what_one_may_not_see_reads_like_what_is_not_there(paces):
    order = paces.accepted()
    unknown = urge(paces, ["320104002-2026-999999"]).outcomes[0]
    hidden = urge(paces, [order.number], paces.p.stranger).outcomes[0]
    assert hidden.why == unknown.why and hidden.paper is None
    assert not urged(order)


def test_a_duty_that_is_missing_is_told_for_each(paces):
    order = paces.accepted()
    batch = urge(paces, [order.number], paces.p.office)
    assert "派遣" in batch.refused[0].why or "督办" in batch.refused[0].why
    assert not urged(order)


def test_an_order_named_twice_is_taken_once(paces):
    order = paces.accepted()
    assert len(urge(paces, [order.number, order.number]).outcomes) == 1


def test_only_so_many_at_a_time_and_only_what_is_meant_for_many(paces):
    number = paces.accepted().number
    seen = WorkOrder.objects.visible_to(paces.p.dispatcher)
    for verb, keys in (
        ("urge", [str(n) for n in range(MOST + 1)]),
        ("urge", []),
        ("void", [number]),
        ("nonsense", [number]),
    ):
        with pytest.raises(ValidationError):
            take_many(seen, verb, keys, paces.p.dispatcher, {})


def test_the_page_counts_and_leads_back_to_the_list(paces):
    good, waiting = paces.accepted(), paces.registered()
    desk = browser_of(paces.p.dispatcher)
    body = {
        "verb": "urge",
        "keys": f"{good.number},{waiting.number}",
        "note": "请今日内反馈",
        "next": "/work-orders/?open=on",
    }
    page = desk.post("/work-orders/batch/", body)
    assert page.status_code == 200
    assert "1 done" in page.text and "1 refused" in page.text
    assert good.number in page.text and waiting.number in page.text
    assert 'href="/work-orders/?open=on"' in page.text
    assert Notice.objects.filter(verb="urge").count() == 1


def test_the_page_leads_to_no_other_site(paces):
    body = {"verb": "urge", "keys": paces.accepted().number, "next": "https://elsewhere.example/"}
    page = browser_of(paces.p.dispatcher).post("/work-orders/batch/", body)
    assert "elsewhere" not in page.text


def test_nothing_chosen_is_said_and_nothing_done(paces):
    page = browser_of(paces.p.dispatcher).post("/work-orders/batch/", {"verb": "urge"})
    assert page.status_code == 400 and "Choose at least one paper." in page.text


def test_the_list_and_the_desk_offer_it_to_who_can_urge_and_to_nobody_else(paces):
    number = paces.accepted().number
    for url in ("/work-orders/?sort=created", "/desk/?queue=overdue"):
        page = browser_of(paces.p.dispatcher).get(url).text
        assert 'action="/work-orders/batch/"' in page
    assert f'data-pick="{number}"' in browser_of(paces.p.dispatcher).get("/work-orders/").text
    assert "data-pick" not in browser_of(paces.p.leader).get("/work-orders/").text


def test_the_api_answers_for_each_paper(paces):
    good, waiting = paces.accepted(), paces.registered()
    office = Office(paces.p.dispatcher)
    keys = [good.number, waiting.number]
    answer = office.post("work-orders/batch/", {"verb": "urge", "keys": keys, "note": "请反馈"})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["done"], found["refused"]) == (1, 1)
    assert [row["done"] for row in found["results"]] == [True, False]
    assert found["results"][1]["why"]


def test_the_api_takes_answers_by_their_ids(paces):
    response = paces.called()
    office = Office(paces.p.dispatcher)
    body = {"verb": "urge", "keys": [response.pk, "x", "99999999999999999999"]}
    found = office.post("responses/batch/", body).json()
    assert [row["done"] for row in found["results"]] == [True, False, False]


def test_a_repeated_request_of_the_api_is_done_once(paces):
    order, office = paces.accepted(), Office(paces.p.dispatcher)
    body = {"verb": "urge", "keys": [order.number]}
    assert office.post("work-orders/batch/", body).json()["done"] == 1
    assert office.post("work-orders/batch/", body).json()["refused"] == 1
    assert order.events.filter(verb="urge").count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verb": "urge"},
        {"verb": "urge", "keys": "all"},
        {"verb": "urge", "keys": [None]},
        {"verb": "urge", "keys": ["x"], "surplus": 1},
        {"verb": "urge", "keys": ["x"], "note": ["x"]},
        {"verb": "void", "keys": ["x"]},
        {"verb": "urge", "keys": ["x"], "unit": "grid"},
        {"verb": "dispatch", "keys": ["x"]},
        {"verb": "dispatch", "keys": ["x"], "unit": "320104B02000"},
    ],
)
def test_the_api_refuses_what_is_no_batch(paces, body):
    assert Office(paces.p.dispatcher).post("work-orders/batch/", body).status_code == 400


def test_one_more_order_costs_what_the_step_costs(paces, django_assert_max_num_queries):
    numbers = [paces.accepted().number for _n in range(4)]
    person = type(paces.p.dispatcher).objects.get(pk=paces.p.dispatcher.pk)
    with django_assert_max_num_queries(4 * 26 + 6):
        urge(paces, numbers, person)
