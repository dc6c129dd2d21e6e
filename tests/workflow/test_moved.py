"""What moved since a mark: each change is told by exactly one of a chain of reads."""

from django.utils import timezone

from tests.committed import db
from workflow.live import mark_now, moved_since
from workflow.models import Change

__all__ = ["db"]


def move(*papers):
    Change.objects.bulk_create(
        Change(at=timezone.now(), paper="whistle.workorder", paper_id=pk, units=[1])
        for pk in papers
    )


def test_what_moved_since_a_mark_is_told_once(db):
    first = mark_now()
    move(1, 2, 1)
    second, moved = moved_since(first, 10)
    assert moved == {("whistle.workorder", 1), ("whistle.workorder", 2)}
    assert moved_since(second, 10)[1] == set()


def test_too_much_or_too_long_ago_is_not_told_in_part(db):
    mark = mark_now()
    move(1, 2, 3)
    assert moved_since(mark, 2)[1] is None
    long_ago = "1-" + mark.partition("-")[2]
    assert moved_since(long_ago, 10)[1] is None
