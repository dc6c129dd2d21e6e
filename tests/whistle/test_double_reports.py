"""双报到: which two leaders report on a tough whistle, who has, and who is waited for."""

import pytest
import time_machine
from django.utils import translation

from organization.models import Absence, Notice, Posting, Relation
from tests.cast import LONG_AGO, relation, seat
from tests.command.pages import at, browser_of
from tests.whistle.paces import DAY, Paces
from workflow.errors import NotPossible

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def report(paces, whistle, leader, **given):
    given = {"presence": "on_site", "opinion": "先通后鉴", **given}
    paces.step(whistle, "leader_report", leader, **given)


def deputy_of(leader):
    """Somebody who acts in the leader's post, the leader being away."""
    deputy = seat("stand-in", leader.postings.get().post.unit, "view")
    post = leader.postings.get().post
    Posting.objects.create(post=post, user=deputy, deputy=True, valid_from=LONG_AGO)
    Absence.objects.create(user=leader, start=NOW - DAY, end=NOW + DAY)
    return deputy


def notices(user):
    rows = Notice.objects.filter(post=user.postings.first().post, verb__in=("blow", "verify"))
    return rows.filter(flow="whistle", kind="waits").count()


def test_the_conclusion_names_post_and_person_of_who_is_missing(paces):
    whistle = paces.scored(kind="tough")
    translation.activate("en")
    with pytest.raises(NotPossible) as caught:
        paces.step(whistle, "close", paces.p.duty_leader)
    words = str(caught.value)
    assert "leader leader (paired with 夫子庙街道)" in words
    assert "deputy_leader deputy_leader (in charge of 区水务局)" in words
    report(paces, whistle, paces.p.leader)
    with pytest.raises(NotPossible) as caught:
        paces.step(whistle, "close", paces.p.duty_leader)
    assert "夫子庙街道" not in str(caught.value)


def test_a_deputy_reports_for_an_absent_leader_who_is_then_not_asked(paces):
    whistle = paces.blown(kind="tough")
    deputy = deputy_of(paces.p.leader)
    page = browser_of(deputy).get("/overview/")
    assert f"/whistles/{whistle.number}/leader_report/" in page.text
    row = browser_of(deputy).get(f"/whistles/{whistle.number}/").context["leaders"]["rows"][0]
    assert row["posts"] == ["leader stand-in"]
    report(paces, whistle, deputy)
    assert whistle.reported() == {"paired"}
    event = whistle.events.get(verb="leader_report")
    assert (event.actor, event.post) == (deputy, paces.p.leader.postings.get().post)
    for person in (deputy, paces.p.leader):
        assert "leader_report" not in browser_of(person).get("/overview/").text


def test_the_page_tells_who_has_reported_how_and_where_and_who_has_not(paces):
    whistle = paces.blown(kind="tough")
    report(paces, whistle, paces.p.leader, where="平江府路26号现场")
    answer = browser_of(paces.p.duty_leader).get(f"/whistles/{whistle.number}/")
    first, second = answer.context["leaders"]["rows"]
    assert (first["how"], first["opinion"]) == ("On the spot · 平江府路26号现场", "先通后鉴")
    assert (second["event"], second["posts"]) == (None, ["deputy_leader deputy_leader"])
    assert "not reported yet" in answer.text


def test_who_has_not_reported_finds_it_in_the_inbox_at_each_turn(paces):
    whistle = paces.blown(kind="tough")
    assert notices(paces.p.leader) == notices(paces.p.deputy_leader) == 1
    report(paces, whistle, paces.p.leader)
    for unit, actor in ((paces.d.water, paces.p.liaison), (paces.d.housing, paces.p.housing)):
        paces.finish(paces.response_of(whistle, unit), actor)
    whistle.refresh_from_db()
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="已恢复")
    assert (notices(paces.p.leader), notices(paces.p.deputy_leader)) == (1, 2)


def test_who_is_in_charge_of_a_new_lead_learns_of_it(paces):
    whistle = paces.blown(paces.d.water, kind="tough")
    newcomer = seat("newcomer", paces.d.district, "view")
    relation(newcomer, paces.d.housing, Relation.Kind.IN_CHARGE)
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "dispute", paces.p.liaison, ground="no_power", note="不属本局")
    ruled = {"unit": paces.d.housing, "note": "按职责清单"}
    paces.step(response, "designate", paces.p.district, **ruled)
    found = Notice.objects.filter(post=newcomer.postings.get().post, verb="leader_report")
    assert found.count() == 1
