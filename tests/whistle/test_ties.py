"""关联工单: two orders of one matter, each leading to the other."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from tests.command.pages import browser_of, cost
from tests.whistle.asking import fresh, refuses_input
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle.models import Tie
from whistle.models.ties import tied_to
from workflow.actions import create


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def relate(paces, order, other):
    paces.step(order, "relate", paces.p.dispatcher, other=other, note="同一管网")


def test_the_tie_is_seen_from_both_and_logged_with_its_reason(paces):
    order, other = paces.registered(), paces.closed()
    relate(paces, order, other)
    assert tied_to(order).get() == other and tied_to(other).get() == order
    event = order.events.get(verb="relate")
    assert event.note == "同一管网" and event.data == {"related": other.pk}
    desk = browser_of(paces.p.dispatcher)
    for one, two in ((order, other), (other, order)):
        page = desk.get(one.get_absolute_url()).text
        assert "Related orders" in page and f'href="{two.get_absolute_url()}"' in page


def test_it_is_taken_off_again(paces):
    order = paces.related()
    other = tied_to(order).get()
    paces.step(order, "unrelate", paces.p.dispatcher, other=other, note="误关联")
    assert not Tie.objects.exists()
    assert "Related orders" not in browser_of(paces.p.dispatcher).get(order.get_absolute_url()).text


def test_what_is_refused(paces):
    order = paces.related()
    other = tied_to(order).get()
    for wrong in (order, other):
        refuses_input("other", relate, paces, order, wrong)
    paces.step(other, "register", paces.p.dispatcher, condition=paces.d.condition)
    refuses_input("other", relate, paces, fresh(other), order)
    whole = paces.divided()
    part = whole.parts.earliest("pk")
    refuses_input("other", relate, paces, whole, part)
    refuses_input("other", relate, paces, part, whole)


def test_the_database_keeps_each_pair_once_and_in_order(paces):
    order, other = paces.registered(), paces.reported()
    for first, second in ((other, order), (order, order)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tie.objects.create(first=first, second=second)


def test_an_order_that_the_reader_may_not_see_is_not_named(paces):
    order = paces.registered()
    away = paces.new_order(
        grid=None, community=None, street=paces.d.other_street, centre=paces.d.other_centre
    )
    create(away, "report", trigger="test", now=paces.now)
    first, second = sorted([order.pk, away.pk])
    Tie.objects.create(first_id=first, second_id=second)
    assert away.number not in browser_of(paces.p.dispatcher).get(order.get_absolute_url()).text
    assert away.number in browser_of(paces.p.district).get(order.get_absolute_url()).text
    told = {"other": away.number, "note": "同一管网"}
    answer = Office(paces.p.dispatcher).post(f"work-orders/{order.number}/relate/", told)
    assert answer.status_code == 400 and "other" in answer.json()["fields"]


def test_many_ties_cost_no_more_than_one(paces):
    order, desk = paces.related(), browser_of(paces.p.dispatcher)
    few = cost(desk, order.get_absolute_url())
    for _more in range(3):
        relate(paces, order, paces.reported())
    assert cost(desk, order.get_absolute_url()) == few <= 20
