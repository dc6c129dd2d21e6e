"""The platform and the reference side by side: each act is foretold, taken, and compared."""

import logging
import pickle
from collections import Counter
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organization.models import Unit, User
from tests.cast import LONG_AGO, grant, plain_photo, seat
from tests.whistle.agreement import MODELS, check
from tests.whistle.given import value_of
from tests.whistle.paces import Paces
from tests.whistle.reference.asking import SILENCE
from tests.whistle.reference.deadlines import clocks_of
from tests.whistle.reference.engine import Reference
from tests.whistle.reference.flows import ROWS, THEN
from tests.whistle.reference.papers import Refused
from tests.whistle.reference.people import EVERYTHING, MIGHTY, SEATS
from whistle.models import Response, SilenceRule, SupervisionOrder, Whistle, WorkOrder
from whistle.request_birth import blank_request
from workflow import sweep
from workflow.actions import create, transition
from workflow.errors import NotPossible

KINDS = {model: kind for kind, model in MODELS.items()}
REFUSALS = (NotPossible, PermissionDenied, ValidationError)
real_fire = sweep.fire


class World:
    """The cast's district, two who may do everything, and what silence means."""

    def __init__(self, district):
        self.d = district
        self.paces = Paces(district)
        self.clocks = {}
        self.units = vars(district.units)
        self.names = {unit.pk: name for name, unit in self.units.items()}
        for name in MIGHTY:
            post = seat(name, district.district, EVERYTHING).postings.get().post
            for unit in Unit.objects.exclude(pk=district.district.pk):
                grant(post, unit, *EVERYTHING.split())
        self.users = {name: User.objects.get(username=name) for name in (*SEATS, *MIGHTY)}
        self.people = {user.pk: name for name, user in self.users.items()}
        for kind, outcome in SILENCE.items():
            SilenceRule.objects.create(kind=kind, outcome=outcome, valid_from=LONG_AGO)

    def clock(self, model, pk):
        """(kind, paper, name) of a clock: what the stations left behind is asked for once only."""
        if (model, pk) not in self.clocks:
            clock = model.objects.select_related("paper").get(pk=pk)
            facts = KINDS.get(type(clock.paper)), clock.paper_id, clock.what
            self.clocks[model, pk] = facts
        return self.clocks[model, pk]


@cache
def photos():
    return [plain_photo("before"), plain_photo("after", "blue")]


