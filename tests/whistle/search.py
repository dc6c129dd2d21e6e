"""A search through everything that people can make of one order, its whistles and responses.

The acts are the real ones, each in a savepoint that is undone on the way back; a state is what
decides the future of the papers, told apart by `state_of`.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction

from organization.authority import Grants
from organization.duty import Duty
from organization.models import Post, Unit, User
from tests.whistle.given import filled
from tests.whistle.paces import Paces
from whistle.models import Request, Response, Whistle, WorkOrder
from whistle.request_birth import asker_of, blank_request
from whistle.request_flow import REQUEST_OPEN
from workflow.actions import create, offered
from workflow.actions import transition as take
from workflow.errors import NotPossible
from workflow.trace import verify_paper

# Steps that lead nowhere else, or round and round: they change nothing that decides the future.
IDLE = {
    "check",
    "note",
    "inform",
    "move",  # as dispute and designate: tests/whistle/test_moving.py
    "divide",  # its parts are orders like this one: tests/whistle/test_dividing.py
    "relate",
    "unrelate",
    "survey",
    "grade",
    "assign",
    "contact",
    "plan",
    "progress",
    "meet",
    "minute",
    "call_off",
}
LEVEL_TWO = "a community's whistle"


class Search:
    """`kinds` of level-3 whistles are drafted for one or two `departments`; `skip` names verbs.

    `requests` names the kinds of request that holders and departments make.
    """

    def __init__(self, district, kinds=("routine",), departments=1, skip=(), requests=()):
        self.paces = Paces(district)
        self.d = district
        self.kinds, self.departments, self.requests = kinds, departments, requests
        self.skip = IDLE | set(skip)
        self.edges = defaultdict(set)
        self.paths = {}
        self.broken = []
        self.sound = set()  # the ends of logs that have been verified
        self.master, _new = User.objects.get_or_create(username="master", name="master")
        post = Post.objects.get(code="stranger").pk
        places = [(duty, pk) for duty in Duty for pk in Unit.objects.values_list("pk", flat=True)]
        self.master.__dict__["grants"] = Grants(
            dict.fromkeys(places, post), leading=frozenset({post})
        )

    def run(self, order):
        """Depth first, each state once; fills `edges` (state → {(label, state)}) and `paths`."""
        self.order = order.pk
        first = self.state()
        self.paths[first] = ()
        newest = first
        stack = [(first, self.moves(), transaction.savepoint())]
        while stack:
            state, moves, sid = stack[-1]
            if moves:
                if found := self.try_move(state, moves.pop()):
                    stack.append(found)
                    newest = found[0]
                continue
            if state == newest:  # its logs begin with those of every state on the way to it
                self.note_faults(state, log_faults(self.order, self.sound))
            stack.pop()
            transaction.savepoint_rollback(sid)

    def try_move(self, state, move):
        label, act = move
        sid = transaction.savepoint()
        try:
            act()
        except (NotPossible, ValidationError):
            transaction.savepoint_rollback(sid)
            return None
        except Exception as failure:
            failure.add_note(f"{self.paths[state]} then {label}")
            raise
        reached = self.state()
        self.edges[state].add((label, reached))
        if reached in self.paths:
            transaction.savepoint_rollback(sid)
            return None
        self.paths[reached] = (*self.paths[state], label)
        self.note_faults(reached, faults_of(self.order))
        return reached, self.moves(), sid

    def note_faults(self, state, faults):
        self.broken += [(fault, self.paths[state]) for fault in faults]

    def state(self):
        return state_of(WorkOrder.objects.select_related("holder").get(pk=self.order))

    def moves(self):
        order = WorkOrder.objects.get(pk=self.order)
        order.as_of = self.paces.now
        whistles = list(order.whistles.open())
        responses = [r for w in whistles for r in w.responses.exclude(status="released")]
        papers = [order, *whistles, *responses, *order.requests.open()]
        steps = [move for paper in papers for move in self.steps_of(paper)]
        asks = [ask for paper in (order, *responses) for ask in self.asks_about(paper)]
        return steps + list(self.births(order)) + asks

    def asks_about(self, subject):
        for kind in self.requests if asker_of(subject) else ():
            label = f"{subject.flow.name}.ask {kind}"
            yield label, lambda kind=kind: self.ask(subject, kind)

    def ask(self, subject, kind):
        request = blank_request(type(subject).objects.get(pk=subject.pk), kind)
        request.status, request.as_of = "", self.paces.now
        given = filled(self.paces, request, offered(request, "ask", self.master))
        create(request, "ask", actor=self.master, now=self.paces.now, **given)

    def steps_of(self, paper):
        for verb in paper.flow.verbs:
            rows = [row for row in paper.flow.possible(paper, verb) if row.personal]
            if rows and verb not in self.skip:
                for name, given in self.choices(paper, verb):
                    yield f"{paper.flow.name}.{verb}{name}", self.step(paper, verb, given)

    def step(self, paper, verb, given):
        """The act on a fresh copy, by whoever may take it."""

        def act():
            fresh = type(paper).objects.get(pk=paper.pk)
            fresh.as_of = self.paces.now
            actor = given.get("actor", self.master)
            step = offered(fresh, verb, actor)
            more = {name: value() for name, value in given.items() if name != "actor"}
            take(
                fresh,
                verb,
                actor=actor,
                now=self.paces.now,
                **{**filled(self.paces, fresh, step), **more},
            )

        return act

    def choices(self, paper, verb):
        """The ways to take a verb that lead to different states."""
        choose = getattr(self, f"choose_{verb}", None)
        return choose(paper) if choose else [("", {})]

    def choose_merge(self, order):
        other = WorkOrder.objects.exclude(pk=order.pk).open().first()
        return [("", {"into": lambda: other})]

    def choose_leader_report(self, whistle):
        """Who is in charge of the department that leads; nobody is of some."""
        people = {" paired": self.d.people.leader, " in charge": self.d.people.deputy_leader}
        [row] = whistle.flow.possible(whistle, "leader_report")
        return [(name, {"actor": who}) for name, who in people.items() if whistle.may(who, row)]

    def choose_raise(self, whistle):
        return [
            (f" {kind}", {"kind": lambda k=kind: k, "tasks": self.tasks}) for kind in self.kinds
        ]

    def choose_rework(self, paper):
        if isinstance(paper, WorkOrder):
            return [("", {})]
        done = list(paper.responses.filter(status="done"))
        return [("", {}), *[(f" {r.unit.code}", {"responses": lambda r=r: [r]}) for r in done[1:]]]

    def choose_add(self, whistle):
        full = whistle.responses.exclude(status="released").count() >= self.departments
        return [] if full else [("", {"unit": lambda: self.d.housing})]

    def choose_designate(self, paper):
        if isinstance(paper, WorkOrder):
            return [("", {"unit": lambda: self.d.office})]
        here, there = paper.unit, self.d.housing
        return [(" same", {"unit": lambda: here}), (" other", {"unit": lambda: there})]

    def tasks(self):
        return self.paces.tasks(*(self.d.water, self.d.housing)[: self.departments])

    def births(self, order):
        if order.status in ("registered", "accepted"):
            if LEVEL_TWO not in self.skip:
                yield "whistle.blow", lambda: self.bear("blow", level=2, caller=self.d.community)
            for kind in self.kinds:
                yield f"whistle.draft {kind}", lambda kind=kind: self.draft(kind)

    def draft(self, kind):
        self.bear("draft", level=3, caller=self.d.street, kind=kind, given={"tasks": self.tasks()})

    def bear(self, verb, given=None, **fields):
        order = WorkOrder.objects.get(pk=self.order)
        whistle = Whistle(order=order, centre=self.d.centre, ask="请来人", **fields)
        create(whistle, verb, actor=self.master, now=self.paces.now, **given or {})

    def stranded(self, goal, without=()):
        """The states from which no verbs of people but those `without` lead to a goal."""
        back = defaultdict(set)
        for state, edges in self.edges.items():
            for label, reached in edges:
                if label.split()[0] not in without:
                    back[reached].add(state)
        safe = {state for state in self.paths if goal(state)}
        waiting = list(safe)
        while waiting:
            new = back[waiting.pop()] - safe
            safe |= new
            waiting += new
        return [state for state in self.paths if state not in safe]


def state_of(order):
    whistles = [whistle_state(w) for w in order.whistles.open().order_by("pk")]
    holder = order.holder.kind if order.holder else ""
    returned = min(len(order.returned_by()), 3), order.by_ruling()
    facts = (holder, order.condition_id is not None, order.called_back is not None, returned)
    return (order.status, way_back(order), facts, tuple(whistles), requests_of(order))


def requests_of(order):
    """What is asked now, and what was granted, for it may not be granted twice."""
    rows = order.requests.exclude(status__in=["rejected", "withdrawn", "dropped"])
    asked = sorted(rows.values_list("kind", "status", "response__unit", named=False), key=str)
    return tuple(asked)


def way_back(order):
    """Where BACK would lead, and BACK again from there."""
    steps = []
    if order.status == "suspended":
        steps.append(order.back_status())
    if "whistled" in (order.status, *steps):
        born = order.events.filter(new="whistled", verb="whistle").order_by("n").last()
        steps.append(born.old)
    return tuple(steps)


def whistle_state(whistle):
    reported = frozenset(
        kind
        for event in whistle.events.filter(verb="leader_report")
        for kind in event.data["relations"]
    )
    answers = Response.objects.filter(whistle=whistle).exclude(status="released")
    lanes = answers.order_by("unit_id").values_list("unit_id", "role", "status", "designated")
    confirmed = whistle.confirmed_at is not None
    low = whistle.raised_from.status if whistle.raised_from else ""
    return (whistle.level, whistle.kind, whistle.status, confirmed, low, reported, tuple(lanes))


def always_another_person(monkeypatch):
    """Separation of duties is for its own tests: in a search somebody else is always at hand."""
    for model in (WorkOrder, Whistle, Request):
        monkeypatch.setattr(model, "acts_of", lambda self, user: set())


def over(state):
    """Whether the order has come to its end and no whistle of it is open."""
    status, _back, _facts, whistles, requests = state
    waits = {asked for _kind, asked, _unit in requests} & set(REQUEST_OPEN)
    return status in WorkOrder.flow.final and not whistles and not waits


def papers_of(pk):
    order = WorkOrder.objects.get(pk=pk)
    answers = Response.objects.filter(whistle__order=order)
    return order, list(order.whistles.all()), list(answers), list(order.requests.all())


def log_faults(pk, sound):
    order, whistles, responses, requests = papers_of(pk)
    for paper in (order, *whistles, *responses, *requests):
        if paper.trace_head not in sound:
            yield from verify_paper(paper)
            sound.add(paper.trace_head)


def faults_of(pk):
    """What must never be, in whatever way the papers came here."""
    order, whistles, responses, requests = papers_of(pk)
    open_ones = {w.status for w in whistles if w.flow.is_open(w.status)}
    if order.status == "whistled" and not open_ones & {"blown", "settled", "raised"}:
        yield "whistled for nothing"
    if order.status in order.flow.final and open_ones & {"blown", "settled", "verified"}:
        yield "over while departments are at work"
    for request in requests:
        if request.flow.is_open(request.status) and not request.fits():
            yield f"a {request.kind} is still asked while the order is {order.status}"
    working = {answer.whistle_id for answer in responses if answer.flow.is_open(answer.status)}
    for whistle in whistles:
        at_work = whistle.pk in working
        if at_work != (whistle.status == "blown"):
            yield f"{whistle.status} while somebody is at work: {at_work}"
    for paper in (order, *whistles, *responses, *requests):
        running = list(paper.clocks.filter(stopped=None).values_list("what", "paused_at"))
        if running and not paper.flow.is_open(paper.status):
            yield f"{paper.flow.name} is {paper.status} and its clocks run"
        ticking = [what for what, paused in running if not paused and what != "suspension"]
        if order.status == "suspended" and ticking:
            yield f"{paper.flow.name} is suspended and its clocks run"
        if order.status != "suspended" and any(paused for _what, paused in running):
            yield f"{paper.flow.name} is held for nothing"
