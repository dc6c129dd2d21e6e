"""The inbox of a person: the notices of the posts in which that person acts now."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from organization.authority import posts_of
from organization.models import Notice, User

# Where the papers of each flow stand: the flow's name → the name of its page's URL.
PAGES = {
    "workorder": "work_order",
    "verification": "work_order",
    "whistle": "whistle",
    "response": "whistle",
}


@dataclass(frozen=True)
class InboxPage:
    notices: list[Notice]
    older: str


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(post__in=posts_of(user))


def unread_count(user: User, most: int = 100) -> int:
    """How many are unread, counted no further than `most`."""
    return notices_of(user).filter(read=None)[:most].count()


def page(user: User, *, before: str = "", kind: str = "", size: int = 50) -> InboxPage:
    """One page, newest first; `before` is the key of the last notice seen."""
    notices = notices_of(user).select_related("post__unit").order_by("-id")
    if kind in Notice.Kind.values:
        notices = notices.filter(kind=kind)
    if before.isdecimal():
        notices = notices.filter(pk__lt=int(before))
    rows = list(notices[: size + 1])
    return InboxPage(rows[:size], str(rows[size - 1].pk) if len(rows) > size else "")


def mark_read(ids: list[int], now: datetime.datetime) -> int:
    return Notice.objects.filter(pk__in=ids, read=None).update(read=now)


def url_of(notice: Notice) -> str:
    return reverse(PAGES[notice.flow], args=[notice.number])
