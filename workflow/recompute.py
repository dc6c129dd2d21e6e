"""Moving many deadlines at once because policy or calendar was edited: shown first, then made.

Not a step for each paper but one act with one row (`PolicyChange`): set-based, in batches whose
root papers are locked in order of their keys, so that people go on working beside it. Aiming a
clock twice gives the same deadline, so a run that was cut off is simply run again.
"""

import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, DateTimeField, F, OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.loading.sync import batches
from organization.models import User
from workflow import sight
from workflow.bounds import Ends, bounds_of, outer_ends, root_names
from workflow.clock import pauses_under, re_aim, rungs_of
from workflow.edits import Edit, edit_of
from workflow.errors import NotPossible
from workflow.models import PolicyChange
from workflow.trace import paper_models

EXAMPLES = 50
LOCK = 0x60_7C_00_00_02
# So long other processes may go on starting clocks under what they remember of before the edit.
STALE = 5.0
AIMED = (
    "amount unit policy_id own_from extended storm_id due cut warn_at next_at rung version"
).split()
WRITE = """
UPDATE {clock} SET amount = row.amount, unit = row.unit, policy_id = row.policy_id,
    own_from = row.own_from, due = row.due,
    warn_at = row.warn_at, next_at = row.next_at, rung = row.rung, version = row.version,
    extended = row.extended, storm_id = row.storm_id, cut = row.cut
FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::bigint[], %s::date[], %s::numeric[], %s::bigint[],
    %s::timestamptz[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[])
    AS row(id, amount, unit, policy_id, own_from, extended, storm_id, due, cut, warn_at, next_at,
        rung, version)
WHERE {clock}.id = row.id
"""
SHOW = """
UPDATE {paper} SET due_at = first.due, warn_at = first.warn_at, due_what = first.what,
    due_unit = first.unit, due_keeper_id = first.keeper_id
FROM (SELECT DISTINCT ON (paper_id) * FROM {clock}
      WHERE stopped IS NULL AND paused_at IS NULL AND paper_id = ANY(%s)
      ORDER BY paper_id, due, id) first
WHERE {paper}.id = first.paper_id
"""


@dataclass
class Survey:
    """How many open clocks move, how many become overdue by it, and which they are.

    `ends` are when the clocks of root papers would end, by paper: what lies inside them follows.
    """

    moved: int = 0
    overdue: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    ends: dict[int, Ends] = field(default_factory=dict)

    def note(self, model: Any, moved: list[tuple[Any, datetime.datetime]], now: Any) -> None:
        """Count clocks that moved, each with its deadline before, and name the first of them."""
        late = {clock.pk for clock, before in moved if clock.due <= now < before}
        self.moved += len(moved)
        self.overdue += len(late)
        room = EXAMPLES - len(self.examples)
        ranked = sorted(moved, key=lambda pair: (pair[0].pk not in late, pair[0].due))
        shown = ranked[: max(room, min(len(late), EXAMPLES))]
        papers = _papers(model, [clock.paper_id for clock, _before in shown])
        self.examples += [
            _example(papers[clock.paper_id], clock, before) | {"overdue": clock.pk in late}
            for clock, before in shown
        ]

    def nearest(self) -> list[dict[str, Any]]:
        """Those that become overdue before the others, the earliest first."""
        ranked = sorted(self.examples, key=lambda row: (not row["overdue"], row["after"]))
        return ranked[:EXAMPLES]


def _papers(model: Any, pks: list[int]) -> dict[int, Any]:
    papers = model.objects.select_related(model.to_root) if model.to_root else model.objects
    return papers.in_bulk(pks) if pks else {}


def _example(paper: Any, clock: Any, before: datetime.datetime) -> dict[str, Any]:
    number, title = paper.subject_line()
    return {
        "number": number,
        "title": title,
        "flow": paper.flow.name,
        "clock": clock.what,
        "before": before.isoformat(),
        "after": clock.due.isoformat(),
    }


def ask(
    kind: str,
    body: dict[str, Any],
    *,
    actor: User,
    reason: str,
    now: datetime.datetime | None = None,
) -> PolicyChange:
    """Ask what an edit would move; the worker reckons it, and the page waits for the answer."""
    return PolicyChange.objects.create(
        kind=kind, body=body, reason=reason, actor=actor, asked_at=now or timezone.now()
    )


@transaction.atomic
def order(change: PolicyChange, *, actor: User, now: datetime.datetime | None = None) -> None:
    """Have the edit made, now that its consequences have been seen."""
    _take(change, PolicyChange.State.ORDERED)
    change.ordered_by, change.ordered_at, change.done = actor, now or timezone.now(), 0
    change.save(update_fields=["state", "ordered_by", "ordered_at", "done"])


