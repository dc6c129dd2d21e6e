"""A report from the phone: few fields, one order for one key however often it is sent."""

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from command.category_signs import category_icon
from grids.terrain import locate
from organization.models import User
from whistle.actions.intake import nearby
from whistle.birth import ReportForm
from whistle.models import Category, WorkOrder
from whistle.models.orders import reported_by
from workflow.idempotency import LONGEST_KEY, digest_of, once

FIELDS = ("description", "lng", "lat", "accuracy", "address", "category", "urgency", "result")
OWN_LATELY, ALL_LATELY, KINDS_AT_HAND, MOST_NEAR = 60, 200, 6, 3


class Refused(Exception):
    """The form was refused: its errors say why, and the key stays free."""


class PhoneReport(ReportForm):
    """The source is the patrol itself; the class of problem is the title, else the words are."""

    key = forms.CharField(max_length=LONGEST_KEY)
    fixed = forms.BooleanField(required=False)

    def __init__(self, actor: User, data: Any = None, files: Any = None) -> None:
        super().__init__(actor, data, files)
        self.fields = {name: self.fields[name] for name in (*FIELDS, "photos", "key", "fixed")}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("category") and not given.get("description"):
            self.add_error("category", _("Choose what is wrong, or say it in words."))
        if not given.pop("fixed", False):
            given["result"] = ""
        elif not given.get("result"):
            self.add_error("result", _("Say what was done."))
        title = "" if given.get("category") else given.get("description", "")[:80]
        return given | {"source": WorkOrder.Source.GRID, "title": title}

    def act(self, now: Any) -> WorkOrder:
        del self.cleaned_data["key"]
        return super().act(now)


def send_report(request: HttpRequest, user: User, form: ReportForm) -> str:
    """Make the order of the form, or find the one made under the same key; returns its number.

    Raises Refused, or KeyReused when the key came before with another report.
    """

    def make() -> tuple[int, dict[str, str]]:
        order = take(form)
        return 201, {"number": order.number}

    if not form.is_valid():
        raise Refused
    digest = digest_of(content_of(request), request.FILES.values())
    (_code, body), _again = once(user, form.cleaned_data["key"], digest, make)
    return str(body["number"])


def take(form: ReportForm) -> WorkOrder:
    try:
        order = form.take()
    except PermissionDenied as refusal:
        form.add_error("address", why_refused(form.cleaned_data, refusal))
        order = None
    if order is None:
        raise Refused
    return order


def why_refused(given: dict[str, Any], refusal: PermissionDenied) -> str:
    """What to do, rather than which duty is missing where; the desk has no `result`."""
    if given.get("lng") is not None and locate(given["lng"], given["lat"]).grid is None:
        return _("This place lies outside of the district.")
    if given.get("result"):
        return _("Settle on the spot in your own grid only; report what lies in another.")
    return str(refusal)


def content_of(request: HttpRequest) -> list[Any]:
    """What was reported, without what differs from one attempt to the next."""
    return [
        [name, request.POST.getlist(name)]
        for name in sorted(request.POST)
        if name not in ("csrfmiddlewaretoken", "key")
    ]


def kinds_at_hand(user: User) -> list[dict[str, Any]]:
    """Six classes: what this person reported last, then what is reported most around."""
    own = reported_by(user).exclude(category=None).values_list("category", flat=True)
    ids = list(dict.fromkeys(own[:OWN_LATELY]))
    if len(ids) < KINDS_AT_HAND:
        near = WorkOrder.objects.visible_to(user).exclude(category=None).order_by("-created", "-pk")
        usual = Counter(near.values_list("category", flat=True)[:ALL_LATELY])
        ids = list(dict.fromkeys(ids + [pk for pk, _n in usual.most_common()]))
    known = Category.objects.filter(active=True)
    found = known.in_bulk(ids[: KINDS_AT_HAND * 2])
    kinds = [found[pk] for pk in ids if pk in found][:KINDS_AT_HAND]
    if len(kinds) < KINDS_AT_HAND:
        rest = known.exclude(pk__in=[kind.pk for kind in kinds]).order_by("-kind", "major_code")
        kinds += rest[: KINDS_AT_HAND - len(kinds)]
    return [kind_row(kind) for kind in kinds]


def kind_row(category: Category) -> dict[str, Any]:
    return {
        "id": category.pk,
        "name": category.name,
        "icon": category_icon(category),
        "of": category.major_name,
    }


def known_nearby(user: User, lng: float, lat: float, category: Category) -> list[Any]:
    """Open orders of the class close by that this person may see, the newest first."""
    near = nearby(lng, lat, category).visible_to(user).select_related("category")
    return list(near[:MOST_NEAR])
