"""What is measured, in the order in which a paper lives."""

import datetime
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.db import transaction
from django.test import Client as Inside
from django.utils import timezone

from bench import floors
from bench.clients import Client, clock, clock_together
from bench.house import HOST, House
from bench.tables import Sheet, row_of
from command.overview.period import NAMES
from command.overview.sums import sum_days
from grids.terrain import locate, terrain
from organization.models import Unit, User
from whistle.models import Category, WorkOrder, WorkOrderClock
from workflow import sweep
from workflow.batch import MOST
from workflow.paging import NEWEST, make_cursor
from workflow.sweep import clock_models, fire

MANY = 8
Acts = list[Callable[[], Any]]
CREATE_TARGET, LIST_TARGET, OVERVIEW_TARGET = 25, 50, 120


class Desk:
    """An operator of one street and the ground that he reports from."""

    def __init__(self, house: House, street: str, number: int) -> None:
        self.rng, self.street = Random(street), street
        post = f"{street}Q07-operator"
        person = User.objects.filter(postings__post__code=post).order_by("pk")[number]
        self.user = person
        self.program = Client(house.port, person)
        self.browser = Client(house.port, person, token=False)
        grids = zip(terrain().grids, terrain().shapes, strict=True)
        self.ground = [shape for grid, shape in grids if grid.street.code.startswith(street)]
        self.made: list[str] = []

    def report(self) -> dict[str, Any]:
        point = self.rng.choice(self.ground).representative_point()
        return {
            "source": "resident",
            "title": "路面坑洼",
            "description": "慢车道路面破损，电动车避让时险些摔倒。",
            "address": "平江府路26号门前",
            "lng": round(point.x, 6),
            "lat": round(point.y, 6),
            "accuracy": 12,
            "category": "event-01-13",
            "reporter_name": "示例",
            "reporter_phone": "12000000000",
        }

    def create(self) -> None:
        answer = self.program.post(
            "/api/work-orders/", self.report(), Idempotency_Key=str(uuid.uuid4())
        )
        self.made.append(answer["number"])

    def register(self, number: str, condition: int) -> None:
        body = {"condition": condition}
        self.program.post(
            f"/api/work-orders/{number}/register/", body, Idempotency_Key=str(uuid.uuid4())
        )


@dataclass
class Meter:
    """Takes acts, and writes how long they took and what processor time they cost."""

    house: House
    sheet: Sheet

    def alone(self, what: str, acts: Acts, floor: float | None = None, target: Any = None) -> None:
        began = self.house.spent()
        taken = clock(acts)
        cost = (self.house.spent() - began) / len(acts)
        self.sheet.add(row_of(what, taken, sum(taken), 1, cost, floor, target))

    def together(self, what: str, queues: list[Acts]) -> None:
        began = self.house.spent()
        taken, whole = clock_together(queues)
        cost = (self.house.spent() - began) / len(taken)
        self.sheet.add(row_of(what, taken, whole, len(queues), cost))


def measure(house: House, sheet: Sheet, times: float) -> None:
    meter = Meter(house, sheet)
    desks = [Desk(house, f"320104{n:03}", 0) for n in range(2, MANY + 2)]
    warm(desks)
    measure_writing(meter, desks, round(300 * times))
    measure_lists(meter, desks, max(20, round(100 * times)))
    measure_overview(meter, max(20, round(100 * times)))
    measure_locate(meter, desks, round(500 * times))
    measure_sweep(meter, round(1000 * times))


def warm(desks: list[Desk]) -> None:
    """Both workers have read the ground, the calendar and the templates."""
    for desk in desks:
        for _time in range(4):
            desk.create()
            desk.program.get("/api/work-orders/")
            desk.browser.get("/work-orders/")
            desk.program.get("/api/grids/locate/?lng=118.79&lat=32.02")


