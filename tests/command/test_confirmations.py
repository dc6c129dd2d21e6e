"""The main leader's card: what waits, why, and the two answers, sealed by the password."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from organization.models import Absence, Posting
from tests.cast import LONG_AGO, seat
from tests.command.pages import at, browser_of, cost, rows_of
from tests.whistle.paces import Paces
from workflow.buttons import step_url

NOW = at(20, 10)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def head(district):
    district.people.street_head.set_password("right")
    district.people.street_head.save()
    return browser_of(district.people.street_head)


def shown(answer):
    """The number of the whistle on the card."""
    found = re.search(r'id="card-title"><a class="gc-plain" href="/whistles/([^/]+)/"', answer.text)
    return found[1] if found else None


def test_the_card_says_why_whom_and_by_when(paces, head):
    whistle = paces.drafted(kind="tough", description="连续三次雨天倒灌")
    text = head.get("/confirmations/").text
    assert shown(head.get("/confirmations/")) == whistle.number
    for words in ("连续三次雨天倒灌", "请共同处置", "区水务局", "修复并核实产权", "2 working days"):
        assert words in text
    assert 'class="gc-photo"' in text
    assert f"{step_url(whistle, 'confirm')}?" in text
    assert f"{step_url(whistle, 'decline')}?" in text


def test_what_runs_out_first_is_on_the_card(paces, head):
    first = paces.drafted()
    paces.now += datetime.timedelta(hours=1)
    second = paces.drafted()
    page = head.get("/confirmations/")
    assert shown(page) == first.number
    assert second.number in page.text
    assert shown(head.get(f"/confirmations/{second.number}/")) == second.number


def test_confirming_wants_the_password(paces, head):
    whistle = paces.drafted()
    url = step_url(whistle, "confirm")
    assert "your password" in head.get(url).text.lower()
    assert head.post(url, {"password": "wrong"}).status_code == 400
    done = head.post(url, {"password": "right", "next": "/confirmations/"})
    assert done.url == "/confirmations/"
    whistle.refresh_from_db()
    assert whistle.status == "confirmed"
    page = head.get("/confirmations/")
    assert shown(page) is None and "All confirmed" in page.text
    assert head.get(f"/confirmations/{whistle.number}/").status_code == 404


def test_declining_wants_a_reason(paces, head):
    whistle = paces.drafted()
    url = step_url(whistle, "decline")
    assert head.post(url).status_code == 400
    head.post(url, {"note": "街道能办"})
    whistle.refresh_from_db()
    assert whistle.status == "cancelled"


def test_an_emergency_is_confirmed_afterwards(paces, head):
    whistle = paces.blown_now()
    page = head.get("/confirmations/")
    assert shown(page) == whistle.number
    assert "it was blown at once" in page.text
    assert step_url(whistle, "decline") not in page.text


def test_who_drafted_it_does_not_confirm_it(paces):
    Posting.objects.create(
        post=paces.p.street_head.postings.get().post, user=paces.p.dispatcher, valid_from=LONG_AGO
    )
    whistle = paces.drafted()
    text = browser_of(paces.p.dispatcher).get("/confirmations/").text
    assert f"{step_url(whistle, 'confirm')}?" not in text
    assert "Who did the work may not also judge it." in text


def test_the_deputy_confirms_while_the_head_is_away(paces):
    whistle = paces.drafted()
    deputy = seat("deputy", paces.d.office, "view")
    post = paces.p.street_head.postings.get().post
    Posting.objects.create(post=post, user=deputy, deputy=True, valid_from=LONG_AGO)
    assert browser_of(deputy).get("/confirmations/").status_code == 404
    Absence.objects.create(user=paces.p.street_head, start=at(19, 8), end=at(21, 8))
    text = browser_of(deputy).get("/confirmations/").text
    assert f"{step_url(whistle, 'confirm')}?" in text


def test_a_disputed_answer_may_be_released_from_here(paces, head):
    response = paces.disputed()
    text = head.get("/confirmations/").text
    assert f"{step_url(response, 'release')}?" in text
    assert "区水务局 disputes it" in text


def test_other_streets_and_offices_are_kept_out(paces):
    whistle = paces.drafted()
    url = reverse("confirmation", args=[whistle.number])
    for person in (paces.p.liaison, paces.p.warden, paces.p.dispatcher):
        assert browser_of(person).get("/confirmations/").status_code == 404
    assert shown(browser_of(paces.p.stranger).get("/confirmations/")) is None
    assert browser_of(paces.p.stranger).get(url).status_code == 404


def test_thirty_drafts_cost_no_more_than_one(paces, head):
    for _n in range(30):
        paces.drafted()
    for _n in range(3):
        paces.disputed()
    page = head.get("/confirmations/")
    assert len(set(re.findall(r'href="/confirmations/([^/"]+)/"', page.text))) == 20
    following = re.search(r'href="(/confirmations/\?cursor=[^"]+)"', page.text)[1]
    assert len(set(re.findall(r'href="/confirmations/([^/"]+)/"', head.get(following).text))) == 10
    assert cost(head, "/confirmations/") <= 20
    assert rows_of(page) == []
