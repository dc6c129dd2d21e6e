import pytest

from tests.whistle.faces import PLACE, Office, lay_ground, picture
from tests.whistle.paces import Paces
from whistle.models import WorkOrder

REPORT = {"source": "grid", "title": "污水井盖破损", **PLACE}


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def warden(district):
    lay_ground(district)
    return Office(district.people.warden)


@pytest.fixture
def dispatcher(district):
    return Office(district.people.dispatcher)


def test_a_report_finds_its_grid_and_gives_a_receipt(warden, district):
    answer = warden.post("work-orders/", {**REPORT, "photos": picture()})
    body = answer.json()
    assert answer.status_code == 201
    assert (body["status"], body["grid"]["code"]) == ("reported", district.grid.code)
    assert body["number"].startswith("320104002-") and len(body["progress_code"]) == 10
    assert WorkOrder.objects.get().attachments.get().label == "near"


def test_an_address_without_a_point_lies_where_the_reporter_works(warden, dispatcher, district):
    told = {"source": "grid", "title": "积水", "address": "平江府路26号"}
    assert warden.post("work-orders/", told).json()["grid"]["code"] == district.grid.code
    assert dispatcher.post("work-orders/", told).json()["street"]["code"] == district.street.code
    assert warden.post("work-orders/", {**told, "address": ""}).status_code == 400


def test_a_report_writes_in_few_queries(warden, django_assert_max_num_queries):
    warden.begin()
    with django_assert_max_num_queries(25):
        assert warden.client.post("/api/work-orders/", REPORT, format="json").status_code == 201


def test_fixed_on_the_spot_takes_a_photo_from_before_and_one_from_after(warden):
    told = {**REPORT, "result": "当场复位"}
    assert warden.post("work-orders/", told).json()["fields"].keys() == {"photos"}
    told |= {"photos_before": picture(), "photos_after": picture()}
    assert warden.post("work-orders/", told).json()["status"] == "handled"


def test_a_step_is_taken_and_answered_with_the_paper(paces, dispatcher, district):
    order = paces.reported()
    url = f"work-orders/{order.number}/register/"
    body = dispatcher.take(url, condition=district.condition.pk, note="属实")
    assert (body["status"], body["condition"]) == ("registered", "破损大于25平方厘米")
    body = dispatcher.take(f"work-orders/{order.number}/dispatch/", unit=district.office.code)
    assert body["holder"]["code"] == district.office.code


def test_errors_have_one_shape(paces, dispatcher, district):
    order = paces.reported()
    missing = dispatcher.post(f"work-orders/{order.number}/register/")
    assert missing.status_code == 400
    assert missing.json()["code"] == "invalid" and missing.json()["fields"].keys() == {"condition"}
    early = dispatcher.post(f"work-orders/{order.number}/dispatch/", {"unit": "x"})
    assert (early.status_code, early.json()["code"]) == (409, "not_possible")
    forbidden = Office(district.people.office).post(f"work-orders/{order.number}/register/")
    assert forbidden.status_code in (403, 404)
    strange = Office(district.people.stranger).post(f"work-orders/{order.number}/register/")
    assert (strange.status_code, strange.json()["code"]) == (404, "not_found")
    for answer in (missing, early, forbidden, strange):
        assert answer.json().keys() == {"code", "message", "fields"}


def test_an_input_that_is_not_asked_for_is_refused(paces, dispatcher, district):
    order = paces.reported()
    url = f"work-orders/{order.number}/register/"
    body = {"condition": district.condition.pk, "status": "closed", "holder": 1}
    answer = dispatcher.post(url, body)
    assert answer.json()["fields"].keys() == {"status", "holder"}
    order.refresh_from_db()
    assert order.status == "reported"


PROTECTED = (
    "status number holder due_at warn_at due_what due_unit trace_head trace_count status_since "
    "created level centre street community grid reporter progress_code merged_into part_of "
    "closed_at"
).split()


@pytest.mark.parametrize("name", PROTECTED)
def test_no_report_can_set_what_the_engine_keeps(warden, name):
    answer = warden.post("work-orders/", {**REPORT, name: "1"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])
    assert not WorkOrder.objects.exists()


def test_the_reporter_is_masked_and_hidden_when_asked_for(warden, dispatcher):
    who = {"reporter_name": "陈小明", "reporter_phone": "13912345678"}
    body = warden.post("work-orders/", {**REPORT, **who}).json()
    assert (body["reporter_name"], body["reporter_phone"]) == ("陈*明", "139****5678")
    secret = warden.post("work-orders/", {**REPORT, **who, "confidential": True}).json()
    assert (secret["reporter_name"], secret["reporter_phone"]) == ("", "")
    listed = dispatcher.get("work-orders/").content.decode()
    assert "13912345678" not in listed and "陈小明" not in listed


def test_a_list_of_fifty_takes_few_queries(paces, dispatcher, django_assert_max_num_queries):
    for i in range(51):
        paces.reported(title=f"第{i}件")
    dispatcher.begin()
    with django_assert_max_num_queries(12):
        body = dispatcher.client.get("/api/work-orders/").json()
    assert len(body["results"]) == 50 and body["next"] and body["previous"] is None
    rest = dispatcher.client.get(body["next"]).json()
    assert [order["title"] for order in rest["results"]] == ["第0件"]
    back = dispatcher.client.get(rest["previous"]).json()
    assert back["results"] == body["results"]


