"""Requests on pages: offered to those who may ask, decided where they are seen."""

import re

import pytest
import time_machine
from django.urls import reverse

from tests.cast import plain_photo
from tests.command.pages import at, browser_of, cost, rows_of
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle.models import Request


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 9, 30), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def office(district):
    return browser_of(district.people.office)


@pytest.fixture
def centre(district):
    return browser_of(district.people.dispatcher)


def page_of(client, order):
    return client.get(f"/work-orders/{order.number}/").text


def test_the_holder_is_offered_what_may_be_asked_and_nobody_else(paces, office, centre):
    order = paces.accepted()
    for kind in ("extension", "suspension", "return", "exemption"):
        assert f"/work-orders/{order.number}/requests/{kind}/" in page_of(office, order)
    assert "/requests/appeal/" not in page_of(office, order)
    assert "/requests/extension/" not in page_of(centre, order)


def test_a_department_is_offered_it_in_its_own_lane(paces, district):
    answer = paces.arrived()
    page = browser_of(district.people.liaison).get(answer.whistle.get_absolute_url()).text
    other = paces.response_of(answer.whistle, district.housing)
    assert f"/responses/{answer.pk}/requests/extension/" in page
    assert f"/responses/{other.pk}/requests/" not in page


def test_the_form_says_who_decides_by_when_and_how_much_may_be_asked(paces, office):
    order = paces.accepted()
    page = office.get(f"/work-orders/{order.number}/requests/extension/").text
    for words in (
        "Request: Extension",
        "Longer by (Working hour)",
        "At most the limit itself once more: 4 working hours.",
        "夫子庙指挥中心 decides",
        "decision within 1 working day",
    ):
        assert words in page


def test_it_is_asked_by_the_form_and_stands_on_the_paper(paces, office, centre):
    order = paces.accepted()
    url = f"/work-orders/{order.number}/requests/extension/"
    answer = office.post(url, {"amount": "2", "note": "待配件到货"}, follow=True)
    assert "Done: Request: Extension" in answer.text
    request = Request.objects.get()
    page = page_of(centre, order)
    assert f'id="request-{request.pk}"' in page
    for words in ("2 working hours more", "待配件到货", "not decided in time: counts as rejected"):
        assert words in page
    assert reverse("take_request", args=[request.pk, "grant"]) in page
    assert reverse("take_request", args=[request.pk, "withdraw"]) not in page
    assert reverse("take_request", args=[request.pk, "withdraw"]) in page_of(office, order)
    assert "Extension · 夫子庙城管部" in page


def test_what_was_typed_is_kept_when_it_is_refused(paces, office):
    order = paces.accepted()
    url = f"/work-orders/{order.number}/requests/extension/"
    answer = office.post(url, {"amount": "9", "note": "待配件到货"})
    assert answer.status_code == 400
    assert "At most the limit itself once more" in answer.text and "待配件到货" in answer.text
    assert not Request.objects.exists()


def test_what_cannot_be_asked_now_is_told_with_the_reason(paces, office):
    order = paces.extension().order
    answer = office.get(f"/work-orders/{order.number}/requests/extension/")
    assert answer.status_code == 409 and "still to be decided" in answer.text


def test_the_approver_s_list_and_desk_show_what_waits(paces, office, centre, district):
    request = paces.extension()
    assert rows_of(centre.get("/requests/")) == [request.pk]
    assert rows_of(centre.get("/desk/?queue=requests")) == [request.order_id]
    assert rows_of(office.get("/requests/")) == []
    assert rows_of(office.get("/requests/?tab=asked")) == [request.pk]
    assert rows_of(browser_of(district.people.stranger).get("/requests/")) == []
    centre.post(reverse("take_request", args=[request.pk, "reject"]), {"note": "理由不足"})
    assert rows_of(centre.get("/requests/")) == rows_of(centre.get("/desk/?queue=requests")) == []
    assert "理由不足" in office.get("/requests/?tab=asked").text


def test_a_department_s_request_waits_for_the_district(paces, centre, district):
    paces.give_room()
    request = paces.ask(paces.arrived(), "extension", paces.p.liaison, amount=1)
    assert rows_of(centre.get("/requests/")) == []
    assert rows_of(centre.get("/desk/?queue=requests")) == []
    assert rows_of(browser_of(district.people.district).get("/requests/")) == [request.pk]


