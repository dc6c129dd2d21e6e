"""Phrases, views and hand-over notes by API: the same acts as on the pages, for the same people."""

import pytest

from command.models import Handover, SavedView
from tests.command.pages import cost
from tests.whistle.faces import Office
from workflow.models import Phrase

PHRASE = {"flow": "workorder", "verb": "refuse", "field": "note", "text": "不属本区管辖"}
VIEW = {"list": "work_orders", "name": "我的超期", "query": "?overdue=on&nonsense=1"}


@pytest.fixture
def people(district):
    return district.people


@pytest.fixture
def operator(people):
    return Office(people.dispatcher)


def test_a_phrase_is_kept_once_found_and_dropped(operator, people):
    first, again = (operator.post("phrases/", PHRASE) for _time in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and first.json()["own"]
    found = operator.get("phrases/", flow="workorder", verb="refuse").json()["results"]
    assert [row["text"] for row in found] == [PHRASE["text"]]
    assert operator.get("phrases/", flow="whistle").json()["results"] == []
    other = Office(people.duty_leader)
    assert other.get("phrases/").json()["results"] == []
    key = first.json()["id"]
    assert other.client.delete(f"/api/phrases/{key}/").status_code == 404
    assert operator.client.delete(f"/api/phrases/{key}/").status_code == 204
    assert not Phrase.objects.filter(user=people.dispatcher)


@pytest.mark.parametrize(
    "wrong, field",
    [({"verb": "dance"}, "__all__"), ({"field": "colour"}, "field"), ({"text": ""}, "text")],
)
def test_a_phrase_that_stands_nowhere_is_refused(operator, wrong, field):
    answer = operator.post("phrases/", PHRASE | wrong)
    assert answer.status_code == 400
    assert field in answer.json()["fields"] or field == "__all__"


def test_phrases_of_the_unit_are_offered_and_not_to_be_dropped(operator, district):
    shared = Phrase.objects.create(unit=district.street, **PHRASE)
    Phrase.objects.create(unit=district.other_street, **PHRASE | {"text": "别处的"})
    [row] = operator.get("phrases/").json()["results"]
    assert (row["unit"], row["own"]) == (district.street.code, False)
    assert operator.client.delete(f"/api/phrases/{shared.pk}/").status_code == 404


def test_a_view_is_kept_without_what_means_nothing(operator):
    answer = operator.post("views/", VIEW)
    assert answer.status_code == 201
    assert answer.json()["query"] == "overdue=on"
    assert operator.post("views/", VIEW | {"query": "open=on"}).json()["id"] == answer.json()["id"]
    [row] = operator.get("views/").json()["results"]
    assert row["query"] == "open=on" and row["url"].startswith("/work-orders/")
    assert operator.post("views/", VIEW | {"query": "?nonsense=1"}).status_code == 400


def test_a_list_opens_with_one_view(operator, people):
    one, two = (operator.post("views/", VIEW | {"name": name}).json()["id"] for name in "甲乙")
    assert operator.post(f"views/{one}/open/").json()["opening"]
    assert operator.post(f"views/{two}/open/").json()["opening"]
    assert list(SavedView.objects.filter(opening=True).values_list("pk", flat=True)) == [two]
    assert not operator.post(f"views/{two}/open/").json()["opening"]
    assert Office(people.duty_leader).post(f"views/{one}/open/").status_code == 404
    assert operator.client.delete(f"/api/views/{one}/").status_code == 204


def test_a_desk_is_handed_over_and_received_once(operator, people):
    answer = operator.post("handovers/", {"words": "两件挂账明日到期"}, key="shift-1")
    assert answer.status_code == 201
    assert operator.post("handovers/", {"words": "两件挂账明日到期"}, key="shift-1").json() == (
        answer.json()
    )
    note = Handover.objects.get()
    path = f"handovers/{note.pk}/"
    assert operator.get(path).json()["standing"]["counts"] is not None
    assert operator.post(f"{path}receive/").status_code == 409
    next_one = Office(people.district)
    received = next_one.post(f"{path}receive/")
    assert (received.status_code, received.json()["receiver"]) == (200, "district")
    assert next_one.post(f"{path}receive/").status_code == 409


@pytest.mark.parametrize("who", ["warden", "liaison", "street_head", "stranger"])
def test_who_keeps_no_desk_here_learns_of_no_note(operator, people, who):
    operator.post("handovers/", {"words": "无"})
    path = f"handovers/{Handover.objects.get().pk}/"
    assert Office(getattr(people, who)).get(path).status_code == 404
    assert operator.post("handovers/", {"words": ""}).status_code == 400


def test_lists_cost_the_same_for_few_and_many(operator):
    def keep(n):
        operator.post("phrases/", PHRASE | {"text": f"词{n}"})
        operator.post("views/", VIEW | {"name": f"视图{n}"})
        operator.post("handovers/", {"words": f"第{n}班"})

    keep(0)
    few = [cost(operator, path) for path in ("phrases/", "views/", "handovers/")]
    for n in range(1, 9):
        keep(n)
    assert [cost(operator, path) for path in ("phrases/", "views/", "handovers/")] == few
    assert max(few) <= 6