@transaction.atomic
def drop(change: PolicyChange) -> None:
    _take(change, PolicyChange.State.DROPPED)
    change.save(update_fields=["state"])


def _take(change: PolicyChange, state: str) -> None:
    change.refresh_from_db(from_queryset=PolicyChange.objects.select_for_update())
    if change.state != PolicyChange.State.SHOWN:
        words = _("This change of policy cannot be decided now: it is “%(state)s”.")
        raise NotPossible(words % {"state": change.get_state_display()})
    change.state = state


def work_off(now: datetime.datetime | None = None) -> int:
    """Reckon what was asked and make what was ordered, oldest first; one process at a time."""
    finished = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            for change in PolicyChange.objects.filter(state__in=PolicyChange.OPEN).order_by("pk"):
                act = show if change.state == PolicyChange.State.ASKED else make
                act(change, now)
                finished += 1
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return finished


def show(change: PolicyChange, now: datetime.datetime | None = None) -> None:
    """Find out what the edit would move, and write nothing but that."""
    edit, survey = edit_of(change), Survey()
    with edit.supposed():
        _run(change, edit, survey, now or timezone.now(), write=False)
    change.state = PolicyChange.State.SHOWN
    _save(change, survey)


def make(change: PolicyChange, now: datetime.datetime | None = None) -> None:
    """Write the edit and move the deadlines."""
    edit, survey = edit_of(change), Survey()
    began, now = timezone.now(), now or timezone.now()
    edit.make()
    _run(change, edit, survey, now, write=True)
    time.sleep(STALE)
    _run(change, edit, survey, now, write=True, since=began)
    change.state, change.done_at = PolicyChange.State.DONE, timezone.now()
    _save(change, survey)


def _run(
    change: PolicyChange,
    edit: Edit,
    survey: Survey,
    now: datetime.datetime,
    *,
    write: bool,
    since: datetime.datetime | None = None,
) -> None:
    survey.ends.clear()
    models = sorted(paper_models(), key=lambda model: bool(model.to_root))
    concerned = {model: _concerned(model, edit, since) for model in models}
    change.total = sum(map(len, concerned.values())) + (change.total if since else 0)
    change.done = change.done if since else 0
    for model, pks in concerned.items():
        for turn in _turns(model, pks, survey):
            change.total += len([pk for pk in turn if pk not in pks])
            for batch in batches(turn):
                with transaction.atomic():
                    _move(model, batch, edit, survey, now, write=write)
                change.done += len(batch)
                _save(change, survey)


def _save(change: PolicyChange, survey: Survey) -> None:
    change.moved, change.overdue = survey.moved, survey.overdue
    change.examples = survey.nearest()
    change.save()


def _concerned(model: Any, edit: Edit, since: datetime.datetime | None) -> dict[int, None]:
    """The papers with clocks that the edit could move, in order of their root papers."""
    which = edit.concerns(model)
    if which is None:
        return {}
    clocks = model.clock_model().objects.filter(which, stopped=None)
    if since is not None:
        clocks = clocks.filter(started__gte=since)
    return _papers_of(model, clocks)


def _turns(model: Any, pks: dict[int, None], survey: Survey) -> Iterator[list[int]]:
    """The papers of a kind, those that lie inside others after them."""
    to, _what = model.whole
    rows = model.objects.open().filter(**{f"{to}__isnull": False}) if to else model.objects.none()
    parts = pks.keys() & set(rows.values_list("pk", flat=True))
    first = {pk for pk in pks if pk not in parts}
    yield [pk for pk in pks if pk in first]
    yield [pk for pk in {**dict.fromkeys(parts), **_inside(model, survey)} if pk not in first]


def _inside(model: Any, survey: Survey) -> dict[int, None]:
    """The papers with clocks inside one of a root or a whole paper that has moved: they follow."""
    to, _what = model.whole
    follows = f"paper__{to}" if to else _root(model) if root_names(model.flow) else ""
    if not (follows and survey.ends):
        return {}
    clocks = model.clock_model().objects.filter(stopped=None)
    return _papers_of(model, clocks.filter(**{f"{follows}__in": list(survey.ends)}))


def _papers_of(model: Any, clocks: Any) -> dict[int, None]:
    return dict.fromkeys(clocks.order_by(_root(model), "paper").values_list("paper", flat=True))