def test_evidence_is_shown_to_who_decides(paces, centre):
    request = paces.ask(paces.accepted(), "extension", photos=[plain_photo()])
    photo = request.attachments.get()
    assert f"/files/request/{photo.pk}/" in centre.get("/requests/").text
    assert centre.get(f"/files/request/{photo.pk}/").getvalue().startswith(b"\xff\xd8")


def test_what_is_left_out_of_the_assessment_says_so(paces, centre):
    order = paces.accepted()
    assert "Not assessed" not in page_of(centre, order)
    paces.step(paces.ask(order, "exemption"), "grant", paces.p.dispatcher)
    assert "Not assessed" in page_of(centre, order)


def test_the_arbiter_sees_who_returned_it_and_why_and_who_had_it_first(paces, district):
    order = paces.disputed_order()
    arbiter = browser_of(district.people.district)
    page = page_of(arbiter, order)
    assert "Returned 3 times: waits for a ruling" in page
    assert page.count("不属本部门职责") >= 3
    assert "First receiver" in page
    assert rows_of(arbiter.get("/desk/?queue=arbitrate")) == [order.pk]
    form = arbiter.get(f"/work-orders/{order.number}/designate/").text
    assert re.search(rf'value="{district.office.code}" selected', form)


def test_lists_cost_the_same_for_one_request_and_for_many(paces, centre, office):
    paces.extension()
    few = [cost(centre, "/requests/"), cost(office, "/requests/?tab=asked")]
    for _more in range(4):
        paces.ask(paces.accepted(), "return", photos=[plain_photo()])
    assert [cost(centre, "/requests/"), cost(office, "/requests/?tab=asked")] == few
    assert max(few) < 20


def test_a_page_costs_the_same_with_one_request_and_with_three(paces, centre):
    order = paces.extension().order
    few = cost(centre, f"/work-orders/{order.number}/")
    for kind in ("return", "suspension", "exemption"):
        paces.ask(order, kind)
    assert cost(centre, f"/work-orders/{order.number}/") == few


def test_the_api_asks_lists_and_decides(paces, district):
    order = paces.accepted()
    office, centre = Office(district.people.office), Office(district.people.dispatcher)
    told = {"order": order.number, "kind": "extension", "amount": 2, "note": "待配件到货"}
    made = office.post("requests/", told)
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["status"], body["amount"], body["time_unit"]) == ("asked", "2.00", "work_hour")
    assert body["approver"]["code"] == district.centre.code
    assert body["url"].endswith(f"#request-{body['id']}")
    assert office.post("requests/", told).status_code == 409
    listed = centre.get("requests/", status="asked", kind="extension", order=order.number)
    assert [row["id"] for row in listed.json()["results"]] == [body["id"]]
    assert centre.take(f"requests/{body['id']}/grant/")["status"] == "granted"
    log = centre.get(f"requests/{body['id']}/events/").json()["results"]
    assert [event["verb"] for event in log] == ["ask", "grant"]


def test_the_api_names_what_is_wrong(paces, district):
    answer = paces.arrived()
    order = paces.accepted()
    office, centre = Office(district.people.office), Office(district.people.dispatcher)
    both = {"order": order.number, "response": answer.pk, "kind": "extension"}
    assert centre.post("requests/", both).json()["fields"].keys() == {"order"}
    for body, fields in [
        ({"order": order.number, "kind": "wish"}, {"kind"}),
        ({"kind": "extension"}, {"order"}),
        ({"order": order.number, "kind": "extension"}, {"amount", "note"}),
        ({"order": order.number, "kind": "return", "note": "x", "amount": 1}, {"amount"}),
    ]:
        refused = office.post("requests/", body)
        assert refused.status_code == 400, body
        assert refused.json()["fields"].keys() == fields, body
    foreign = Office(district.people.stranger).post(
        "requests/", {"order": order.number, "kind": "return", "ground": "legal", "note": "x"}
    )
    assert foreign.status_code == 400 and foreign.json()["fields"].keys() == {"order"}
