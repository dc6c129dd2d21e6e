"""One real problem through all nine steps, by the actions."""

from tests.whistle.paces import Paces
from whistle.models import Score
from workflow.trace import verify_paper


def test_an_order_travels_to_its_office_and_back(district):
    order = Paces(district).closed()
    assert order.status == "closed"
    assert [e.verb for e in order.events.all()] == [
        "report",
        "register",
        "dispatch",
        "accept",
        "handle",
        "verify",
        "callback",
        "close",
    ]
    assert order.number == "320104002-2026-000001"
    assert verify_paper(order) == []


def test_a_whistle_travels_through_two_departments(district):
    paces = Paces(district)
    whistle = paces.settled()
    order = whistle.order
    assert whistle.status == "settled"
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="现场已恢复")
    order.refresh_from_db()
    assert order.status == "verified"
    paces.step(order, "callback", paces.p.dispatcher, contacted="yes", solved=True, satisfaction=4)
    marks = {r.pk: 45 for r in whistle.responses.all()}
    whistle.refresh_from_db()
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)
    paces.step(order, "close", paces.p.dispatcher)
    paces.step(whistle, "close", paces.p.duty_leader)
    assert (order.status, whistle.status) == ("closed", "closed")
    assert [score.total for score in Score.objects.all()] == [95, 95]
    for paper in (order, whistle, *whistle.responses.all()):
        assert verify_paper(paper) == []


def test_a_level_two_whistle_is_raised_and_comes_back_when_declined(district):
    paces = Paces(district)
    low = paces.level_two()
    assert low.order.status == "whistled"
    response = low.responses.get()
    paces.step(response, "name", paces.p.dispatcher, lead_name="王科", lead_phone="13900000001")
    paces.step(
        low,
        "raise",
        paces.p.dispatcher,
        note="涉及产权",
        kind="routine",
        ask="请水务局",
        tasks=paces.tasks(district.water),
    )
    draft = low.raised_to.get()
    assert (low.status, draft.status) == ("raised", "drafted")
    paces.step(draft, "decline", paces.p.street_head, note="街道可以解决")
    low.refresh_from_db()
    assert low.status == "blown"
    assert low.responses.open().count() == 1
    paces.step(low, "cancel", paces.p.community_head, note="已自行解决")
    low.order.refresh_from_db()
    assert low.order.status == "accepted"
