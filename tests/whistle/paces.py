"""Short ways of taking an order and its whistle from one status to the next, each by its office."""

import datetime

from tests.cast import plain_photo
from whistle.models import Response, Whistle, WorkOrder
from workflow.actions import create, transition

MINUTE = datetime.timedelta(minutes=1)


class Paces:
    """Walks papers of the cast's district; each step is one minute after the one before."""

    def __init__(self, district):
        self.d = district
        self.p = district.people
        self.now = district.now

    def step(self, paper, verb, actor, **given):
        self.now += MINUTE
        actor.__dict__.pop("grants", None)
        return transition(paper, verb, actor=actor, now=self.now, **given)

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
        order = self.registered(**fields)
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

    def blown(self, *units, **fields):
        whistle = self.drafted(*units, **fields)
        self.step(whistle, "confirm", self.p.street_head)
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

    def level_two(self):
        """A community's whistle on an order in its own hands."""
        order = self.reported()
        self.step(order, "take", self.p.community)
        whistle = Whistle(
            order=order, level=2, caller=self.d.community, centre=self.d.centre, ask="请街道来人"
        )
        create(whistle, "blow", actor=self.p.community, now=self.now)
        return whistle
