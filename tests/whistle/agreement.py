"""What must be so after every act: platform and reference say the same, and nothing is stranded."""

from itertools import zip_longest

from django.db.models import Q, prefetch_related_objects

from tests.whistle.reference.deadlines import clocks_of
from tests.whistle.reference.people import SEATS
from whistle.models import (
    Request,
    Response,
    SupervisionOrder,
    Verification,
    Whistle,
    WorkOrder,
)
from workflow.trace import verify_paper

MODELS = {
    "order": WorkOrder,
    "whistle": Whistle,
    "response": Response,
    "request": Request,
    "verification": Verification,
    "supervision": SupervisionOrder,
}
WAYS = {"order": "pk__in", "response": "whistle__order__in"}
SEEN = ("order", "whistle")
SHOWN = ("status", "trace_head", "trace_count", "due_at", "due_what")
FACTS = ("what", "stopped", "paused_at", "started", "due", "next_at", "rung", "version")
# These change nothing that anybody waits for.
IDLE = set("note inform relate unrelate urge check grade assign".split())
IDLE |= set("contact progress card report".split())


def check(twin, whole=False):
    """Logs are looked at where they have grown, all of them at the end (`whole`)."""
    for kind, papers in twin.ref.papers.items():
        rows = rows_of(twin, kind) if papers else []
        assert len(rows) == len(papers), f"{len(rows)} {kind}s for {len(papers)}"
        twin.pks[kind] = [row.pk for row in rows]
        grown = [row for row in rows if whole or twin.heads.get((kind, row.pk)) != row.trace_head]
        prefetch_related_objects(grown, "events__photos")
        twin.heads |= {(kind, row.pk): row.trace_head for row in rows}
        clocks = clocks_by_paper(kind, twin.pks[kind])
        for row, paper in zip(rows, papers, strict=True):
            logs = log_faults(row, paper, twin.world) if row in grown else ()
            for fault in [*logs, *faults(row, paper, clocks.get(row.pk, []))]:
                raise AssertionError(f"{kind} {paper.n}: {fault}")
    check_sight(twin)
    check_plain(twin.ref)


def rows_of(twin, kind):
    mine = Q(**{WAYS.get(kind, "order__in"): twin.pks["order"]})
    if kind == "order":
        mine |= Q(part_of__in=twin.pks["order"])
    rows = MODELS[kind].objects.filter(mine)
    return list(rows.order_by("pk").only(*SHOWN))


def clocks_by_paper(kind, pks):
    """{paper: the facts of its clocks, in the order in which they began}"""
    found = {}
    rows = MODELS[kind].clock_model().objects.filter(paper__in=pks).order_by("pk")
    for paper, *facts in rows.values_list("paper", *FACTS) if pks else ():
        found.setdefault(paper, []).append(tuple(facts))
    return found


def log_faults(row, paper, world):
    yield from verify_paper(row)
    log = sorted(row.events.all(), key=lambda event: event.n)
    steps = [(e.verb, e.old, e.new, world.people.get(e.actor_id), e.at) for e in log]
    yield from unlike("log", steps, [(e.verb, e.old, e.new, e.who, e.at) for e in paper.log])


def faults(row, paper, clocks):
    """How a paper of the platform and its like in the reference differ."""
    yield from unlike("steps", row.trace_count, len(paper.log))
    yield from unlike("status", row.status, paper.status)
    for is_, should_be in zip_longest(clocks, map(told, clocks_of(paper))):
        yield from unlike("a clock", is_, should_be)
    yield from unlike("first due", (row.due_at, row.due_what), first_due(paper))
    if not paper.open and any(stopped is None for _what, stopped, *_rest in clocks):
        yield "is over and its clocks run"


def unlike(name, is_, should_be):
    if is_ != should_be:
        yield f"{name} is {is_}, should be {should_be}"


def told(clock):
    held = clock.stopped, clock.paused
    return (clock.what, *held, clock.started, clock.due, clock.next_at, clock.rung, clock.version)


def first_due(paper):
    running = [clock for clock in clocks_of(paper) if not (clock.stopped or clock.paused)]
    first = min(running, key=lambda clock: clock.due, default=None)
    return (first.due, first.what) if first else (None, "")


def check_sight(twin):
    """Each time of another kind of paper, and of another person."""
    ref, users, names = twin.ref, twin.world.users, twin.world.names
    kind, who = SEEN[ref.seq % 2], sorted(users)[ref.seq % len(users)]
    pks, papers = twin.pks[kind], ref.papers[kind]
    rows = MODELS[kind].sight_model().objects.filter(paper__in=pks).values_list("paper", "unit")
    seen = {(pks.index(paper), names[unit]) for paper, unit in rows if pks}
    assert seen == {(paper.n, unit) for paper in papers for unit in paper.seen}
    visible = MODELS[kind].objects.visible_to(users[who]).filter(pk__in=pks)
    plain = [pk for pk, paper in zip(pks, papers, strict=True) if ref.sees(paper, who)]
    assert sorted(visible.values_list("pk", flat=True)) == plain, f"{who} and {kind}s"


def check_plain(ref):
    """At most one whistle is open, and nothing open waits for nobody."""
    for order in ref.papers["order"]:
        whistles = ref.under(order, "whistle")
        assert len([w for w in whistles if w.open and w.status != "raised"]) <= 1
    for paper in ref.all():
        assert not paper.open or is_awaited(ref, paper), f"{paper.kind} is stranded"


def is_awaited(ref, paper):
    """A clock runs, or somebody of the cast can lead on, or another open paper does so."""
    if any(not clock.paused for clock in paper.running().values()):
        return True
    if paper.root.status == "suspended":
        return paper is not paper.root
    others = ref.papers["whistle"] + ref.papers["response"]
    under = [p for p in others if p.order is paper or getattr(p, "whistle", None) is paper]
    if any(other.open for other in under + [w for w in others if above(w, paper)]):
        return True
    return any(row.verb not in IDLE for who in SEATS for row in ref.may(paper, who))


def above(whistle, paper):
    return getattr(whistle, "raised_from", None) is paper
