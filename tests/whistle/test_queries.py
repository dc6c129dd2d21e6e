"""How many queries an act may cost, everything included: sight, log, clocks, inbox, live pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from command.papers.read import order_for
from organization.models import User
from tests.cast import plain_photo
from tests.whistle.faces import PLACE, Office, lay_ground
from tests.whistle.paces import DAY, Paces
from whistle.models import WorkOrderClock
from workflow.actions import create, options
from workflow.sweep import fire


@pytest.fixture
def paces(district):
    """What is kept in the process has been read when the count begins."""
    made = Paces(district)
    made.concluded()
    return made


def someone(user):
    """A person as a new request loads him: nothing of his grants is known yet."""
    return User.objects.get(pk=user.pk)


def test_a_report_with_a_photo(paces, django_assert_num_queries):
    order, warden, photos = paces.new_order(), someone(paces.p.warden), [plain_photo()]
    with django_assert_num_queries(13):
        create(order, "report", actor=warden, now=paces.now, photos=photos)


def test_a_further_photo_costs_no_further_query(paces, django_assert_num_queries):
    order, warden = paces.new_order(), someone(paces.p.warden)
    photos = [plain_photo(), plain_photo("near", "blue"), plain_photo("far", "red")]
    with django_assert_num_queries(13):
        create(order, "report", actor=warden, now=paces.now, photos=photos)


STEPS = [
    ("reported", "register", "dispatcher", 13),
    ("registered", "dispatch", "dispatcher", 14),
    ("dispatched", "accept", "office", 11),
    ("handled", "verify", "dispatcher", 16),
    ("called", "sign", "liaison", 16),
    ("signed", "arrive", "liaison", 12),
    ("settled", "verify", "duty_leader", 26),
]


@pytest.mark.parametrize("pace, verb, actor, queries", STEPS)
def test_a_step(paces, pace, verb, actor, queries, django_assert_num_queries):
    paper = getattr(paces, pace)()
    given = {
        "register": {"condition": paces.d.condition},
        "dispatch": {"unit": paces.d.office},
        "verify": {"method": "spot", "note": "看过"},
        "sign": {"lead_name": "刘工", "lead_phone": "13900000000"},
        "arrive": {"who": "刘工", "lng": 118.79, "lat": 32.02},
    }.get(verb, {})
    person = someone(getattr(paces.p, actor))
    with django_assert_num_queries(queries):
        paces.step(paper, verb, person, **given)


def test_one_rung_of_a_clock(paces, django_assert_num_queries):
    order = paces.dispatched()
    clock = order.clocks.get(what="sign")
    with django_assert_num_queries(15):
        fire(WorkOrderClock, clock.pk, clock.next_at + DAY)


def test_the_buttons_of_a_page(paces, django_assert_num_queries):
    """As a page reads the order, which knows then whether it is tied to others."""
    order, person = paces.accepted(), someone(paces.p.office)
    order = order_for(person, order.number)
    with django_assert_num_queries(1):
        list(options(order, person))


def asked(act):
    """How many queries an answer of the API takes, once what is kept for seconds has been read."""
    act()
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code < 300
    return len(queries)


def test_a_report_by_api(paces):
    lay_ground(paces.d)
    warden, keys = Office(paces.p.warden), iter("ab")
    told = {"source": "grid", "title": "积水", **PLACE}
    assert asked(lambda: warden.post("work-orders/", told, key=next(keys))) <= 20


def test_a_step_by_api(paces):
    orders = iter([paces.dispatched(), paces.dispatched()])
    office = Office(paces.p.office)
    assert asked(lambda: office.post(f"work-orders/{next(orders).number}/accept/")) <= 20


def test_a_list_by_api(paces):
    dispatcher = Office(paces.p.dispatcher)
    few = asked(lambda: dispatcher.get("work-orders/"))
    for _time in range(3):
        paces.reported()
    assert asked(lambda: dispatcher.get("work-orders/")) == few <= 12
    assert asked(lambda: dispatcher.get("whistles/", open="on")) <= 12
