"""The engine. `transition` and `create` are the only writers of a paper's status."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.authority import acting_words, grants_of
from organization.calendar_words import listed
from organization.models import Post, Unit, User
from workflow import clock, inbox, ladder, numbers, sight, trace
from workflow.attachments import keep
from workflow.errors import NotPossible
from workflow.flow import BACK, NEW, STAY, Step
from workflow.models import Event, Paper
from workflow.stale import check_seen

# Sent inside the transaction (paper, event): receivers only write rows.
moved = Signal()


@dataclass
class Act:
    """One step being taken: what the hooks of a flow get to see and use."""

    paper: Any
    step: Step
    actor: User | None
    post_id: int | None
    now: datetime.datetime
    note: str = ""
    trigger: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    event: Any = None

    def step_on(self, paper: Paper, verb: str, **given: Any) -> Event:
        """Take a step of another paper of the same root, because of this one."""
        if paper is not self.paper.root:
            read_afresh(paper, self.paper.root)
        return take(paper, verb, self.actor, self.now, trigger=self.name, **given)

    def give_birth(self, paper: Paper, verb: str, **given: Any) -> Event:
        """Create another paper of the same root, because of this step."""
        paper.adopt(self.paper.root)
        return _bear(paper, verb, self.actor, self.now, trigger=self.name, **given)

    @property
    def name(self) -> str:
        """How the log of another paper names this step as its cause."""
        return f"{self.paper.flow.name}:{self.paper.pk}:{self.step.verb}"


@transaction.atomic
def transition(
    paper: Paper,
    verb: str,
    *,
    actor: User | None = None,
    note: str = "",
    now: datetime.datetime | None = None,
    trigger: str = "",
    seen: int | None = None,
    **given: Any,
) -> Event:
    """Take one step of a paper and log it, all or nothing.

    Raises NotPossible (wrong state), PermissionDenied (not this person's duty) or ValidationError
    (a rule or an input); MovedOn if the paper is no longer as it was at the `trace_count` that was
    `seen`. `trigger` says which clock takes the step when no person does.
    """
    lock(paper)
    check_seen(paper, seen, verb)
    return take(paper, verb, actor, now or timezone.now(), note=note, trigger=trigger, **given)


@transaction.atomic
def create(
    paper: Paper,
    verb: str,
    *,
    actor: User | None = None,
    note: str = "",
    now: datetime.datetime | None = None,
    trigger: str = "",
    **given: Any,
) -> Event:
    """Bring a paper into being by a step from NEW; errors as in `transition`."""
    model, pk = paper.root_pk()
    if pk is not None and model is not type(paper):
        paper.adopt(model._base_manager.select_for_update().get(pk=pk))
    return _bear(paper, verb, actor, now or timezone.now(), note=note, trigger=trigger, **given)


def offered(paper: Paper, verb: str, actor: User) -> Step:
    """The row that this person would take now; errors as in `transition`."""
    return _row(paper, verb, actor, "")[0]


def options(paper: Paper, actor: User) -> "Iterable[tuple[Step, str]]":
    """The steps a person could think of now, each with why it is missing ('' = may be taken)."""
    acted = paper.acts_of(actor)
    seen: dict[str, tuple[Step, str]] = {}
    personal = [step for step in paper.flow.at(paper.status) if step.personal]
    for step in paper.flow.fitting(paper, personal):
        why = paper.blocked(step) or _refusal(paper, step, actor, acted)[0]
        if step.verb not in seen or not why:
            seen[step.verb] = (step, why)
    return seen.values()


def lock(paper: Paper, *, wait: bool = True) -> bool:
    """Lock the root first, then read the paper afresh: everybody keeps this order.

    Without `wait`, False if somebody else has it.
    """
    model, pk = paper.root_pk()
    locked = model._base_manager.select_for_update(skip_locked=not wait)
    try:
        if model is type(paper):
            paper.refresh_from_db(from_queryset=cast(Any, locked))
        else:
            read_afresh(paper, locked.get(pk=pk))
    except model.DoesNotExist:
        if wait:
            raise
        return False
    return True


def read_afresh(paper: Paper, root: Paper) -> None:
    """Read the paper, and what lies between it and its locked root, anew."""
    between = paper.to_root.rpartition("__")[0]
    papers = type(paper)._base_manager.select_related(between or None)
    paper.refresh_from_db(from_queryset=cast(Any, papers))
    paper.adopt(root)


def take(
    paper: Paper,
    verb: str,
    actor: User | None,
    now: datetime.datetime,
    *,
    note: str = "",
    trigger: str = "",
    **given: Any,
) -> Event:
    """Take a step of a paper whose root is locked already."""
    paper.as_of = now
    sight.load_units(paper)
    act = _begin(paper, verb, actor, now, note, trigger, given)
    before = _values(paper)
    paper.flow.run("rule", act)
    old = paper.status
    if "clock" in given:
        ladder.tell(act)
    _set_status(act)
    clock.turn(act)
    act.event = trace.write(act, old)
    _save_changes(paper, before)
    return _finish(act)


def _bear(
    paper: Paper,
    verb: str,
    actor: User | None,
    now: datetime.datetime,
    *,
    note: str = "",
    trigger: str = "",
    **given: Any,
) -> Event:
    paper.status = NEW
    paper.created = paper.as_of = now
    act = _begin(paper, verb, actor, now, note, trigger, given)
    paper.flow.run("rule", act)
    _set_status(act)
    paper.clean_fields(
        exclude=[f.name for f in paper._meta.fields if f.is_relation or not f.editable]
    )
    paper.pk = numbers.next_key(type(paper))  # what hangs on it comes first: it is written once
    clock.turn(act)
    act.event = trace.write(act, NEW)
    numbers.number(paper, now)
    paper.save(force_insert=True)
    sight.widen(paper)
    return _finish(act)


def _begin(
    paper: Paper,
    verb: str,
    actor: User | None,
    now: datetime.datetime,
    note: str,
    trigger: str,
    given: dict[str, Any],
) -> Act:
    """Check state, then duty, then inputs; the caller learns of the first that fails."""
    step, post_id = _row(paper, verb, actor, trigger)
    _check_given(step, note, given)
    return Act(paper, step, actor, post_id, now, note.strip(), trigger, given)


def _row(paper: Paper, verb: str, actor: User | None, trigger: str) -> tuple[Step, int | None]:
    rows = paper.flow.possible(paper, verb)
    if not rows:
        raise NotPossible(_where_it_stands(paper))
    if why := paper.blocked(rows[0]):
        raise NotPossible(why)
    return _entitled(paper, rows, actor, trigger)


def _where_it_stands(paper: Paper) -> str:
    """Why a step is not possible: who took which step last, and the status since then."""
    last = paper.events.select_related("actor").last() if paper.pk else None  # type: ignore[attr-defined]
    if last is None:
        return _("This cannot be done now: the paper has moved on.")
    words = _("This cannot be done now: after “%(step)s” by %(who)s it stands at “%(status)s”.")
    return words % {
        "step": paper.flow.label(last.verb),
        "who": last.actor or _("the system"),
        "status": paper.get_status_display(),
    }


def _entitled(
    paper: Paper, rows: list[Step], actor: User | None, trigger: str
) -> tuple[Step, int | None]:
    if trigger:
        system = [step for step in rows if not step.personal]
        return (system or rows)[0], None
    if actor is None:
        raise PermissionDenied(_("Nobody is acting."))
    acted = paper.acts_of(actor) if any(step.not_by for step in rows) else set()
    refusals = []
    for step in rows:
        why, post_id = _refusal(paper, step, actor, acted)
        if not why:
            return step, post_id
        refusals.append(why)
    raise PermissionDenied(refusals[0])


def _refusal(paper: Paper, step: Step, actor: User, acted: set[str]) -> tuple[str, int | None]:
    """Why this person may not take the step ('' if he may), and the post he takes it from."""
    if step.duty is None:
        may = bool(step.at) and paper.may(actor, step)
        return ("" if may else _("This step is not yours to take.")), None
    unit = paper.place(step.at)
    if unit is None:
        return _("No unit is named yet for this step."), None
    grants = grants_of(actor)
    post_id = grants.post_for(step.duty, unit, here=step.here)
    if step.leader and post_id not in grants.leading:
        words = _("Only a main leader of %(unit)s may do this: %(who)s.")
        leaders = list(Post.objects.filter(unit=unit, leader=True))
        return words % {"unit": unit.title, "who": listed(acting_words(leaders))}, None
    if post_id is None or not actor.is_active:
        words = _("Needs the duty “%(duty)s” at %(unit)s.")
        return words % {"duty": step.duty.label, "unit": unit.title}, None
    if acted.intersection(step.not_by):
        return _("Who did the work may not also judge it."), None
    return "", post_id


def _check_given(step: Step, note: str, given: dict[str, Any]) -> None:
    full = {**given, "reason": note.strip()}
    missing = [name for name in step.needs if full.get(name) in (None, "", [], ())]
    if missing:
        raise ValidationError({name: _("This must be given.") for name in missing})
    unknown = set(given) - set(step.needs) - set(step.takes)
    if unknown:
        raise ValidationError({name: _("Not asked for by this step.") for name in sorted(unknown)})


def _set_status(act: Act) -> None:
    paper, to = act.paper, act.step.to
    if to == STAY:
        return
    paper.status = paper.back_status() if to == BACK else to
    paper.status_since = act.now


def _values(paper: Paper) -> dict[str, Any]:
    return {f.attname: paper.__dict__.get(f.attname) for f in paper._meta.concrete_fields}


def _save_changes(paper: Paper, before: dict[str, Any]) -> None:
    changed = [name for name, value in _values(paper).items() if value != before[name]]
    paper.save(update_fields=changed)
    units = {f.attname for f in paper._meta.fields if f.related_model is Unit}
    if units.intersection(changed) - {"due_keeper_id"}:
        sight.widen(paper)


def _finish(act: Act) -> Event:
    paper = act.paper
    keep(act)
    paper.flow.run("then", act)
    inbox.tell_next(act)
    sight.record_change(paper, act.now)
    moved.send(type(paper), paper=paper, event=act.event)
    return cast(Event, act.event)
