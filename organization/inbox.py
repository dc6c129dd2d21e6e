"""The inbox of a person: the notices of the posts in which that person acts now."""

import datetime
import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from organization.authority import posts_of
from organization.models import Notice, User

# Where the papers of each flow stand: the flow's name → the name of its page's URL.
PAGES = {
    "workorder": "work_order",
    "verification": "work_order",
    "survey": "work_order",
    "request": "work_order",
    "whistle": "whistle",
    "response": "whistle",
    "assignment": "whistle",
    "supervision": "supervision",
}
MOST_UNREAD = 100
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class InboxPage:
    notices: list[Notice]
    older: str


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(post__in=posts_of(user))


def unread(user: User) -> QuerySet[Notice]:
    """What is unread, no further than the bell counts."""
    return notices_of(user).filter(read=None).order_by()[:MOST_UNREAD]


def page(user: User, *, before: str = "", kind: str = "", size: int = 50) -> InboxPage:
    """One page, newest first; `before` is the key of the last notice seen."""
    notices = notices_of(user).select_related("post__unit").order_by("-created", "-id")
    if kind in Notice.Kind.values:
        notices = notices.filter(kind=kind)
    if last := read_key(before):
        moment, pk = last
        notices = notices.filter(Q(created__lt=moment) | Q(created=moment, pk__lt=pk))
    rows = list(notices[: size + 1])
    return InboxPage(rows[:size], write_key(rows[size - 1]) if len(rows) > size else "")


def write_key(notice: Notice) -> str:
    return f"{notice.created.timestamp():.6f}~{notice.pk}"


def read_key(text: str) -> tuple[datetime.datetime, int] | None:
    """The key of a notice; None for anything else."""
    found = re.fullmatch(r"(\d{1,10})\.(\d{6})~(\d{1,18})", text, re.ASCII)
    if found is None:
        return None
    seconds, micro, pk = map(int, found.groups())
    return EPOCH + datetime.timedelta(seconds=seconds, microseconds=micro), pk


def mark_read(ids: list[int], now: datetime.datetime) -> int:
    return Notice.objects.filter(pk__in=ids, read=None).update(read=now)


def url_of(notice: Notice) -> str:
    return reverse(PAGES[notice.flow], args=[notice.number])
