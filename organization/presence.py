"""Where somebody is there to act: the duties that are held at units by people present now.

A post is manned by a holder or a deputy who is not away, or (but for a main leader's) by whoever
is on duty for its unit. What nobody mans waits, and the command centre has to know.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from organization.authority import unmanned_posts
from organization.models import Absence, DutyShift, Post, Posting, Unit, UnitGrant
from organization.models.posts import on

Place = tuple[str, int, bool]


@dataclass(frozen=True)
class Presence:
    """(duty, unit id, through a main leader's post?) where somebody is there or holds it at all.

    `manned` are the posts in which somebody is there.
    """

    there: frozenset[Place]
    held: frozenset[Place]
    manned: frozenset[int]

    def anybody(self, duty: str, unit: Unit, *, here: bool = False, leader: bool = False) -> bool:
        """Whether somebody may act now: at the unit or above it (`here`: at that very unit).

        With `leader`, only who is there in the post of a main leader counts.
        """
        return _any(self.there, duty, unit, here, leader)

    def seated(self, duty: str, unit: Unit, *, here: bool = False, leader: bool = False) -> bool:
        """Whether anybody holds the duty, there or away."""
        return _any(self.held, duty, unit, here, leader)


def _any(places: frozenset[Place], duty: str, unit: Unit, here: bool, leader: bool) -> bool:
    posts = (True,) if leader else (True, False)
    units = [unit.pk] if here else unit.path
    return any((duty, pk, leads) in places for pk in units for leads in posts)


def look_around(now: datetime.datetime) -> Presence:
    """Who is where, by three queries over posts and grants, however many papers wait."""
    away = Absence.objects.filter(user=OuterRef("user"), start__lte=now, end__gt=now)
    shifts = DutyShift.objects.filter(unit=OuterRef("unit"), start__lte=now, end__gt=now)
    officer = Exists(shifts.filter(~Exists(away), user__is_active=True))
    nobody = unmanned_posts(now).exclude(officer, leader=False)
    today = on(timezone.localdate(now))
    seats = Posting.objects.filter(today, post=OuterRef("pk"), user__is_active=True)
    manned = Post.objects.exclude(pk__in=nobody.values("pk"))
    return Presence(
        _granted(manned),
        _granted(Post.objects.filter(Exists(seats))),
        frozenset(manned.values_list("pk", flat=True)),
    )


def _granted(posts: QuerySet[Post]) -> frozenset[Place]:
    grants = UnitGrant.objects.filter(group__post__in=posts)
    places = grants.values_list("permission__codename", "content_object", "group__post__leader")
    return frozenset(places.distinct())
