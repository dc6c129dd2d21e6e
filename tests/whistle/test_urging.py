"""Urging (催办): a reminder to those whose turn it is, not more often than they can act on it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from organization.models import Notice, Outbox
from tests.whistle.paces import Paces
from whistle.actions.urging import URGE_AGAIN
from workflow.errors import NotPossible


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def told():
    return set(Notice.objects.filter(verb="urge").values_list("post__code", flat=True))


def test_the_holder_of_an_order_is_told_and_the_trace_says_so(paces):
    order = paces.accepted()
    before = (order.status, order.due_at)
    event = paces.step(order, "urge", paces.p.dispatcher, note="请今日内反馈")
    assert told() == {"office"}
    assert (event.verb, event.note, event.old, event.new) == (
        "urge",
        "请今日内反馈",
        "accepted",
        "accepted",
    )
    assert event.data["told"] == ["夫子庙城管部 office"]
    assert (order.status, order.due_at) == before


def test_a_department_is_rung_up_as_well(paces):
    response = paces.called()
    Outbox.objects.all().delete()
    paces.step(response, "urge", paces.p.dispatcher, note="请尽快签收")
    assert told() == {"liaison"}
    assert "请尽快签收" in Outbox.objects.get().text


def test_urging_a_whistled_order_urges_each_unit_that_has_still_to_answer(paces):
    whistle = paces.blown()
    paces.finish(paces.response_of(whistle, paces.d.water), paces.p.liaison)
    whistle.order.refresh_from_db()
    paces.step(whistle.order, "urge", paces.p.dispatcher)
    assert told() == {"housing"}


def test_it_is_not_urged_again_before_anybody_can_have_acted(paces):
    order = paces.accepted()
    paces.step(order, "urge", paces.p.dispatcher)
    with pytest.raises(NotPossible, match="催办过"):
        paces.step(order, "urge", paces.p.duty_leader)
    paces.now += URGE_AGAIN
    paces.step(order, "urge", paces.p.dispatcher)
    assert Notice.objects.filter(verb="urge").count() == 2


def test_where_nobody_can_be_told_nothing_is_set_down(paces):
    whistle = paces.blown()
    for unit, who in ((paces.d.water, paces.p.liaison), (paces.d.housing, paces.p.housing)):
        paces.finish(paces.response_of(whistle, unit), who)
    whistle.order.refresh_from_db()
    with pytest.raises(NotPossible, match="没有可催办"):
        paces.step(whistle.order, "urge", paces.p.dispatcher)
    assert not whistle.order.events.filter(verb="urge").exists()


@pytest.mark.parametrize("who", ["office", "warden", "liaison", "stranger"])
def test_those_who_neither_dispatch_nor_supervise_do_not_urge(paces, who):
    with pytest.raises(PermissionDenied):
        paces.step(paces.accepted(), "urge", getattr(paces.p, who))
