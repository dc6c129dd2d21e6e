"""关注: an order's moves are told to posts that follow it, and to nobody who does not see it."""

import pytest

from organization.models import Notice, UnitGrant
from tests.cast import seat
from tests.command.pages import browser_of
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle import following
from whistle.following import follow, is_followed, unfollow
from whistle.models import Follow, WorkOrder
from workflow.errors import NotPossible


@pytest.fixture
def paces(district):
    return Paces(district)


def told(user):
    post = user.postings.get().post
    return list(
        Notice.objects.filter(post=post, kind="told").order_by("pk").values_list("flow", "verb")
    )


def fresh(order):
    return WorkOrder.objects.get(pk=order.pk)


def test_moves_of_the_order_and_of_its_whistles_are_told(paces):
    order = paces.registered()
    follow(order, paces.p.leader, paces.now)
    assert is_followed(order, paces.p.leader) and not is_followed(order, paces.p.district)
    order = fresh(order)
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    paces.step(order, "accept", paces.p.office)
    assert told(paces.p.leader) == [("workorder", "dispatch"), ("workorder", "accept")]


def test_a_department_s_answer_is_told_too(paces):
    response = paces.called()
    follow(response.whistle.order, paces.p.leader, paces.now)
    response = type(response).objects.get(pk=response.pk)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    assert told(paces.p.leader) == [("response", "sign")]


def test_what_changes_no_status_one_s_own_acts_and_what_was_told_already_are_not(paces):
    order = paces.accepted()
    follow(order, paces.p.dispatcher, paces.now)
    order = fresh(order)
    paces.step(order, "urge", paces.p.dispatcher)
    paces.step(order, "grade", paces.p.office, grade="major", opinion="产权不清")
    paces.step(order, "recall", paces.p.dispatcher, note="改派")
    assert told(paces.p.dispatcher) == []


def test_who_sees_it_no_longer_is_told_nothing(paces):
    order = paces.registered()
    follow(order, paces.p.leader, paces.now)
    UnitGrant.objects.filter(group=paces.p.leader.postings.get().post.group).delete()
    paces.step(fresh(order), "dispatch", paces.p.dispatcher, unit=paces.d.office)
    assert told(paces.p.leader) == []


def test_an_order_is_let_go_and_followed_once_however_often(paces):
    order = paces.registered()
    for _time in range(2):
        follow(order, paces.p.leader, paces.now)
    follow(order, paces.p.district, paces.now)
    assert Follow.objects.count() == 2
    unfollow(order, paces.p.leader)
    assert fresh(order).followed and not is_followed(fresh(order), paces.p.leader)
    unfollow(order, paces.p.district)
    assert not fresh(order).followed


def test_more_than_anybody_keeps_in_view_is_refused(paces, monkeypatch):
    monkeypatch.setattr(following, "MOST", 1)
    follow(paces.registered(), paces.p.leader, paces.now)
    with pytest.raises(NotPossible, match="1"):
        follow(paces.registered(), paces.p.leader, paces.now)


def test_the_star_on_the_pages(paces):
    order, leader = paces.blown().order, browser_of(paces.p.leader)
    url = f"/work-orders/{order.number}/follow/"
    assert 'aria-pressed="false"' in leader.get(order.get_absolute_url()).text
    assert leader.post(url, {"on": "yes"}).url == order.get_absolute_url()
    for page in (order.get_absolute_url(), order.open_whistle.get_absolute_url()):
        assert 'aria-pressed="true"' in leader.get(page).text
    star = leader.post(url, {"on": "no"}, headers={"hx-request": "true"})
    assert star.status_code == 200 and 'aria-pressed="false"' in star.text
    assert "<html" not in star.text
    assert browser_of(paces.p.stranger).post(url, {"on": "yes"}).status_code == 404


def test_the_lists_narrow_to_what_one_follows(paces):
    order, other = paces.blown().order, paces.blown().order
    follow(order, paces.p.leader, paces.now)
    leader = browser_of(paces.p.leader)
    for address, kept, left in (
        ("/work-orders/?followed=on", order.number, other.number),
        ("/whistles/?followed=on", order.open_whistle.number, other.open_whistle.number),
    ):
        page = leader.get(address).text
        assert kept in page and left not in page
    assert order.number not in browser_of(paces.p.district).get("/work-orders/?followed=on").text


def test_by_api(paces):
    order, leader = paces.registered(), Office(paces.p.leader)
    url = f"work-orders/{order.number}/follow/"
    assert leader.post(url, {}).json() == {"followed": True}
    found = leader.get("work-orders/", followed="true").json()["results"]
    assert [row["number"] for row in found] == [order.number]
    assert leader.client.delete(f"/api/{url}").json() == {"followed": False}
    assert Office(paces.p.stranger).post(url, {}).status_code == 404


def test_a_successor_in_the_post_goes_on_following(paces):
    order = paces.registered()
    follow(order, paces.p.leader, paces.now)
    post = paces.p.leader.postings.get().post
    newcomer = seat("newcomer", paces.d.district)
    newcomer.postings.update(post=post)
    assert is_followed(fresh(order), newcomer)
