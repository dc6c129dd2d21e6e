"""The phone in a real browser: three taps to a report, nothing lost without a network."""

import pytest

from tests.command.stage import play
from tests.whistle.faces import PLACE, lay_ground, picture
from tests.whistle.paces import Paces
from whistle.models import Category, Verification, WorkOrder
from workflow.models import Phrase

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SEND = "button[form=report]"


@pytest.fixture
def paces(district):
    lay_ground(district)
    return Paces(district)


def take_photo(page, name="near", colour="grey"):
    page.set_input_files(
        f"[name=photos_{name}]",
        {
            "name": f"{name}.jpg",
            "mimeType": "image/jpeg",
            "buffer": picture(colour=colour, size=(2400, 1800)).read(),
        },
    )
    page.wait_for_selector(f"[data-slot]:has([name=photos_{name}]) img")


def test_three_taps_make_one_report(paces):
    def scene(page):
        page.goto("/m/report/")
        take_photo(page)
        page.wait_for_function("document.querySelector('[data-place-grid]').textContent")
        page.click("[data-kind] >> nth=0")
        page.dblclick(SEND)
        page.wait_for_url("**/m/reports/**")

    play(paces.p.warden, scene, **PLACE)
    order = WorkOrder.objects.get()
    assert (order.grid, order.accuracy) == (paces.d.grid, 6)
    photo = order.attachments.get()
    assert (photo.width, photo.height) == (1600, 1200)


def test_a_class_found_by_typing_takes_its_place_among_the_six(paces):
    """By keyboard alone: what was chosen stays in sight and holds the focus."""
    for n in range(1, 8):
        kind = "component" if n == 7 else "event"
        Category.objects.create(
            kind=kind, major_code="09", major_name="其他", code=f"{n:02}", name=f"事项{n}"
        )

    def scene(page):
        page.goto("/m/report/")
        take_photo(page)
        page.wait_for_function("document.querySelector('[data-place-grid]').textContent")
        assert page.locator("[data-kind-recent] button", has_text="事项7").count() == 0
        page.fill("[data-kind-search]", "事项7")
        page.focus("[data-kind-found] button")
        page.keyboard.press("Enter")
        chosen = page.locator("[data-kind-recent] [aria-pressed=true]")
        assert chosen.inner_text() == "事项7"
        assert chosen.evaluate("(button) => button === document.activeElement")
        assert page.locator("[data-kind-recent] button").count() == 6
        assert page.locator("[data-kind-found] button").count() == 0
        page.click(SEND)
        page.wait_for_url("**/m/reports/**")

    play(paces.p.warden, scene, **PLACE)
    assert WorkOrder.objects.get().category.name == "事项7"


def test_a_refused_report_keeps_its_photo(paces):
    def scene(page):
        page.goto("/m/report/")
        take_photo(page)
        page.click(SEND)
        page.wait_for_selector("#main .gc-form__err")
        assert page.evaluate("document.querySelector('[name=photos_near]').files.length") == 1
        page.click("[data-kind] >> nth=0")
        page.click(SEND)
        page.wait_for_url("**/m/reports/**")

    play(paces.p.warden, scene, **PLACE)
    assert WorkOrder.objects.get().attachments.count() == 1


def test_what_is_fixed_on_the_spot_turns_the_form(paces):
    Phrase.objects.create(flow="workorder", verb="fix", field="result", text="已清扫")

    def scene(page):
        page.goto("/m/report/")
        take_photo(page)
        page.click("a[data-fixed]")
        take_photo(page, "after", "red")
        page.click("[data-kind] >> nth=0")
        page.click("[data-fixed-part] [data-phrase] >> nth=0")
        page.click(SEND)
        page.wait_for_url("**/m/reports/**")

    play(paces.p.warden, scene, **PLACE)
    order = WorkOrder.objects.get()
    assert order.status == "handled"
    assert {photo.label for photo in order.attachments.all()} == {"before", "after"}


def test_without_a_network_a_report_waits_and_goes_by_itself(paces):
    def scene(page):
        page.goto("/m/report/")
        take_photo(page)
        page.click("[data-kind] >> nth=0")
        page.route("**/m/report/", lambda route: route.abort())
        page.click(SEND)
        page.wait_for_selector("[data-queue-note]:not([hidden])")
        assert page.evaluate("document.querySelector('[name=photos_near]').files.length") == 0
        page.unroute("**/m/report/")
        page.goto("/m/")
        page.wait_for_selector(".gc-toast")
        assert page.locator("[data-queue-note]").is_hidden()

    play(paces.p.warden, scene, **PLACE)
    assert WorkOrder.objects.get().attachments.count() == 1


def test_the_nearest_task_first_and_answered_with_one_tap(paces):
    far = paces.asked()
    near = paces.reported(**PLACE)
    paces.step(near, "check", paces.p.dispatcher)

    def scene(page):
        page.goto("/m/tasks/")
        page.click("[data-by=near]")
        page.wait_for_selector("[data-by=near][aria-pressed=true]")
        assert page.inner_text(".gc-pcard >> nth=0 >> [data-far]") == "0 m"
        page.click(".gc-pcard >> nth=0")
        page.click("button[value=yes]")
        page.wait_for_url("**/m/tasks/")
        assert page.locator(".gc-toast").count() == 1

    play(paces.p.warden, scene, **PLACE)
    assert Verification.objects.get(order=near).yes is True
    far.refresh_from_db()
    assert far.status == "asked"


def test_the_street_head_confirms_above_the_card(paces):
    whistle = paces.drafted()
    head = paces.p.street_head
    head.set_password("right")
    head.save()

    def scene(page):
        page.goto("/confirmations/")
        page.click(".gc-confirm__acts .gc-btn--main")
        page.fill("#dialog [name=password]", "wrong")
        page.click("#dialog .gc-btn--main")
        page.wait_for_selector("#dialog .gc-form__err")
        page.fill("#dialog [name=password]", "right")
        page.click("#dialog .gc-btn--main")
        page.wait_for_selector(".gc-blank")

    play(head, scene, **PLACE)
    whistle.refresh_from_db()
    assert whistle.status == "confirmed"
