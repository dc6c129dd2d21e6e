"""Whom an unanswered clock tells: holder, head of the unit, unit above, leader in charge."""

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from organization.authority import posts_holding
from organization.models import Notice, Outbox, Post, Relation
from organization.models.posts import on
from organization.outbox import call_duty_phone
from workflow.models import Rung

if TYPE_CHECKING:
    from workflow.actions import Act

# Whom a rung tells: everybody up to its own place, so that a card is told to all of them.
HEIGHTS = {does: height for height, does in enumerate(Rung.Does.values)}
HEAD, ABOVE, LEADER = (HEIGHTS[does] for does in ("head", "above", "leader"))


def audience(paper: Any, clock: Any, does: str, day: datetime.date) -> list[Post]:
    """The posts that a rung tells; each rung tells those of the lower ones again."""
    unit, height = paper.clock_unit(clock.what), HEIGHTS[does]
    posts = list(_holders(paper, clock, unit))
    if height >= HEAD:
        posts += Post.objects.filter(head=True, unit=unit)
        posts += paper.also_told(clock.what)
    if height >= ABOVE:
        posts += Post.objects.filter(head=True, unit=unit.parent_id)
    if height >= LEADER:
        posts += Post.objects.filter(
            Q(pk__in=_leaders_of(unit, day)) | Q(leader=True, unit__in=unit.path)
        )
    return list({post.pk: post for post in posts}.values())


def _holders(paper: Any, clock: Any, unit: Any) -> list[Post]:
    verbs = paper.flow.timer(clock.what).stops
    rows = [s for s in paper.flow.steps if s.verb in verbs and s.duty is not None]
    duties = {s.duty for s in rows if not s.when}
    duties |= {s.duty for s in paper.flow.fitting(paper, [s for s in rows if s.duty not in duties])}
    return posts_holding(duties, unit)


def _leaders_of(unit: Any, day: datetime.date) -> list[int]:
    """The posts in charge of the unit (分管) or of the nearest unit above that has such a post."""
    posts = Post.objects.filter(
        on(day, "relations__"),
        relations__unit__in=unit.path,
        relations__kind=Relation.Kind.IN_CHARGE,
    )
    rows = posts.values_list("relations__unit", "pk")
    nearest = next((pk for pk in reversed(unit.path) if any(u == pk for u, _p in rows)), None)
    return [post for place, post in rows if place == nearest]


def tell(act: "Act") -> None:
    """Write the notices (and, for urgent clocks, the call to the duty phone) of one rung."""
    clock, paper = act.given["clock"], act.paper
    rung = clock.reached
    kind = Notice.Kind.SOON if rung.warns else Notice.Kind.LATE
    posts = audience(paper, clock, rung.does, timezone.localdate(act.now))
    prefetch_related_objects(posts, "unit")
    Notice.objects.bulk_create(
        paper.notice(post, kind, act.step.verb, act.now, clock=clock.what) for post in posts
    )
    act.data["rung"] = rung.does
    act.data["told"] = [str(post) for post in posts]
    if clock.what in paper.phoned:
        number, title = paper.subject_line()
        call_duty_phone(
            paper.clock_unit(clock.what),
            key=f"{paper.flow.name}:{paper.pk}:{clock.what}:{clock.rung}:{clock.version}",
            kind=Outbox.Kind.REMIND if rung.warns else Outbox.Kind.ALARM,
            subject=f"{title} ({number})",
            text=paper.phone_text(clock),
            now=act.now,
        )
