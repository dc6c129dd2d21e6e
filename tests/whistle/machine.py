"""Any person of the cast does anything at any time: the platform and its twin agree."""

import datetime
from collections import Counter

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.whistle import wishes
from tests.whistle.agreement import check
from tests.whistle.reference.flows import ROWS
from tests.whistle.reference.papers import Refused
from tests.whistle.wishes import PEOPLE, Wishes

MINUTES = st.sampled_from([0, 0, 1, 7, 40, 130])
SOON, HOURS = st.sampled_from([0, 1, 3, 26, 24 * 8]), st.sampled_from([2, 24, 72, 24 * 9, 24 * 33])
# What somebody tries: mostly what the reference says he may, else anything at all.
TRIES = ["likely"] * 9 + ["birth"] * 2 + ["blank", "wild", "wild_birth", "wait", "sweep"]
# Taken less often: they lead nowhere else, or to an end too soon.
SELDOM = set("urge check grade assign contact progress card report void refuse merge".split())
SELDOM |= set("note inform relate unrelate".split())
SELDOM |= set("cancel decline release withdraw recall send_back deny answer suspend".split())


class Life(RuleBasedStateMachine):
    """One run from one of the stations; what it wrote is undone at its end."""

    stations = ()
    runs, taken, refused = Counter(), Counter(), Counter()

    @initialize(data=st.data())
    def begin(self, data):
        self.sid = transaction.savepoint()
        name = data.draw(st.sampled_from(sorted(self.stations)))
        note(f"from {name}")
        self.twin = self.stations[name].copy()
        self.runs[name] += 1
        self.sound = True

    def teardown(self):
        if hasattr(self, "sid"):
            if self.sound:
                check(self.twin, whole=True)
            self.taken.update(self.twin.taken())
            self.refused.update(self.twin.refused)
            transaction.savepoint_rollback(self.sid)

    @rule(data=st.data(), minutes=MINUTES)
    def something_happens(self, data, minutes):
        """One rule, so that every run has of everything."""
        self.sound = False
        self.pass_time(minutes=minutes)
        getattr(self, data.draw(st.sampled_from(TRIES)))(data.draw)
        self.sound = True

    def pass_time(self, **by):
        self.twin.ref.now += datetime.timedelta(**by)

    def wait(self, draw, times=HOURS):
        self.pass_time(hours=draw(times))

    def sweep(self, draw):
        self.wait(draw, times=SOON)
        self.twin.sweep()

    def likely(self, draw, blank=False):
        """Somebody whose duty it is takes a step; or forgets to write something down."""
        steps = wishes.steps(self.twin.ref)
        if not steps:
            return self.report(draw)
        weighed = [key for key in steps for _time in range(1 if key[2] in SELDOM else 4)]
        kind, n, verb = draw(st.sampled_from(weighed))
        who = draw(st.sampled_from(steps[kind, n, verb]))
        self.act(draw, kind, n, verb, who, blank)

    def blank(self, draw):
        self.likely(draw, blank=True)

    def wild(self, draw):
        """Anybody tries anything."""
        paper = draw(st.sampled_from(self.twin.ref.all()))
        verb = draw(st.sampled_from(sorted({row.verb for row in ROWS[paper.kind]})))
        self.act(draw, paper.kind, paper.n, verb, draw(st.sampled_from(PEOPLE)))

    def act(self, draw, kind, n, verb, who, blank=False):
        paper = self.twin.ref.papers[kind][n]
        given = self.written(draw, paper, self.row(paper, verb, who), blank)
        note(f"{self.twin.ref.now:%m-%d %H:%M} {who} {kind} {n} {verb} {given}")
        self.twin.act(kind, n, verb, who, given)

    def row(self, paper, verb, who):
        """The row that it would be; if there is none, any of the verb."""
        try:
            return self.twin.ref.row(paper, verb, who, False)
        except Refused:
            return next(row for row in ROWS[paper.kind] if row.verb == verb)

    def written(self, draw, paper, row, blank=False):
        given = Wishes(draw, self.twin.ref).given(paper, row)
        if blank and row.needs:
            del given[draw(st.sampled_from(row.needs))]
        elif blank:
            given["surplus"] = "x"
        return given

    def birth(self, draw, wild=False):
        """Somebody whistles, asks or supervises."""
        possible = wishes.births(self.twin.ref)
        if not possible:
            return self.report(draw)
        kind, verb, fields, people = draw(st.sampled_from(possible))
        who = draw(st.sampled_from(PEOPLE if wild else people))
        paper = self.twin.ref.blank(kind, **fields)
        given = self.written(draw, paper, self.row(paper, verb, who))
        note(f"{self.twin.ref.now:%m-%d %H:%M} {who} {kind} {verb} {fields} {given}")
        self.twin.bear(kind, verb, who, fields, given)

    def wild_birth(self, draw):
        self.birth(draw, wild=True)

    def report(self, draw):
        verb, who = draw(st.sampled_from(["report", "fix"])), draw(st.sampled_from(PEOPLE))
        given = {"result": "当场复位", "photos": True} if verb == "fix" else {}
        note(f"{self.twin.ref.now:%m-%d %H:%M} {who} {verb}")
        self.twin.bear("order", verb, who, {}, given)
