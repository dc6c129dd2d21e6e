"""Two people at one order: each sees the other, who comes second loses nothing of what he wrote."""

import datetime

import pytest
from django.utils import timezone

from tests.browser.person import photo
from tests.cast import plain_photo
from tests.whistle.paces import Paces
from workflow.models import Phrase

pytestmark = pytest.mark.browser

BOX = "#dialog[open]"
BEAT = 20_000


@pytest.fixture(scope="module")
def paces(house):
    house.district.now = timezone.now() - datetime.timedelta(hours=2)
    return Paces(house.district)


def page_of(sit, name, order):
    person = sit(name).log_in()
    person.open(f"/work-orders/{order.number}/")
    return person, person.page


def test_who_writes_is_seen_by_the_other(sit, paces):
    order = paces.handled()
    first = sit("dispatcher")
    page = first.page
    page.clock.install()
    first.log_in().open(f"/work-orders/{order.number}/")
    page.clock.run_for(BEAT // 20)
    page.locator("[data-present]").wait_for(state="attached")
    second, other = page_of(sit, "duty_leader", order)
    other.locator("[data-present]:visible", has_text="赵强也在看").wait_for()
    with other.expect_response("**/present/**"):
        second.press("verify")
    page.clock.run_for(BEAT)
    page.locator("[data-present]:visible", has_text="孙立正在填写").wait_for()


def test_what_was_written_and_chosen_goes_on_though_somebody_was_first(sit, paces):
    order = paces.handled()
    person, page = page_of(sit, "dispatcher", order)
    person.press("verify")
    form = page.locator(f"{BOX} form")
    form.locator("[name=method][value=spot]").check()
    form.locator("[name=note]").fill("亲自看过")
    form.locator("[type=file]").first.set_input_files(photo())
    paces.step(order, "rework", paces.p.district, note="照片不清")
    paces.step(
        order,
        "handle",
        paces.p.office,
        result="重新拍照",
        talked_to="陈先生",
        settled_on="当日",
        photos=[plain_photo("after", "green")],
    )
    page.keyboard.press("Control+Enter")
    page.locator(f"{BOX} [data-stale]").wait_for()
    person.forgive("409")
    told = page.inner_text(BOX)
    assert "照片不清" in told and "重新拍照" in told and "亲自看过" in told
    page.click("[data-stale-back]")
    assert page.input_value(f"{BOX} [name=note]") == "亲自看过"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    order.refresh_from_db()
    assert order.status == "verified"
    assert order.events.last().photos.count() == 1


def test_phrases_are_put_in_by_click_and_by_key_and_kept(sit, paces):
    for n, text in enumerate(["已到现场处置，隐患消除", "已联系责任方整改到位"], 1):
        Phrase.objects.create(flow="workorder", verb="handle", field="result", text=text, n=n)
    order = paces.accepted()
    person, page = page_of(sit, "office", order)
    person.press("handle")
    text = page.locator(f"{BOX} [name=result]")
    text.wait_for()
    assert page.locator(f"{BOX} .gc-elements__it--there").count() == 1
    page.click(f"{BOX} [data-phrase] >> nth=0")
    text.press("Alt+Digit2")
    assert text.input_value() == "已联系责任方整改到位"
    text.press("End")
    text.type("，明日复查")
    page.click(f"{BOX} [data-phrase] >> nth=0")
    assert text.input_value() == "已联系责任方整改到位，明日复查，已到现场处置，隐患消除"
    assert page.locator(f"{BOX} .gc-elements__it--there").count() == 2
    text.fill("已换成防盗井盖")
    page.click(f"{BOX} .gc-form__f:has([name=result]) [data-phrase-keep]")
    page.locator(f"{BOX} [data-phrase='已换成防盗井盖']").wait_for()
    assert Phrase.objects.get(text="已换成防盗井盖").user.username == "office"
