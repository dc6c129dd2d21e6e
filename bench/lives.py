"""Whole lives through the real actions: a report, a whistle to two departments, scores, the end."""

import io
import itertools
from collections.abc import Iterator
from functools import cached_property
from random import Random
from typing import Any

from django.utils import timezone
from PIL import Image

from command.simulation.people import Cast
from grids.terrain import terrain
from organization.models import Unit, User
from whistle.actions.intake import report
from whistle.models import Category, ChecklistLine, Response, Task, Whistle, WorkOrder
from workflow.actions import create, transition
from workflow.attachments import Photo

STREETS = ("320104002", "320104003")
LEAD, ASSIST = Task.Role.LEAD, Task.Role.ASSIST


class Street:
    """The offices of one street and of two departments, each held by the first who may act."""

    def __init__(self, code: str) -> None:
        self.code, self.cast, self.rng = code, Cast(), Random(code)
        self.street = Unit.objects.get(kind=Unit.Kind.STREET, code__startswith=code)
        self.centre = self.street.centre()
        departments = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, organ="").order_by("code")
        able = (unit for unit in departments if self.cast.able("handle", unit, here=True))
        self.departments = list(itertools.islice(able, 2))
        kind = Category.objects.filter(kind="event", major_code="01", code="13")
        self.category = kind.get()
        self.condition = self.category.conditions.first()

    def one(self, duty: str, unit: Unit, *, here: bool = True, without: Any = ()) -> User:
        return self.cast.person(self.cast.able(duty, unit, here=here, without=without)[0])

    @cached_property
    def operator(self) -> User:
        return self.one("dispatch", self.centre)

    @cached_property
    def head(self) -> User:
        return self.one("confirm", self.street)

    @cached_property
    def ground(self) -> list[Any]:
        grids = zip(terrain().grids, terrain().shapes, strict=True)
        return [shape for grid, shape in grids if grid.street.code.startswith(self.code)]

    def report(self) -> WorkOrder:
        point = self.rng.choice(self.ground).representative_point()
        return report(
            actor=self.operator,
            source="resident",
            title="路面坑洼",
            description="慢车道路面破损。",
            lng=point.x,
            lat=point.y,
            category=self.category,
        )

    def live(self) -> int:
        """One life from report to close; how many steps it took."""
        order = self.report()
        self.act(order, "register", condition=self.condition, urgency="normal")
        whistle = self.whistle(order)
        for response in whistle.responses.order_by("pk"):
            self.answer(response)
        self.conclude(order, whistle)
        return steps_of(order)

    def whistle(self, order: WorkOrder) -> Whistle:
        found = Whistle(
            order=order,
            level=3,
            kind="routine",
            caller=self.street,
            centre=self.centre,
            ask="请共同处置",
        )
        tasks = [
            {"unit": unit, "role": role, "text": "修复", "amount": 2, "time_unit": "work_day"}
            for unit, role in zip(self.departments, (LEAD, ASSIST), strict=True)
        ]
        create(found, "draft", actor=self.operator, tasks=tasks)
        transition(found, "confirm", actor=self.head)
        transition(found, "blow", actor=self.operator)
        return found

    def answer(self, response: Response) -> None:
        who = self.one("handle", response.unit)
        transition(response, "sign", actor=who, lead_name="刘工", lead_phone="12000000000")
        transition(response, "contact", actor=who, meet_at=response.as_of, meet_place="现场")
        code = response.whistle.arrival_code
        transition(response, "arrive", actor=who, who="刘工", code=code)
        lines = ChecklistLine.objects.of(response.root.category_id, timezone.localdate())
        given = {"result": "已修复", "photos": [photo()], "checks": list(lines)}
        transition(response, "finish", actor=who, **given)

    def conclude(self, order: WorkOrder, whistle: Whistle) -> None:
        inspector = self.one("inspect", self.street, here=False)
        transition(whistle, "verify", actor=inspector, method="spot", note="现场已恢复")
        self.act(order, "callback", contacted="yes", solved=True, satisfaction=4)
        marks = {response.pk: 45 for response in whistle.responses.all()}
        transition(whistle, "score", actor=self.one("score", self.street), marks=marks)
        self.act(order, "close")
        whistle.refresh_from_db()
        if whistle.status != "closed":
            transition(whistle, "close", actor=inspector)

    def act(self, paper: Any, verb: str, **given: Any) -> None:
        transition(paper, verb, actor=self.operator, **given)


def steps_of(order: WorkOrder) -> int:
    papers: list[Any] = [order, *order.whistles.all()]
    papers += Response.objects.filter(whistle__order=order)
    return sum(paper.trace_count for paper in papers if paper.refresh_from_db() is None)


def photo() -> Photo:
    """A small picture, so that checking its type and size is part of the act."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "gray").save(file, "JPEG")
    return Photo(file, "after")


def lives(street: Street, number: int) -> Iterator[int]:
    for _life in range(number):
        yield street.live()
