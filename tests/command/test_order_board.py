"""The board of orders: every open one in the column of its stage, what runs out first on top."""

import pytest
from django.utils import translation

from command.order_board import ON_BOARD, STAGES
from tests.command.pages import browser_of, cost
from tests.whistle.paces import DAY, Paces
from whistle.flow import ORDER

BOARD = "/work-orders/board/"


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def desk(paces):
    with translation.override("en"):
        yield browser_of(paces.p.dispatcher)


def stages(client, query=""):
    return {stage.name: stage for stage in client.get(BOARD + query).context["stages"]}


def test_every_open_status_has_one_column():
    shown = [status for _title, statuses in STAGES.values() for status in statuses]
    assert sorted(shown) == sorted(s for s in ORDER.statuses if ORDER.is_open(s))


def test_each_order_stands_in_the_column_of_its_stage(paces, desk):
    made = {
        "triage": paces.reported(),
        "dispatch": paces.registered(),
        "sign": paces.dispatched(),
        "work": paces.accepted(),
        "whistled": paces.blown().order,
        "verify": paces.handled(),
        "callback": paces.verified(),
        "suspended": paces.suspended(),
    }
    paces.closed()
    found = stages(desk)
    assert {name: [card["key"] for card in s.cards] for name, s in found.items()} == {
        name: [order.pk] for name, order in made.items()
    }


def test_what_runs_out_first_stands_on_top_and_the_rest_in_the_list(paces, desk):
    orders = [paces.reported(source_due=paces.now + n * DAY) for n in (9, 3)]
    for _n in range(ON_BOARD):
        paces.reported()
    stage = stages(desk)["triage"]
    dues = [card["count"] for card in stage.cards]
    assert len(dues) == ON_BOARD and stage.total == ON_BOARD + 2 and stage.more == 2
    assert orders[0].due_at is not None
    listed = desk.get(stage.url).context
    assert listed["counts"]["all"] == str(stage.total)


def test_the_board_is_narrowed_as_the_list_is(paces, desk):
    order = paces.accepted(source="video")
    paces.accepted(source="grid")
    found = stages(desk, "?source=video")
    assert [card["key"] for card in found["work"].cards] == [order.pk]
    page = desk.get(BOARD + "?source=nonsense&open=on")
    assert page.status_code == 200 and page.context["list"].ignored


def test_nobody_sees_on_the_board_what_he_may_not_see(paces):
    paces.accepted()
    found = stages(browser_of(paces.p.stranger))
    assert sum(stage.total for stage in found.values()) == 0


def test_a_full_board_costs_what_an_empty_one_does(paces, desk):
    paces.accepted()
    few = cost(desk, BOARD)
    for _n in range(5):
        paces.reported(), paces.dispatched(), paces.handled()
    assert cost(desk, BOARD) == few <= 12