def test_lists_are_narrowed_by_what_stands_in_the_address(paces, dispatcher, district):
    first, second = paces.registered(), paces.reported(source="hotline", source_number="12345-1")

    def numbers(**query):
        answer = dispatcher.get("work-orders/", **query)
        assert answer.status_code == 200, answer.json()
        return {order["number"] for order in answer.json()["results"]}

    both = {first.number, second.number}
    assert numbers() == both
    assert numbers(status="reported") == {second.number}
    assert numbers(status="reported,registered") == both
    assert numbers(source="hotline") == {second.number}
    assert numbers(category=first.category_id) == {first.number}
    assert numbers(category="component-01-02") == {first.number}
    assert numbers(street=district.street.code) == both
    assert numbers(unit=district.other_street.code) == set()
    assert numbers(q=first.number[:18]) == both
    assert numbers(q="12345-1") == {second.number}
    assert numbers(q="井盖") == both
    assert numbers(bbox="118,32,119,33") == both
    assert numbers(bbox="118,32,118.5,33") == set()
    assert numbers(since="2026-10-19", until="2026-10-19") == both
    assert numbers(until="2026-10-18") == set()
    assert numbers(overdue="true") == both
    assert numbers(order="due") == both


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"cursor": "zzz"},
        {"page_size": "1000"},
        {"bbox": "1,2"},
        {"street": "nowhere"},
        {"since": "yesterday"},
    ],
)
def test_nonsense_in_the_address_is_an_error(dispatcher, query):
    answer = dispatcher.get("work-orders/", **query)
    assert answer.status_code == 400 and list(answer.json()["fields"]) == list(query)


def test_log_clocks_and_steps_of_an_order(paces, dispatcher):
    order = paces.registered()
    events = dispatcher.get(f"work-orders/{order.number}/events/").json()["results"]
    assert [event["verb"] for event in events] == ["report", "register"]
    assert events[1]["prev_hash"] == events[0]["hash"]
    assert events[0]["photos"][0]["url"].startswith("/files/workorder/")
    clocks = dispatcher.get(f"work-orders/{order.number}/clocks/").json()
    assert {clock["what"] for clock in clocks} == {"triage", "dispatch", "handle"}
    assert all(clock["why"] for clock in clocks)
    since = {clock["what"]: clock["policy_from"] for clock in clocks}
    assert since == {"triage": "2020-01-01", "dispatch": "2020-01-01", "handle": None}
    steps = {s["verb"]: s for s in dispatcher.get(f"work-orders/{order.number}/steps/").json()}
    assert steps["dispatch"]["may"] and "unit" in steps["dispatch"]["body"]["required"]
    assert steps["merge"]["may"]


def test_who_saw_an_older_state_is_told_who_moved_it(paces, dispatcher, district):
    order = paces.reported()
    seen = order.trace_count
    paces.step(order, "refuse", paces.p.dispatcher, ground="legal", note="走信访")
    url = f"work-orders/{order.number}/register/"
    answer = dispatcher.post(url, {"condition": district.condition.pk, "seen": seen})
    assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
    assert "dispatcher" in answer.json()["message"]
    again = dispatcher.post(url, {"condition": district.condition.pk})
    assert (again.status_code, again.json()["code"]) == (409, "not_possible")
    assert "dispatcher" in again.json()["message"]


def test_orders_close_by_are_offered(paces, dispatcher, district):
    order = paces.reported()
    place = {"lng": order.lng, "lat": order.lat}
    WorkOrder.objects.update(created=district_now())
    found = dispatcher.get("work-orders/nearby/", **place).json()
    assert [near["number"] for near in found] == [order.number]
    assert dispatcher.get("work-orders/nearby/", lng=1).status_code == 400


def district_now():
    from django.utils import timezone

    return timezone.now()


def test_units_and_categories_can_be_looked_up(dispatcher, district):
    units = dispatcher.get("units/", kind="department").json()["results"]
    assert district.water.code in {unit["code"] for unit in units}
    below = dispatcher.get("units/", under=district.street.code).json()["results"]
    assert district.office.code in {unit["code"] for unit in below}
    category = dispatcher.get("categories/").json()["results"][0]
    assert category["conditions"][0]["id"] == district.condition.pk


def test_bodies_of_another_shape_are_refused_not_broken(warden):
    for body in (
        {**REPORT, "title": ["a"]},
        {**REPORT, "lng": {"x": 1}},
        {**REPORT, "source_due": 5},
        {**REPORT, "source_due": "0001-01-01T00:00:00Z"},
        {**REPORT, "title": "\x00"},
        {**REPORT, "category": 10**30},
        {**REPORT, "category": "a-b-\x00"},
        {**REPORT, "photos": ["x"]},
        {**REPORT, "accuracy": True},
        {**REPORT, "lng": "nan"},
    ):
        assert warden.post("work-orders/", body).status_code == 400, body
    for raw in (b"[1]", b"{", b'{"title": "\\ud800"}', b"[" * 100_000):
        warden.begin()
        answer = warden.client.post("/api/work-orders/", raw, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json().keys() == {"code", "message", "fields"}
