"""The same request twice is one order; a key never answers for another request."""

import pytest

from tests.whistle.faces import PLACE, Office, lay_ground, picture
from tests.whistle.paces import Paces
from whistle.models import WorkOrder

REPORT = {"source": "hotline", "title": "积水", **PLACE}


@pytest.fixture
def warden(district):
    lay_ground(district)
    return Office(district.people.warden)


def test_the_same_key_gives_the_same_answer(warden):
    first = warden.post("work-orders/", REPORT, key="draft-1")
    again = warden.post("work-orders/", REPORT, key="draft-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert WorkOrder.objects.count() == 1


def test_photos_are_part_of_the_request(warden):
    told = {**REPORT, "photos": picture()}
    first = warden.post("work-orders/", told, key="k")
    told["photos"] = picture()
    assert warden.post("work-orders/", told, key="k").json() == first.json()
    told["photos"] = picture(colour="red")
    assert warden.post("work-orders/", told, key="k").status_code == 422


def test_another_body_under_the_key_is_422(warden):
    warden.post("work-orders/", REPORT, key="k")
    answer = warden.post("work-orders/", {**REPORT, "title": "别的"}, key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert WorkOrder.objects.count() == 1


def test_what_was_refused_may_be_mended_under_its_key(warden):
    assert warden.post("work-orders/", {"source": "grid"}, key="k").status_code == 400
    assert warden.post("work-orders/", REPORT, key="k").status_code == 201


def test_a_key_is_short_and_plain(warden):
    for key in ("k" * 256, "鍵"):
        assert warden.post("work-orders/", REPORT, key=key).status_code == 400


def test_steps_are_taken_once_too(district):
    paces = Paces(district)
    order = paces.dispatched()
    office = Office(paces.p.office)
    url = f"work-orders/{order.number}/accept/"
    first, again = office.post(url, key="a"), office.post(url, key="a")
    assert first.json() == again.json() and again.status_code == 200
    assert office.post(url).status_code == 409
    assert order.events.filter(verb="accept").count() == 1