class Twin:
    """One run; `refused` are the refusals by class, `begun` the step at which it began."""

    def __init__(self, world, reference=None, pks=None):
        self.world = world
        self.ref = reference or Reference(world.d.now)
        self.pks = pks or {kind: [] for kind in MODELS}
        self.refused, self.said = Counter(), ""
        self.begun = self.ref.seq
        self.heads = {}  # of the logs that have been looked at

    def copy(self):
        twin = Twin(self.world, again(self.ref), {k: list(pks) for k, pks in self.pks.items()})
        twin.heads = dict(self.heads)
        return twin

    def taken(self):
        """(kind, verb) of every step of this run, whoever or whatever took it."""
        logs = [(paper.kind, event) for paper in self.ref.all() for event in paper.log]
        return [(kind, event.verb) for kind, event in logs if event.seq > self.begun]

    # Acts

    def act(self, kind, n, verb, who, given=()):
        """Somebody tries to take a step."""
        given = dict(given)
        foretold = self.foretell(lambda ref: ref.step(ref.papers[kind][n], verb, who, given))
        paper = MODELS[kind].objects.get(pk=self.pks[kind][n])
        real = self.strange(kind, verb, paper) | self.real(given, paper)
        happened = self.attempt(lambda: transition(paper, verb, **self.by(who), **real))
        self.compare(kind, verb, foretold, happened, who, given)

    def bear(self, kind, verb, who, fields, given=()):
        """Somebody tries to bring a paper into being; `fields` name other papers by number."""
        given = dict(given)
        foretold = self.foretell(lambda ref: self.bear_plain(ref, kind, verb, who, fields, given))

        def born():
            paper = getattr(self, f"blank_{kind}")(**fields)
            paper.status = ""
            real = self.strange(kind, verb, paper) | self.real(given, paper)
            create(paper, verb, **self.by(who), **real)
            if kind == "order":
                self.pks[kind].append(paper.pk)

        self.compare(kind, verb, foretold, self.attempt(born), who, fields | given)

    def bear_plain(self, ref, kind, verb, who, fields, given):
        ref.bear(ref.blank(kind, **fields), verb, who, given)

    def by(self, who):
        return {"actor": self.world.users[who], "now": self.ref.now}

    def foretell(self, step):
        """What the reference says; it has gone on if the step may be taken."""
        ref = again(self.ref)
        try:
            step(ref)
        except Refused as refusal:
            return str(refusal)
        self.ref = ref
        return ""

    def attempt(self, act):
        try:
            with transaction.atomic():
                act()
        except REFUSALS as refusal:
            self.said = str(refusal)
            return type(refusal).__name__
        self.said = ""
        return ""

    def compare(self, kind, verb, foretold, happened, who, given):
        said = f"{who} {kind}.{verb} {given}: foretold {foretold}, was {happened} {self.said}"
        assert happened == foretold, said
        if happened:
            self.refused[happened] += 1
        check(self)

    def strange(self, kind, verb, paper):
        """What the platform asks for by now and the reference does not know of."""
        known = {name for row in ROWS[kind] if row.verb == verb for name in row.needs}
        self.world.paces.now = self.ref.now
        return {
            name: value_of(name, self.world.paces, paper, step)
            for step in paper.flow.at(paper.status, verb)
            if step.personal
            for name in step.needs
            if name not in known
        }

    # What the reference calls by name or number

    def blank_order(self, **fields):
        return self.world.paces.new_order(**fields)

    def blank_whistle(self, order, level, type="routine", holder=None):
        units = self.world.units
        caller = units["community" if level == 2 else "street"]
        holder = holder and units[holder]
        fields = {"level": level, "kind": type, "caller": caller, "holder": holder}
        order = WorkOrder.objects.get(pk=self.pks["order"][order])
        return Whistle(order=order, centre=units["centre"], ask="请来人", **fields)

    def blank_request(self, subject, type):
        kind, n = subject
        return blank_request(MODELS[kind].objects.get(pk=self.pks[kind][n]), type)

    def blank_supervision(self, order, type):
        order = WorkOrder.objects.get(pk=self.pks["order"][order])
        return SupervisionOrder(order=order, kind=type)

    def real(self, given, paper):
        """The same inputs as the platform wants them."""
        named = {"reason": "note"}
        return {named.get(k, k): self.value(k, v, paper) for k, v in given.items()}

    def value(self, name, value, paper):
        if value in (None, "", [], ()):
            return value
        if name in ("unit", "section"):
            return self.world.units[value]
        if name == "tasks":
            return [self.task(unit, role) for unit, role in value]
        if name == "parts":
            return [{"title": title, "condition": self.world.d.condition} for title in value]
        if name in ("into", "other"):
            return WorkOrder.objects.get(pk=self.pks["order"][value])
        if name == "responses":
            return list(Response.objects.filter(pk__in=[self.pks["response"][n] for n in value]))
        if name == "marks":
            return {self.pks["response"][n]: mark for n, mark in value.items()}
        there = {"condition": lambda: self.world.d.condition, "photos": photos}
        there["code"] = lambda: paper.whistle.arrival_code
        return there[name]() if name in there else value

    def task(self, unit, role):
        limit = {"amount": 2, "time_unit": "work_day"}
        return {"unit": self.world.units[unit], "role": role, "text": "修复", **limit}

    # The clock

    def sweep(self):
        """Fire what is due, as often as the beat does, and the reference with it."""
        self.failures = []
        with patch.object(sweep, "fire", self.fire), quiet():
            while sweep.run_clock(self.ref.now):
                pass
        assert not self.failures, self.failures[0]
        for paper in self.ref.all():
            due = [clock for clock in clocks_of(paper) if clock.next_at is not None]
            assert all(clock.next_at > self.ref.now for clock in due), f"{paper.kind} not swept"
        check(self)

    def fire(self, model, pk, now):
        """Other stations' papers stay as they are."""
        kind, paper, what = self.world.clock(model, pk)
        if paper not in self.pks.get(kind, ()):
            return 0
        fired = real_fire(model, pk, now)
        if fired:
            self.follow(kind, self.pks[kind].index(paper), what)
        return fired

    def follow(self, kind, n, what):
        try:
            paper = self.ref.papers[kind][n]
            clock = paper.running()[what]
            assert clock.next_at is not None and clock.next_at <= self.ref.now
            verb = "remind" if clock.rung == 0 else THEN.get(what, "escalate")
            self.ref.step(paper, verb, clock=what)
        except Exception as failure:
            self.failures.append(f"{kind} {n} {what}: {failure!r}")


def again(reference):
    return pickle.loads(pickle.dumps(reference))


@contextmanager
def quiet():
    """A failed firing is told by the test, not by the log."""
    logger = logging.getLogger("workflow.sweep")
    logger.disabled = True
    yield
    logger.disabled = False
