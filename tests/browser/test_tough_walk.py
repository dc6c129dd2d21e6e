"""攻坚哨 by the pages: three departments, two leaders, two surveys, an appeal, the sealed trace."""

import json

import pytest
import time_machine
from django.contrib.auth.hashers import make_password

from organization.models import Unit, User
from tests.browser.house import PASSWORD
from tests.browser.person import DESK, PHONE
from tests.browser.walk import HALF_HOUR, HOUR, Walk, collect, coming_monday
from tests.cast import seat
from tests.documented import trace_rule
from whistle.models import Response, Whistle, WorkOrder
from workflow.models import Rung
from workflow.trace import verify_trace

pytestmark = pytest.mark.browser

ON_THE_WAY = ("warden", "street_head", "housing", "leader", "deputy_leader")


@pytest.fixture(scope="module")
def enlarged(house, django_db_blocker):
    """A third department, a second reviewer, a red card for not signing, days to work in."""
    with django_db_blocker.unblock():
        d = house.district
        kind = Unit.Kind.DEPARTMENT
        d.greening = Unit.objects.establish(
            code="320104B04000", name="区绿化园林局", kind=kind, parent=d.district
        )
        seat("greening", d.greening, "view handle", head=True)
        seat("reviewer", d.district, "view arbitrate")
        User.objects.update(password=make_password(PASSWORD))
        Rung.objects.filter(flow="response", clock="sign", kind="", n=2).update(does="red")
        d.condition.amount, d.condition.unit = 20, "work_day"
        d.condition.save(update_fields=["amount", "unit"])
    return house


@pytest.fixture
def walk(enlarged, sit, settings):
    settings.SESSION_COOKIE_AGE = 24 * 3600
    with time_machine.travel(coming_monday() + HALF_HOUR) as clock:
        yield Walk(enlarged, sit, clock, DESK, phones=ON_THE_WAY)


def call_three(walk, number):
    """The main leader confirms on one card."""
    tasks = (walk.d.water, "疏通管网"), (walk.d.housing, "修复房屋"), (walk.d.greening, "移栽树木")
    walk.dispatcher.draft(number, "请共同攻坚", *tasks, kind="tough")
    walk.street_head.confirm()
    whistle = Whistle.objects.get(order__number=number)
    walk.dispatcher.blow(whistle)
    return whistle


def answer_after_a_dispute(walk, whistle):
    walk.housing.dispute()
    walk.district.designate(whistle, walk.d.housing)
    walk.housing.arrive()
    walk.housing.finish()


def answer_after_an_extension(walk, whistle):
    response = whistle.responses.get(unit=walk.d.greening)
    due = response.clocks.get(what="finish").due
    walk.greening.sign()
    walk.greening.request(response, "extension", amount=1)
    walk.district.grant()
    assert response.clocks.get(what="finish").due > due
    answer_here(walk.greening, whistle)


def answer_with_a_red_card(walk, whistle):
    """Whoever has not signed when it is due has the card; the leaders see it."""
    walk.later(HOUR)
    walk.later(HOUR)
    assert walk.leader.red_cards() == [walk.d.water.title]
    walk.liaison.sign()
    answer_here(walk.liaison, whistle)


def answer_here(liaison, whistle):
    whistle.refresh_from_db()
    liaison.arrive_by_code(whistle.arrival_code)
    liaison.finish()


def report_twice(walk):
    """双报到"""
    walk.leader.report()
    walk.deputy_leader.report()


def ask_the_resident(walk, whistle, resident):
    """Dissatisfied, so the lead works again; then satisfied."""
    link = walk.duty_leader.survey(whistle)
    assert "感谢评价" in resident.answer(link, "no", 1)
    lead = whistle.responses.get(unit=walk.d.water)
    walk.duty_leader.rework(whistle, lead)
    lead.refresh_from_db()
    assert (lead.status, lead.redone) == ("arrived", 1)
    walk.liaison.finish()
    link = walk.duty_leader.survey(whistle)
    resident.answer(link, "yes", 5)
    walk.duty_leader.verify(whistle, method="survey")


def conclude(walk, whistle, number):
    walk.duty_leader.score(whistle, {r.pk: 40 for r in whistle.responses.all()})
    walk.dispatcher.close(number)
    walk.duty_leader.close(whistle)


def appeal(walk, whistle):
    """申诉: two reviewers, one after the other."""
    response = whistle.responses.get(unit=walk.d.greening)
    walk.greening.request(response, "appeal")
    walk.district.grant(mark=48)
    walk.reviewer.grant()
    return response


def test_a_tough_whistle_to_three_departments(walk):
    number = collect(walk)
    whistle = call_three(walk, number)
    answer_after_a_dispute(walk, whistle)
    answer_after_an_extension(walk, whistle)
    answer_with_a_red_card(walk, whistle)
    report_twice(walk)
    ask_the_resident(walk, whistle, walk.sit("resident", PHONE))
    conclude(walk, whistle, number)
    appealed = appeal(walk, whistle)
    whistle.refresh_from_db()
    assert (WorkOrder.objects.get(number=number).status, whistle.status) == ("closed", "closed")
    assert walk.duty_leader.totals(whistle) == ["82", "90", "98"]
    assert Response.objects.get(pk=appealed.pk).score.caller == 48
    check_the_trace(walk, number)


def check_the_trace(walk, number):
    record = json.loads(walk.dispatcher.take_away(number, "json"))
    flows = [paper["flow"] for paper in record["papers"]]
    assert flows.count("response") == 3 and flows.count("survey") == 2
    assert trace_rule()(record) == []
    assert walk.dispatcher.take_away(number, "pdf").startswith(b"%PDF")
    assert list(verify_trace()) == []
