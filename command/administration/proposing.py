"""Edits of the rules as a program sends them: typed first, then put to the forms of the pages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers

from command.administration.days import DaysForm
from command.administration.filings import FilingForm
from command.administration.forms import EditForm
from command.administration.hours import HoursForm
from command.administration.ladders import LadderForm, known_place
from command.administration.limits import LimitForm
from command.administration.silence import SilenceForm
from command.administration.storms import CalmForm, StormForm
from command.administration.tellings import TellingForm
from organization.calendar import TimeUnit
from organization.models import Unit, User
from whistle.models import Condition
from whistle.models.reporter_texts import LONGEST, VERBS
from whistle.models.silence import KINDS as SILENT
from whistle.models.silence import OUTCOMES
from workflow.models import PolicyChange, Rung, StormOrder

LARGEST_KEY = 2**62
KINDS = {"holiday": "休", "workday": "班", "": "按星期"}


class Proposal(serializers.Serializer):
    """What every proposal gives: the reason, which stays in the log."""

    reason = serializers.CharField(max_length=300)
    # What the form of the page calls an input that is another one here.
    named: ClassVar[dict[str, str]] = {}

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        """The form of the page with what was given."""
        raise NotImplementedError


def propose(read: Proposal, actor: User) -> PolicyChange:
    """Ask what the edit would move; raises ValidationError naming each input that is wrong."""
    form = read.form(actor, dict(read.validated_data))
    change = form.take()
    if change is None:
        faults = form.errors.as_data().items()
        raise ValidationError({read.named.get(name, name): found for name, found in faults})
    found: PolicyChange = change
    return found


class VersionProposal(Proposal):
    amount = serializers.DecimalField(6, 2)
    unit = serializers.ChoiceField(TimeUnit.choices)
    valid_from = serializers.DateField()
    sample = serializers.BooleanField(default=False)


class LimitProposal(VersionProposal):
    named: ClassVar[dict[str, str]] = {"leg": "clock"}
    flow = serializers.CharField(max_length=20)
    clock = serializers.CharField(max_length=12)
    kind = serializers.CharField(max_length=12, default="", allow_blank=True)
    area = serializers.CharField(max_length=1, default="", allow_blank=True)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        flow, clock, kind = given.pop("flow"), given.pop("clock"), given["kind"]
        given |= {"leg": f"{flow}:{clock}", "kind": f"{flow}:{kind}" if kind else ""}
        return LimitForm(actor, given)


class FilingProposal(VersionProposal):
    condition = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        known = Condition.objects.filter(active=True)
        return FilingForm(get_object_or_404(known, pk=given.pop("condition")), actor, given)


class SilenceProposal(Proposal):
    kind = serializers.ChoiceField(SILENT)
    outcome = serializers.ChoiceField(OUTCOMES)
    valid_from = serializers.DateField()
    sample = serializers.BooleanField(default=False)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        return SilenceForm(given.pop("kind"), actor, given)


class TellingProposal(Proposal):
    """The text of a step; `category` as kind and codes (event-05-07), blank for all classes."""

    verb = serializers.ChoiceField(VERBS)
    category = serializers.CharField(max_length=20, default="", allow_blank=True)
    text = serializers.CharField(max_length=LONGEST, allow_blank=True)
    valid_from = serializers.DateField()
    sample = serializers.BooleanField(default=False)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        return TellingForm(actor, given)


class RungProposal(serializers.Serializer):
    percent = serializers.IntegerField(min_value=1, max_value=100, allow_null=True, default=None)
    after = serializers.DecimalField(6, 2, allow_null=True, default=None)
    does = serializers.ChoiceField(Rung.Does.choices)


class LadderProposal(Proposal):
    flow = serializers.CharField(max_length=20, default="", allow_blank=True)
    clock = serializers.CharField(max_length=12, default="", allow_blank=True)
    kind = serializers.CharField(max_length=12, default="", allow_blank=True)
    unit = serializers.ChoiceField(TimeUnit.choices)
    valid_from = serializers.DateField()
    rungs = RungProposal(many=True, max_length=12)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        place = known_place({name: given.pop(name) for name in ("flow", "clock", "kind")})
        if place is None:
            raise ValidationError({"flow": _("There is no such flow, clock or kind.")})
        given |= rows_as_forms("rungs", given.pop("rungs"))
        return LadderForm(place, [], actor, given)


class DayProposal(serializers.Serializer):
    """A day off, a day worked, or (blank) a day that follows the week again."""

    date = serializers.DateField()
    kind = serializers.ChoiceField([*KINDS], allow_blank=True)
    name = serializers.RegexField(r"^\S{0,20}$", default="", allow_blank=True)


class CalendarProposal(Proposal):
    days = DayProposal(many=True, min_length=1, max_length=400)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        lines = [f"{row['date']} {KINDS[row['kind']]} {row['name']}" for row in given.pop("days")]
        return DaysForm(actor, given | {"days": "\n".join(lines)})


class SeasonProposal(serializers.Serializer):
    """From a day of the year to another, as 05-01; periods as 09:00-12:00 14:00-18:00."""

    first = serializers.CharField(max_length=5)
    last = serializers.CharField(max_length=5)
    periods = serializers.CharField(max_length=60)


class HoursProposal(Proposal):
    unit = serializers.CharField(max_length=16, default="", allow_blank=True)
    valid_from = serializers.DateField()
    seasons = SeasonProposal(many=True, max_length=12)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        code = given.pop("unit")
        unit = get_object_or_404(Unit, code=code) if code else None
        return HoursForm(unit, actor, given | rows_as_forms("seasons", given.pop("seasons")))


class StormProposal(Proposal):
    area = serializers.CharField(max_length=16)
    case = serializers.CharField(max_length=24, default="", allow_blank=True)
    effect = serializers.ChoiceField(StormOrder.Effect.choices)
    percent = serializers.IntegerField(min_value=1, max_value=900, required=False)
    starts = serializers.DateTimeField(required=False)
    ends = serializers.DateTimeField()

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        return StormForm(actor, given)


class CalmProposal(Proposal):
    storm = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)

    def form(self, actor: User, given: dict[str, Any]) -> EditForm:
        storm = get_object_or_404(StormOrder, pk=given.pop("storm"))
        return CalmForm(storm, actor, given)


def rows_as_forms(prefix: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as the little forms of a page's table are posted."""
    given: dict[str, Any] = {
        f"{prefix}-{n}-{name}": "" if value is None else value
        for n, row in enumerate(rows)
        for name, value in row.items()
    }
    return given | {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
