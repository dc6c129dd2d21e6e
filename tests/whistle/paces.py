"""Short ways of taking an order and its whistle from one status to the next, each by its office."""

import datetime

from django.utils import timezone

from tests.cast import plain_photo
from tests.whistle.dividing_paces import Dividing
from tests.whistle.meeting_paces import Meetings
from tests.whistle.request_paces import Asking
from whistle.models import Response, SupervisionOrder, Survey, Whistle, WorkOrder
from workflow.actions import create, transition

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


class Paces(Meetings, Dividing, Asking):
    """Walks papers of the cast's district; each step is one minute after the one before."""

    def __init__(self, district):
        self.d = district
        self.p = district.people
        self.now = district.now

    def step(self, paper, verb, actor, **given):
        self.now += MINUTE
        return transition(paper, verb, actor=actor, now=self.now, **given)

    def give_room(self):
        """An outer limit far away: the legs inside it run their own time."""
        self.limit_condition(20, "work_day")

    def limit_condition(self, amount, unit):
        self.d.condition.amount, self.d.condition.unit = amount, unit
        self.d.condition.save(update_fields=["amount", "unit"])

    def new_order(self, **fields):
        d = self.d
        defaults = {
            "source": "grid",
            "title": "平江府路污水井盖破损",
            "lng": 118.79,
            "lat": 32.02,
            "address": "平江府路26号",
            "grid": d.grid,
            "community": d.community,
            "street": d.street,
            "centre": d.centre,
            "reporter": self.p.warden,
        }
        return WorkOrder(**{**defaults, **fields})

    def reported(self, **fields):
        order = self.new_order(**fields)
        create(order, "report", actor=self.p.warden, now=self.now, photos=[plain_photo()])
        return order

    def registered(self, **fields):
        order = self.reported(**fields)
        self.step(order, "register", self.p.dispatcher, condition=self.d.condition)
        return order

    def dispatched(self, unit=None, **fields):
        order = self.registered(**fields)
        self.step(order, "dispatch", self.p.dispatcher, unit=unit or self.d.office)
        return order

    def send_back(self, order):
        note = "不属本部门职责"
        self.step(order, "send_back", self.p.office, ground="not_ours", note=note)

    def returned_twice(self, **fields):
        """With its office again: who returns it now goes to the arbiter."""
        order = self.dispatched(**fields)
        for _time in range(2):
            self.send_back(order)
            self.step(order, "dispatch", self.p.dispatcher, unit=self.d.office)
        return order

    def disputed_order(self, **fields):
        order = self.returned_twice(**fields)
        self.send_back(order)
        return order

    def accepted(self, **fields):
        order = self.dispatched(**fields)
        self.step(order, "accept", self.p.office)
        return order

    def handled(self, **fields):
        order = self.accepted(**fields)
        self.step(
            order,
            "handle",
            self.p.office,
            result="换新井盖",
            talked_to="陈先生",
            settled_on="当日",
            photos=[plain_photo("after")],
        )
        return order

    def verified(self, **fields):
        order = self.handled(**fields)
        self.step(order, "verify", self.p.dispatcher, method="spot", note="现场看过")
        return order

    def closed(self, **fields):
        order = self.verified(**fields)
        self.step(
            order, "callback", self.p.dispatcher, contacted="yes", solved=True, satisfaction=5
        )
        self.step(order, "close", self.p.dispatcher)
        return order

    def fixed(self, **fields):
        order = self.new_order(**fields)
        photos = [plain_photo("before"), plain_photo("after", "blue")]
        create(order, "fix", actor=self.p.warden, now=self.now, result="当场复位", photos=photos)
        return order

    def taken(self, **fields):
        """In the hands of the community."""
        order = self.reported(**fields)
        self.step(order, "take", self.p.community)
        return order

    def refused(self, **fields):
        order = self.reported(**fields)
        self.step(order, "refuse", self.p.dispatcher, ground="no_power", note="不属本街道")
        return order

    def merged(self, **fields):
        order, into = self.reported(**fields), self.reported()
        self.step(order, "merge", self.p.dispatcher, into=into)
        return order

    def suspended(self, **fields):
        order = self.accepted(**fields)
        self.suspend(order)
        return order

    def suspend(self, order, days=30):
        until = timezone.localdate(self.now) + days * DAY
        self.step(order, "suspend", self.p.dispatcher, until=until, note="待汛期后施工")

    def void(self, **fields):
        order = self.accepted(**fields)
        self.step(order, "void", self.p.dispatcher, note="误报")
        return order

    def call_back(self, order, solved=True):
        order.refresh_from_db()
        self.step(
            order, "callback", self.p.dispatcher, contacted="yes", solved=solved, satisfaction=4
        )

    def tasks(self, *units):
        roles = ["lead"] + ["assist"] * (len(units) - 1)
        return [
            {
                "unit": unit,
                "role": role,
                "text": "修复并核实产权",
                "amount": 2,
                "time_unit": "work_day",
            }
            for unit, role in zip(units, roles, strict=True)
        ]

    def drafted(self, *units, kind="routine", **fields):
        return self.drafted_for(self.registered(**fields), *units, kind=kind)

    def drafted_for(self, order, *units, kind="routine"):
        whistle = Whistle(
            order=order,
            level=3,
            kind=kind,
            caller=self.d.street,
            centre=self.d.centre,
            ask="请共同处置",
        )
        create(
            whistle,
            "draft",
            actor=self.p.dispatcher,
            now=self.now,
            tasks=self.tasks(*(units or (self.d.water, self.d.housing))),
        )
        return whistle

    def confirmed(self, *units, **fields):
        whistle = self.drafted(*units, **fields)
        self.step(whistle, "confirm", self.p.street_head)
        return whistle

    def blown(self, *units, **fields):
        whistle = self.confirmed(*units, **fields)
        self.step(whistle, "blow", self.p.dispatcher)
        return whistle

    def response_of(self, whistle, unit):
        return Response.objects.get(whistle=whistle, unit=unit)

    def finish(self, response, actor):
        self.step(response, "sign", actor, lead_name="刘工", lead_phone="13900000000")
        self.step(response, "contact", actor, meet_at=self.now, meet_place="现场")
        self.step(response, "arrive", actor, who="刘工", code=response.whistle.arrival_code)
        self.step(response, "finish", actor, result="已修复", photos=[plain_photo("after")])

    def settled(self, **fields):
        whistle = self.blown(**fields)
        self.finish(self.response_of(whistle, self.d.water), self.p.liaison)
        self.finish(self.response_of(whistle, self.d.housing), self.p.housing)
        whistle.refresh_from_db()
        return whistle

    def verified_whistle(self, **fields):
        whistle = self.settled(**fields)
        self.step(whistle, "verify", self.p.duty_leader, method="spot", note="现场已恢复")
        self.call_back(whistle.order)
        return whistle

    def scored(self, **fields):
        whistle = self.verified_whistle(**fields)
        marks = {r.pk: 45 for r in whistle.responses.filter(status="done")}
        self.step(whistle, "score", self.p.duty_leader, marks=marks)
        return whistle

    def concluded(self, **fields):
        whistle = self.scored(**fields)
        self.step(whistle, "close", self.p.duty_leader)
        return whistle

    def blown_now(self, *units):
        """An emergency whistle that the main leader has still to confirm."""
        whistle = self.drafted(*units, kind="emergency")
        self.step(whistle, "blow_now", self.p.duty_leader, note="燃气泄漏")
        return whistle

    def level_two(self):
        """A community's whistle on an order in its own hands."""
        whistle = Whistle(
            order=self.taken(),
            level=2,
            caller=self.d.community,
            centre=self.d.centre,
            ask="请街道来人",
        )
        create(whistle, "blow", actor=self.p.community, now=self.now)
        return whistle

    def raised(self):
        whistle = self.level_two()
        self.step(
            whistle,
            "raise",
            self.p.dispatcher,
            note="涉及产权",
            kind="routine",
            ask="请水务局",
            tasks=self.tasks(self.d.water),
        )
        return whistle

    def called(self):
        return self.response_of(self.blown(), self.d.water)

    def called_street(self):
        return self.level_two().responses.get()

    def signed_street(self, person=None):
        """Somebody of an office is sent to the community that whistled."""
        response = self.called_street()
        person = person or self.p.office
        self.step(response, "name", self.p.dispatcher, person=person, lead_phone="13900000001")
        return response

    def arrived_street(self, person=None):
        person = person or self.p.office
        response = self.signed_street(person)
        code = response.whistle.arrival_code
        self.step(response, "arrive", person, who=str(person), code=code)
        return response

    def signed(self):
        response = self.called()
        self.step(response, "sign", self.p.liaison, lead_name="刘工", lead_phone="13900000000")
        return response

    def arrived(self):
        response = self.signed()
        code = response.whistle.arrival_code
        self.step(response, "arrive", self.p.liaison, who="刘工", code=code)
        return response

    def done(self):
        """Answered, while the other department is still at work."""
        response = self.arrived()
        self.step(
            response, "finish", self.p.liaison, result="已修复", photos=[plain_photo("after")]
        )
        return response

    def disputed(self):
        response = self.called()
        self.step(response, "dispute", self.p.liaison, ground="no_power", note="不属本局")
        return response

    def released(self):
        response = self.called()
        self.step(response, "release", self.p.street_head, note="误叫")
        return response

    def held(self, order, unit, kind="supervision", actor=None, **given):
        """The unit held to the order: by its centre, or by the street's main leader."""
        paper = SupervisionOrder(order=order, kind=kind)
        asked = {"requirement": "三日内办结并报告", "amount": 5, "time_unit": "work_day"}
        if kind == "supervision":
            asked["ground"] = "overdue"
        by = {"supervision": self.p.dispatcher, "instruction": self.p.street_head}
        actor = actor or by[kind]
        create(paper, "issue", actor=actor, now=self.now, **{**asked, "unit": unit, **given})
        return paper

    def supervised(self, **given):
        return self.held(self.accepted(), self.d.office, **given)

    def supervision_signed(self, **given):
        paper = self.supervised(**given)
        self.step(paper, "sign", self.p.office)
        return paper

    def supervision_answered(self, **given):
        paper = self.supervision_signed(**given)
        self.step(paper, "answer", self.p.office, result="已换新井盖")
        return paper

    def signed_off(self, **given):
        paper = self.supervision_answered(**given)
        judge = self.p.dispatcher if paper.is_supervision else self.p.street_head
        self.step(paper, "sign_off", judge)
        return paper

    def supervision_cancelled(self, **given):
        paper = self.supervised(**given)
        self.step(paper, "cancel", self.p.dispatcher, note="已另行处理")
        return paper

    def asked(self):
        order = self.reported()
        self.step(order, "check", self.p.dispatcher, question="还在吗")
        return order.verifications.get()

    def answered(self):
        asked = self.asked()
        self.step(asked, "answer", self.p.warden, yes="yes", words="还在")
        return asked

    def survey(self, paper, actor=None):
        """Asked of an order that waits for its callback, or of a whistle that all have answered."""
        self.step(paper, "survey", actor or self.p.duty_leader)
        return Survey.objects.latest("pk")

    def answer_survey(self, survey, solved=True, satisfaction=5, **given):
        self.now += MINUTE
        given = {"solved": solved, "satisfaction": satisfaction, **given}
        transition(survey, "answer", now=self.now, trigger="link", **given)

    def surveyed(self):
        return self.survey(self.verified())

    def survey_answered(self):
        survey = self.surveyed()
        self.answer_survey(survey)
        return survey

    def survey_dropped(self):
        survey = self.surveyed()
        self.step(survey, "withdraw", self.p.dispatcher, note="问错了人")
        return survey

    def lapse(self, asked):
        transition(asked, "lapse", now=self.now, trigger="clock:answer:2")
