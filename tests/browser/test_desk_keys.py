"""The operator's desk by keyboard alone: walking, opening, every act's letter, many at once."""

import datetime

import pytest
from django.utils import timezone

from tests.whistle.paces import Paces

pytestmark = pytest.mark.browser

CHOSEN = "[data-pick]:checked"
BOX = "#dialog[open]"
HEAD = "#paper h1"


@pytest.fixture(scope="module")
def paces(house):
    house.district.now = timezone.now() - datetime.timedelta(hours=2)
    return Paces(house.district)


@pytest.fixture
def operator(sit):
    return sit("dispatcher").log_in()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def opened(page, order):
    page.locator(f'#paper[aria-label*="{order.number}"]').wait_for()


def asks_for(page, verb):
    """The form of the verb stands above the page; Escape puts it away again."""
    page.locator(f'{BOX} form[action*="/{verb}/"]').wait_for()
    page.keyboard.press("Escape")
    page.locator(BOX).wait_for(state="detached")


def test_rows_are_walked_and_opened(operator, paces):
    orders = [paces.reported(title=f"键盘{n}") for n in range(3)]
    page = operator.open("/desk/?queue=triage")
    opened(page, orders[0])
    press(page, "j", "j")
    opened(page, orders[2])
    press(page, "k")
    opened(page, orders[1])
    press(page, "k", "Enter")
    opened(page, orders[0])
    press(page, "/")
    assert page.evaluate("document.activeElement.id") == "q"
    press(page, "j")
    assert page.input_value("#q") == "j"


def test_each_letter_presses_its_button_where_there_is_one(operator, paces):
    stands = {
        "a": (paces.reported(), "register"),
        "r": (paces.reported(), "refuse"),
        "m": (paces.reported(), "merge"),
        "w": (paces.registered(), "whistle"),
        "u": (paces.dispatched(), "urge"),
        "v": (paces.handled(), "verify"),
        "c": (paces.verified(), "callback"),
    }
    page = operator.page
    for key, (order, verb) in stands.items():
        operator.open(f"/desk/{order.number}/")
        press(page, key)
        asks_for(page, verb)


def test_d_and_e_act_at_once_where_nothing_is_left_to_say(operator, paces):
    """The office that settled its like before is advised: one letter sends the order there."""
    paces.handled()
    advised, called = paces.registered(), paces.verified()
    paces.call_back(called)
    for key, order, status in (("d", advised, "dispatched"), ("e", called, "closed")):
        page = operator.open(f"/desk/{order.number}/")
        with page.expect_navigation():
            press(page, key)
        order.refresh_from_db()
        assert order.status == status


def test_the_question_mark_lists_the_keys(operator):
    page = operator.open("/desk/")
    press(page, "?")
    assert "选中工单" in page.inner_text(BOX)
    press(page, "Escape")
    page.locator(BOX).wait_for(state="detached")


def test_many_are_chosen_and_dispatched_without_the_mouse(operator, paces):
    orders = [paces.registered(title=f"批量{n}") for n in range(3)]
    page = operator.open("/desk/?queue=dispatch")
    press(page, "x", "j", "x")
    assert page.locator(CHOSEN).count() == 2
    press(page, "X")
    assert page.locator(CHOSEN).count() == 0
    press(page, "X")
    all_of_them = page.locator(CHOSEN).count()
    paces.step(orders[1], "dispatch", paces.p.duty_leader, unit=paces.d.office)
    press(page, "d")
    page.locator(f"{BOX} [name=unit]").wait_for()
    page.locator(f"{BOX} [name=unit]").select_option("grid")
    press(page, "Control+Enter")
    page.locator(f"{BOX} [data-picks-done]").wait_for()
    assert orders[1].number in page.locator(BOX).inner_text()
    press(page, "Escape")
    assert page.locator(CHOSEN).count() == 1 < all_of_them
    for order in orders:
        order.refresh_from_db()
        assert order.status == "dispatched"
