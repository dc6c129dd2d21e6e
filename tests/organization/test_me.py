"""One's own page: posts, what they may do and where, logins; and the words about passwords."""

import pytest
import time_machine
from django.test import Client

from organization.models import Absence, Relation, User
from tests.cast import relation
from tests.command.pages import at, browser_of, cost

NOW = at(20, 10)
PASSWORD = "Lang-2026-genug"


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(user):
    answer = browser_of(user).get("/me/")
    assert answer.status_code == 200
    return answer


def test_each_duty_stands_with_the_units_it_reaches(district):
    page = page_of(district.people.dispatcher)
    [seat] = page.context["seats"]
    assert seat.duties["Triage"] == ["夫子庙指挥中心"]
    assert set(seat.duties) == {"View", "Report", "Triage", "Dispatch", "Inspect", "Supervise"}


def test_an_engineer_finds_the_way_to_the_engineers_pages(district):
    admin = district.people.admin
    assert "/django-admin/" not in page_of(admin).text
    User.objects.filter(pk=admin.pk).update(is_staff=True)
    assert "/django-admin/" in page_of(User.objects.get(pk=admin.pk)).text


def test_a_leader_sees_the_units_his_post_is_tied_to(district):
    leader = district.people.leader
    relation(leader, district.water, Relation.Kind.IN_CHARGE)
    [seat] = page_of(leader).context["seats"]
    assert seat.ties == {"paired with": ["夫子庙街道"], "in charge of": ["区水务局"]}


def test_who_holds_no_post_is_told_whom_to_ask(db):
    user = User.objects.create(username="nobody", name="新人")
    assert "You hold no post now" in page_of(user).text


def test_an_absence_is_shown_while_it_lasts(district):
    office = district.people.office
    Absence.objects.create(user=office, start=at(19, 9), end=at(21, 18))
    assert "your deputies act for you" in page_of(office).text
    with time_machine.travel(at(22, 9), tick=False):
        assert "your deputies act for you" not in page_of(office).text


def test_phones_are_masked(district):
    office = district.people.office
    office.phone = "13812345521"
    office.save()
    page = page_of(office).text
    assert "138****5521" in page and "13812345521" not in page


def test_logins_are_listed_so_that_a_strangers_is_noticed(district):
    office = district.people.office
    office.set_password(PASSWORD)
    office.save()
    client = Client(headers={"accept-language": "en", "user-agent": "Strange/1.0"})
    client.post("/login/", {"username": "office", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    page = page_of(office).text
    assert "10.1.2.3" in page and "Strange/1.0" in page
    assert "10.1.2.3" not in page_of(district.people.liaison).text


def test_the_page_is_ones_own(district):
    assert Client().get("/me/").status_code == 302


def test_the_page_costs_little(district):
    assert cost(browser_of(district.people.dispatcher), "/me/") <= 14
