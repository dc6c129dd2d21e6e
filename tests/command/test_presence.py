"""Who else has a paper open: signs of life, and what others are told of them."""

import datetime

import pytest
import time_machine

from tests.command.pages import at, browser_of
from tests.whistle.paces import Paces
from workflow import presence
from workflow.models import Change, Presence

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def order(paces):
    return paces.registered()


def sign(user, order, **body):
    return browser_of(user).post(f"/present/workorder/{order.pk}/", body)


def test_each_is_told_of_the_others_and_not_of_himself(paces, order):
    assert sign(paces.p.dispatcher, order).json() == {"text": "", "writing": False}
    told = sign(paces.p.duty_leader, order, writing="1").json()
    assert told == {"text": "dispatcher has this open too", "writing": False}
    told = sign(paces.p.dispatcher, order).json()
    assert told == {"text": "duty_leader is filling in a form", "writing": True}
    assert Presence.objects.count() == 2


def test_who_goes_is_gone_at_once_and_who_vanishes_soon(paces, order, clock):
    sign(paces.p.dispatcher, order)
    sign(paces.p.district, order)
    sign(paces.p.district, order, leave="1")
    assert "district" not in sign(paces.p.duty_leader, order).json()["text"]
    clock.shift(presence.GONE_AFTER + datetime.timedelta(seconds=1))
    assert sign(paces.p.duty_leader, order).json()["text"] == ""
    assert presence.prune(NOW + presence.GONE_AFTER * 2) == 1


def test_papers_are_told_apart(paces, order):
    whistle = paces.blown()
    sign(paces.p.dispatcher, order)
    told = browser_of(paces.p.duty_leader).post(f"/present/whistle/{whistle.pk}/").json()
    assert told["text"] == ""


def test_nobody_is_told_of_a_paper_that_he_may_not_see(paces, order):
    assert sign(paces.p.stranger, order).status_code == 404
    desk = browser_of(paces.p.dispatcher)
    assert desk.post(f"/present/nonsense/{order.pk}/").status_code == 404
    assert desk.get(f"/present/workorder/{order.pk}/").status_code == 405
    assert not Presence.objects.exists()


def test_a_sign_costs_little_and_the_paper_nothing(paces, order, django_assert_max_num_queries):
    desk = browser_of(paces.p.dispatcher)
    url = f"/present/workorder/{order.pk}/"
    desk.post(url)
    with django_assert_max_num_queries(7):
        desk.post(url)


@pytest.mark.parametrize("where", ["/desk/{}/", "/work-orders/{}/"])
def test_the_pages_of_a_paper_say_where_to_ask(paces, order, where):
    page = browser_of(paces.p.dispatcher).get(where.format(order.number)).text
    assert f'data-present="/present/workorder/{order.pk}/"' in page


def test_a_whistles_page_asks_too(paces):
    whistle = paces.blown()
    page = browser_of(paces.p.dispatcher).get(whistle.get_absolute_url()).text
    assert f'data-present="/present/whistle/{whistle.pk}/"' in page


def told(order):
    return Change.objects.filter(paper="workflow.presence-workorder", paper_id=order.pk).count()


def test_who_is_there_already_is_told_of_others_by_the_stream(paces, order):
    sign(paces.p.dispatcher, order)
    assert told(order) == 0
    sign(paces.p.duty_leader, order)
    assert told(order) == 1
    sign(paces.p.duty_leader, order)
    assert told(order) == 1
    sign(paces.p.duty_leader, order, writing="1")
    assert told(order) == 2
    sign(paces.p.duty_leader, order, leave="1")
    assert told(order) == 3
    sign(paces.p.duty_leader, order, leave="1")
    sign(paces.p.dispatcher, order, leave="1")
    assert told(order) == 3
    change = Change.objects.filter(paper__startswith="workflow.presence").last()
    assert set(change.units) == set(order.sight.values_list("unit", flat=True))
