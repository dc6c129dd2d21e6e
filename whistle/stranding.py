"""Finding the papers whose next step nobody can take: holder away or missing, nobody stands in.

Looked for by a worker, not by a request. It asks which units the awaited steps want and who is
there; papers are read only where the look finds nobody, so the cost follows the number of units.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from organization.authority import posts_holding
from organization.duty import Duty
from organization.models import Notice, Unit
from organization.presence import Presence, look_around
from whistle.models import Stranded
from workflow.flow import Flow, Step
from workflow.trace import paper_models

LOCK = 0x60_7C_00_00_03
SAME = ("verb", "duty", "unit_id", "why")


@transaction.atomic
def look(now: datetime.datetime | None = None) -> int:
    """Keep the rows in step with who is there; returns how many papers nobody can act on."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    found = {(row.flow, row.paper): row for row in find(now)}
    known = {(row.flow, row.paper): row for row in Stranded.objects.all()}
    gone = [row.pk for key, row in known.items() if key not in found]
    Stranded.objects.filter(pk__in=gone).delete()
    for key in known.keys() & found.keys():
        _follow(known[key], found[key])
    fresh = [row for key, row in found.items() if key not in known]
    Stranded.objects.bulk_create(fresh)
    _tell(fresh, now)
    return len(found)


def _follow(row: Stranded, found: Stranded) -> None:
    """The paper has moved on to another step that nobody takes, or the reason is another."""
    if any(getattr(row, name) != getattr(found, name) for name in SAME):
        for name in SAME:
            setattr(row, name, getattr(found, name))
        row.save(update_fields=SAME)


def find(now: datetime.datetime) -> Iterator[Stranded]:
    presence = look_around(now)
    units = read_units()
    for model in paper_models():
        for status in model.flow.awaits:
            steps = awaited(model.flow, status)
            if suspects := _suspects(model, status, steps, presence, units):
                for paper in _read(model, suspects, units):
                    if step := _wanting(paper, steps, presence):
                        yield _row(paper, step, presence, now)


def read_units() -> dict[int, Unit]:
    """Every unit with the one above it."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for unit in units.values():
        unit.parent = units.get(unit.parent_id or 0)
    return units


def awaited(flow: Flow, status: str) -> list[Step]:
    """The steps that a status waits for and that only people take."""
    verbs = flow.awaits[status]
    alone = {step.verb for step in flow.at(status) if not step.personal}
    return [
        step
        for step in flow.at(status)
        if step.verb in verbs and step.personal and step.verb not in alone
    ]


def _suspects(
    model: Any, status: str, steps: list[Step], presence: Presence, units: dict[int, Unit]
) -> Any:
    """The papers that want somebody at a unit where there is nobody; None if there are none."""
    papers = model._base_manager.filter(status=status)
    q = Q()
    for step in held(steps):
        way = model.ways.get(step.at)
        if way is None:  # reckoned by the paper itself, of which there are few
            return papers
        wanted = papers.order_by().values_list(way, flat=True).distinct()
        empty = [pk for pk in wanted if pk and not _anybody(step, units[pk], presence)]
        if empty:
            q |= Q(**{f"{way}__in": empty})
    return papers.filter(q) if q else None


def _read(model: Any, papers: Any, units: dict[int, Unit]) -> Iterator[Any]:
    """The papers with what names their places: the units that they and those above them name."""
    for paper in papers.select_related(*filter(None, [model.to_root])):
        for one in (paper, paper.root, getattr(paper, "whistle", None)):
            for f in one._meta.fields if one is not None else ():
                if f.related_model is Unit:
                    f.set_cached_value(one, units.get(getattr(one, f.attname)))
        yield paper


def _wanting(paper: Any, steps: list[Step], presence: Presence) -> Step | None:
    """The first awaited step of a duty whose every way is shut."""
    fitting = paper.flow.fitting(paper, steps)
    for step in held(fitting):
        ways = [way for way in fitting if way.verb == step.verb]
        if not any(_open(paper, way, presence) for way in ways):
            return step
    return None


def held(steps: Iterable[Step]) -> list[Step]:
    """Those for which a duty is wanted, as against those meant for persons of the paper."""
    return [step for step in steps if step.duty is not None]


def _open(paper: Any, step: Step, presence: Presence) -> bool:
    if step.duty is None:
        return any(post.pk in presence.manned for post in paper.posts_meant(step))
    unit = paper.place(step.at)
    return unit is not None and _anybody(step, unit, presence)


def _anybody(step: Step, unit: Unit, presence: Presence) -> bool:
    return presence.anybody(step.duty or "", unit, here=step.here, leader=step.leader)


def _row(paper: Any, step: Step, presence: Presence, now: datetime.datetime) -> Stranded:
    unit = paper.place(step.at) or paper.root.centre
    seated = presence.seated(step.duty or "", unit, here=step.here, leader=step.leader)
    return Stranded(
        order=paper.root,
        flow=paper.flow.name,
        paper=paper.pk,
        number=paper.subject_line()[0],
        verb=step.verb,
        duty=step.duty or "",
        unit=unit,
        why=Stranded.Why.AWAY if seated else Stranded.Why.VACANT,
        since=now,
    )


def _tell(rows: list[Stranded], now: datetime.datetime) -> None:
    """The district's centre learns of each paper once."""
    district = Unit.objects.filter(kind=Unit.Kind.DISTRICT).first() if rows else None
    if district is None:
        return
    posts = posts_holding([Duty.DISPATCH, Duty.SUPERVISE], district.centre())
    Notice.objects.bulk_create(
        Notice(
            post=post,
            kind=Notice.Kind.STRANDED,
            flow=row.flow,
            number=row.number,
            title=row.order.title[:120],
            verb=row.verb,
            created=now,
        )
        for row in rows
        for post in posts
    )
