"""Storm orders as a table, the form that gives one, and the one that ends it before its time."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from command.administration.forms import EditForm
from organization.models import Unit
from whistle.models import Category
from workflow.fields import MomentField
from workflow.models import PolicyChange, StormOrder

LATEST = 50
AREAS = (Unit.Kind.DISTRICT, Unit.Kind.STREET, Unit.Kind.COMMUNITY)
LONGEST = datetime.timedelta(days=60)


def table(now: datetime.datetime) -> dict[str, list[dict[str, Any]]]:
    """What is in force or to come, and what is over, the newest first."""
    orders = StormOrder.objects.select_related("area", "actor")
    over = Q(ends__lte=now) | Q(ended_at__lte=now)
    return {
        "standing": [row_of(storm, now) for storm in orders.exclude(over)],
        "over": [row_of(storm, now) for storm in orders.filter(over)[:LATEST]],
    }


def row_of(storm: StormOrder, now: datetime.datetime) -> dict[str, Any]:
    return {
        "storm": storm,
        "area": storm.area.title,
        "case": case_word(storm.case),
        "effect": effect_word(storm.effect, storm.percent),
        "begun": storm.starts <= now,
        "end_url": reverse("storm_end", args=[storm.pk]),
    }


def effect_word(effect: str, percent: int | None) -> str:
    if effect == StormOrder.Effect.HOLD:
        return pgettext("storm", "limits held")
    return pgettext("storm", "limits longer by %(percent)s%%") % {"percent": percent}


def case_word(case: str) -> str:
    return dict(cases()).get(case, case) if case else pgettext("storm", "every class")


def cases() -> list[tuple[str, str]]:
    """The major classes in use, as the beginning of a paper's case."""
    rows = Category.objects.filter(active=True).order_by("kind", "major_code")
    return [
        (f"{kind}-{code}", f"{Category.Kind(kind).label} · {name}")
        for kind, code, name in rows.values_list("kind", "major_code", "major_name").distinct()
    ]


def areas() -> list[tuple[str, str]]:
    units = Unit.objects.filter(kind__in=AREAS, valid_to=None).order_by("code")
    indent = {Unit.Kind.COMMUNITY: "　"}
    return [(unit.code, f"{indent.get(Unit.Kind(unit.kind), '')}{unit.name}") for unit in units]


class StormForm(EditForm):
    kind = PolicyChange.Kind.STORM

    effect = forms.ChoiceField(
        label=gettext_lazy("What happens to limits"),
        choices=[
            (
                StormOrder.Effect.HOLD,
                pgettext_lazy("storm", "They are held: no time is counted"),
            ),
            (StormOrder.Effect.STRETCH, pgettext_lazy("storm", "They are made longer")),
        ],
        widget=forms.RadioSelect,
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Longer by (%)"), min_value=1, max_value=900, required=False
    )
    starts = MomentField(
        label=pgettext_lazy("storm", "From"),
        required=False,
        help_text=gettext_lazy("Blank: at once."),
    )
    ends = MomentField(label=pgettext_lazy("storm", "Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.ChoiceField(label=gettext_lazy("Area"), choices=areas())
        self.fields["case"] = forms.ChoiceField(
            label=gettext_lazy("Class of problems"),
            choices=[("", pgettext("storm", "every class")), *cases()],
            required=False,
        )
        self.order_fields(["area", "case", "effect", "percent", "starts", "ends", "reason"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        now = timezone.now()
        starts, ends = given.get("starts") or now, given.get("ends")
        if starts < now - datetime.timedelta(hours=24):
            self.add_error("starts", _("At most a day back: what is long past stays."))
        if ends and (ends <= max(starts, now) or ends - starts > LONGEST):
            self.add_error("ends", _("After its beginning, in the future, at most 60 days later."))
        if given.get("effect") == StormOrder.Effect.STRETCH and not given.get("percent"):
            self.add_error("percent", _("Say by how much."))
        return given

    def body(self) -> dict[str, Any]:
        given = self.cleaned_data
        stretch = given["effect"] == StormOrder.Effect.STRETCH
        return {
            "area": Unit.objects.get(code=given["area"]).pk,
            "case": given["case"],
            "effect": given["effect"],
            "percent": given["percent"] if stretch else None,
            "starts": (given["starts"] or timezone.now()).isoformat(),
            "ends": given["ends"].isoformat(),
            "reason": given["reason"],
            "actor": self.actor.pk,
        }


class CalmForm(EditForm):
    """The end of a storm order before its time: what it holds runs on."""

    kind = PolicyChange.Kind.CALM

    def __init__(self, storm: StormOrder, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storm = storm

    def clean(self) -> dict[str, Any]:
        if self.storm.over <= timezone.now():
            raise ValidationError(_("This order is over already."))
        return super().clean() or {}

    def body(self) -> dict[str, Any]:
        return {"storm": self.storm.pk, "ended_at": timezone.now().isoformat()}
