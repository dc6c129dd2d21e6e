"""Who may do what, where, now. Everything that asks for a permission asks here."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organization.duty import Duty
from organization.models import Absence, DutyShift, Post, Posting, Unit, User
from organization.models.posts import on

# Asked in every request, so written out: to build it anew costs more than to answer it.
_GRANTED = """
SELECT posting.post_id, posting.deputy, duty.codename, granted.content_object_id, unit.kind,
    post.leader
FROM (
    SELECT held.post_id, held.deputy FROM organization_posting held
    WHERE held.user_id = %(user)s AND held.valid_from <= %(day)s
        AND (held.valid_to IS NULL OR held.valid_to >= %(day)s)
    UNION ALL
    SELECT seat.id, true FROM organization_dutyshift shift
    JOIN organization_post seat ON seat.unit_id = shift.unit_id AND NOT seat.leader
    WHERE shift.user_id = %(user)s AND shift.start <= %(now)s AND shift."end" > %(now)s
) posting
JOIN organization_post post ON post.id = posting.post_id
LEFT JOIN (
    organization_unitgrant granted
    JOIN auth_permission duty ON duty.id = granted.permission_id
    JOIN organization_unit unit ON unit.id = granted.content_object_id
) ON granted.group_id = post.group_id
"""

# Asked in nearly every step: whom to tell.
_HOLDING = """
SELECT post.*, granted.content_object_id AS granted_on
FROM organization_unitgrant granted
JOIN auth_permission duty ON duty.id = granted.permission_id
JOIN organization_post post ON post.group_id = granted.group_id
WHERE duty.codename = ANY(%s) AND granted.content_object_id = ANY(%s)
"""


@dataclass(frozen=True)
class Grants:
    """What one person may do now: (duty, unit id) → the post through which it is held.

    `kinds` are the kinds of those units; `acting` the posts in which he acts, duties or not;
    `leading` those of them that are a main leader's. Where two posts give one duty at one unit,
    it is held through that of the main leader.
    """

    rows: dict[tuple[str, int], int]
    kinds: dict[int, str] = field(default_factory=dict)
    acting: frozenset[int] = frozenset()
    leading: frozenset[int] = frozenset()

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


def posts_on_duty(user: User, now: datetime.datetime | None = None) -> QuerySet[Post]:
    """The posts for which a person acts by being on duty: neither holder nor deputy is there."""
    now = now or timezone.now()
    shifts = DutyShift.objects.filter(user=user, start__lte=now, end__gt=now)
    return unmanned_posts(now).filter(leader=False, unit__in=shifts.values("unit"))


def unmanned_posts(now: datetime.datetime) -> QuerySet[Post]:
    """The posts of which no holder and no deputy is there."""
    away = Absence.objects.filter(user=OuterRef("user"), start__lte=now, end__gt=now)
    today = on(timezone.localdate(now))
    there = Posting.objects.filter(today, ~Exists(away), post=OuterRef("pk"), user__is_active=True)
    return Post.objects.filter(~Exists(there))


def read_grants(user: User, now: datetime.datetime | None = None) -> Grants:
    """What a person may do now; only who stands in needs the look at who is absent.

    The duty officer acts for the posts of his unit, but administers nothing.
    """
    now = now or timezone.now()
    given: dict[str, Any] = {"user": user.pk, "day": timezone.localdate(now), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, given)
        rows = sorted(cursor.fetchall(), key=lambda row: bool(row[5]))
    acting, own = frozenset(row[0] for row in rows), None
    if any(row[1] for row in rows):
        own = frozenset(active_postings(user, now).values_list("post", flat=True))
        acting = own | frozenset(posts_on_duty(user, now).values_list("pk", flat=True))
    leading = frozenset(row[0] for row in rows if row[5]) & acting
    held = [
        (duty, unit, kind, post)
        for post, _, duty, unit, kind, _ in dict.fromkeys(rows)
        if post in acting and not (duty == Duty.ADMINISTER and own is not None and post not in own)
    ]
    return Grants(
        {(duty, unit): post for duty, unit, _kind, post in held if duty is not None},
        {unit: kind for duty, unit, kind, _post in held if duty is not None},
        acting,
        leading,
    )


def grants_of(user: User) -> Grants:
    """The person's grants, read once per loaded user (that is: once per request)."""
    if "grants" not in user.__dict__:
        user.__dict__["grants"] = read_grants(user)
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
    return grants_of(user).acting


def acting_in(posts: Iterable[int], now: datetime.datetime | None = None) -> dict[int, list[User]]:
    """Who acts in each of the posts now: its holders, their deputies while all of them are away.

    Where there is no deputy either, the absent holders are named.
    """
    now = now or timezone.now()
    away = Absence.objects.filter(user=OuterRef("user"), start__lte=now, end__gt=now)
    rows = Posting.objects.filter(
        on(timezone.localdate(now)), post__in=posts, user__is_active=True
    ).annotate(away=Exists(away))
    by_post: dict[int, list[Posting]] = {pk: [] for pk in posts}
    for row in rows.select_related("user").order_by("pk"):
        by_post[row.post_id].append(row)
    return {pk: [row.user for row in _acting(own)] for pk, own in by_post.items()}


def acting_words(posts: Iterable[Post]) -> list[str]:
    """Each post by its name, with who acts in it now."""
    posts = list(posts)
    people = acting_in([post.pk for post in posts])
    return [" ".join([post.name, *map(str, people[post.pk])]) for post in posts]


def _acting(rows: list[Posting]) -> list[Posting]:
    holders = [row for row in rows if not row.deputy]
    present = [row for row in holders if not row.away]  # type: ignore[attr-defined]
    return present or [row for row in rows if row.deputy] or holders


def posts_holding(duties: Iterable[str], unit: Unit, *, here: bool = False) -> list[Post]:
    """The posts nearest to the unit that hold one of the duties there: whom to tell."""
    places = [unit.pk] if here else unit.path
    by_unit: dict[int, dict[int, Post]] = {}
    for post in Post.objects.raw(_HOLDING, [[str(duty) for duty in duties], places]):
        granted_on: int = post.granted_on  # type: ignore[attr-defined]
        by_unit.setdefault(granted_on, {})[post.pk] = post
    nearest = next((pk for pk in reversed(unit.path) if pk in by_unit), None)
    return list(by_unit[nearest].values()) if nearest is not None else []
