"""What the operator takes in from the hotline, a camera, a letter or a leader."""

from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from command.category_signs import category_icon
from command.wording import say_when
from grids.terrain import Terrain, terrain
from organization.models import Unit, User
from whistle.actions.intake import nearby
from whistle.actions.responses import distance
from whistle.birth import ReportForm
from whistle.models import WorkOrder
from workflow.idempotency import LONGEST_KEY

MOST_NEAR, MOST_PLACES, MOST_ADDRESSES = 4, 8, 40
FEWEST = 2
FIELDS = (
    "source",
    "source_number",
    "source_due",
    "category",
    "title",
    "description",
    "urgency",
    "address",
    "lng",
    "lat",
    "accuracy",
    "reporter_name",
    "reporter_phone",
    "confidential",
    "photos",
)


class IntakeForm(ReportForm):
    """A report typed in at a centre; `seen` are the numbers of the like orders that were shown."""

    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def __init__(self, actor: User, data: Any = None, files: Any = None) -> None:
        super().__init__(actor, data, files)
        own = {name: self.fields[name] for name in ("key", "seen")}
        self.fields = {name: self.fields[name] for name in FIELDS} | own
        self.fields["source"].initial = WorkOrder.Source.HOTLINE
        self.fields["description"].widget.attrs["rows"] = 4
        self.fields["address"].widget.attrs["autocomplete"] = "off"
        self.fields["reporter_phone"].widget.input_type = "tel"
        for name in ("lng", "lat", "accuracy"):
            self.fields[name].widget = forms.HiddenInput()
        self.fields["title"].label = pgettext_lazy("order", "Title")
        self.fields["title"].help_text = _("Left empty, the class of problem is the title.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("title") and not given.get("category"):
            self.add_error("title", _("Give a title or a category."))
        return given

    def unseen(self, given: dict[str, Any]) -> bool:
        """Whether a like order lies nearby that the operator has not been shown."""
        shown = set(given.get("seen", "").split(","))
        found = likely_same(self.actor, given.get("lng"), given.get("lat"), given.get("category"))
        return any(order.number not in shown for order in found)

    def act(self, now: Any) -> WorkOrder:
        """Asked again under its key it is not asked again whether it is a duplicate of itself."""
        if self.unseen(self.cleaned_data):
            words = _("Open orders nearby look the same. Save again if it is none of them.")
            raise ValidationError(words)
        del self.cleaned_data["key"], self.cleaned_data["seen"]
        return super().act(now)


def likely_same(user: User, lng: Any, lat: Any, category: Any) -> list[WorkOrder]:
    """The open orders of the class close by that this person may see, the newest first."""
    if lng is None or lat is None:
        return []
    near = nearby(lng, lat, category).visible_to(user).select_related("category")
    return list(near[:MOST_NEAR])


def same_row(order: WorkOrder, lng: float, lat: float) -> dict[str, Any]:
    """A row of `parts/same.html`; it opens beside the form, so that nothing typed is lost."""
    metres = round(distance(order, lng, lat) or 0)
    facts = [
        str(order.get_source_display()),
        _now("%(n)s m") % {"n": metres},
        say_when(order.created),
        str(order.get_status_display()),
        order.number,
    ]
    return {
        "title": order.title,
        "sub": " · ".join(filter(None, facts)),
        "icon": category_icon(order.category),
        "url": order.get_absolute_url(),
        "beside": True,
    }


def places(user: User, words: str) -> list[dict[str, Any]]:
    """Where it may be: addresses of earlier orders, then grids and communities of that name."""
    words = words.strip()
    if len(words) < FEWEST:
        return []
    return [*known_addresses(user, words), *known_units(terrain(), words)][:MOST_PLACES]


def known_addresses(user: User, words: str) -> list[dict[str, Any]]:
    orders = WorkOrder.objects.visible_to(user).filter(address__contains=words, lng__isnull=False)
    rows = orders.order_by("-created").values_list("address", "lng", "lat")[:MOST_ADDRESSES]
    found = {address: (lng, lat) for address, lng, lat in reversed(rows)}
    return [
        {"name": address, "of": _now("earlier order"), "lng": lng, "lat": lat}
        for address, (lng, lat) in reversed(found.items())
    ][:MOST_PLACES]


def known_units(ground: Terrain, words: str) -> list[dict[str, Any]]:
    """Streets and communities of that name, then grids."""
    wide: dict[Unit, list[Any]] = {}
    rows = []
    for grid, shape in zip(ground.grids, ground.shapes, strict=True):
        for unit in (grid.street, grid.community):
            if words in unit.name:
                wide.setdefault(unit, []).append(shape.representative_point())
        if words in grid.unit.name:
            rows.append(place_row(grid.unit, grid.street.title, shape.representative_point()))
    middles = {unit: shapely.MultiPoint(points).centroid for unit, points in wide.items()}
    above = [place_row(unit, unit.get_kind_display(), at) for unit, at in middles.items()]
    return [*above, *rows][:MOST_PLACES]


def place_row(unit: Unit, of: str, point: Any) -> dict[str, Any]:
    return {"name": unit.name, "of": of, "lng": point.x, "lat": point.y}


def bounds_of(ground: Terrain, units: frozenset[int]) -> str:
    """The part of the map where the person takes reports in: west,south,east,north."""
    pairs = zip(ground.grids, ground.shapes, strict=True)
    own = [shape for grid, shape in pairs if not units.isdisjoint(grid.unit.path)]
    return ",".join(f"{edge:.6f}" for edge in shapely.total_bounds(own)) if own else ""