def measure_writing(meter: Meter, desks: list[Desk], times: int) -> None:
    meter.sheet.chapter("Writing, by API with token and Idempotency-Key")
    share, lone = max(10, times // MANY), desks[0]
    condition = Category.objects.get(kind="event", major_code="01", code="13").conditions.first().pk
    meter.alone("create", [lone.create] * times, create_floor(lone, times // 3), CREATE_TARGET)
    meter.together("create", [[desk.create] * share for desk in desks])
    late = [desk.made[-share:] for desk in desks]
    fresh = lone.made[-share - times : -share]
    floor = register_floor(lone, condition, times // 3)
    meter.alone("transition (register)", registrations(lone, fresh, condition), floor)
    queues = zip(desks, late, strict=True)
    meter.together(
        "transition (register)", [registrations(desk, made, condition) for desk, made in queues]
    )

    measure_batch(meter, lone, fresh[:MOST])


def measure_batch(meter: Meter, desk: Desk, numbers: list[str]) -> None:
    """As many orders as one request may name are dispatched, all at once."""
    body = {"verb": "dispatch", "keys": numbers, "unit": f"{desk.street}Q03"}
    floor = batch_floor(desk, body)
    path = "/api/work-orders/batch/"
    act = partial(desk.program.post, path, body)
    meter.alone(f"dispatch of {len(numbers)} by one request", [act], floor)


def batch_floor(desk: Desk, body: dict[str, Any]) -> float:
    """What the very same request writes, undone and written again."""
    inside, raw = Inside(SERVER_NAME=HOST), floors.Raw()
    with transaction.atomic(), floors.recorded(*floors.WRITES) as statements:
        answer = inside.post(
            "/api/work-orders/batch/", body, "application/json", headers=desk.program.headers
        )
        assert answer.json()["done"] == len(body["keys"]), answer.json()
        transaction.set_rollback(True)
    return floors.median([partial(raw.try_out, statements)] * 3)


def registrations(desk: Desk, numbers: list[str], condition: int) -> Acts:
    return [partial(desk.register, number, condition) for number in numbers]


def create_floor(desk: Desk, times: int) -> float:
    """What one report writes, again and again."""
    raw, inside = floors.Raw(), Inside(SERVER_NAME=HOST)
    key = str(uuid.uuid4())
    with floors.recorded(*floors.WRITES) as statements:
        answer = inside.post(
            "/api/work-orders/",
            desk.report(),
            "application/json",
            headers={"Idempotency-Key": key, **desk.program.headers},
        )
    order = WorkOrder.objects.get(number=answer.json()["number"])
    fresh = itertools.count(2 * 10**12)  # behind those that the bench makes

    def again() -> None:
        mark = uuid.uuid4().hex
        keys = {
            key: mark,
            order.number: f"F-{mark[:12]}",
            order.progress_code: mark[:10],
            order.pk: next(fresh),
        }
        raw.send(statements, keys)

    return floors.median([again] * times)


def register_floor(desk: Desk, condition: int, times: int) -> float:
    """What one registration writes, for other reports."""
    raw, inside = floors.Raw(), Inside(SERVER_NAME=HOST)
    for _number in range(times + 1):
        desk.create()
    numbers, desk.made = desk.made[-times - 1 :], desk.made[: -times - 1]
    orders = WorkOrder.objects.in_bulk(numbers, field_name="number")
    model, key = orders[numbers[0]], str(uuid.uuid4())
    with floors.recorded(*floors.WRITES) as statements:
        inside.post(
            f"/api/work-orders/{model.number}/register/",
            {"condition": condition},
            "application/json",
            headers={"Idempotency-Key": key, **desk.program.headers},
        )
    clocks = dict(
        WorkOrderClock.objects.filter(what="triage", paper__in=orders.values()).values_list(
            "paper", "pk"
        )
    )

    def again(number: str) -> None:
        order = orders[number]
        keys = {
            key: uuid.uuid4().hex,
            model.number: number,
            model.pk: order.pk,
            clocks[model.pk]: clocks[order.pk],
        }
        raw.send(statements, keys)

    return floors.median([partial(again, number) for number in numbers[1:]])


# Lists

FILTERS: dict[str, dict[str, str]] = {
    "all": {"sort": "created"},
    "in work, by deadline": {"open": "on", "sort": "due"},
    "status": {"status": "closed"},
    "two statuses": {"status": "registered,accepted"},
    "source": {"source": "hotline"},
    "urgency": {"urgency": "urgent"},
    "level": {"level": "3"},
    "category": {"category": "event-04-05"},
    "street": {"street": "320104002000"},
    "unit": {"unit": "320104002001"},
    "settled by": {"settled": "community"},
    "overdue": {"overdue": "on"},
    "soon": {"soon": "on"},
    "words": {"q": "消防通道"},
    "number": {"q": "320104002"},
    "since": {"since": "2026-06-01", "until": "2026-09-30"},
    "all at once": {"status": "closed", "source": "grid", "street": "320104002000", "q": "路"},
}


def measure_lists(meter: Meter, desks: list[Desk], times: int) -> None:
    """As somebody reads them who sees the whole district; then eight operators at once."""
    district = User.objects.get(username="district")
    reader = Client(meter.house.port, district)
    browser = Client(meter.house.port, district, token=False)
    last = {"cursor": last_cursor()}
    meter.sheet.chapter("Lists of 50, by API")
    for name, query in FILTERS.items():
        path = f"/api/work-orders/?{urlencode(api(query))}"
        floor = list_floor(path, reader.headers) if name == "all" else None
        meter.alone(f"first page, {name}", [partial(reader.get, path)] * times, floor, LIST_TARGET)
    for name in ("all", "source", "status"):
        path = f"/api/work-orders/?{urlencode(api(FILTERS[name]) | last)}"
        meter.alone(f"last page, {name}", [partial(reader.get, path)] * times, None, LIST_TARGET)
    path = "/api/work-orders/"
    meter.together(
        "first page, own street", [[partial(d.program.get, path)] * times for d in desks]
    )
    meter.sheet.chapter("The same as pages, with their counts")
    for name, query in FILTERS.items():
        path = f"/work-orders/?{urlencode(page(query))}"
        meter.alone(f"first page, {name}", [partial(browser.get, path)] * times, None, LIST_TARGET)
    path = f"/work-orders/?{urlencode(FILTERS['all'] | last)}"
    meter.alone("last page, all", [partial(browser.get, path)] * times, None, LIST_TARGET)


def api(query: dict[str, str]) -> dict[str, str]:
    """The API calls the order of a list `order`."""
    named = {"order" if name == "sort" else name: value for name, value in query.items()}
    return {name: value for name, value in named.items() if (name, value) != ("order", "created")}


def page(query: dict[str, str]) -> list[tuple[str, str]]:
    """A page gives several values one by one."""
    return [(name, part) for name, value in query.items() for part in value.split(",")]


def last_cursor() -> str:
    """Where the last fifty of all orders begin."""
    oldest = WorkOrder.objects.order_by("created", "pk")[50:51].get()
    return make_cursor(oldest, NEWEST, back=False)


def list_floor(path: str, headers: dict[str, str]) -> float:
    """The one statement that reads the fifty rows."""
    with floors.recorded("SELECT") as statements:
        Inside(SERVER_NAME=HOST).get(path, headers=headers)
    rows = [s for s in statements if 'FROM "whistle_workorder"' in s[0]]
    raw = floors.Raw()
    return floors.median([lambda: raw.read(rows)] * 50)


# Overview


def measure_overview(meter: Meter, times: int) -> None:
    """What the head of the district opens first, its past days summed as the worker does it."""
    meter.sheet.chapter("The leader's overview")
    sum_days()
    head = User.objects.filter(
        postings__post__leader=True, postings__post__unit__kind=Unit.Kind.DISTRICT
    )
    browser = Client(meter.house.port, head.order_by("pk")[0], token=False)
    for period in NAMES:
        path = f"/overview/?period={period}"
        browser.get(path)
        meter.alone(period, [partial(browser.get, path)] * times, None, OVERVIEW_TARGET)


# Places and clocks


def measure_locate(meter: Meter, desks: list[Desk], times: int) -> None:
    meter.sheet.chapter("Where is it?")
    rng = Random(1)
    points = [(rng.uniform(118.76, 118.86), rng.uniform(31.99, 32.05)) for _n in range(times)]
    paths = [f"/api/grids/locate/?lng={lng:.6f}&lat={lat:.6f}" for lng, lat in points]
    bare = floors.median([partial(locate, *point) for point in points])
    meter.alone("locate", [partial(desks[0].program.get, path) for path in paths], bare)
    share = paths[: max(10, times // MANY)]
    meter.together("locate", [[partial(d.program.get, path) for path in share] for d in desks])


def measure_sweep(meter: Meter, times: int) -> None:
    """Time is moved on until every running clock is due; the sweep takes them one by one."""
    meter.sheet.chapter("The sweep of due clocks, in one process")
    later = timezone.now() + datetime.timedelta(days=400)
    floor = sweep_floor(later, times // 5)
    waiting = due_clocks(later)
    began, spent = time.perf_counter(), time.process_time() + meter.house.spent()
    with each_timed(sweep, "fire") as taken:
        sweep.run_clock(later, times)
    whole = time.perf_counter() - began
    cost = (time.process_time() + meter.house.spent() - spent) / len(taken)
    name = f"due clocks fired ({len(taken)} of {waiting})"
    row = meter.sheet.add(row_of(name, taken, whole, 1, cost, floor))
    least = f"{1000 / floor:.0f}" if floor else "?"
    print(f"{row.a_second:.0f} due clocks a second; raw SQL writes the rows of {least} a second.")


@contextmanager
def each_timed(module: Any, name: str) -> Iterator[list[float]]:
    """How many seconds each call of a module's function takes meanwhile."""
    taken: list[float] = []
    called = getattr(module, name)

    def timed(*given: Any) -> Any:
        began = time.perf_counter()
        try:
            return called(*given)
        finally:
            taken.append(time.perf_counter() - began)

    with patch.object(module, name, timed):
        yield taken


def due_clocks(moment: Any) -> int:
    return sum(model.objects.filter(next_at__lte=moment).count() for model in clock_models())


def sweep_floor(moment: Any, times: int) -> float:
    """What the firing of one clock writes, for other clocks of the same kind."""
    alike = WorkOrderClock.objects.filter(
        next_at__lte=moment, what="handle", rung=0, paper__status="registered"
    ).select_related("paper")
    clocks = list(alike.order_by("pk")[: times + 1])
    if len(clocks) < 10:
        return 0.0
    model = clocks[0]
    with floors.recorded(*floors.WRITES) as statements:
        fire(WorkOrderClock, model.pk, moment)
    raw = floors.Raw()

    def again(other: WorkOrderClock) -> None:
        keys = {
            model.pk: other.pk,
            model.paper_id: other.paper_id,
            model.paper.number: other.paper.number,
        }
        raw.send(statements, keys)

    return floors.median([partial(again, other) for other in clocks[1:]])
