"""The catalogue of parts for engineers: every part and state, through the real fragments."""

import datetime
import json
import math
import re
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from command.countdown import Countdown
from command.lanes import Lane, Leg, lay_out
from organization.models import User

SAMPLES = settings.BASE_DIR / "fixtures" / "parts.json"
RELATIVE = re.compile(r"@([+-]?\d+)")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
CENTRE, STEP = (118.7905, 32.0225), (0.0021, 0.00155)


class SampleForm(forms.Form):
    """One field of each look."""

    unit = forms.ChoiceField(label=_("Unit"), choices=lambda: read_samples()["units"])
    contacted = forms.ChoiceField(
        label=_("Solved"), choices=[("yes", _("yes")), ("no", _("no"))], widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    told = forms.BooleanField(label=_("The reporter has been told"), required=False)
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    file = forms.FileField(label=_("Attachment"), required=False)
    note = forms.CharField(
        label=_("Note"), help_text=_("At most 500 characters"), widget=forms.Textarea({"rows": 3})
    )


def parts(request: HttpRequest) -> HttpResponse:
    open_to_engineers()
    samples = fill(read_samples(), timezone.now())
    context = samples.pop("frame") | samples
    context |= {
        "demo": True,
        "lanes": lay_lanes(samples["lanes"]),
        "form": SampleForm({"told": True, "note": ""}),
    }
    return render(request, "command/parts.html", context)


def sample_data(request: HttpRequest, name: str) -> JsonResponse:
    """What the sample maps and the category search ask for."""
    open_to_engineers()
    made = {
        "grids": grid_shapes,
        "outline": outline_shapes,
        "figures": lambda: {f"G{i}{j}": {"open": (i * j) % 7} for i in range(5) for j in range(5)},
        "locate": lambda: read_samples()["located"],
        "kinds": lambda: read_samples()["kinds"],
    }
    if name not in made:
        raise Http404
    return JsonResponse(made[name](), safe=False)


def open_to_engineers() -> None:
    """The catalogue is no part of a real district's site."""
    if not (settings.DEBUG or User.objects.filter(demo=True).exists()):
        raise Http404


@cache
def read_samples() -> dict[str, Any]:
    return json.loads(SAMPLES.read_text(encoding="utf-8"))


def fill(value: Any, now: datetime.datetime) -> Any:
    """Turn "@-22" (minutes from now) and exact times into moments, all the way down."""
    if isinstance(value, dict):
        return {key: fill(each, now) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, now) for each in value]
    if isinstance(value, str) and (found := RELATIVE.fullmatch(value)):
        return now + datetime.timedelta(minutes=int(found[1]))
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.datetime.fromisoformat(value)
    return value


def lay_lanes(sample: dict[str, Any]) -> dict[str, Any]:
    lanes = [Lane(**{**row, "legs": [leg(each) for each in row["legs"]]}) for row in sample["rows"]]
    return lay_out(lanes, sample["now"], sample["title"])


def leg(sample: dict[str, Any]) -> Leg:
    return Leg(**{**sample, "count": Countdown(**sample["count"])})


def corner(i: int, j: int) -> list[float]:
    """A corner of the sample lattice, bent a little so that it does not look like graph paper."""
    x = i - 2.5 + 0.25 * math.sin(2.1 * i + 1.3 * j)
    y = j - 2.5 + 0.25 * math.cos(1.7 * i - 2.3 * j)
    return [round(CENTRE[0] + x * STEP[0], 6), round(CENTRE[1] + y * STEP[1], 6)]


def grid_shapes() -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"G{i}{j}", "name": f"G{i}{j}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [corner(i + a, j + b) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
                ],
            },
        }
        for i in range(5)
        for j in range(5)
    ]
    return {"type": "FeatureCollection", "features": features}


def outline_shapes() -> dict[str, Any]:
    across = [corner(i, 3) for i in range(6)]
    down = [corner(3, j) for j in range(6)]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"kind": kind, "name": ""},
                "geometry": {"type": "LineString", "coordinates": line},
            }
            for kind, line in (("community", across), ("street", down))
        ],
    }