def _outer(model: Any) -> dict[str, Any]:
    """What lies around a clock outside of its own paper and root, read with it."""
    source = F(f"paper__{model.to_outer}") if model.to_outer else Value(None, DateTimeField())
    to, what = model.whole
    if not to:
        nothing = Value(None, BigIntegerField()), Value(None, DateTimeField())
        return {"source": source, "whole_id": nothing[0], "whole": nothing[1]}
    running = model.clock_model().objects.filter(
        paper=OuterRef(f"paper__{to}"), what=what, stopped=None
    )
    whole = Subquery(running.values("due")[:1])
    return {"source": source, "whole_id": F(f"paper__{to}"), "whole": whole}


def _root(model: Any) -> str:
    return f"paper__{model.to_root}" if model.to_root else "paper"


def _move(
    model: Any, pks: list[int], edit: Edit, survey: Survey, now: datetime.datetime, *, write: bool
) -> None:
    """Aim the clocks of a batch of papers anew, their root papers locked first if it is for good.

    A clock that is paused has no deadline until its paper is resumed: it only learns of the edit.
    """
    clocks = model.clock_model().objects.filter(paper__in=pks, stopped=None)
    roots = set(clocks.values_list(_root(model), flat=True))
    root_model = model.root_model()
    if write:
        locked = root_model._base_manager.filter(pk__in=roots).order_by("pk").select_for_update()
        list(locked.values_list("pk", flat=True))
    ends = _root_ends(model, roots, {} if write else survey.ends)
    held = pauses_under(root_model, roots, now)
    moved, changed = _aim_all(model, clocks, edit, now, ends, held)
    if not model.to_root:
        for clock, _before in moved:
            survey.ends.setdefault(clock.paper_id, {})[clock.what] = clock.due
    survey.note(model, moved, now)
    if write and changed:
        _write(model, changed, now)


def _aim_all(
    model: Any,
    clocks: Any,
    edit: Edit,
    now: datetime.datetime,
    ends: dict[int, Ends],
    held: dict[int, Any],
) -> tuple[list[tuple[Any, datetime.datetime]], list[Any]]:
    """Aim clocks anew, the outer ones first: (those that moved with their deadlines, all changed)."""
    meant = _meant(model, clocks, edit)
    rows = clocks.select_related("keeper").annotate(root_id=F(_root(model)), **_outer(model))
    own: dict[int, Ends] = {}
    moved, changed = [], []
    for clock in sorted(rows, key=lambda clock: len(model.flow.timer(clock.what).within)):
        stood, before = _aim_of(clock), clock.due
        around = own.setdefault(clock.paper_id, dict(ends.get(clock.root_id, {})))
        if clock.pk in meant:
            edit.adjust(model, clock)
        if clock.paused_at is None:
            rungs = rungs_of(clock, model.flow.name)
            whole = ends.get(clock.whole_id, {}).get(model.whole[1], clock.whole)
            outer = outer_ends(source=clock.source, whole=whole)
            bounds = bounds_of(model.flow, clock, outer, around)
            re_aim(clock, bounds, rungs, now, held.get(clock.root_id, ()))
        around[clock.what] = clock.due
        if _aim_of(clock) != stood:
            changed.append(clock)
        if clock.due != before:
            moved.append((clock, before))
    return moved, changed


def _meant(model: Any, clocks: Any, edit: Edit) -> set[int]:
    """Those of the clocks that the edit itself changes; others may follow them."""
    which = edit.concerns(model)
    return set() if which is None else set(clocks.filter(which).values_list("pk", flat=True))


def _root_ends(model: Any, roots: set[int], supposed: dict[int, Ends]) -> dict[int, Ends]:
    """When the clocks of the roots end inside which these lie: as stored, or as supposed."""
    names = root_names(model.flow) if model.to_root else set()
    if not names:
        return supposed if model.whole[0] else {}
    found: dict[int, Ends] = {pk: {} for pk in roots}
    running = model.root_model().clock_model().objects.filter(paper__in=roots, stopped=None)
    for root, what, due in running.filter(what__in=names).values_list("paper", "what", "due"):
        found[root][what] = due
    for pk in found:
        found[pk] |= supposed.get(pk, {})
    return found


def _aim_of(clock: Any) -> tuple[Any, ...]:
    return tuple(getattr(clock, name) for name in AIMED)


def _write(model: Any, clocks: list[Any], now: datetime.datetime) -> None:
    tables = {"clock": model.clock_model()._meta.db_table, "paper": model._meta.db_table}
    columns = zip(*[(clock.pk, *_aim_of(clock)) for clock in clocks], strict=True)
    papers = sorted({clock.paper_id for clock in clocks})
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(**tables), [list(column) for column in columns])
        cursor.execute(SHOW.format(**tables), [papers])
    sight.record_changes(model, papers, now)
