"""The search box finds orders by the reporter's phone, for those who may learn who reported."""

from urllib.parse import quote

import pytest
from django.db import connection

from tests.command.pages import browser_of, cost, rows_of
from tests.whistle.paces import Paces
from whistle.disclosing import learnable, may_learn, reported_from
from whistle.models import Disclosure, WorkOrder

PHONE = "13812345521"
PERSON = {"reporter": None, "reporter_name": "张建国", "reporter_phone": PHONE}


@pytest.fixture
def paces(district):
    return Paces(district)


def find(user, words=PHONE):
    return browser_of(user).get(f"/search/?q={quote(words)}")


def test_the_one_order_of_a_phone_opens(paces):
    order = paces.reported(**PERSON)
    paces.reported(**PERSON | {"reporter_phone": "13812345522"})
    assert find(paces.p.dispatcher).url == order.get_absolute_url()


@pytest.mark.parametrize("written", ["138 1234 5521", "138-1234-5521", "+86 13812345521"])
def test_however_it_is_written(paces, written):
    order = paces.reported(**PERSON | {"reporter_phone": written})
    assert find(paces.p.dispatcher).url == order.get_absolute_url()
    assert find(paces.p.dispatcher, written).url == order.get_absolute_url()


def test_several_are_listed_newest_first_with_the_phone_masked(paces):
    first, second = paces.reported(**PERSON), paces.closed(**PERSON)
    answer = find(paces.p.dispatcher)
    assert rows_of(answer) == [second.pk, first.pk]
    assert "138****5521" in answer.text and "no-store" in answer["Cache-Control"]


def test_a_number_of_a_paper_goes_first(paces):
    order = paces.reported(source="hotline", source_number=PHONE)
    paces.reported(**PERSON)
    assert find(paces.p.dispatcher).url == order.get_absolute_url()


def test_a_part_of_a_phone_finds_nothing(paces):
    paces.reported(**PERSON)
    assert find(paces.p.dispatcher, PHONE[:-1]).url.startswith("/work-orders/?q=")


def test_an_unknown_phone_is_put_into_no_further_address(paces):
    answer = find(paces.p.dispatcher)
    assert answer.status_code == 200 and "No such order" in answer.text


def test_who_only_looks_on_does_not_find_by_phone(paces):
    order = paces.reported(**PERSON)
    assert WorkOrder.objects.visible_to(paces.p.leader).filter(pk=order.pk).exists()
    assert "No such order" in find(paces.p.leader).text
    assert "No such order" in find(paces.p.stranger).text


def test_the_holder_finds_it_while_it_is_in_his_hands(paces):
    order = paces.accepted(**PERSON)
    assert find(paces.p.office).url == order.get_absolute_url()
    paces.handled(**PERSON | {"reporter_phone": "13812345522"})
    assert "No such order" in find(paces.p.office, "13812345522").text


def test_who_asked_for_secrecy_is_found_by_the_centre_alone(paces):
    order = paces.accepted(**PERSON, confidential=True)
    assert find(paces.p.dispatcher).url == order.get_absolute_url()
    assert "No such order" in find(paces.p.office).text


def test_finding_reveals_nothing_so_nothing_is_noted(paces):
    paces.reported(**PERSON)
    find(paces.p.dispatcher)
    assert not Disclosure.objects.exists()


def test_the_condition_is_the_rule(paces, district):
    """Whoever may learn the reporter of an order finds it by the phone, and nobody else."""
    for secret in (False, True):
        for state in ("reported", "registered", "dispatched", "accepted", "handled", "closed"):
            getattr(paces, state)(**PERSON, confidential=secret)
    paces.blown(**PERSON)
    seen = 0
    for user in vars(district.people).values():
        visible = WorkOrder.objects.visible_to(user)
        rule = {order.pk for order in visible if may_learn(user, order)}
        assert set(visible.filter(learnable(user)).values_list("pk", flat=True)) == rule
        assert set(reported_from(PHONE, user).values_list("pk", flat=True)) == rule
        seen += len(rule)
    assert seen > 13


def test_it_costs_the_same_for_many(paces):
    client, url = browser_of(paces.p.dispatcher), f"/search/?q={PHONE}"
    for _one in range(2):
        paces.reported(**PERSON)
    few = cost(client, url)
    for _one in range(6):
        paces.reported(**PERSON)
    assert cost(client, url) == few


def test_it_uses_the_index(paces):
    paces.reported(**PERSON)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = WorkOrder.objects.filter(reporter_hash__in=["a" * 64, "b" * 64])
    assert "workorder_reporter_hash" in found.explain()
