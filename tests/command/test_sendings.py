"""What has left the house, for those who administer."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from organization.models import Outbox, QuietHours
from organization.outbox import call_duty_phone
from tests.cast import seat
from tests.govcenter.test_permissions import BACKEND

URL = "/administration/sendings/"


def browser_of(user):
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def sent(district):
    now = timezone.now()
    for n, state in enumerate(("sent", "failed", "waiting")):
        call_duty_phone(district.water, key=f"k{n}", text=f"请签收第{n}件", now=now)
        Outbox.objects.filter(key=f"k{n}").update(state=state, error="空号" * (state == "failed"))
    return district


def message(key):
    return Outbox.objects.get(key=key)


def test_the_administrator_reads_what_was_sent_with_phones_masked(sent):
    page = browser_of(sent.people.admin).get(URL).text
    assert "请签收第0件" in page and "区水务局" in page and "空号" in page
    assert "02500000002" not in page and "025****0002" in page
    assert "没有设置免打扰时段" in page


def test_the_list_is_narrowed_to_a_state_and_counted_by_state(sent):
    page = browser_of(sent.people.admin).get(URL, {"state": "failed"}).text
    assert "请签收第1件" in page and "请签收第0件" not in page
    assert "<b>3</b>全部" in page and "<b>1</b>失败" in page


def test_what_means_nothing_is_left_out(sent):
    answer = browser_of(sent.people.admin).get(URL, {"state": "perhaps", "cursor": "x"})
    assert answer.status_code == 200 and "请签收第2件" in answer.text


def test_only_a_failed_message_is_sent_again(sent):
    client = browser_of(sent.people.admin)
    failed = message("k1")
    answer = client.post(f"{URL}{failed.pk}/again/", {"state": "failed"})
    assert answer.url == "/administration/sendings/?state=failed"
    assert message("k1").state == "waiting" and message("k1").attempts == 0
    client.post(f"{URL}{message('k0').pk}/again/")
    assert message("k0").state == "sent"
    assert "不再是发送失败" in client.get(URL).text


def test_who_administers_another_unit_sees_and_sends_nothing(sent):
    other = browser_of(seat("other_admin", sent.other_street, "administer"))
    assert "请签收" not in other.get(URL).text
    assert other.post(f"{URL}{message('k1').pk}/again/").status_code == 404
    assert message("k1").state == "failed"


def test_who_does_not_administer_finds_no_such_page(sent):
    client = browser_of(sent.people.district)
    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}{message('k1').pk}/again/").status_code == 404
    assert browser_of(sent.people.admin).get(f"{URL}{message('k1').pk}/again/").status_code == 405


def test_quiet_hours_and_the_age_of_the_oldest_are_shown(sent):
    QuietHours.objects.create(start=datetime.time(22), end=datetime.time(7))
    old = timezone.now() - datetime.timedelta(minutes=90)
    Outbox.objects.filter(key="k2").update(ready=old)
    page = browser_of(sent.people.admin).get(URL).text
    assert "22:00–07:00" in page and "90 分钟" in page


def test_the_page_takes_the_same_queries_for_any_number(sent, django_assert_max_num_queries):
    client = browser_of(sent.people.admin)
    client.get(URL)
    for n in range(3, 40):
        call_duty_phone(sent.water, key=f"k{n}", text="x", now=timezone.now())
    with django_assert_max_num_queries(16):
        client.get(URL)
