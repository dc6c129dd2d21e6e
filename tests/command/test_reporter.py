"""Who reported an order: shown to those who need it, for a reason that is kept."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.command.pages import browser_of
from tests.whistle.paces import Paces
from whistle.models import Disclosure

PERSON = {"reporter": None, "reporter_name": "张建国", "reporter_phone": "13812345521"}


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def centre(district):
    return browser_of(district.people.dispatcher)


def url_of(order):
    return f"/work-orders/{order.number}/reporter/"


def test_the_page_leads_there_and_the_reason_opens_it(paces, centre):
    order = paces.reported(**PERSON)
    assert f'href="{url_of(order)}" data-dialog' in centre.get(order.get_absolute_url()).text
    asked = centre.get(url_of(order)).text
    assert "张建国" not in asked and "5521" not in asked
    shown = centre.post(url_of(order), {"note": "回访"})
    assert "张建国" in shown.text and 'href="tel:13812345521"' in shown.text
    assert "no-store" in shown.headers["Cache-Control"]


def test_who_looked_and_why_is_kept(paces, centre):
    order = paces.reported(**PERSON)
    centre.post(url_of(order), {"note": "回访"})
    kept = Disclosure.objects.get()
    assert (kept.order, kept.by, kept.reason) == (order, paces.p.dispatcher, "回访")


def test_without_a_reason_nothing_is_shown(paces, centre):
    order = paces.reported(**PERSON)
    answer = centre.post(url_of(order), {"note": "  "})
    assert answer.status_code == 400 and "张建国" not in answer.text
    assert not Disclosure.objects.exists()


def test_a_grid_worker_is_shown_with_his_phone(paces, centre):
    paces.p.warden.phone = "13912340000"
    paces.p.warden.save()
    order = paces.reported()
    assert "13912340000" in centre.post(url_of(order), {"note": "核实"}).text


def test_the_holder_may_talk_to_the_reporter_while_it_is_in_his_hands(paces, district):
    office = browser_of(district.people.office)
    order = paces.accepted(**PERSON)
    assert "张建国" in office.post(url_of(order), {"note": "沟通"}).text
    order = paces.handled(**PERSON)
    assert office.post(url_of(order), {"note": "沟通"}).status_code == 403


def test_who_asked_for_secrecy_is_shown_to_the_centre_alone(paces, district, centre):
    order = paces.accepted(**PERSON, confidential=True)
    office = browser_of(district.people.office)
    assert office.post(url_of(order), {"note": "沟通"}).status_code == 403
    assert url_of(order) not in office.get(order.get_absolute_url()).text
    shown = centre.post(url_of(order), {"note": "回访"}).text
    assert "张建国" in shown and "asked not to be named" in shown


def test_who_only_looks_on_is_refused(paces, district):
    order = paces.reported(**PERSON)
    leader = browser_of(district.people.leader)
    assert url_of(order) not in leader.get(order.get_absolute_url()).text
    assert leader.get(url_of(order)).status_code == 403
    assert leader.post(url_of(order), {"note": "看看"}).status_code == 403


def test_strangers_find_nothing(paces):
    order = paces.reported(**PERSON)
    assert browser_of(paces.p.stranger).post(url_of(order), {"note": "x"}).status_code == 404
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("sql", ["UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_kept_stays(paces, centre, sql):
    centre.post(url_of(paces.reported(**PERSON)), {"note": "回访"})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(Disclosure._meta.db_table))
    assert Disclosure.objects.get().reason == "回访"


def test_where_nobody_is_known_there_is_nothing_to_show(paces, centre):
    order = paces.reported(reporter=None)
    assert url_of(order) not in centre.get(order.get_absolute_url()).text
