"""The inbox: what a person's posts were told, newest first, read once."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from organization.inbox import page, read_key, unread
from organization.models import Absence, Notice, Posting, User
from tests.cast import LONG_AGO
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces

NOW = at(20, 10)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def inbox(district):
    return browser_of(district.people.office)


def tell(person, title="井盖", created=NOW, kind="waits", **more):
    fields = {"flow": "workorder", "number": "320104002-2026-000001", "verb": "dispatch"} | more
    post = person.postings.get().post
    return Notice.objects.create(post=post, title=title, created=created, kind=kind, **fields)


def titles(person, **how):
    return [notice.title for notice in page(person, **how).notices]


def test_the_newest_stands_first_whenever_it_was_written(district):
    office = district.people.office
    for hours in (2, 0, 5):
        tell(office, f"{hours}", NOW - hours * HOUR)
    assert titles(office) == ["0", "2", "5"]


def test_pages_neither_skip_nor_repeat_equal_moments(district):
    office = district.people.office
    for n in range(7):
        tell(office, str(n))
    seen, before = [], ""
    while True:
        found = page(office, before=before, size=3)
        seen += [notice.title for notice in found.notices]
        before = found.older
        if not before:
            break
    assert seen == list("6543210")


@pytest.mark.parametrize("text", ["", "7", "x~1", "1.5~1", "1.000001~x", "1.000001~1; DROP"])
def test_a_key_that_means_nothing_shows_the_first_page(district, text):
    assert read_key(text) is None
    tell(district.people.office)
    assert titles(district.people.office, before=text) == ["井盖"]


def test_one_kind_can_be_looked_at_alone(district, inbox):
    tell(district.people.office, "等办")
    tell(district.people.office, "超期", kind="late", clock="sign")
    page_ = inbox.get("/inbox/?kind=late").text
    assert "超期" in page_ and "等办" not in page_
    assert "等办" in inbox.get("/inbox/?kind=nonsense").text


def test_a_notice_says_which_step_or_limit_it_tells_of(district, inbox):
    tell(district.people.office)
    tell(district.people.office, kind="soon", clock="sign")
    page_ = inbox.get("/inbox/").text
    assert "Dispatch" in page_ and "Signing" in page_


def test_opening_a_notice_reads_it_and_leads_to_its_paper(district, inbox):
    order = Paces(district).dispatched()
    notice = Notice.objects.get(post__code="office")
    assert inbox.get(f"/inbox/{notice.pk}/").url == order.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read == timezone.now()


def test_what_was_told_to_others_cannot_be_opened(district, inbox):
    notice = tell(district.people.liaison)
    assert inbox.get(f"/inbox/{notice.pk}/").status_code == 404
    assert inbox.get("/inbox/").text.count("gc-inbox__it") == 0


def test_all_are_read_at_once_and_only_ones_own(district, inbox):
    tell(district.people.office)
    other = tell(district.people.liaison)
    assert inbox.get("/inbox/read/").status_code == 405
    assert inbox.post("/inbox/read/").url == "/inbox/"
    assert unread(district.people.office).count() == 0
    other.refresh_from_db()
    assert other.read is None


def test_a_deputy_reads_the_inbox_while_the_holder_is_away(district):
    office = district.people.office
    deputy = User.objects.create(username="deputy", name="代理")
    post = office.postings.get().post
    Posting.objects.create(post=post, user=deputy, deputy=True, valid_from=LONG_AGO)
    tell(office)
    assert titles(deputy) == []
    Absence.objects.create(user=office, start=NOW - HOUR, end=NOW + HOUR)
    assert titles(User.objects.get(pk=deputy.pk)) == ["井盖"]


def test_more_than_ninety_nine_are_not_counted_out(district, inbox):
    for _n in range(105):
        tell(district.people.office)
    assert "99+" in inbox.get("/inbox/").text
    assert unread(district.people.office).count() == 100


def test_an_empty_inbox_leads_back_to_work(district, inbox):
    assert "Nothing here" in inbox.get("/inbox/").text


def test_the_inbox_costs_the_same_for_few_and_many(district, inbox):
    tell(district.people.office)
    few = cost(inbox, "/inbox/")
    for n in range(40):
        tell(district.people.office, str(n))
    assert cost(inbox, "/inbox/") == few <= 12
