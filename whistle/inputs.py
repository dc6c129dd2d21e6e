"""The form field of every input that a step of these flows asks for.

A factory gets the paper, the row of the flow and the person. Without a paper it makes the field as
the documentation shows it: no choices that depend on the paper.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.calendar import TimeUnit
from organization.models import Unit, User
from whistle import candidates, returns
from whistle.actions.orders import LONGEST_SUSPENSION
from whistle.flow import ORDER, RESPONSE, VERIFICATION, WHISTLE
from whistle.labels import (
    DisputeGround,
    Grade,
    OrderMethod,
    Presence,
    RefusalGround,
    ReturnGround,
    Satisfaction,
)
from whistle.models import (
    Condition,
    Response,
    ScoreScheme,
    Task,
    Whistle,
    WorkOrder,
)
from whistle.models.responses import seats
from whistle.survey_flow import SURVEY
from workflow.fields import (
    DayField,
    MarksField,
    MomentField,
    PhotosField,
    RowsField,
    SuggestInput,
    UnitField,
    YesNoField,
)
from workflow.flow import Step

Factory = Callable[[Any, Step, User | None], forms.Field]

PHONE = RegexValidator(r"^\+?[0-9][0-9 -]{4,18}$", _("Give a phone number."))
GROUNDS: dict[str, Any] = {
    "refuse": RefusalGround,
    "send_back": ReturnGround,
    "dispute": DisputeGround,
}
REMARKS: dict[str, tuple[Any, int, Any]] = {
    "note": (_("Note"), 1000, _("For colleagues: the reporter does not see it.")),
    "inform": (
        _("What the reporter is told"),
        200,  # it goes into a text message, too
        _("Shown to everybody who has the number or the progress code: write no names or phones."),
    ),
}
SHOWS = {"report": "near", "answer": "other", "arrive": "other"}


def text(label: Any, most: int, *, long: bool = False, **kwargs: Any) -> Factory:
    """A factory of texts: one line, or a box for longer ones."""

    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
        return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)

    return make


def choice(label: Any, choices: Any, *, radio: bool = False) -> Factory:
    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        widget = forms.RadioSelect if radio else forms.Select
        return forms.ChoiceField(label=label, choices=choices.choices, widget=widget)

    return make


def unit(label: Any, units: Callable[[Any, Step], QuerySet[Unit]]) -> Factory:
    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        return UnitField(units(paper, step) if paper else None, label=label, empty_label="—")

    return make


def to_whom(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """The unit for an order; who rules finds the first receiver chosen (首接负责制)."""
    field = unit(_("Unit"), candidates.for_order)(paper, step, actor)
    if paper and step.verb == "designate":
        field.initial = returns.first_receiver(paper)
    return field


def yes_no(label: Any) -> Factory:
    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        return YesNoField(label=label)

    return make


def photos(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """What a photo shows unless it is said: the state before in a report, after in a result."""
    slots = ("before", "after") if step.verb == "fix" else ()
    label = "after" if "result" in step.needs else SHOWS.get(step.verb, "other")
    return PhotosField(label, slots)


def ground(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=_("Ground"), choices=GROUNDS[step.verb].choices, widget=forms.RadioSelect
    )


class ConditionField(forms.ModelChoiceField):
    """A filing condition with its class and limit; those of the order's class come first."""

    def label_from_instance(self, condition: Any) -> str:
        return f"{condition.category.name} · {condition.text}"


def known_conditions() -> QuerySet[Condition]:
    """What can be filed under; not the classes and conditions given up."""
    return Condition.objects.filter(active=True, category__active=True).select_related("category")


