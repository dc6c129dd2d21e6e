"""One real problem through all nine steps by the API: two departments, one late and escalated."""

import datetime

import pytest
from django.utils import timezone

from organization.models import Notice, Outbox
from tests.whistle.faces import PLACE, Office, lay_ground, picture
from whistle.models import Response, Whistle, WorkOrder
from workflow.sweep import run_clock
from workflow.trace import verify_trace

PASSWORD = "not-easy-to-guess-7"


class Walk:
    """The offices at their clients, and a clock that the test moves."""

    def __init__(self, district, monkeypatch):
        lay_ground(district)
        self.d, self.now = district, district.now
        people = vars(district.people).items()
        self.offices = {name: Office(user) for name, user in people}
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def __getattr__(self, name):
        return self.offices[name]

    def later(self, **spans):
        self.now += datetime.timedelta(**spans)


@pytest.fixture
def walk(district, monkeypatch):
    district.people.street_head.set_password(PASSWORD)
    district.people.street_head.save()
    return Walk(district, monkeypatch)


def report_and_check(walk):
    """问题收集 · 信息整合 · 事项分类"""
    told = {"source": "grid", "title": "路面塌陷", **PLACE, "photos": picture()}
    number = walk.warden.take("work-orders/", **told)["number"]
    order = f"work-orders/{number}/"
    walk.later(minutes=5)
    walk.dispatcher.take(f"{order}check/", question="范围多大？")
    asked = walk.warden.get("verifications/", order=number).json()["results"][0]
    answer = {"yes": "yes", "words": "约两平方米", "photos": picture(), **PLACE}
    walk.warden.take(f"verifications/{asked['id']}/answer/", **answer)
    walk.later(minutes=5)
    walk.dispatcher.take(f"{order}register/", condition=walk.d.condition.pk, urgency="urgent")
    return order


def whistle_for(walk, order):
    """需求发布: drafted by the centre, confirmed by the head of the street, blown."""
    units = [("lead", walk.d.water), ("assist", walk.d.housing)]
    tasks = [
        {"unit": unit.code, "role": role, "text": "抢修", "amount": 2, "time_unit": "work_day"}
        for role, unit in units
    ]
    number = order.split("/")[1]
    draft = {"order": number, "level": 3, "kind": "routine", "ask": "请共同处置", "tasks": tasks}
    whistle = walk.dispatcher.take("whistles/", **draft)
    assert (whistle["status"], len(whistle["tasks"])) == ("drafted", 2)
    url = f"whistles/{whistle['number']}/"
    walk.later(minutes=10)
    unproved = walk.street_head.post(f"{url}confirm/", {"password": "wrong"})
    assert unproved.json()["fields"].keys() == {"password"}
    walk.street_head.take(f"{url}confirm/", password=PASSWORD)
    assert walk.dispatcher.take(f"{url}blow/")["status"] == "blown"
    return url


def sign_one_late(walk, url):
    """承办受理: water signs within the hour, housing only after two rungs of the ladder."""
    lanes = {
        r["unit"]["code"]: f"responses/{r['id']}/"
        for r in walk.liaison.get(url).json()["responses"]
    }
    water, housing = lanes[walk.d.water.code], lanes[walk.d.housing.code]
    lead = {"lead_name": "刘工", "lead_phone": "13900000000"}
    walk.later(minutes=20)
    walk.liaison.take(f"{water}sign/", **lead)
    for _rung in range(3):
        walk.later(hours=1)
        run_clock(walk.now)
    walk.housing.take(f"{housing}sign/", **lead)
    return water, housing


def work(walk, lane, office):
    """部门报到 · 处理实施"""
    code = Whistle.objects.get().arrival_code
    meet = walk.now + datetime.timedelta(hours=2)
    office.take(f"{lane}contact/", meet_at=meet.isoformat(), meet_place="现场")
    office.take(f"{lane}arrive/", who="刘工等三人", code=code)
    office.take(f"{lane}progress/", result="围挡已设")
    walk.later(hours=1)
    office.take(f"{lane}finish/", result="已回填", photos=picture())


def settle(walk, order, url):
    """核实结项 · 评价反馈"""
    walk.duty_leader.take(f"{url}verify/", method="spot", note="现场已恢复")
    said = {"contacted": "yes", "solved": True, "satisfaction": 4}
    assert walk.dispatcher.take(f"{order}callback/", **said)["satisfaction"] == 4
    ids = [r["id"] for r in walk.duty_leader.get(url).json()["responses"]]
    scored = walk.duty_leader.take(f"{url}score/", marks={str(pk): 45 for pk in ids})
    walk.dispatcher.take(f"{order}close/")
    walk.duty_leader.take(f"{url}close/")
    return {r["unit"]["code"]: r["score"]["total"] for r in scored["responses"]}


def test_nine_steps_with_two_departments_one_of_them_late(walk):
    order = report_and_check(walk)
    url = whistle_for(walk, order)
    lanes = sign_one_late(walk, url)
    for lane, office in zip(lanes, (walk.liaison, walk.housing), strict=True):
        work(walk, lane, office)
    totals = settle(walk, order, url)
    assert (WorkOrder.objects.get().status, Whistle.objects.get().status) == ("closed", "closed")
    assert totals == {walk.d.water.code: 95, walk.d.housing.code: 92}
    log = walk.dispatcher.get(f"{lanes[1]}events/").json()["results"]
    assert [event["verb"] for event in log].count("escalate") >= 1
    late = Response.objects.get(unit=walk.d.housing)
    assert late.clocks.get(what="sign").late and late.clocks.get(what="arrive").late is False
    assert Notice.objects.filter(kind="late", flow="response").exists()
    assert Outbox.objects.exists()
    assert list(verify_trace()) == []
