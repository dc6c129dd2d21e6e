import datetime
import json

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from tests.whistle.faces import picture
from tests.whistle.paces import Paces
from whistle.labels import FLOWS
from whistle.models import Verification, WorkOrder
from workflow import openapi
from workflow.errors import NotPossible
from workflow.fields import PhotosField, YesNoField
from workflow.forms import form_for
from workflow.models import Event
from workflow.paging import count_to, page

PERSONAL = [(flow, step) for flow in FLOWS for step in flow.steps if step.personal]


@pytest.fixture
def paces(district):
    return Paces(district)


def upload(name="photo.jpg", content=None):
    return SimpleUploadedFile(name, content or picture().read(), "image/jpeg")


@pytest.mark.parametrize(("flow", "step"), PERSONAL, ids=lambda x: getattr(x, "name", "") or x.verb)
def test_every_input_has_a_field_and_every_verb_a_label(flow, step):
    fields, needed = openapi.step_fields(flow, [step])
    asked = {*step.needs, *step.takes} - {"reason"}
    assert asked <= fields.keys() and needed <= fields.keys()
    assert all(fields[name].label for name in asked)
    assert flow.labels[step.verb]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_verb_and_clock_has_a_name(flow):
    assert set(flow.verbs) <= flow.labels.keys()
    assert {timer.what for timer in flow.timers} <= flow.clock_labels.keys()


def test_the_form_takes_the_step(paces, district):
    order = paces.reported()
    data = {"condition": district.condition.pk, "note": "属实"}
    event = form_for(order, "register", paces.p.dispatcher, data).take(paces.now)
    assert isinstance(event, Event) and (order.status, event.note) == ("registered", "属实")


def test_what_is_missing_is_named_at_its_field(paces):
    form = form_for(paces.reported(), "refuse", paces.p.dispatcher, {"ground": "nonsense"})
    assert form.take() is None
    assert form.errors.keys() == {"ground", "note"}


def test_what_a_rule_refuses_is_named_at_its_field(paces):
    order = paces.reported()
    data = {"into": paces.reported().number}
    other = WorkOrder.objects.get(number=data["into"])
    paces.step(other, "merge", paces.p.dispatcher, into=paces.reported())
    form = form_for(order, "merge", paces.p.dispatcher, data)
    assert form.take() is None and form.errors.keys() == {"into"}
    closing = paces.verified()
    said = {"contacted": "yes", "solved": "no", "satisfaction": "1"}
    assert form_for(closing, "callback", paces.p.dispatcher, said).take(paces.now)
    form = form_for(closing, "close", paces.p.dispatcher, {})
    assert form.take(paces.now) is None and form.errors.keys() == {"note"}


def test_state_and_duty_are_judged_before_input(paces):
    order = paces.reported()
    with pytest.raises(NotPossible):
        form_for(order, "dispatch", paces.p.dispatcher, {})
    with pytest.raises(PermissionDenied):
        form_for(order, "register", paces.p.office, {})
    with pytest.raises(PermissionDenied):
        form_for(paces.reported(), "remind", paces.p.dispatcher, {})


def test_only_units_that_the_rules_accept_can_be_chosen(paces, district):
    order = paces.registered()
    units = form_for(order, "dispatch", paces.p.dispatcher).fields["unit"].queryset
    assert {district.office, district.community, district.grid} <= set(units)
    assert not {district.street, district.water, district.other_street} & set(units)
    form = form_for(order, "dispatch", paces.p.dispatcher, {"unit": district.water.code})
    assert form.take() is None and form.errors.keys() == {"unit"}


def test_a_department_is_called_once(paces, district):
    whistle = paces.blown(district.water)
    step = form_for(whistle, "add", paces.p.duty_leader)
    assert district.water not in step.fields["unit"].queryset
    assert district.housing in step.fields["unit"].queryset


def test_rows_come_from_a_browser_or_as_json(paces, district):
    row = {"role": "lead", "text": "修", "amount": "2", "time_unit": "work_day"}
    field = FLOWS[1].fields["tasks"](None, FLOWS[1].steps[1], None)
    posted = {f"tasks-0-{k}": v for k, v in {**row, "unit": district.water.code}.items()}
    posted |= {"tasks-TOTAL_FORMS": "3", "tasks-INITIAL_FORMS": "0", "tasks-1-role": "assist"}
    said = json.dumps([{**row, "amount": 2, "unit": district.water.code}])
    for data in (posted, {"tasks": said}, {"tasks": json.loads(said)}):
        value = field.clean(field.widget.value_from_datadict(data, {}, "tasks"))
        assert [(r["unit"], r["amount"]) for r in value] == [(district.water, 2)]
    for nonsense in ("{", "[1]", [{"unit": {}}], [{"unit": district.water.code}], "", []):
        with pytest.raises(ValidationError):
            field.clean(nonsense)


def test_yes_and_no_are_words_or_truth():
    field = YesNoField(required=False, coerce=lambda word: word == "yes", empty_value=None)
    assert [field.clean(v) for v in ("yes", True, "true", "no", False, "", None)] == [
        True, True, True, False, False, None, None,
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        field.clean("maybe")


def test_photos_carry_what_they_show(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    files = MultiValueDict({"photos": [upload(), upload()], "photos_before": [upload()]})
    field = PhotosField("after")

    def labels(data):
        return [
            photo.label
            for photo in field.clean(field.widget.value_from_datadict(data, files, "photos"))
        ]

    assert labels(QueryDict()) == ["after", "after", "before"]
    assert labels(QueryDict("photo_labels=near")) == ["near", "after", "before"]
    for nonsense in (QueryDict("photo_labels=selfie"), {"photos": ["text"]}):
        with pytest.raises(ValidationError):
            labels(nonsense)
    with pytest.raises(ValidationError):
        field.clean([(upload(content=b"<svg/>"), "near")])


def test_errors_speak_the_readers_language(paces):
    with translation.override("en"):
        form = form_for(paces.reported(), "register", paces.p.dispatcher, {})
        assert form.errors["condition"] == ["This field is required."]


def test_pages_go_by_the_last_row_both_ways(paces):
    orders = [paces.reported(title=str(i)) for i in range(5)]
    same = datetime.datetime(2026, 10, 19, tzinfo=datetime.UTC)
    WorkOrder.objects.filter(title__in="123").update(created=same)
    rows = WorkOrder.objects.all()
    first = page(rows, size=2)
    second = page(rows, first.next, 2)
    third = page(rows, second.next, 2)
    titles = [[row.title for row in p.rows] for p in (first, second, third)]
    assert sum(titles, []) == [o.title for o in rows.order_by("-created", "-pk")]
    assert not first.previous and not third.next and len(orders) == 5
    assert page(rows, third.previous, 2).rows == second.rows
    assert page(rows, page(rows, third.previous, 2).previous, 2).rows == first.rows
    assert count_to(rows, 3) == (3, True) and count_to(rows, 5) == (5, False)


@pytest.mark.parametrize("cursor", ["x", "W10", "WzAsMV0", "WzAsImEiLDFd", "Wz" * 40])
def test_a_cursor_of_another_list_is_refused(db, cursor):
    with pytest.raises(ValidationError):
        page(Verification.objects.all(), cursor)


def test_every_form_field_can_be_described():
    described = openapi.describe(forms.CharField(label="x", max_length=5))
    assert described == {"type": "string", "maxLength": 5, "title": "x"}
    for flow, step in PERSONAL:
        fields, needed = openapi.step_fields(flow, [step])
        json.dumps(openapi.body_of(fields, needed), default=str)