def condition(paper: Any, step: Step, actor: User | None) -> forms.Field:
    known = known_conditions()
    own = paper.category_id if paper else None
    first = Case(When(category=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = known.order_by(first, "category__major_code", "category__code", "pk")
    return ConditionField(
        rows if paper else known,
        label=_("Filing condition"),
        empty_label="—",
        initial=paper.condition_id if paper else None,
    )


def urgency(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=_("Urgency"),
        choices=WorkOrder.Urgency.choices,
        initial=paper.urgency if paper else None,
    )


class NumberField(forms.ModelChoiceField):
    """An order, named by its number, with those close by suggested."""

    def __init__(self, orders: Any, near: Any = (), **kwargs: Any) -> None:
        suggest = SuggestInput([(order.number, order.title) for order in near])
        super().__init__(orders, to_field_name="number", widget=suggest, **kwargs)
        self.error_messages["invalid_choice"] = _("There is no open order of this number here.")


def into(paper: Any, step: Step, actor: User | None) -> forms.Field:
    label = _("Number of the order it joins")
    if paper is None:
        return NumberField(WorkOrder.objects.none(), label=label)
    orders = candidates.to_join(paper, actor)
    return NumberField(orders, candidates.close_to(paper, orders), label=label)


def until(paper: Any, step: Step, actor: User | None) -> forms.Field:
    today = timezone.localdate()
    days = {"min": today + datetime.timedelta(days=1), "max": today + LONGEST_SUSPENSION}
    return DayField({k: str(v) for k, v in days.items()}, label=_("Suspended until"))


def solved(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return YesNoField(label=_("Solved?"), coerce=lambda word: word == "yes", empty_value=None)


def satisfaction(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return forms.TypedChoiceField(
        label=_("Satisfaction"),
        choices=Satisfaction.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )


def remark(paper: Any, step: Step, actor: User | None) -> forms.Field:
    """What was said by or to somebody; who will read a note stands beside it."""
    label, most, help_text = REMARKS.get(step.verb, (_("What was said"), 1000, ""))
    return text(label, most, long=True, help_text=help_text)(paper, step, actor)


def moment(label: Any) -> Factory:
    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        return MomentField(label=label)

    return make


def degrees(label: Any, most: int) -> Factory:
    """A coordinate, put there by the phone."""

    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        return forms.FloatField(
            label=label,
            widget=forms.HiddenInput,
            validators=[MinValueValidator(-most), MaxValueValidator(most)],
        )

    return make


def amount(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return limit()


def limit() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Limit"), min_value=0.5, max_value=999, max_digits=6, decimal_places=2
    )


class TaskForm(forms.Form):
    """One row of a drafted whistle: which department, what, by when, leading or not."""

    unit = UnitField(None, label=_("Department"), empty_label="—")
    role = forms.ChoiceField(label=_("Role"), choices=Task.Role.choices, initial=Task.Role.ASSIST)
    text = forms.CharField(label=_("Task"), max_length=300)
    amount = limit()
    time_unit = forms.ChoiceField(
        label=_("Time unit"), choices=TimeUnit.choices, initial=TimeUnit.WORK_DAY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.fields["unit"].queryset = candidates.departments()


def tasks(paper: Any, step: Step, actor: User | None) -> forms.Field:
    return RowsField(
        TaskForm,
        ("unit", "text", "amount"),
        {"role": Task.Role.LEAD, "time_unit": TimeUnit.WORK_DAY},
        label=_("Departments and tasks"),
    )


class ResponsesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, response: Any) -> str:
        return f"{response.unit.title} · {response.task}"

    def clean(self, value: Any) -> list[Response]:
        return list(super().clean(value))


def responses(paper: Any, step: Step, actor: User | None) -> forms.Field:
    rows = candidates.answered(paper) if paper else Response.objects.none()
    return ResponsesField(rows, label=_("Answers to be redone"))


def marks(paper: Any, step: Step, actor: User | None) -> forms.Field:
    rows = candidates.answered(paper) if paper else ()
    most = ScoreScheme.on(timezone.localdate()).caller_points if paper else 100
    return MarksField(rows, most, label=_("Marks"))


class PersonField(forms.ModelChoiceField):
    """Somebody of the answering unit, with the post that he holds there."""

    def __init__(self, response: Any, **kwargs: Any) -> None:
        people = candidates.people(response) if response else User.objects.none()
        super().__init__(people, to_field_name="username", empty_label="—", **kwargs)
        held = seats(response.unit) if response else ()
        self.posts = {seat.user_id: str(seat.post) for seat in reversed(held)}

    def label_from_instance(self, user: Any) -> str:
        return " · ".join(filter(None, [str(user), self.posts.get(user.pk, "")]))


def person(paper: Any, step: Step, actor: User | None) -> forms.Field:
    if step.verb == "name":
        words = _("The phone is that of the person's record.")
        return PersonField(paper, label=_("Who is sent"), help_text=words)
    return PersonField(paper, label=_("Person"))


def lead(label: Any, other: Any, most: int, **kwargs: Any) -> Factory:
    """Name or phone of who leads; of who is sent only where it is nobody of the list."""

    def make(paper: Any, step: Step, actor: User | None) -> forms.Field:
        said = other if step.verb == "name" else label
        return text(said, most, **kwargs)(paper, step, actor)

    return make


TEXTS: dict[str, Factory] = {
    "result": text(_("What was done"), 2000, long=True),
    "talked_to": text(_("Who was talked to"), 60),
    "settled_on": text(_("Settled by when"), 60),
    "opinion": text(_("Opinion"), 1000, long=True),
}
PLACE: dict[str, Factory] = {
    "lng": degrees(_("longitude"), 180),
    "lat": degrees(_("latitude"), 90),
}

ORDER.fields |= TEXTS | {
    "photos": photos,
    "unit": to_whom,
    "question": text(_("Question"), 300, long=True),
    "condition": condition,
    "urgency": urgency,
    "ground": ground,
    "into": into,
    "grade": choice(_("Grade"), Grade, radio=True),
    "method": choice(_("Method"), OrderMethod, radio=True),
    "contacted": yes_no(_("Reached?")),
    "solved": solved,
    "satisfaction": satisfaction,
    "remark": remark,
    "until": until,
}
WHISTLE.fields |= TEXTS | {
    "photos": photos,
    "tasks": tasks,
    "kind": choice(pgettext_lazy("whistle", "Type"), Whistle.Kind, radio=True),
    "ask": text(_("What is asked"), 1000, long=True),
    "unit": unit(_("Department"), candidates.to_call),
    "task": text(_("Task"), 300),
    "amount": amount,
    "time_unit": choice(_("Time unit"), TimeUnit),
    "method": choice(_("Method"), Whistle.Method, radio=True),
    "responses": responses,
    "marks": marks,
    "presence": choice(_("How present"), Presence, radio=True),
    "where": text(_("Where"), 80),
}
RESPONSE.fields |= (
    TEXTS
    | PLACE
    | {
        "photos": photos,
        "lead_name": lead(_("Who leads"), _("Or somebody else: name"), 30),
        "lead_phone": lead(_("Phone"), _("Phone, if another"), 20, validators=[PHONE]),
        "section": unit(_("Section"), candidates.below),
        "person": person,
        "meet_at": moment(_("Agreed time")),
        "meet_place": text(_("Agreed place"), 80),
        "who": text(_("Who is there"), 60),
        "code": text(_("Code of the street"), 32),
        "ground": ground,
        "unit": unit(_("Department"), candidates.to_designate),
    }
)
VERIFICATION.fields |= PLACE | {
    "photos": photos,
    "yes": yes_no(_("Is it so?")),
    "words": text(_("What was found"), 1000, long=True),
}
SURVEY.fields |= {
    "solved": solved,
    "satisfaction": satisfaction,
    "remark": text(_("What was said"), 1000, long=True),
}
for flow in (ORDER, RESPONSE):
    flow.fields["more"] = text(_("Longer by"), 20)
for flow in (WHISTLE, RESPONSE):
    flow.fields["remark"] = remark
WHISTLE.sealed = frozenset({"confirm"})
