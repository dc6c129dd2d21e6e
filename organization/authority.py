"""Who may do what, where, now. Everything that asks for a permission asks here."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organization.duty import Duty
from organization.models import Absence, Post, Posting, Unit, UnitGrant, User
from organization.models.posts import on


@dataclass(frozen=True)
class Grants:
    """What one person may do now: (duty, unit id) → the post through which it is held.

    `kinds` are the kinds of those units.
    """

    rows: dict[tuple[str, int], int]
    kinds: dict[int, str] = field(default_factory=dict)

    def post_for(self, duty: str, unit: Unit, *, here: bool = False) -> int | None:
        """The post that gives the duty at the unit, the nearest first; None if there is none."""
        places = [unit.pk] if here else reversed(unit.path)
        return next((self.rows[duty, pk] for pk in places if (duty, pk) in self.rows), None)

    def units(self, duty: str) -> frozenset[int]:
        return frozenset(pk for held, pk in self.rows if held == duty)

    def posts(self) -> frozenset[int]:
        return frozenset(self.rows.values())


def active_postings(user: User, now: datetime.datetime | None = None) -> QuerySet[Posting]:
    """The postings through which a person acts now; a deputy acts only for an absent holder."""
    now = now or timezone.now()
    today = on(timezone.localdate(now))
    away = Absence.objects.filter(user=OuterRef("user"), start__lte=now, end__gt=now)
    present = Posting.objects.filter(
        today, ~Exists(away), post=OuterRef("post"), deputy=False, user__is_active=True
    )
    return Posting.objects.filter(today, Q(deputy=False) | ~Exists(present), user=user)


def read_posts(user: User, now: datetime.datetime | None = None) -> frozenset[int]:
    """Asked in every request: only a deputy's posts need the look at who is absent."""
    today = on(timezone.localdate(now or timezone.now()))
    rows = Posting.objects.filter(today, user=user).values_list("post", "deputy")
    held = dict(rows)
    if any(held.values()):
        return frozenset(active_postings(user, now).values_list("post", flat=True))
    return frozenset(held)


def read_grants(posts: frozenset[int]) -> Grants:
    """What these posts may do now."""
    found = UnitGrant.objects.filter(group__post__in=posts)
    columns = ("permission__codename", "content_object_id", "group__post__pk")
    rows = list(found.values_list(*columns, "content_object__kind"))
    return Grants(
        {(duty, unit): post for duty, unit, post, _kind in rows},
        {unit: kind for _duty, unit, _post, kind in rows},
    )


def grants_of(user: User) -> Grants:
    """The person's grants, read once per loaded user (that is: once per request)."""
    if "grants" not in user.__dict__:
        posts = user.__dict__["acting_posts"] = read_posts(user)
        user.__dict__["grants"] = read_grants(posts)
    grants: Grants = user.__dict__["grants"]
    return grants


def holds(user: User, duty: str, unit: Unit, *, here: bool = False) -> bool:
    """Whether the person holds the duty at the unit or above it (`here`: at that very unit)."""
    return user.is_active and grants_of(user).post_for(duty, unit, here=here) is not None


def units_where(user: User, duty: str = Duty.VIEW) -> frozenset[int]:
    """The units on which the duty is granted; it reaches down from each of them."""
    return grants_of(user).units(duty) if user.is_active else frozenset()


def posts_of(user: User) -> frozenset[int]:
    """The posts in which the person acts now, duties or not."""
    if "acting_posts" not in user.__dict__:
        user.__dict__["acting_posts"] = read_posts(user)
    posts: frozenset[int] = user.__dict__["acting_posts"]
    return posts


def posts_holding(duties: Iterable[str], unit: Unit, *, here: bool = False) -> list[Post]:
    """The posts nearest to the unit that hold one of the duties there: whom to tell."""
    places = [unit.pk] if here else unit.path
    grants = UnitGrant.objects.filter(
        permission__codename__in=list(duties), content_object__in=places
    ).select_related("group__post")
    by_unit: dict[int, dict[int, Post]] = {}
    for grant in grants:
        by_unit.setdefault(grant.content_object_id, {})[grant.group.post.pk] = grant.group.post
    nearest = next((pk for pk in reversed(unit.path) if pk in by_unit), None)
    return list(by_unit[nearest].values()) if nearest is not None else []
