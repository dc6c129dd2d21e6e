"""The four elements (四要素): asked for where a result is written, shown, and replied."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.cast import plain_photo
from tests.command.pages import browser_of
from tests.whistle.faces import Office, picture
from tests.whistle.paces import Paces
from whistle.elements import TOLD, elements_of, is_hollow
from workflow.buttons import step_url

FULL = {"result": "更换井盖并加固", "talked_to": "陈先生（电话）", "settled_on": "当日"}


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def handle(paces, **given):
    photos = [plain_photo("after")]
    paces.step(paces.accepted(), "handle", paces.p.office, **{**FULL, **given}, photos=photos)


def reply_of(order):
    told = {event.verb: event for event in order.events.filter(verb__in=TOLD).order_by("n")}
    return elements_of(order, told, [])


@pytest.mark.parametrize("text", ["已处理", "已处理。", " 已 办 结 ！", "无", "—", "...", ""])
def test_words_that_say_nothing_are_known(text):
    assert is_hollow(text)


@pytest.mark.parametrize(
    "text", ["已处理完渗漏并回填", "陈", "当日", "11月2日", "无法联系，已短信告知"]
)
def test_words_that_say_something_pass(text):
    assert not is_hollow(text)


@pytest.mark.parametrize(
    ("name", "empty", "wanted"),
    [
        ("result", "已处理。", "解决措施"),
        ("talked_to", "无", "与谁沟通"),
        ("settled_on", "--", "解决时限"),
    ],
)
def test_an_element_in_empty_words_is_refused_at_its_field(paces, name, empty, wanted):
    with pytest.raises(ValidationError) as refused:
        handle(paces, **{name: empty})
    assert list(refused.value.message_dict) == [name]
    assert wanted in refused.value.message_dict[name][0]


def test_all_that_lacks_is_told_at_once_and_what_was_typed_stays(paces):
    order = paces.accepted()
    body = {"result": "已处理", "talked_to": "无", "settled_on": "当日", "note": "见附件"}
    page = browser_of(paces.p.office).post(
        step_url(order, "handle"), body | {"photos_after": picture()}
    )
    assert page.status_code == 400
    assert page.context["form"].errors.keys() == {"result", "talked_to"}
    assert "见附件" in page.text and "当日" in page.text


def test_a_department_says_what_it_did_too(paces):
    response = paces.arrived()
    answer = Office(paces.p.liaison).post(
        f"responses/{response.pk}/finish/", {"result": "已办结", "photos": [picture()]}
    )
    assert answer.status_code == 400 and answer.json()["fields"].keys() == {"result"}


def test_the_form_shows_which_are_still_to_be_written(paces):
    order = paces.accepted()
    page = browser_of(paces.p.office).get(step_url(order, "handle")).text
    assert page.count("data-element=") == 4 and page.count("data-given") == 1
    assert "已处理" in page


def test_the_orders_page_shows_them_before_it_is_closed(paces):
    desk = browser_of(paces.p.dispatcher)
    handled, waiting = paces.handled(), paces.accepted()
    page = desk.get(handled.get_absolute_url()).text
    assert page.count("gc-elements__it--there") == 4 and "陈先生" in page
    assert "gc-elements" not in desk.get(waiting.get_absolute_url()).text


def test_what_a_whistle_settled_was_talked_over_when_called_back(paces):
    order = paces.verified_whistle().order
    order.refresh_from_db()
    found = reply_of(order)
    assert found.accepted and "回访" in found.talked_to and found.settled_on


def test_the_hotline_gets_no_reply_that_lacks_an_element_without_a_reason(paces):
    order = paces.fixed(source="hotline", source_number="12345-1")
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")
    paces.step(order, "callback", paces.p.dispatcher, contacted="no", remark="无人接听")
    with pytest.raises(ValidationError, match="与谁沟通"):
        paces.step(order, "close", paces.p.dispatcher)
    paces.step(order, "close", paces.p.dispatcher, note="三次联系未果，已短信告知")
    assert order.status == "closed"


def test_other_sources_are_closed_as_before(paces):
    order = paces.fixed()
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")
    paces.step(order, "callback", paces.p.dispatcher, contacted="no", remark="无人接听")
    paces.step(order, "close", paces.p.dispatcher)
    assert order.status == "closed"
