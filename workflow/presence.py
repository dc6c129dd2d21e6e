"""Who else has a paper open: pages give a sign of life now and then, and are told of the others.

Rows of the database, so that it needs no other service; only these signs read or write them. The
live stream tells the others' pages to ask again; without it they learn with their next sign.
"""

import datetime
from typing import Any

from organization.models import User
from workflow import sight
from workflow.models import Presence

BEAT = 20
GONE_AFTER = datetime.timedelta(seconds=2.5 * BEAT)


def sign(paper: Any, user: User, now: datetime.datetime, *, writing: bool = False) -> None:
    """The person has the paper open now; `writing`: and is filling in a form of it.

    Who is there already learns at once of somebody new, and of who begins or ends writing.
    """
    before = around(paper, now).filter(user=user).values_list("writing", flat=True).first()
    row = Presence(
        paper=paper._meta.label_lower, paper_id=paper.pk, user=user, seen_at=now, writing=writing
    )
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["paper", "paper_id", "user"],
        update_fields=["seen_at", "writing"],
    )
    if before != writing:
        tell_others(paper, user, now)


def leave(paper: Any, user: User, now: datetime.datetime) -> None:
    if here(paper).filter(user=user).delete()[0]:
        tell_others(paper, user, now)


def tell_others(paper: Any, user: User, now: datetime.datetime) -> None:
    """Nothing is written where nobody else looks."""
    if around(paper, now).exclude(user=user).exists():
        sight.record_presence(paper, now)


def others(paper: Any, user: User, now: datetime.datetime) -> list[Presence]:
    """Those at the paper beside this person: who writes first, then by name."""
    found = around(paper, now).exclude(user=user)
    return list(found.select_related("user").order_by("-writing", "user__name", "pk"))


def around(paper: Any, now: datetime.datetime) -> Any:
    return here(paper).filter(seen_at__gt=now - GONE_AFTER)


def here(paper: Any) -> Any:
    return Presence.objects.filter(paper=paper._meta.label_lower, paper_id=paper.pk)


def prune(now: datetime.datetime) -> int:
    """Forget who left without a word."""
    return int(Presence.objects.filter(seen_at__lte=now - GONE_AFTER).delete()[0])
