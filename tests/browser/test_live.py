"""Open pages learn what happened from the real stream, and without it by asking again."""

import pytest

from tests.browser.person import PHONE
from tests.whistle.paces import Paces

pytestmark = pytest.mark.browser

STREAMS = True
BEFORE_A_POLL = 10_000
POLL = 16_000
CUT = ("ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET")
NEW = "#queue [data-live-new]"
STATE = "#queue [data-live-state]"
SEEN = "[data-present]:visible"
AT_ONCE = 4_000


@pytest.fixture(scope="module")
def paces(house):
    return Paces(house.district)


def test_a_new_report_is_announced_and_does_not_move_what_is_read(sit, paces):
    read = paces.reported(title="正在看的一件")
    operator = sit("dispatcher").log_in()
    page = operator.page
    new = paces.reported(title="刚到的一件")
    page.locator(NEW).wait_for(timeout=BEFORE_A_POLL)
    assert read.title in operator.text("#paper") and new.title not in operator.text("#queue-rows")
    assert not page.locator(STATE).is_visible()
    page.click(f"{NEW} button")
    assert new.title in operator.text("#queue-rows")
    assert read.title in operator.text("#paper")


def test_what_became_of_a_report_is_seen_without_asking(sit, paces):
    order = paces.reported()
    warden = sit("warden", PHONE).log_in()
    warden.open(f"/m/reports/{order.number}/")
    paces.step(order, "register", paces.p.dispatcher, condition=paces.d.condition)
    badge = warden.page.locator("#my-report .gc-badge", has_text="待派遣")
    badge.wait_for(timeout=BEFORE_A_POLL)


def test_what_is_asked_of_the_warden_rings_the_bell(sit, paces):
    order = paces.reported()
    page = sit("warden", PHONE).log_in().page
    unread = int(page.inner_text("#bell") or 0)
    paces.step(order, "check", paces.p.dispatcher, question="还在吗？")
    page.locator("[data-live-new]").wait_for(timeout=BEFORE_A_POLL)
    page.locator("#bell", has_text=str(unread + 1)).wait_for(timeout=BEFORE_A_POLL)


def test_who_comes_and_writes_is_seen_at_once(sit, paces):
    order = paces.handled()
    here, there = (sit(name).log_in() for name in ("dispatcher", "duty_leader"))
    here.open(f"/work-orders/{order.number}/")
    here.page.locator("[data-present]").wait_for(state="attached")
    here.page.wait_for_timeout(1000)  # its first sign
    there.open(f"/work-orders/{order.number}/")
    here.page.locator(SEEN, has_text="也在看").wait_for(timeout=AT_ONCE)
    there.press("verify")
    here.page.locator(SEEN, has_text="正在填写").wait_for(timeout=AT_ONCE)
    there.open("/inbox/")
    here.page.locator("[data-present]").wait_for(state="hidden", timeout=AT_ONCE)


def test_without_the_stream_the_page_asks_again(sit, house, paces):
    operator = sit("dispatcher")
    page = operator.page
    page.clock.install()
    operator.log_in()
    house.stream.stop()
    page.locator(STATE).wait_for()
    paces.reported(title="断线后到的一件")
    page.clock.run_for(POLL)
    page.locator(NEW).wait_for()
    operator.forgive(*CUT)
