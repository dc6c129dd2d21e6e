"""Taking reports in at the desk, the receipt, and the public question how a report stands."""

from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from command.trying import MOST
from grids.models import Grid
from tests.command.pages import at, browser_of, cost
from tests.command.stage import play
from tests.grids.ground import centre, draw, square
from tests.whistle.faces import PLACE, lay_ground, picture
from tests.whistle.paces import Paces
from whistle.models import WorkOrder

NOW = at(20, 10)
DESK = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True)
def on_tuesday():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    lay_ground(district)
    return Paces(district)


@pytest.fixture
def desk(district):
    return browser_of(district.people.dispatcher)


def told(**more):
    """What the operator types in."""
    return {
        "key": str(uuid4()),
        "source": "hotline",
        "source_number": "12345-77",
        "source_due": "2026-10-22T18:00",
        "title": "污水井盖破损",
        "description": "夜间异响",
        "urgency": "urgent",
        "address": "平江府路26号",
        "reporter_name": "张建国",
        "reporter_phone": "13812345521",
        **PLACE,
        **more,
    }


def send(client, **more):
    return client.post("/work-orders/new/", told(**more))


def errors(answer):
    return {name: list(words) for name, words in answer.context["form"].errors.items()}


def test_what_is_typed_in_becomes_an_order(paces, desk):
    answer = send(desk, photos=[picture()])
    order = WorkOrder.objects.get()
    assert answer.url == f"/work-orders/{order.number}/receipt/"
    assert (order.source, order.source_number, order.urgency) == ("hotline", "12345-77", "urgent")
    assert (order.grid, order.street, order.centre) == (
        paces.d.grid,
        paces.d.street,
        paces.d.centre,
    )
    assert (order.reporter, order.reporter_name) == (paces.p.dispatcher, "张建国")
    assert order.source_due == at(22, 18)
    assert order.attachments.count() == 1


def test_the_class_of_problem_is_title_enough(paces, desk):
    category = paces.d.condition.category
    send(desk, title="", category=category.pk)
    assert WorkOrder.objects.get().title == category.name


def test_an_address_without_a_point_is_a_place(paces, desk):
    send(desk, lng="", lat="")
    order = WorkOrder.objects.get()
    assert (order.lng, order.street) == (None, paces.d.street)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"address": "", "lng": "", "lat": ""}, "address"),
        ({"reporter_phone": "电话"}, "reporter_phone"),
        ({"source_due": "明天"}, "source_due"),
        ({"source": "rumour"}, "source"),
        ({"photos": [picture("x.txt")]}, ""),
    ],
)
def test_errors_stand_at_their_fields_and_nothing_is_lost(paces, desk, more, field):
    if not field:
        more["photos"][0].truncate(10)
    answer = send(desk, **more)
    assert answer.status_code == 400 and not WorkOrder.objects.exists()
    assert list(errors(answer)) == [field or "photos"]
    assert "张建国" in answer.text and "夜间异响" in answer.text


def test_a_number_of_the_source_comes_once(paces, desk):
    send(desk)
    assert list(errors(send(desk, key=str(uuid4()), lng=118.781))) == ["source_number"]


def test_a_place_in_another_street_is_refused_at_the_address(paces, desk, district):
    d = district
    make = type(d.grid).objects.establish
    community = make(code="320104003001", name="别处", kind="community", parent=d.other_street)
    grid = make(code="320104003001Z001", name="别处网格", kind="grid", parent=community)
    row = Grid.objects.create(
        unit=grid, kind="general", community=community, street=d.other_street, serial=1
    )
    draw(row, square(5, 5))
    lng, lat = centre(5, 5)
    assert list(errors(send(desk, lng=lng, lat=lat))) == ["address"]


def test_the_same_form_sent_twice_is_one_order(paces, desk):
    key = str(uuid4())
    first, second = send(desk, key=key), send(desk, key=key)
    assert first.url == second.url and WorkOrder.objects.count() == 1


def test_likely_duplicates_are_shown_before_anything_is_saved(paces, desk):
    known = paces.reported(category=paces.d.condition.category, **PLACE)
    like = {"category": paces.d.condition.category.pk, "source_number": ""}
    answer = send(desk, **like)
    assert answer.status_code == 400 and known.number in answer.text
    assert send(desk, seen=known.number, **like).status_code == 302
    assert WorkOrder.objects.count() == 2


def test_what_lies_near_is_found_while_typing(paces, desk):
    known = paces.reported(category=paces.d.condition.category, **PLACE)
    page = desk.get("/work-orders/new/near/", {**PLACE, "category": ""}).text
    assert known.title in page and f'value="{known.number}"' in page
    assert known.title not in desk.get("/work-orders/new/near/?lng=x").text


def test_places_are_found_by_earlier_addresses_and_names(paces, desk):
    paces.reported(**PLACE)
    found = desk.get("/work-orders/new/places/?q=平江府").json()["results"]
    assert [place["name"] for place in found] == ["平江府路26号", "平江府社区"]
    assert desk.get("/work-orders/new/places/?q=平").json()["results"] == []


