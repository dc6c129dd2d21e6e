"""Adding up the days that are over, so that the overview need not count them again.

A day that is over can still change: an order is reopened, called back again, comes into the sight
of another street. Each run therefore adds up anew the days on which anything ever happened to the
orders that have moved since the last one. Running it twice, or late, changes nothing: what is not
summed yet is counted from the papers.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db import transaction
from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils import timezone

from command.models import DayFigures, Summed
from command.overview.days import counted
from command.overview.period import midnight
from organization.models import Unit
from whistle.models import WorkOrder
from whistle.models.orders import WorkOrderClock, WorkOrderEvent
from workflow.live import mark_now, moved_since

VIEWERS = (Unit.Kind.DISTRICT, Unit.Kind.STREET)
MOST = 5000  # orders moved at once: with more, everything is summed anew
DAY = datetime.timedelta(days=1)

Span = tuple[datetime.date, datetime.date]


@transaction.atomic
def sum_days(now: datetime.datetime | None = None) -> int:
    """Add up what is due; returns how many days were summed."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    begun = {"until": first_day(today), "mark": mark_now(), "at": now}
    Summed.objects.get_or_create(pk=1, defaults=begun)
    kept = Summed.objects.select_for_update().get(pk=1)
    kept.mark, moved = moved_since(kept.mark, MOST)
    since = first_day(today) if moved is None else kept.until
    orders = {pk for paper, pk in moved or () if paper == WorkOrder._meta.label_lower}
    late = {day for day in days_of(orders) if day < since}
    spans = [*joined(late), (since, today)]
    for first, end in spans:
        add_up(first, end)
    kept.until, kept.at = max(today, since), now
    kept.save(update_fields=["until", "mark", "at"])
    return sum((end - first).days for first, end in spans)


def first_day(today: datetime.date) -> datetime.date:
    first = WorkOrder.objects.order_by("created").values_list("created", flat=True).first()
    return min(timezone.localdate(first), today) if first else today


def days_of(orders: Iterable[int]) -> set[datetime.date]:
    """Every day on which something happened to the orders, or a limit of theirs ran out."""
    steps = WorkOrderEvent.objects.filter(paper__in=orders).order_by()
    limits = WorkOrderClock.objects.filter(paper__in=orders).order_by()
    taken = steps.annotate(day=TruncDate("at")).values_list("day", flat=True)
    return {*taken.distinct(), *limits.annotate(day=TruncDate("due")).values_list("day", flat=True)}


def joined(days: Iterable[datetime.date]) -> Iterator[Span]:
    """The days as spans (first, the one after the last)."""
    ordered = sorted(days)
    breaks = [n for n, (one, other) in enumerate(pairwise(ordered), 1) if other - one > DAY]
    for begin, end in pairwise([0, *breaks, len(ordered)]):
        if begin < end:
            yield ordered[begin], ordered[end - 1] + DAY


def add_up(first: datetime.date, end: datetime.date) -> None:
    """Write the sums of the days from the first up to the end anew."""
    orders = WorkOrder.objects.filter(part_of=None, sight__unit__kind__in=VIEWERS)
    orders = orders.annotate(viewer=F("sight__unit"))
    found: dict[tuple[int, int | None, datetime.date], Counter[str]] = defaultdict(Counter)
    for viewer, street, day, name, n in counted(
        orders, midnight(first), midnight(end), "viewer", "street"
    ):
        found[viewer, street, day][name] += n
    DayFigures.objects.filter(day__gte=first, day__lt=end).delete()
    DayFigures.objects.bulk_create(
        (
            DayFigures(viewer_id=viewer, street_id=street, day=day, **counts)
            for (viewer, street, day), counts in found.items()
        ),
        batch_size=1000,
    )
