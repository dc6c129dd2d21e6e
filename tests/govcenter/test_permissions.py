"""Every address of the project against every office, and every step against every duty."""

import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from organization.duty import Duty
from organization.models import DutyShift, Notice, Outbox, QuietHours
from tests.cast import seat
from tests.whistle.faces import lay_ground
from tests.whistle.paces import DAY, Paces
from tests.whistle.stations import STATIONS
from whistle.labels import FLOWS
from whistle.models import Verification
from workflow import recompute
from workflow.buttons import step_url
from workflow.flow import NEW
from workflow.models import Phrase, StormOrder
from workflow.openapi import personal_rows

OFFICES = (
    "nobody stranger warden community dispatcher office head duty liaison leader admin".split()
)


def read_table():
    """(method, name, argument, {office: status}) of every line of the table."""
    for line in Path(__file__).with_name("permissions.txt").read_text().splitlines():
        if not line.startswith("#"):
            method, name, argument, *statuses = line.split()
            yield method, name, argument, dict(zip(OFFICES, map(int, statuses), strict=True))


ADMIN = "django-admin/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
LINES = list(read_table())
COLUMN = {"head": "street_head", "duty": "duty_leader"}


def addresses(patterns=None, prefix=""):
    """The name (or, without one, the route) of every address of the project."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield "django-admin" if route.startswith(ADMIN) else pattern.name or route


def step_addresses():
    for flow in FLOWS:
        yield f"take_{flow.name}"
        yield from (f"api-{flow.name}-{v}" for v in flow.verbs if personal_rows(flow, v))


def test_no_address_is_missing_from_the_table():
    known = {name for _method, name, _arg, _who in LINES} | set(step_addresses())
    assert set(addresses()) - known == set()
    assert known - set(addresses()) == set()


@pytest.fixture
def papers(district):
    """An order with a whistle out and a question asked, and what names them in addresses."""
    lay_ground(district)
    paces = Paces(district)
    asked = paces.handled()
    paces.step(asked, "check", paces.p.dispatcher)
    whistle = paces.blown()
    response = paces.response_of(whistle, district.water)
    reply = paces.done()
    survey = paces.surveyed()
    return {
        "order": whistle.order.number,
        "orderid": whistle.order.pk,
        "mine": asked.number,
        "whistle": whistle.number,
        "draft": paces.drafted().number,
        "response": response.pk,
        "survey": survey.pk,
        "code": survey.code,
        "replied": reply.whistle.number,
        "reply": reply.pk,
        "assignment": paces.assignment().pk,
        "question": Verification.objects.get().pk,
        "request": paces.returning().pk,
        "inhand": paces.accepted().number,
        "supervision": paces.held(whistle.order, district.water).number,
        "photo": whistle.order.attachments.get().pk,
        "grid": district.grid.code,
        "message": Outbox.objects.filter(unit=district.water).latest("pk").pk,
        "change": change_by(district.people.admin).pk,
        "condition": district.condition.pk,
        "quiet": QuietHours.objects.create(start=datetime.time(22), end=datetime.time(7)).pk,
        "shift": shift_of(district.people.liaison, district.water),
        "storm": storm_by(district.people.admin, district.street).pk,
        "notice": notice_of(district.people.office),
        "phrase": Phrase.objects.create(flow="workorder", field="note", text="误报").pk,
    }


def change_by(user):
    """An edit of the rules that waits for the worker."""
    limit = {"flow": "workorder", "clock": "triage", "amount": "1", "unit": "work_hour"}
    body = limit | {"valid_from": "2026-10-19"}
    return recompute.ask("limit", body, actor=user, reason="试行")


def shift_of(user, unit):
    """On duty for the unit now."""
    now = timezone.now()
    return DutyShift.objects.create(unit=unit, user=user, start=now, end=now + DAY).pk


def storm_by(user, area):
    """A storm order that is in force."""
    now = timezone.now()
    return StormOrder.objects.create(
        area=area, effect="hold", starts=now, ends=now + DAY, reason="台风", actor=user
    )


def notice_of(user):
    """A notice in this person's inbox, told by an order that waits for the office."""
    return Notice.objects.filter(post__postings__user=user).latest("pk").pk


def client_of(district, office):
    client = Client(raise_request_exception=False)
    if office != "nobody":
        user = getattr(district.people, COLUMN.get(office, office))
        client.force_login(user, BACKEND)
    return client


def path_of(name, argument, papers):
    if argument == "-":
        return reverse(name)
    args = [papers[part[1:-1]] if part.startswith("<") else part for part in argument.split(",")]
    return reverse(name, args=args)


def ask(client, method, url):
    answer = getattr(client, method.lower())(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def test_every_office_gets_what_the_table_says(district, papers):
    found = {line[:3]: {} for line in LINES}
    for office in OFFICES:
        client = client_of(district, office)
        for method, name, argument, _statuses in LINES:
            url = argument if "/" in argument else path_of(name, argument, papers)
            found[method, name, argument][office] = ask(client, method, url)
    wrong = [(line[:3], found[line[:3]]) for line in LINES if line[3] != found[line[:3]]]
    told = "\n".join(" ".join([*line, *map(str, got.values())]) for line, got in wrong)
    assert not told, f"these lines read otherwise:\n{told}"


class Faces:
    """People with one duty at one place, before the page and the API of a step."""

    def __init__(self, district):
        self.district, self.clients = district, {}

    def client(self, duties, unit, leader=False):
        """Of somebody without a past who holds just these duties at the unit."""
        key = (duties, unit.pk, leader)
        if key not in self.clients:
            user = seat(f"{duties} {unit.code}" + "!" * leader, unit, duties, leader=leader)
            self.clients[key] = Client()
            self.clients[key].force_login(user, BACKEND)
        return self.clients[key]

    def ask(self, client, paper, verb):
        """What the page and the API say to somebody who is about to take the step."""
        url = step_url(paper, verb)
        page = client.get(url, headers={"HX-Request": "true"})
        body = {"not": "asked for"}
        api = client.post(f"/api{url}", body, content_type="application/json")
        return page.status_code, api.status_code


@pytest.mark.parametrize(
    "kind",
    [
        "order",
        "whistle",
        "response",
        "assignment",
        "request",
        "verification",
        "survey",
        "supervision",
    ],
)
def test_a_step_is_open_to_its_duty_alone(district, kind, monkeypatch):
    paces, faces, nobody = Paces(district), Faces(district), Client()
    monkeypatch.setattr(timezone, "now", lambda: paces.now)
    stranger = client_of(district, "stranger")
    found = set()
    for name in STATIONS:
        make = STATIONS[name](paces) if name.split()[0] == kind else None
        paper = make() if make else None
        if paper is None or paper.pk is None:
            continue
        for step in paper.flow.possible(paper):
            if step.duty is None or paper.blocked(step):
                continue
            unit = paper.place(step.at)
            if unit is None:
                continue
            able = faces.client(f"view {step.duty}", unit, step.leader)
            looker = faces.client("view", unit)
            where = f"{step.verb} at {step.at}, {name}"
            assert faces.ask(nobody, paper, step.verb) == (302, 401), where
            assert faces.ask(stranger, paper, step.verb) == (404, 404), where
            if step.duty != Duty.VIEW:
                assert faces.ask(looker, paper, step.verb) == (403, 403), where
            assert faces.ask(able, paper, step.verb) == (200, 400), where
            found.add((step.verb, step.at))
    flow = next(flow for flow in FLOWS if flow.name in (kind, f"work{kind}"))
    duties = {(s.verb, s.at) for s in flow.steps if s.duty and s.sources != (NEW,)}
    assert duties - found == set()