def test_a_link_may_bring_the_place_along(paces, desk):
    page = desk.get("/work-orders/new/?lng=118.785&lat=32.005&address=平江府路").text
    assert 'name="lng" value="118.785"' in page and 'value="平江府路"' in page


@pytest.mark.parametrize("office", ["warden", "liaison", "leader", "street_head", "admin"])
def test_only_who_sits_at_a_centre_takes_reports_in(district, office):
    client = browser_of(getattr(district.people, office))
    for path in ("", "near/", "places/?q=平江府"):
        assert client.get(f"/work-orders/new/{path}").status_code == 404


def test_the_receipt_shows_number_and_code_to_who_took_it_in(paces, desk):
    send(desk)
    order = WorkOrder.objects.get()
    page = desk.get(f"/work-orders/{order.number}/receipt/").text
    code = order.progress_code
    assert order.number in page and f"{code[:5]} {code[5:]}" in page
    other = browser_of(paces.p.district)
    assert other.get(f"/work-orders/{order.number}/receipt/").status_code == 404


def test_the_page_costs_the_same_for_few_and_many(paces, desk):
    few = cost(desk, "/work-orders/new/")
    for _n in range(4):
        paces.reported()
    assert cost(desk, "/work-orders/new/") <= few + 1 <= 20


def ask(words, **headers):
    return Client(headers={"accept-language": "en"}).post("/progress/", {"code": words}, **headers)


def said(order):
    return ask(order.progress_code).context["found"]


def test_anybody_may_ask_by_number_or_code(paces):
    order = paces.accepted()
    code = order.progress_code
    for words in (order.number, code, f" {code[:5].lower()} {code[5:]} "):
        answer = ask(words)
        assert answer.status_code == 200 and "It is being settled." in answer.text


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        ("reported", "received"),
        ("registered", "registered"),
        ("dispatched", "given to the unit"),
        ("handled", "checking the result"),
        ("verified", "call you back"),
        ("closed", "closed"),
        ("refused", "could not be taken on"),
        ("suspended", "has to wait"),
        ("void", "void"),
    ],
)
def test_each_state_is_said_in_plain_words(paces, pace, words):
    assert words in said(getattr(paces, pace)())["words"]


def test_of_a_merged_report_the_joined_one_is_told(paces):
    order = paces.merged()
    assert said(order)["joined"] and "received" in said(order)["words"]


def test_the_limit_and_the_end_of_a_suspension_are_told(paces):
    assert "2026-10-" in said(paces.accepted())["until"]
    assert said(paces.suspended())["until"] == "Probably until 2026-11-18."
    assert said(paces.closed())["until"] == ""


def test_no_personal_data_is_told(paces):
    order = paces.refused(
        title="张建国家漏水", description="张建国", reporter_name="张建国", reporter=paces.p.warden
    )
    page = ask(order.progress_code).text
    for secret in ("张建国", order.title, order.address, "warden", "dispatcher", "不属本街道"):
        assert secret not in page
    assert order.progress_code not in page


def test_who_wants_secrecy_is_found_by_the_code_alone(paces):
    order = paces.reported(confidential=True)
    assert ask(order.number).status_code == 404
    assert ask(order.progress_code).status_code == 200


@pytest.mark.parametrize(
    "words", ["", "   ", "ABCDEFGHJK", "320104002-2026-999999", "'; --", "é" * 99]
)
def test_unknown_codes_are_all_answered_alike(paces, words):
    answer = ask(words)
    assert answer.status_code == 404
    assert "Nothing is known here under this number or code." in answer.text


def test_nobody_finds_a_code_by_trying(paces):
    order = paces.reported()
    for _n in range(MOST):
        assert ask("WRONG").status_code == 404
    assert ask(order.progress_code).status_code == 429
    assert ask(order.progress_code, REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.browser
def test_a_refused_form_keeps_its_photo_and_then_goes_through(paces):
    def scene(page):
        page.goto("/work-orders/new/")
        page.wait_for_selector(".leaflet-container")
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}
        page.set_input_files("[name=photos]", photo)
        page.fill("[name=reporter_phone]", "x")
        page.click("[data-kind] >> nth=0")
        page.click(".gc-intake__foot button")
        page.wait_for_selector("#error-address .gc-form__err")
        assert page.is_visible("#error-reporter_phone .gc-form__err")
        assert page.evaluate("document.querySelector('[name=photos]').files.length") == 1
        page.fill("[name=reporter_phone]", "13812345521")
        page.fill("[name=address]", "平江府")
        page.click("[data-intake-found] button")
        page.wait_for_selector("[data-place-grid]:has-text('综合网格01')")
        page.click(".gc-intake__foot button")
        page.wait_for_url("**/receipt/")

    play(paces.p.dispatcher, scene, viewport=DESK, **PLACE)
    order = WorkOrder.objects.get()
    assert (order.grid, order.attachments.count()) == (paces.d.grid, 1)
