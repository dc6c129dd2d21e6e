"""What stands around every page: navigation, phone bar, inbox count, names."""

from dataclasses import dataclass
from functools import cache as cached
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from command.offices import Offices, offices_of
from organization.authority import posts_of
from organization.inbox import unread
from organization.models import Unit, User


@dataclass(frozen=True)
class Room:
    """A page of the navigation: where it is, its sign, for which offices it is meant.

    Who has one of the offices in `unless` finds it inside another room.
    """

    name: str
    icon: str
    label: Any
    offices: frozenset[str]
    unless: frozenset[str] = frozenset()

    def meant_for(self, offices: Offices) -> bool:
        return offices.any_of(self.offices) and not offices.any_of(self.unless)


ROOMS = (
    Room("phone_home", "home", gettext_lazy("Tasks"), frozenset({"field"})),
    Room("desk", "desk", gettext_lazy("Desk"), frozenset({"desk"})),
    Room("intake", "plus", pgettext_lazy("navigation", "Take in"), frozenset({"intake"})),
    Room("hotline", "phone", pgettext_lazy("navigation", "12345"), frozenset({"receiver"})),
    Room("answers", "door", gettext_lazy("Answers"), frozenset({"answerer", "sent"})),
    Room("overview", "chart", gettext_lazy("Overview"), frozenset({"leader", "desk"})),
    Room("confirmations", "checkc", gettext_lazy("To confirm"), frozenset({"confirmer"})),
    Room("work_orders", "list", gettext_lazy("Orders"), frozenset({"viewer"})),
    Room("whistles", "whistle", gettext_lazy("Whistles"), frozenset({"viewer"})),
    Room("requests", "gavel", pgettext_lazy("papers", "Requests"), frozenset({"viewer"})),
    Room(
        "supervisions", "shield", pgettext_lazy("navigation", "Supervision"), frozenset({"viewer"})
    ),
    Room(
        "bulletins",
        "megaphone",
        gettext_lazy("Bulletins"),
        frozenset({"leader", "desk", "answerer", "confirmer"}),
    ),
    Room("grid_map", "map", gettext_lazy("Grid map"), frozenset({"viewer"})),
    Room(
        "administration",
        "cog",
        pgettext_lazy("navigation", "Administration"),
        frozenset({"rules"}),
    ),
    Room(
        "sendings",
        "cog",
        pgettext_lazy("navigation", "Administration"),
        frozenset({"administrator"}),
        unless=frozenset({"rules"}),
    ),
    Room("me", "user", gettext_lazy("Me"), frozenset({"viewer", "administrator", "nobody"})),
)

TABS = (
    ("phone_home", "home", gettext_lazy("Home")),
    ("phone_tasks", "list", gettext_lazy("Tasks")),
    ("phone_report", "plus", gettext_lazy("Report")),
    ("phone_map", "map", gettext_lazy("Map")),
    ("me", "user", gettext_lazy("Me")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; the parts that cost a query are read only where they are shown."""
    shared = {"district": SimpleLazyObject(district), "demo": SimpleLazyObject(has_demo)}
    user = getattr(request, "user", None)  # a request refused at the door has none
    if not isinstance(user, User):
        return shared
    seat = cached(lambda: seat_of(user))
    return shared | {
        "nav": SimpleLazyObject(lambda: navigation(request, offices_of(user))),
        "tabbar": SimpleLazyObject(lambda: tabbar(request, offices_of(user))),
        "unread": SimpleLazyObject(lambda: seat()[1]),
        "inbox_url": reverse("inbox"),
        "post": SimpleLazyObject(lambda: seat()[0]),
        "user_menu": [{"url": reverse("me"), "icon": "user", "label": _("My page")}],
    }


def district() -> dict[str, str]:
    """The district's name; kept for a while, since it changes with a reform of the state."""
    return {"name": caches["process"].get_or_set("district-name", district_name, 300) or ""}


def district_name() -> str:
    unit = Unit.objects.filter(kind=Unit.Kind.DISTRICT).first()
    return unit.name if unit else ""


def has_demo() -> bool:
    found = caches["process"].get_or_set("has-demo", User.objects.filter(demo=True).exists, 300)
    return bool(found)


def seat_of(user: User) -> tuple[str, int]:
    """The post in which the person sits, and how much is unread there, by one query."""
    held = user.postings.filter(post__in=posts_of(user)).select_related("post__unit")
    posting = held.annotate(unread=ArraySubquery(unread(user).values("pk"))).order_by("pk").first()
    return (str(posting.post), len(posting.unread)) if posting else ("", 0)


def navigation(request: HttpRequest, offices: Offices) -> list[dict[str, Any]]:
    rooms = {reverse(room.name): room for room in ROOMS if room.meant_for(offices)}
    here = max((url for url in rooms if request.path.startswith(url)), key=len, default="")
    return [
        {
            "url": url,
            "icon": room.icon,
            "label": room.label,
            "current": url == here,
            "end": room.name == "me",
        }
        for url, room in rooms.items()
    ]


def tabbar(request: HttpRequest, offices: Offices) -> list[dict[str, Any]]:
    """The phone's bottom bar: reporting in the middle for those who report, else the rooms."""
    if not offices.reports:
        rows = navigation(request, offices)
        return [row for row in rows if not row["end"]][:4] + [row for row in rows if row["end"]]
    return [
        {
            "url": reverse(name),
            "icon": icon,
            "label": label,
            "main": name == "phone_report",
            "current": request.path == reverse(name),
        }
        for name, icon, label in TABS
    ]
