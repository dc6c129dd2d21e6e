"""The lead's plan and its stages, joint meetings, and the assignments that come of both."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organization.models import Notice, Outbox, Unit
from tests.whistle.paces import DAY, Paces
from tests.whistle.test_erasing import tables_that_say
from whistle.erasing import erase
from whistle.models import Assignment, Meeting
from workflow.errors import NotPossible
from workflow.sweep import run_clock
from workflow.trace import verify_paper


@pytest.fixture
def paces(district):
    Unit.objects.filter(kind="department").update(duty_phone="02500000000")
    return Paces(district)


def stages_of(whistle):
    rows = Assignment.objects.filter(whistle=whistle, kind="stage").order_by("pk")
    return [(paper.unit.title, paper.text, paper.status) for paper in rows]


# 方案


def test_the_lead_s_plan_gives_every_unit_its_stage(paces):
    response = paces.planned()
    assert stages_of(response.whistle) == [
        ("区水务局", "抢修", "given"),
        ("区住建局", "查明管网权属", "given"),
    ]
    assert response.events.last().words["plan"] == "先抢修后确权"
    told = Notice.objects.filter(flow="assignment", kind="waits")
    assert {notice.post.code for notice in told} >= {"housing"}


def test_only_the_lead_of_several_sets_a_plan(paces):
    whistle = paces.planned().whistle
    second = paces.response_of(whistle, paces.d.housing)
    paces.step(second, "sign", paces.p.housing, lead_name="刘工", lead_phone="13900000000")
    given = {"plan": "x", "stages": [paces.row(paces.d.housing)]}
    with pytest.raises(NotPossible):
        paces.step(second, "plan", paces.p.housing, **given)
    alone = paces.response_of(paces.blown(paces.d.water), paces.d.water)
    paces.step(alone, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    with pytest.raises(NotPossible):
        paces.step(alone, "plan", paces.p.liaison, **given)


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_stage_ends_on_a_day_to_come(paces, days):
    with pytest.raises(ValidationError, match="stages"):
        paces.planned(paces.row(paces.d.water, days))


def test_a_stage_is_for_a_unit_of_the_whistle(paces):
    with pytest.raises(ValidationError, match="stages"):
        paces.planned(paces.row(paces.d.district_centre))


def test_a_report_of_progress_is_the_report_on_a_stage(paces):
    response = paces.planned()
    mine, other = response.whistle.assignments.order_by("pk")
    with pytest.raises(ValidationError, match="stage"):
        paces.step(response, "progress", paces.p.liaison, result="已抢修", stage=other)
    paces.step(response, "progress", paces.p.liaison, result="已抢修", stage=mine)
    mine.refresh_from_db()
    assert (mine.status, mine.result, mine.answered_at) == ("answered", "已抢修", paces.now)
    assert mine.events.last().trigger == f"response:{response.pk}:progress"


def test_a_new_plan_takes_the_place_of_what_is_still_open(paces):
    response = paces.planned()
    first = response.whistle.assignments.order_by("pk").first()
    paces.step(response, "progress", paces.p.liaison, result="已抢修", stage=first)
    stages = [paces.row(paces.d.water, 9, "复核")]
    paces.step(response, "plan", paces.p.liaison, plan="改为两步", stages=stages)
    assert [status for _unit, _text, status in stages_of(response.whistle)] == [
        "answered",
        "cancelled",
        "given",
    ]


# 联席会议


def test_those_at_work_are_called_together(paces):
    whistle = paces.meeting_called()
    meeting, event = Meeting.objects.get(), whistle.events.last()
    assert (meeting.unit, meeting.place) == (paces.d.street, "夫子庙街道三楼")
    assert [unit["name"] for unit in event.data["summoned"]] == ["区水务局", "区住建局"]
    told = Notice.objects.filter(flow="whistle", verb="meet")
    assert {notice.post.code for notice in told} == {"liaison", "housing"}
    texts = Outbox.objects.filter(key__startswith=f"meeting:{meeting.pk}:")
    assert {message.unit for message in texts} == {paces.d.water, paces.d.housing}


def test_the_lead_calls_the_others_and_the_street(paces):
    whistle = paces.meet(paces.blown(), paces.p.liaison)
    names = [unit["name"] for unit in whistle.events.last().data["summoned"]]
    assert names == ["区住建局", paces.d.street.title]
    assert Notice.objects.filter(verb="meet", post__code="dispatcher").exists()
    for office in (paces.p.housing, paces.p.office, paces.p.stranger):
        with pytest.raises(PermissionDenied):
            paces.meet(paces.blown(), office)


def test_called_again_it_is_moved_and_all_are_told_again(paces):
    whistle = paces.meeting_called()
    paces.meet(whistle)
    assert Meeting.objects.get().at == paces.now - datetime.timedelta(minutes=1) + DAY
    assert Outbox.objects.filter(key__startswith="meeting:", unit=paces.d.water).count() == 2
    with pytest.raises(ValidationError, match="meet_at"):
        given = {"meet_place": "三楼", "agenda": "权属"}
        paces.step(whistle, "meet", paces.p.duty_leader, meet_at=paces.now - DAY, **given)


def test_one_meeting_at_a_time(paces):
    meeting = paces.meeting_called().meetings.get()
    meeting.pk = None
    with pytest.raises(IntegrityError, match="meeting_one_open"), transaction.atomic():
        meeting.save(force_insert=True)


def test_the_minutes_give_tasks_with_clocks_of_their_own(paces):
    whistle = paces.minuted(paces.row(paces.d.housing), paces.row(paces.d.street, 5, "拨付经费"))
    meeting = whistle.meetings.get()
    assert (meeting.decisions, meeting.minuted_at) == ("由水务局牵头查明权属", paces.now)
    task = whistle.assignments.get(unit=paces.d.housing)
    clock = task.clocks.get(what="finish")
    local = timezone.localtime(clock.due)
    assert (local.date() - task.day, local.hour) == (DAY, 0)
    assert task.due_at == clock.due and clock.keeper == paces.d.housing
    run_clock(clock.warn_at)
    run_clock(clock.due)
    assert task.events.filter(trigger__startswith="clock:finish").exists()
    assert Notice.objects.filter(flow="assignment", post__code="housing", clock="finish").exists()


def test_the_unit_answers_its_task_and_nobody_else(paces):
    task = paces.assignment()
    with pytest.raises(PermissionDenied):
        paces.step(task, "answer", paces.p.liaison, result="权属已查明")
    paces.step(task, "answer", paces.p.housing, result="权属已查明")
    assert (task.status, task.due_at) == ("answered", None)
    assert verify_paper(task) == []


def test_who_was_not_called_cannot_have_come(paces):
    whistle, given = paces.meeting_called(), {"decisions": "x", "present": [paces.d.office]}
    with pytest.raises(ValidationError, match="present"):
        paces.step(whistle, "minute", paces.p.duty_leader, **given)


def test_a_meeting_is_called_off(paces):
    whistle = paces.meeting_called()
    paces.step(whistle, "call_off", paces.p.duty_leader, note="改为现场会")
    assert whistle.meetings.get().called_off_at == paces.now
    with pytest.raises(NotPossible):
        paces.step(whistle, "call_off", paces.p.duty_leader, note="再取消")


# The end


def test_a_whistle_is_not_concluded_while_something_is_left_to_do(paces):
    whistle = paces.minuted(paces.row(paces.d.street))
    paces.finish(paces.response_of(whistle, paces.d.water), paces.p.liaison)
    paces.finish(paces.response_of(whistle, paces.d.housing), paces.p.housing)
    whistle.refresh_from_db()
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="现场已恢复")
    paces.call_back(whistle.order)
    marks = {r.pk: 45 for r in whistle.responses.all()}
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)
    with pytest.raises(NotPossible):
        paces.step(whistle, "close", paces.p.duty_leader)
    paces.step(whistle.assignments.get(), "answer", paces.p.street_clerk, result="已拨付")
    paces.step(whistle, "close", paces.p.duty_leader)
    assert whistle.status == "closed"


def test_who_is_released_has_nothing_left_to_do(paces):
    task = paces.assignment()
    response = paces.response_of(task.whistle, paces.d.housing)
    paces.step(response, "release", paces.p.street_head, note="误叫")
    task.refresh_from_db()
    assert task.status == "cancelled"


def test_with_the_whistle_meeting_and_tasks_fall(paces):
    whistle = paces.minuted()
    paces.meet(whistle)
    paces.step(whistle, "cancel", paces.p.street_head, note="已解决")
    assert [task.status for task in whistle.assignments.all()] == ["cancelled"]
    assert not whistle.meetings.open().exists()


def test_a_suspended_order_holds_the_task_s_clock(paces):
    task = paces.assignment()
    paces.suspend(task.whistle.order)
    clock = task.clocks.get(what="finish")
    assert clock.paused_at == paces.now and clock.next_at is None
    with pytest.raises(NotPossible):
        paces.step(task, "answer", paces.p.housing, result="x")


def test_their_words_are_erased_too(paces):
    response = paces.planned()
    whistle = response.whistle
    paces.meet(whistle)
    paces.minuted(whistle=whistle)
    order = whistle.order
    erase(order)
    for words in ("先抢修后确权", "查明管网权属", "夫子庙街道三楼", "由水务局牵头查明权属"):
        assert tables_that_say(words) == []
