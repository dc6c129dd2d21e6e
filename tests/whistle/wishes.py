"""What people of the reference could want to do, and what they would write into the forms."""

import datetime
from decimal import Decimal

from django.utils import timezone
from hypothesis import strategies as st

from tests.whistle.reference import asking
from tests.whistle.reference.papers import Refused
from tests.whistle.reference.people import MIGHTY, SEATS

PEOPLE = sorted([*SEATS, *MIGHTY])
TYPES = ("routine", "emergency", "tough")
# The first ones are right, in most cases.
UNITS = {
    ("order", "dispatch"): "office office community grid grid water other_centre street",
    ("order", "designate"): "office grid community water",
    ("order", "pass_on"): "grid grid community office section",
    ("whistle", "add"): "housing district_centre water office",
    ("response", "designate"): "water housing district_centre office",
    ("response", "move"): "water housing district_centre office",
}
WORDS = {
    "reason": "理由",
    "opinion": "同意",
    "presence": "spot",
    "result": "已修复",
    "talked_to": "陈先生",
    "settled_on": "当日",
    "grade": "own",
    "ask": "请水务局",
    "task": "修复",
    "time_unit": "work_day",
    "lead_name": "刘工",
    "lead_phone": "13900000000",
    "meet_place": "现场",
    "who": "刘工",
    "words": "看过",
    "requirement": "三日内办结",
    "colour": "yellow",
    "method": "spot",
    "remark": "无人接听",
    "photos": True,
    "condition": True,
    "code": True,
    "satisfaction": 4,
    "mark": 40,
}
GROUNDS = {"request": "legal", "supervision": "overdue"}
TASKS = [
    (("water", "lead"),),
    (("water", "lead"), ("housing", "assist")),
    (("housing", "lead"),),
    (("water", "lead"), ("housing", "lead")),
]
# Not asked for by every row of the verb, but wanted by a rule.
ALSO = {
    ("order", "verify"): ("method", "reason"),
    ("order", "callback"): ("solved", "satisfaction", "remark"),
    ("order", "reopen"): ("condition",),
    ("order", "close"): ("reason",),
    ("response", "arrive"): ("code",),
    ("whistle", "rework"): ("responses", "tasks"),
}


def steps(ref):
    """{(kind, number, verb): who may take it} as far as status and duty go."""
    found = {}
    for paper in ref.all():
        for row in ref.openings(paper):
            people = [who for who in PEOPLE if ref.entitled(paper, row, who)]
            if people:
                found.setdefault((paper.kind, paper.n, row.verb), []).extend(people)
    return found


def births(ref):
    """[(kind, verb, fields, who may)] of papers that could be born."""
    found = []
    for kind, verb, fields in [*whistles(ref), *requests(ref), *supervisions(ref)]:
        paper = ref.blank(kind, **fields)
        rows = [row for row in ref.openings(paper) if row.verb == verb]
        people = [who for who in PEOPLE if any(ref.entitled(paper, row, who) for row in rows)]
        if people:
            found.append((kind, verb, fields, people))
    return found


def whistles(ref):
    for order in ref.papers["order"]:
        whistling = any(whistle.open for whistle in ref.under(order, "whistle"))
        if order.status in ("registered", "accepted") and not whistling:
            yield "whistle", "blow", {"order": order.n, "level": 2}
            holder = "office" if order.holder == "office" else None
            for kind in TYPES:
                yield "whistle", "draft", {"order": order.n, "level": 3, "type": kind}
            if holder:
                yield "whistle", "draft", {"order": order.n, "level": 3, "holder": holder}


def requests(ref):
    for subject in ref.papers["order"] + ref.papers["response"]:
        for kind in asking.MAY if asking.asker_of(subject) else ():
            fields = {"subject": (subject.kind, subject.n), "type": kind}
            before = asking.about(ref, subject, kind)
            try:
                asking.MAY[kind](ref, ref.blank("request", **fields), before)
            except Refused:
                continue
            if not any(other.open for other in before):
                yield "request", "ask", fields


def supervisions(ref):
    for order in ref.papers["order"]:
        for kind in ("supervision", "instruction") if order.open and ref.at_work(order) else ():
            yield "supervision", "issue", {"order": order.n, "type": kind}


class Wishes:
    """Draws what somebody writes into the form of a row."""

    def __init__(self, draw, ref):
        self.draw, self.ref = draw, ref

    def choose(self, *values):
        return self.draw(st.sampled_from(values))

    def given(self, paper, row):
        names = dict.fromkeys((*row.needs, *ALSO.get((paper.kind, row.verb), ())))
        found = {name: self.value(name, paper, row.verb) for name in names}
        if paper.kind == "order" and row.verb == "callback" and found["contacted"] == "no":
            del found["solved"], found["satisfaction"]
        if paper.kind == "order" and row.verb in ("close", "verify") and self.choose(0, 0, 1):
            del found["reason"]
        return found

    def value(self, name, paper, verb):
        if own := getattr(self, f"choose_{name}", None):
            return own(paper, verb)
        return WORDS[name]

    def choose_unit(self, paper, verb):
        if paper.kind == "supervision":
            return self.choose(*sorted(self.ref.at_work(paper.order)), "housing")
        return self.choose(*UNITS[paper.kind, verb].split())

    def choose_section(self, paper, verb):
        return self.choose("section", "office") if paper.unit == "water" else "office"

    def choose_ground(self, paper, verb):
        return GROUNDS.get(paper.kind, "no_power")

    def choose_into(self, paper, verb):
        return self.choose(*(order.n for order in reversed(self.ref.papers["order"])))

    choose_other = choose_into

    def choose_parts(self, paper, verb):
        return self.choose(("换井盖", "清路面"), ("换井盖", "清路面"), ("换井盖",))

    def choose_until(self, paper, verb):
        days = self.choose(1, 3, 20, 0)
        return timezone.localdate(self.ref.now) + datetime.timedelta(days=days)

    def choose_amount(self, paper, verb):
        if paper.kind == "request":
            return Decimal(self.choose(1, 2, 1, 2, 100))
        return Decimal(2)

    def choose_kind(self, paper, verb):
        return self.choose(*TYPES)

    def choose_tasks(self, paper, verb):
        if verb == "rework":
            return self.choose((), (), (("housing", "assist"),))
        return self.choose(*TASKS[:2], *TASKS)

    def choose_responses(self, paper, verb):
        done = [a.n for a in self.ref.responses(paper) if a.status == "done"]
        return self.choose(done, done, done[:1], [])

    def choose_marks(self, paper, verb):
        done = [a.n for a in self.ref.responses(paper) if a.status == "done"]
        marks = {n: 40 for n in done}
        return self.choose(marks, marks, marks, {done[0]: 40}, {0: 40}) if done else marks

    def choose_contacted(self, paper, verb):
        return self.choose("yes", "yes", "no")

    def choose_solved(self, paper, verb):
        return self.choose(True, True, False)

    def choose_yes(self, paper, verb):
        return self.choose("yes", "no")

    def choose_meet_at(self, paper, verb):
        return self.ref.now

    def choose_code(self, paper, verb):
        return self.choose(True, True, None)
