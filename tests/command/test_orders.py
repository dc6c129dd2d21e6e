"""An order's own page, its trace, and the sheet that is handed out."""

import re

import pytest
import time_machine

from tests.cast import plain_photo
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.stages import stages


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(at(20, 10), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def centre(district):
    return browser_of(district.people.dispatcher)


def page_of(client, order, query=""):
    return client.get(f"/work-orders/{order.number}/{query}").text


def test_the_page_tells_what_where_and_how_it_stands(paces, centre):
    order = paces.accepted(description="井盖一角断裂下沉", urgency="urgent")
    page = page_of(centre, order)
    for words in (
        order.title,
        "平江府路26号 · 夫子庙街道 平江府社区 综合网格01",
        "公用设施 / 污水井盖",
        "破损大于25平方厘米 · 4 working hours",
        "井盖一角断裂下沉",
        "夫子庙城管部",
        "Urgent",
    ):
        assert words in page


def test_nine_steps_with_the_present_one_marked(paces, centre):
    page = page_of(centre, paces.accepted())
    assert page.count("gc-steps__it ") + page.count('gc-steps__it"') == 9
    assert page.count('aria-current="step"') == 1


def test_the_reader_is_told_when_it_is_his_turn(paces, district, centre):
    order = paces.dispatched()
    assert "your turn" in page_of(browser_of(district.people.office), order)
    waiting = re.search(r"gc-steps__it--now.*?</li>", page_of(centre, order), re.DOTALL)[0]
    assert "夫子庙城管部" in waiting


def test_an_order_that_was_given_up_has_only_the_steps_that_were_taken(paces):
    order = paces.refused()
    rows = stages(order, order.events.all(), order.clocks.all())
    assert [row.state for row in rows] == ["done"] + [""] * 8


def test_reporters_are_masked(paces, centre):
    order = paces.reported(reporter=None, reporter_name="张建国", reporter_phone="13812345521")
    page = page_of(centre, order)
    assert "张*国 138****5521" in page
    assert "张建国" not in page and "13812345521" not in page


def test_who_asked_for_secrecy_is_not_named_at_all(paces, centre):
    order = paces.reported(
        reporter=None, reporter_name="张建国", reporter_phone="13812345521", confidential=True
    )
    page = page_of(centre, order)
    assert "kept secret" in page
    assert "张*国" not in page and "5521" not in page


def test_the_trace_tells_everything_newest_first(paces, centre):
    page = page_of(centre, paces.accepted())
    trace = page[page.index('class="gc-trace-box"') :]
    verbs = re.findall(r'gc-trace__line"><b>([^<]+)</b>', trace)
    assert len(verbs) == 4
    assert verbs[0] != verbs[-1] and "dispatcher" in trace and "warden" in trace


def test_the_trace_holds_the_steps_of_the_whistle_and_its_answers(paces, centre):
    whistle = paces.settled()
    page = page_of(centre, whistle.order)
    steps = len(re.findall(r"gc-trace__line", page))
    responses = whistle.responses.all()
    logged = [*whistle.order.events.all(), *whistle.events.all()]
    logged += [event for response in responses for event in response.events.all()]
    assert steps == len(logged)
    assert "区水务局" in page and "区住建局" in page


def test_the_trace_can_be_narrowed(paces, centre):
    order = paces.accepted()
    assert page_of(centre, order).count("gc-trace__line") == 4
    assert page_of(centre, order, "?trace=photos").count("gc-trace__line") == 1
    assert page_of(centre, order, "?trace=clocks").count("gc-trace__line") == 0


def test_photos_of_all_papers_are_shown(paces, centre):
    order = paces.handled()
    page = page_of(centre, order)
    assert page.count('class="gc-photo"') == 2


def test_whoever_handles_it_gets_his_buttons_here(paces, district):
    page = page_of(browser_of(district.people.office), paces.dispatched())
    assert 'data-key="a"' in page


def test_the_reason_of_a_missing_button_is_told(paces, district):
    page = page_of(browser_of(district.people.leader), paces.registered())
    assert "gc-cannot" in page and "at 夫子庙指挥中心" in page


def test_no_second_whistle_is_offered_while_one_is_open(paces, centre):
    order = paces.drafted().order
    assert order.status == "registered"
    assert f"/work-orders/{order.number}/whistle/" not in page_of(centre, order)


def test_a_community_may_whistle_for_the_street(paces, district):
    order = paces.taken()
    page = page_of(browser_of(district.people.community), order)
    assert f'href="/work-orders/{order.number}/whistle/"' in page


def test_the_answer_of_the_reporter_is_told(paces, centre):
    assert "it was solved, satisfaction 5 of 5" in page_of(centre, paces.closed())


def test_a_merged_order_leads_to_the_one_it_joined(paces, centre):
    order = paces.merged()
    assert f'<a href="{order.merged_into.get_absolute_url()}">' in page_of(centre, order)


def test_strangers_find_nothing(paces):
    order = paces.reported()
    stranger = browser_of(paces.p.stranger)
    assert stranger.get(f"/work-orders/{order.number}/").status_code == 404
    assert stranger.get(f"/work-orders/{order.number}/print/").status_code == 404


def test_a_page_with_a_whistle_and_its_answers_costs_at_most_twenty_queries(paces, centre):
    whistle = paces.verified_whistle()
    assert cost(centre, f"/work-orders/{whistle.order.number}/") <= 20


def test_a_long_life_costs_no_more_than_a_short_one(paces, centre):
    order = paces.accepted()
    few = cost(centre, f"/work-orders/{order.number}/")
    for n in range(20):
        photos = [plain_photo("after", f"#{n:02}{n:02}{n:02}")]
        words = {"result": "换新", "talked_to": "陈先生", "settled_on": "当日"}
        paces.step(order, "handle", paces.p.office, photos=photos, **words)
        paces.step(order, "rework", paces.p.dispatcher, note="未修好")
    assert cost(centre, f"/work-orders/{order.number}/") == few <= 20


def test_the_page_follows_its_papers(paces, centre):
    whistle = paces.blown()
    page = page_of(centre, whistle.order)
    assert f'data-live="workorder:{whistle.order.pk} whistle:{whistle.pk}"' in page


def test_the_sheet_says_what_to_do_by_when(paces, centre, district):
    district.condition.closing = "更换井盖"
    district.condition.save()
    order = paces.dispatched()
    sheet = centre.get(f"/work-orders/{order.number}/print/").text
    for words in (order.number, order.title, "更换井盖", "夫子庙城管部", "2026-10-19 15:01"):
        assert words in sheet
    assert "gc-actions" not in sheet


def test_the_whistles_of_an_order_are_told_with_whom_they_call(paces, centre):
    whistle = paces.blown()
    page = page_of(centre, whistle.order)
    line = re.search(r'<a class="gc-called".*?</a>', page, re.DOTALL)[0]
    assert f'href="/whistles/{whistle.number}/"' in line
    assert "区水务局" in line and "区住建局" in line
    now = re.search(r"gc-steps__it--now.*?</li>", page, re.DOTALL)[0]
    assert "区水务局, 区住建局" in now


def test_after_the_callback_closing_is_the_one_main_button(paces, centre):
    order = paces.verified()
    main = re.compile(r'gc-btn--main"[^>]*href="/work-orders/[^/]+/(\w+)/')
    assert main.findall(page_of(centre, order)) == ["callback"]
    paces.call_back(order)
    page = page_of(centre, order)
    found = re.search(r"<form[^>]*/close/.*?</form>", page, re.DOTALL)
    assert "gc-btn--main" in found[0] and page.count("gc-btn--main") == 1
