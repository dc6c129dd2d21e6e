"""What the login page and the user's own page say about people and posts."""

from dataclasses import dataclass
from typing import Any

from axes.models import AccessLog
from django.utils import timezone

from organization.authority import active_postings, grants_of
from organization.duty import Duty
from organization.models import Posting, Relation, Unit, User
from organization.models.posts import on

# The offices whose sample accounts stand on the login page, in the order of the main job.
DEMO_OFFICES = (
    ("warden", "community"),
    ("street", "streethead"),
    ("district", "liaison", "leader"),
    ("admin",),
)
MOST_LOGINS = 5


@dataclass(frozen=True)
class Seat:
    """A post in which the person acts, and the duties it carries: duty label → unit names."""

    posting: Posting
    duties: dict[str, list[str]]
    relations: list[Relation]

    @property
    def ties(self) -> dict[str, list[str]]:
        """The units to which the post is tied, by relation."""
        found: dict[str, list[str]] = {}
        for relation in self.relations:
            found.setdefault(relation.get_kind_display(), []).append(relation.unit.title)
        return found


def demo_accounts() -> list[dict[str, Any]]:
    """The sample accounts by level, as chips of the login page; none unless the demo is loaded."""
    names = [name for group in DEMO_OFFICES for name in group]
    postings = Posting.objects.filter(
        on(), user__username__in=names, user__demo=True, user__is_active=True
    ).select_related("user", "post__unit")
    found = {p.user.username: p for p in postings.order_by("-pk")}
    groups: list[dict[str, Any]] = []
    for group in DEMO_OFFICES:
        rows = [found[name] for name in group if name in found]
        if rows:
            accounts = [
                {"username": p.user.username, "name": p.user.name, "post": str(p.post)}
                for p in rows
            ]
            groups.append({"group": "", "accounts": accounts})
    return groups


def duty_phone() -> str:
    """Whom to call when logging in fails: the district centre's duty desk."""
    centre = Unit.objects.filter(organ=Unit.CENTRE, kind=Unit.Kind.DEPARTMENT).first()
    return centre.duty_phone if centre else ""


def logins(user: User) -> list[AccessLog]:
    """The last times that somebody logged in as this person, to notice a stranger."""
    known = AccessLog.objects.filter(username=user.username)
    return list(known.order_by("-attempt_time")[:MOST_LOGINS])


def seats(user: User) -> list[Seat]:
    """The person's posts now, each with its duties and where they reach."""
    postings = list(active_postings(user).select_related("post__unit"))
    rows = grants_of(user).rows
    units = Unit.objects.in_bulk({unit for _duty, unit in rows})
    relations = Relation.objects.filter(
        on(timezone.localdate()), post__in=[p.post_id for p in postings]
    ).select_related("unit")
    return [
        Seat(
            posting,
            _duties_of(posting.post_id, rows, units),
            [r for r in relations if r.post_id == posting.post_id],
        )
        for posting in postings
    ]


def _duties_of(
    post: int, rows: dict[tuple[str, int], int], units: dict[int, Unit]
) -> dict[str, list[str]]:
    duties: dict[str, list[str]] = {}
    for (duty, unit), holder in rows.items():
        if holder == post:
            duties.setdefault(str(Duty(duty).label), []).append(units[unit].title)
    return duties
