"""The open orders close to an order: what may be the same problem, and its neighbours."""

import datetime
from dataclasses import dataclass, field
from math import hypot
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from command.category_signs import category_icon
from command.countdown import paper_countdown
from command.wording import say_when
from grids.plane import metres_per_degree
from organization.models import User
from whistle.actions.intake import nearby
from whistle.models import WorkOrder
from workflow.buttons import step_url

REACH = 500
MOST = 60
LISTED = 4


@dataclass
class Around:
    """The open orders within 500 metres, the nearest first; `same` may be the same problem."""

    order: WorkOrder
    orders: list[Any] = field(default_factory=list)

    @property
    def same(self) -> list[Any]:
        return [other for other in self.orders if other.same]

    @property
    def others(self) -> list[Any]:
        return [other for other in self.orders if not other.same]


def look_around(order: WorkOrder, user: User) -> Around:
    """What this person may see of it; nothing for an order without a point on the map."""
    if order.lng is None or order.lat is None:
        return Around(order)
    found = list(within_reach(order, user).select_related("category", "holder")[:MOST])
    for other in found:
        other.metres = distance(order, other)
    near = [other for other in found if other.metres <= REACH]
    return Around(order, sorted(near, key=lambda other: other.metres))


def within_reach(order: WorkOrder, user: User) -> QuerySet[Any]:
    """The open orders in the square around it, with whether each may be the same problem."""
    lng, lat = float(order.lng or 0), float(order.lat or 0)
    degree_east, degree_north = metres_per_degree(lat)
    east, north = REACH / degree_east, REACH / degree_north
    like_it = nearby(lng, lat, order.category, order.created).filter(centre=order.centre_id)
    across, along = (F("lng") - lng) * degree_east, (F("lat") - lat) * degree_north
    whole = order.part_of_id or order.pk
    own = Q(pk__in=[order.pk, whole]) | Q(part_of=whole)
    square = WorkOrder.objects.visible_to(user).open().exclude(own)
    return (
        square.filter(lng__range=(lng - east, lng + east), lat__range=(lat - north, lat + north))
        .annotate(same=Exists(like_it.filter(pk=OuterRef("pk"))))
        .order_by(across * across + along * along, "pk")
    )


def distance(order: Any, other: Any) -> int:
    east, north = metres_per_degree(order.lat)
    return round(hypot((other.lng - order.lng) * east, (other.lat - order.lat) * north))


def same_rows(around: Around, next_url: str) -> dict[str, Any]:
    """`parts/near.html` for what may be the same; with `next_url` it can be merged."""
    category = around.order.category
    note = _("within %(metres)s m and %(hours)s h")
    if category is not None:
        note = _("within %(metres)s m and %(hours)s h, same class")
    limits = {
        "metres": category.near_metres if category else 100,
        "hours": category.near_hours if category else 72,
    }
    rows = [same_row(around.order, other, next_url) for other in around.same[:LISTED]]
    return {"title": _("May be the same"), "note": note % limits, "rows": rows}


def same_row(order: WorkOrder, other: Any, next_url: str) -> dict[str, Any]:
    row = {
        "title": other.title,
        "sub": " · ".join(
            [other.get_source_display(), short_number(other), say_metres(other.metres)]
            + [say_when(other.created)]
        ),
        "icon": category_icon(other.category),
        "url": other.get_absolute_url(),
        "hit": True,
    }
    if next_url:
        given = {"into": other.number, "seen": order.trace_count, "next": next_url}
        url = f"{step_url(order, 'merge')}?{urlencode(given)}"
        row |= {"act_url": url, "act": _("Merge")}
    return row


def near_rows(around: Around, now: datetime.datetime) -> dict[str, Any]:
    """`parts/near.html` for the other open orders close by."""
    rows = [near_row(other, now) for other in around.others[:LISTED]]
    count = len(around.others)
    words = _("%(n)s within %(metres)s m") % {"n": count, "metres": REACH}
    return {"title": _("Open nearby"), "note": words, "rows": rows}


def near_row(other: Any, now: datetime.datetime) -> dict[str, Any]:
    place = [other.holder.title] if other.holder else []
    return {
        "title": other.title,
        "sub": " · ".join([*place, other.get_status_display(), say_metres(other.metres)]),
        "icon": category_icon(other.category),
        "url": other.get_absolute_url(),
        "count": paper_countdown(other, now),
    }


def say_metres(metres: int) -> str:
    return _("%(n)s m") % {"n": metres}


def short_number(order: Any) -> str:
    """The serial alone: the street and the year are known from the place."""
    return (order.number or "").rpartition("-")[2]
