"""An order passed to and fro: the third return goes to the arbiter, and there it ends."""

import pytest
from django.utils import translation

from organization.models import Notice
from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from whistle.returns import first_receiver
from workflow.errors import NotPossible
from workflow.forms import form_for

GROUND = {"ground": "not_ours", "note": "不属本部门职责"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def fresh(order):
    return WorkOrder.objects.get(pk=order.pk)


def rule(paces, order, unit):
    paces.step(order, "designate", paces.p.district, unit=unit, note="依职责清单")


def test_two_returns_go_back_to_the_centre_and_the_third_to_the_arbiter(paces):
    order = paces.returned_twice()
    back = [event.new for event in order.events.filter(verb="send_back")]
    assert back == ["registered", "registered"]
    paces.step(order, "send_back", paces.p.office, **GROUND)
    assert (order.status, order.holder) == ("disputed", None)
    assert order.clocks.get(what="arbitrate", stopped=None).due > paces.now
    assert order.due_what in ("arbitrate", "handle")
    told = Notice.objects.filter(flow="workorder", number=order.number, verb="send_back")
    assert told.filter(post__unit=paces.d.district, kind="waits").exists()


def test_the_limit_of_the_work_runs_on_while_it_goes_to_and_fro(paces):
    order = paces.disputed_order()
    handle = order.clocks.get(what="handle")
    assert handle.running and handle.started == order.events.get(verb="register").at


def test_the_centre_cannot_go_round_the_arbiter(paces):
    order = paces.disputed_order()
    with pytest.raises(NotPossible):
        paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)


def test_who_is_designated_may_not_return_it(paces):
    order = paces.disputed_order()
    rule(paces, order, paces.d.office)
    assert (order.status, order.holder) == ("dispatched", paces.d.office)
    with pytest.raises(NotPossible, match="ruling"):
        paces.step(order, "send_back", paces.p.office, **GROUND)
    paces.step(fresh(order), "accept", paces.p.office)


def test_nor_may_whom_the_designated_unit_passes_it_on_to(paces):
    order = paces.disputed_order()
    rule(paces, order, paces.d.office)
    paces.step(order, "accept", paces.p.office)
    paces.step(order, "pass_on", paces.p.office, unit=paces.d.community)
    with pytest.raises(NotPossible, match="ruling"):
        paces.step(order, "send_back", paces.p.community, **GROUND)


def test_dispatched_anew_to_another_it_may_be_returned_but_to_the_arbiter_again(paces):
    order = paces.disputed_order()
    rule(paces, order, paces.d.office)
    paces.step(order, "recall", paces.p.dispatcher, note="另有安排")
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.community)
    paces.step(order, "send_back", paces.p.community, **GROUND)
    assert order.status == "disputed"
    rule(paces, order, paces.d.community)
    paces.step(order, "recall", paces.p.dispatcher, note="另有安排")
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    with pytest.raises(NotPossible, match="ruling"):
        paces.step(order, "send_back", paces.p.office, **GROUND)


def test_the_arbiter_finds_the_first_receiver_chosen(paces):
    order = paces.dispatched(unit=paces.d.community)
    paces.step(order, "send_back", paces.p.community, **GROUND)
    for _time in range(2):
        paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
        paces.send_back(order)
    assert order.status == "disputed"
    assert first_receiver(order) == paces.d.community
    assert form_for(order, "designate", paces.p.district)["unit"].initial == paces.d.community


def test_what_nobody_was_given_has_no_first_receiver(paces):
    assert first_receiver(paces.reported()) is None
    assert first_receiver(paces.fixed()) == paces.d.grid
    assert first_receiver(paces.taken()) == paces.d.community
