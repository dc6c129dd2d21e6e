"""What has to be ticked before work on a class of problem is reported as done."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from tests.cast import plain_photo
from tests.whistle.paces import Paces
from whistle.models import ChecklistLine
from workflow.forms import form_for
from workflow.trace_page import trace_rows

DAY = datetime.date(2026, 1, 1)
DONE = {"result": "换新", "talked_to": "陈先生", "settled_on": "当日"}


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def lines(paces):
    """One that must be ticked, one that may be."""
    return [
        ChecklistLine.objects.create(
            category=paces.d.condition.category, n=n, text=text, required=required, valid_from=DAY
        )
        for n, (text, required) in enumerate([("井盖已复位", True), ("已通知权属单位", False)], 1)
    ]


def handle(paces, order, **given):
    photos = [plain_photo("after")]
    return paces.step(order, "handle", paces.p.office, photos=photos, **DONE, **given)


def test_work_is_not_reported_as_done_while_a_line_is_open(paces, lines):
    order = paces.accepted()
    with pytest.raises(ValidationError) as refused:
        handle(paces, order, checks=lines[1:])
    assert "井盖已复位" in str(refused.value.message_dict["checks"])
    order.refresh_from_db()
    assert order.status == "accepted"


def test_what_was_ticked_is_kept_and_shown(paces, lines):
    order = paces.accepted()
    event = handle(paces, order, checks=lines[:1])
    assert [row["name"] for row in event.data["checks"]] == ["井盖已复位"]
    assert any("井盖已复位" in line for line in trace_rows(order)[0]["lines"])


def test_a_department_ticks_the_list_of_the_order(paces, lines):
    response = paces.arrived()
    given = {"result": "换新", "photos": [plain_photo("after")]}
    with pytest.raises(ValidationError) as refused:
        paces.step(response, "finish", paces.p.liaison, **given)
    assert "checks" in refused.value.message_dict
    paces.step(response, "finish", paces.p.liaison, checks=lines, **given)
    assert response.status == "done"


def test_the_form_asks_for_the_list_only_where_the_class_has_one(paces, lines):
    order = paces.accepted()
    field = form_for(order, "handle", paces.p.office).fields["checks"]
    assert [str(label) for _value, label in field.choices] == [
        "井盖已复位",
        "已通知权属单位（如涉及）",
    ]
    ChecklistLine.objects.all().delete()
    assert "checks" not in form_for(order, "handle", paces.p.office).fields
    handle(paces, order)


@pytest.mark.parametrize(
    "validity", [{"valid_from": "2030-01-01"}, {"valid_from": DAY, "valid_to": "2026-02-01"}]
)
def test_a_line_asks_nothing_before_and_after_its_days(paces, validity):
    category = paces.d.condition.category
    ChecklistLine.objects.create(category=category, text="井盖已复位", **validity)
    handle(paces, paces.accepted())


def test_the_lines_of_another_class_are_not_taken(paces, lines):
    other = type(paces.d.condition.category).objects.create(
        kind="event", major_code="01", major_name="市容环境", code="13", name="道路破损"
    )
    line = ChecklistLine.objects.create(category=other, text="路面平顺", valid_from=DAY)
    data = {**DONE, "checks": [lines[0].pk, line.pk]}
    form = form_for(paces.accepted(), "handle", paces.p.office, data)
    assert not form.is_valid() and "checks" in form.errors
