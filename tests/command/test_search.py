"""The one search box, and the index that finds words of two characters."""

from urllib.parse import quote

import pytest
from django.db import connection

from tests.command.pages import browser_of, rows_of
from tests.whistle.paces import Paces
from whistle.filters import search
from whistle.models import WorkOrder


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def centre(district):
    return browser_of(district.people.dispatcher)


def find(client, words):
    return client.get(f"/search/?q={quote(words)}")


def test_a_number_opens_its_paper(paces, centre):
    whistle = paces.blown()
    order = whistle.order
    assert find(centre, order.number).url == f"/work-orders/{order.number}/"
    assert find(centre, f"  {order.number} ").url == f"/work-orders/{order.number}/"
    assert find(centre, whistle.letter_number).url == f"/whistles/{whistle.number}/"


def test_the_number_of_the_source_opens_the_order(paces, centre):
    order = paces.reported(source="hotline", source_number="NJ2026-88")
    assert find(centre, "NJ2026-88").url == f"/work-orders/{order.number}/"


def test_words_lead_to_the_list(paces, centre):
    found = paces.reported(title="夫子庙暴露垃圾")
    paces.reported()
    answer = find(centre, "垃圾")
    assert answer.status_code == 302
    assert rows_of(centre.get(answer.url)) == [found.pk]


def test_a_number_that_one_may_not_see_opens_nothing(paces):
    order = paces.reported()
    stranger = browser_of(paces.p.stranger)
    answer = find(stranger, order.number)
    assert answer.url.startswith("/work-orders/?q=")
    assert rows_of(stranger.get(answer.url)) == []


@pytest.mark.parametrize("words", ["", " ", "井"])
def test_less_than_two_characters_are_asked_again(centre, words):
    answer = find(centre, words)
    assert answer.status_code == 200
    assert "At least two characters" in answer.text


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; --", "a" * 500, "\u0000x", "井%"])
def test_no_sign_is_special(paces, centre, words):
    paces.reported()
    answer = find(centre, words)
    if answer.status_code == 302:
        assert rows_of(centre.get(answer.url)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("井盖", True),
        ("江府路污水", True),
        ("26", True),
        ("号", True),
        ("路井", False),
        ("损 平", False),
    ],
)
def test_words_are_found_as_they_stand(paces, words, found):
    order = paces.reported()  # 平江府路污水井盖破损, 平江府路26号
    assert (order in WorkOrder.objects.filter(search(words))) is found


def test_words_of_two_characters_use_the_index(paces):
    paces.reported()
    orders = WorkOrder.objects.filter(search("井盖"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "workorder_words" in orders.explain()
