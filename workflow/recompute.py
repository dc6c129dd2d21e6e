"""Moving many deadlines at once because policy or calendar was edited: shown first, then made.

Not a step for each paper but one act with one row (`PolicyChange`): set-based, in batches whose
root papers are locked in order of their keys, so that people go on working beside it. Aiming a
clock twice gives the same deadline, so a run that was cut off is simply run again.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, F, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.loading.sync import batches
from organization.models import User
from workflow import sight
from workflow.clock import realign
from workflow.edits import Edit, edit_of
from workflow.errors import NotPossible
from workflow.models import PolicyChange
from workflow.trace import paper_models, pauses_by_paper

EXAMPLES = 50
LOCK = 0x60_7C_00_00_02
AIMED = ("amount", "unit", "policy_id", "due", "warn_at", "next_at", "rung", "version")
WRITE = """
UPDATE {clock} SET amount = row.amount, unit = row.unit, policy_id = row.policy_id, due = row.due,
    warn_at = row.warn_at, next_at = row.next_at, rung = row.rung, version = row.version
FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::bigint[], %s::timestamptz[],
    %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[])
    AS row(id, amount, unit, policy_id, due, warn_at, next_at, rung, version)
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
    """How many open clocks move, how many become overdue by it, and which they are."""

    moved: int = 0
    overdue: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def note(self, clock: Any, before: datetime.datetime, now: datetime.datetime) -> None:
        self.moved += 1
        late = clock.due <= now < before
        self.overdue += late
        if len(self.examples) < EXAMPLES or (late and self.overdue <= EXAMPLES):
            self.examples.append(_example(clock, before) | {"overdue": late})

    def nearest(self) -> list[dict[str, Any]]:
        """Those that become overdue before the others, the earliest first."""
        ranked = sorted(self.examples, key=lambda row: (not row["overdue"], row["after"]))
        return ranked[:EXAMPLES]


def _example(clock: Any, before: datetime.datetime) -> dict[str, Any]:
    number, title = clock.paper.subject_line()
    return {
        "number": number,
        "title": title,
        "flow": clock.paper.flow.name,
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
    open_states = (PolicyChange.State.ASKED, PolicyChange.State.ORDERED)
    finished = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            for change in PolicyChange.objects.filter(state__in=open_states).order_by("pk"):
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
    edit.make()
    _run(change, edit, survey, now or timezone.now(), write=True)
    change.state, change.done_at = PolicyChange.State.DONE, timezone.now()
    _save(change, survey)


def _run(
    change: PolicyChange, edit: Edit, survey: Survey, now: datetime.datetime, *, write: bool
) -> None:
    concerned = [(model, _concerned(model, edit)) for model in paper_models()]
    change.total, change.done = sum(len(pks) for _model, pks in concerned), 0
    for model, pks in concerned:
        for batch in batches(pks):
            with transaction.atomic():
                _move(model, batch, edit, survey, now, write=write)
            change.done += len(batch)
            _save(change, survey)


def _save(change: PolicyChange, survey: Survey) -> None:
    change.moved, change.overdue = survey.moved, survey.overdue
    change.examples = survey.nearest()
    change.save()


def _concerned(model: Any, edit: Edit) -> list[int]:
    """The clocks of a flow that the edit could move, in order of their root papers."""
    which = edit.concerns(model.flow.name)
    if which is None:
        return []
    clocks = model.clock_model().objects.filter(which, stopped=None)
    return list(clocks.order_by(_root(model), "pk").values_list("pk", flat=True))


def _root(model: Any) -> str:
    return f"paper__{model.to_root}" if model.to_root else "paper"


def _move(
    model: Any, pks: list[int], edit: Edit, survey: Survey, now: datetime.datetime, *, write: bool
) -> None:
    """Aim a batch of clocks anew, their root papers locked first if it is for good."""
    clocks = model.clock_model().objects.filter(pk__in=pks, stopped=None)
    roots = set(clocks.values_list(_root(model), flat=True))
    root_model = model.root_model()
    if write:
        locked = root_model._base_manager.filter(pk__in=roots).order_by("pk").select_for_update()
        list(locked.values_list("pk", flat=True))
    pauses = pauses_by_paper(root_model, roots, now)
    outer = F(f"paper__{model.to_outer}") if model.to_outer else Value(None, DateTimeField())
    changed = []
    for clock in clocks.select_related("keeper").annotate(root_id=F(_root(model)), outer=outer):
        stood, before = _aim_of(clock), clock.due
        limit = edit.limit(model.flow.name, clock)
        realign(clock, model.flow.name, limit, now, clock.outer, pauses.get(clock.root_id, ()))
        if _aim_of(clock) != stood:
            changed.append(clock)
        if clock.due != before:
            survey.note(clock, before, now)
    if write and changed:
        _write(model, changed, now)


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
