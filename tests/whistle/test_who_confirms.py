"""Who confirms which whistle: the street's leadership, and for a tough one its main leader."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import translation

from organization.models import Absence, Notice, Posting
from tests.cast import LONG_AGO, seat
from tests.command.pages import at, browser_of
from tests.whistle.paces import DAY, Paces

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def vice(district):
    """A member of the street's leadership who is not its main leader."""
    return seat("vice", district.street, "view confirm")


def acting_for_head(paces, user):
    head = paces.p.street_head
    Absence.objects.create(user=head, start=NOW - DAY, end=NOW + DAY)
    post = head.postings.get().post
    Posting.objects.create(post=post, user=user, deputy=True, valid_from=LONG_AGO)


def told(user):
    return Notice.objects.filter(post=user.postings.get().post, verb="draft").count()


@pytest.mark.parametrize("kind", ["routine", "emergency"])
def test_any_of_the_leadership_confirms_a_plain_whistle(paces, vice, kind):
    whistle = paces.drafted(kind=kind)
    assert told(vice) == told(paces.p.street_head) == 1
    paces.step(whistle, "confirm", vice)
    assert whistle.status == "confirmed"


def test_any_of_the_leadership_confirms_an_emergency_afterwards(paces, vice):
    whistle = paces.blown_now(paces.d.water)
    paces.step(whistle, "confirm", vice)
    assert whistle.confirmed_at == paces.now


@pytest.mark.parametrize("verb", ["confirm", "decline"])
def test_a_tough_whistle_waits_for_the_main_leader_who_is_named(paces, vice, verb):
    whistle = paces.drafted(kind="tough")
    assert (told(vice), told(paces.p.street_head)) == (0, 1)
    with pytest.raises(PermissionDenied) as caught:
        paces.step(whistle, verb, vice, note="请核")
    words = "Only a main leader of 夫子庙街道 may do this: street_head street_head."
    assert str(caught.value) == words
    page = browser_of(vice).get("/confirmations/")
    assert page.status_code == 200
    assert page.context["card"] is None
    assert words in browser_of(vice).get(whistle.get_absolute_url()).text
    paces.step(whistle, verb, paces.p.street_head, note="同意")


def test_the_deputy_of_an_absent_main_leader_confirms_it(paces, vice):
    """Who holds both posts acts from the main leader's."""
    acting_for_head(paces, vice)
    whistle = paces.drafted(kind="tough")
    assert browser_of(vice).get("/confirmations/").context["card"]["whistle"] == whistle
    paces.step(whistle, "confirm", vice)
    post = paces.p.street_head.postings.get().post
    assert whistle.events.get(verb="confirm").post == post


def test_an_emergency_is_blown_at_once_by_who_supervises_the_street_alone(paces, vice):
    whistle = paces.drafted(kind="emergency")
    with pytest.raises(PermissionDenied, match="Supervise.*夫子庙街道"):
        paces.step(whistle, "blow_now", vice, note="燃气泄漏")
    paces.step(whistle, "blow_now", paces.p.duty_leader, note="燃气泄漏")
