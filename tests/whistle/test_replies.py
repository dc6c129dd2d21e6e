"""The hotline's replies: what it is told, once, after each ending."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from tests.cast import plain_photo
from tests.whistle.faces import Office
from tests.whistle.paces import Paces
from whistle.labels import RefusalGround
from whistle.models import HandOver
from whistle.replies import handed, replies, replies_due

HOTLINE = {"source": "hotline", "reporter": None, "reporter_name": "陈建国"}


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def centre(district):
    return Office(district.people.district)


def ended(paces, n=1, walk="closed"):
    return getattr(paces, walk)(source_number=f"NJ{n}", **HOTLINE)


def test_a_closed_order_tells_its_four_elements(paces):
    order = ended(paces)
    (reply,) = replies(replies_due(paces.p.district))
    assert reply.order == order and reply.handed_over is None
    assert reply.accepted == order.events.get(verb="register").at
    assert (reply.talked_to, reply.measures, reply.settled_on) == ("陈先生", "换新井盖", "当日")
    assert reply.callback == "已解决，非常满意"


def test_a_refused_order_tells_why(paces):
    order = paces.reported(source_number="NJ1", **HOTLINE)
    paces.step(order, "refuse", paces.p.dispatcher, ground="legal", note="已在法院立案")
    (reply,) = replies(replies_due(paces.p.district))
    assert reply.measures == f"不予受理：{RefusalGround.LEGAL.label}。已在法院立案"


def test_other_sources_and_open_orders_have_no_reply(paces):
    paces.closed()
    ended(paces, walk="verified")
    assert not replies_due(paces.p.district).exists()


def test_the_api_lists_what_ended_since(paces, centre):
    first, second = ended(paces, 1), ended(paces, 2)
    found = centre.get("hotline/replies/").json()["results"]
    assert [row["source_number"] for row in found] == ["NJ2", "NJ1"]
    since = second.status_since.isoformat()
    found = centre.get("hotline/replies/", since=since).json()["results"]
    assert [row["number"] for row in found] == [second.number]
    assert first.number not in str(found)
    assert centre.get("hotline/replies/", since="gestern").status_code == 400


def test_the_api_notes_once_that_a_reply_was_handed_over(paces, centre):
    ended(paces)
    reply = centre.get("hotline/replies/").json()["results"][0]
    url = "hotline/replies/hand-over/"
    assert centre.post(url, {"ids": [reply["id"]]}).json() == {"handed_over": 1}
    assert centre.post(url, {"ids": [reply["id"], 99999]}).json() == {"handed_over": 0}
    assert centre.get("hotline/replies/", handed_over=False).json()["results"] == []
    assert centre.get("hotline/replies/").json()["results"][0]["handed_over"]
    assert HandOver.objects.get().by_api


@pytest.mark.parametrize("body", [{}, {"ids": "all"}, {"ids": [0]}, {"ids": [1] * 201}])
def test_what_is_no_list_of_ids_is_refused(paces, centre, body):
    assert centre.post("hotline/replies/hand-over/", body).status_code == 400


def test_after_a_reopening_there_is_a_new_reply(paces, centre):
    order = ended(paces, walk="refused")
    ids = [centre.get("hotline/replies/").json()["results"][0]["id"]]
    centre.post("hotline/replies/hand-over/", {"ids": ids})
    paces.step(
        order, "reopen", paces.p.dispatcher, note="来电再次反映", condition=paces.d.condition
    )
    assert not replies_due(paces.p.district).exists()
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    paces.step(order, "accept", paces.p.office)
    paces.step(order, "handle", paces.p.office, **work())
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")
    paces.call_back(order)
    paces.step(order, "close", paces.p.dispatcher)
    assert handed(replies_due(paces.p.district), False).count() == 1
    (reply,) = replies(replies_due(paces.p.district))
    assert reply.measures == "已修复" and reply.handed_over is None


def work():
    return {
        "result": "已修复",
        "talked_to": "陈先生",
        "settled_on": "次日",
        "photos": [plain_photo("after")],
    }


def test_the_mark_stays(paces, centre):
    ended(paces)
    ids = [centre.get("hotline/replies/").json()["results"][0]["id"]]
    centre.post("hotline/replies/hand-over/", {"ids": ids})
    for change in (HandOver.objects.all().delete, lambda: HandOver.objects.update(by_api=False)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_for_others_there_is_nothing_here(paces):
    ended(paces)
    for user in (paces.p.dispatcher, paces.p.stranger, paces.p.admin):
        office = Office(user)
        assert office.get("hotline/replies/").status_code == 404
        assert office.post("hotline/replies/hand-over/", {"ids": [1]}).status_code == 404


def test_replies_take_the_same_queries_for_any_number(paces, django_assert_num_queries):
    for n in range(4):
        ended(paces, n, walk="refused")
    paces.p.district.__dict__.pop("grants", None)
    with django_assert_num_queries(5):
        assert len(replies(replies_due(paces.p.district))) == 4
