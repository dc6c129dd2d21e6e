"""The one way to move the papers of the reference: may it be, by whom, and what follows."""

from types import SimpleNamespace

from tests.whistle.reference import asking, consequences, rules
from tests.whistle.reference.flows import ROWS
from tests.whistle.reference.papers import BLANK, DUTY, INPUT, STATE, Event, Paper, Refused, refuse
from tests.whistle.reference.people import (
    EVERYTHING,
    IN_CHARGE,
    MAIN_LEADERS,
    MIGHTY,
    PAIRED,
    SEATS,
    path,
)

# In a suspended order's papers only this may still happen.
UNHELD = {
    "whistle": ("cancel", "withdraw"),
    "response": ("cancel", "withdraw"),
    "supervision": ("cancel", "withdraw"),
    "request": ("withdraw", "drop"),
}


class Reference:
    def __init__(self, now):
        self.now = now
        self.papers = {kind: [] for kind in ROWS}
        self.seq = 0

    def all(self):
        return [paper for papers in self.papers.values() for paper in papers]

    def under(self, order, *kinds):
        return [p for kind in kinds for p in self.papers[kind] if p.order is order]

    def responses(self, whistle):
        return [answer for answer in self.papers["response"] if answer.whistle is whistle]

    # Who may

    def place(self, paper, at):
        if at in ("grid", "community", "centre"):  # all papers lie in the same
            return at
        if paper.kind == "response" and at == "caller":
            return paper.whistle.caller
        if at == "arbiter":
            called = paper.unit if paper.kind == "response" else "street"
            return next(unit for unit in path(called) if unit in path("street"))
        return getattr(paper, at)

    def entitled(self, paper, row, who):
        if row.at == "leader":
            return self.is_leader(paper, who)
        if row.leader and who not in MAIN_LEADERS:
            return False
        place = self.place(paper, row.at)
        if place is None or not has(who, row.duty, [place] if row.here else path(place)):
            return False
        return not row.not_by & self.acts(paper, who)

    def acts(self, paper, who):
        """What the person has done, as far as it bears upon this paper."""
        done = paper.done_by(who)
        if paper.kind == "whistle":
            events = [e for answer in self.responses(paper) for e in answer.log if e.who == who]
            done = done | {e.verb for e in events if e.given.get("by") != "caller"}
        if paper.kind == "verification":
            done = done | paper.order.done_by(who)
        return done

    def is_leader(self, paper, who):
        if paper.kind == "whistle":
            return bool(self.relations(paper, who))
        if paper.log:
            return paper.post == who
        at_work = self.at_work(paper.order)
        charged = {IN_CHARGE[unit] for unit in at_work if unit in IN_CHARGE}
        return who in {*MAIN_LEADERS, *PAIRED.values(), *charged}

    def seat(self, who):
        return SEATS[who][0]

    def supervises(self, who):
        """The nearest unit, from the centre upward, at which the person supervises."""
        return next(unit for unit in path("centre") if has(who, "supervise", [unit]))

    def relations(self, whistle, who):
        leads = [a.unit for a in self.responses(whistle) if a.role == "lead"]
        found = {"paired"} if PAIRED.get(whistle.caller) == who else set()
        return found | {"in_charge" for unit in leads if IN_CHARGE.get(unit) == who}

    def at_work(self, order):
        """The units that work on an order: its holder, and who has still to answer."""
        answers = [a for w in self.under(order, "whistle") for a in self.responses(w) if a.open]
        return {order.holder, *(answer.unit for answer in answers)} - {None}

    def sees(self, paper, who):
        return any(has(who, "view", path(unit)[:1]) for unit in paper.seen)

    # What is possible

    def rows(self, paper, verb=None):
        """The rows that this paper could take now, whoever acts."""
        rows = [r for r in ROWS[paper.kind] if paper.status in r.sources]
        named = [row for row in rows if verb in (None, row.verb)]
        return [row for row in named if not row.when or rules.holds(self, paper, row.when)]

    def blocked(self, paper, verb):
        kind, root = paper.kind, paper.root
        if kind == "order":
            return rules.order_blocked(self, paper, verb)
        if kind == "response" and verb != "withdraw":
            if paper.whistle.status not in ("blown", "raised"):
                return True
            if verb == "dispute" and paper.designated:
                return True
        return kind in UNHELD and root.status == "suspended" and verb not in UNHELD[kind]

    def row(self, paper, verb, who, system):
        rows = self.rows(paper, verb)
        if not rows or self.blocked(paper, verb):
            raise Refused(STATE)
        if system:
            return next((row for row in rows if not personal(row)), rows[0])
        for row in rows:
            if personal(row) and self.entitled(paper, row, who):
                return row
        raise Refused(DUTY)

    def openings(self, paper):
        """The rows that some person could take now, if it were his duty."""
        rows = [row for row in self.rows(paper) if personal(row)]
        return [row for row in rows if not self.blocked(paper, row.verb)]

    def may(self, paper, who):
        """The rows that the person may take now, as far as status and duty go."""
        return [row for row in self.openings(paper) if self.entitled(paper, row, who)]

    # Steps

    def step(self, paper, verb, who=None, given=None, *, clock="", system=False):
        """Take a step, or raise Refused; what was done half by then is not undone."""
        given = dict(given or {})
        row = self.row(paper, verb, who, system or bool(clock))
        if not system and not clock:
            check_given(row, given)
        act = SimpleNamespace(paper=paper, verb=verb, row=row, who=who, given=given, now=self.now)
        rules.check(self, act)
        old, to = paper.status, row.to
        paper.status = {"=": old, "<": paper.back() if to == "<" else ""}.get(to, to)
        self.seq += 1
        event = Event(self.seq, paper, verb, old, paper.status, who, self.now, clock, given)
        paper.log.append(event)
        consequences.follow(self, act)

    def unborn(self, kind, **fields):
        """A paper that may be born yet."""
        paper = Paper(kind, len(self.papers[kind]), **{"order": fields.pop("order", None)})
        for name in BLANK[kind].split():
            setattr(paper, name, fields.get(name))
        if kind != "order":
            paper.policy = (paper.whistle if kind == "response" else paper).type
        return paper

    def blank(self, kind, **named):
        """The paper that somebody would bring into being; other papers are named by number."""
        if kind == "order":
            return self.unborn(kind, **named)
        if kind == "request":
            of, n = named["subject"]
            subject = self.papers[of][n]
            unit = asking.asker_of(subject)
            refuse(STATE, unit is None)
            named |= {"subject": subject, "unit": unit, "approver": asking.approver_of(unit)}
            return self.unborn(kind, **{**named, "order": subject.root})
        fields = {**named, "order": self.papers["order"][named["order"]]}
        if kind == "whistle":
            caller = "community" if named["level"] == 2 else "street"
            fields = {"type": "routine", "caller": caller, **fields}
        return self.unborn(kind, **fields)

    def bear(self, paper, verb, who=None, given=None, *, system=False):
        self.papers[paper.kind].append(paper)
        self.step(paper, verb, who, given, system=system)

    def see(self, paper, *units):
        paper.seen.update(above for unit in units if unit for above in path(unit))


def personal(row):
    return bool(row.duty or row.at)


def has(who, duty, units):
    if who in MIGHTY:
        return duty in EVERYTHING.split()
    seat, duties = SEATS[who]
    return duty in duties.split() and seat in units


def check_given(row, given):
    missing = [name for name in row.needs if given.get(name) in (None, "", [], ())]
    if missing or "surplus" in given:
        raise Refused(INPUT)
