"""Each office at its workbench: it lands there, finds its queue, and every page of it is sound."""

import datetime

import pytest
from django.utils import timezone

from tests.browser import looks
from tests.browser.person import DESK, PHONE
from tests.whistle.paces import Paces
from workflow import recompute

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def papers(house):
    """Something waits for every office."""
    house.district.now = timezone.now() - datetime.timedelta(hours=1)
    paces = Paces(house.district)
    return {
        "asked": paces.asked(),
        "taken": paces.taken(),
        "drafted": paces.drafted(),
        "change": change_shown(paces),
        "signed": paces.signed(),
        "closed": paces.closed(),
    }


def change_shown(paces):
    """A shorter limit whose consequences have been reckoned."""
    limit = {"flow": "workorder", "clock": "triage", "amount": "0.5", "unit": "work_hour"}
    body = limit | {"valid_from": timezone.localdate().isoformat()}
    change = recompute.ask("limit", body, actor=paces.p.admin, reason="试行")
    recompute.work_off()
    return change


@pytest.fixture
def places(papers):
    """The words in the addresses below that only this run knows."""
    whistle = papers["signed"].whistle
    return {
        "order": whistle.order.number,
        "whistle": whistle.number,
        "response": papers["signed"].pk,
        "asked": papers["asked"].pk,
        "reported": papers["asked"].order.number,
        "taken": papers["taken"].number,
        "drafted": papers["drafted"].number,
        "change": papers["change"].pk,
    }


OWN = ("/me/", "/inbox/", "/password/")
SPOIL = """() => {
  const words = document.createElement("p");
  words.textContent = "Spoilt";
  words.style.width = "700px";
  document.querySelector("main").append(words, document.createElement("button"));
}"""
VISITORS = ("/login/", "/progress/")
PAPERS = (
    "/work-orders/",
    "/work-orders/{order}/",
    "/whistles/",
    "/whistles/{whistle}/",
    "/map/",
)
# office → where it lands, on what screen, what waits for it there, its pages
OFFICES = {
    "warden": (
        "/m/",
        PHONE,
        "#tasks [data-row]",
        (
            "/m/tasks/",
            "/m/tasks/{asked}/",
            "/m/report/",
            "/m/map/",
            "/m/reports/",
            "/m/reports/{reported}/",
            *OWN,
        ),
    ),
    "community": ("/m/", PHONE, "#tasks [data-row]", ("/m/tasks/", "/work-orders/{taken}/")),
    "dispatcher": (
        "/desk/",
        DESK,
        "#queue-rows [data-row]",
        (
            "/desk/{reported}/",
            *PAPERS,
            "/work-orders/new/",
            "/handovers/",
            "/handovers/new/",
            "/work-orders/{order}/print/",
            "/search/?q=井盖",
            "/whistles/{whistle}/code/",
            *OWN,
        ),
    ),
    "street_head": ("/confirmations/", PHONE, ".gc-confirm__card", ("/whistles/{drafted}/",)),
    "district": (
        "/desk/",
        DESK,
        "#queue-rows [data-row]",
        (
            "/overview/",
            "/whistles/?open=1",
            "/whistles/?level=3&kind=tough&closed_since=2026-01-01",
            "/work-orders/board/",
        ),
    ),
    "liaison": (
        "/answers/",
        DESK,
        ".gc-ticket",
        ("/answers/arrive/", "/answers/{response}/arrive/", "/whistles/{whistle}/letter/"),
    ),
    "leader": ("/overview/", DESK, ".gc-stat", ("/work-orders/{order}/",)),
    "admin": (
        "/administration/",
        DESK,
        "main .gc-card",
        (
            "/administration/limits/",
            "/administration/limits/new/",
            "/administration/ladders/",
            "/administration/ladders/new/?flow=workorder&clock=triage",
            "/administration/calendar/2026/",
            "/administration/calendar/notice/",
            "/administration/hours/",
            "/administration/hours/new/",
            "/administration/changes/",
            "/administration/changes/{change}/",
            "/inbox/",
        ),
    ),
}


@pytest.mark.parametrize("name", OFFICES)
def test_office(sit, places, name):
    lands, viewport, waits, pages = OFFICES[name]
    person = sit(name, viewport).log_in()
    assert person.path == lands
    person.page.locator(waits).first.wait_for()
    found = faults(person, lands)
    for path in pages:
        person.open(path.format(**places))
        found += faults(person, path)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", VISITORS)
def test_visitor(sit, path):
    person = sit("visitor", PHONE)
    person.open(path)
    assert not faults(person, path)


def test_what_is_wrong_with_a_page_is_found(sit):
    """The checks above, on a page that was spoilt."""
    page = sit("visitor").open("/login/")
    page.evaluate(SPOIL)
    assert looks.untranslated(page) == ["English: Spoilt"]
    assert any("button-name" in fault for fault in looks.barriers(page))
    assert looks.too_wide(page, 320)


def faults(person, path):
    page = person.page
    found = looks.untranslated(page, *person.name.split("_")) + looks.barriers(page)
    before = page.viewport_size
    for width in (PHONE["width"], 320):
        found += looks.too_wide(page, width)
    page.set_viewport_size(before)
    return [f"{path} {fault}" for fault in found]
