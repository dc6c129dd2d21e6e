"""What nobody can act on: found when all are away, gone when somebody can act again."""

import datetime

import pytest
from django.utils import timezone

from organization.authority import holds, posts_of
from organization.duty import Duty
from organization.models import Absence, DutyShift, Notice, Posting, User
from tests.cast import LONG_AGO, seat
from tests.command.pages import browser_of, cost
from tests.whistle.paces import Paces
from whistle import stranding
from whistle.models import Stranded
from workflow.trace import paper_models

DAY = datetime.timedelta(days=1)
NOW = timezone.now


@pytest.fixture
def paces(district):
    return Paces(district)


def away(user):
    Absence.objects.create(user=user, start=NOW() - DAY, end=NOW() + DAY)


def back(user):
    Absence.objects.filter(user=user).delete()


def on_duty(unit, user, **times):
    times = {"start": NOW() - DAY, "end": NOW() + DAY, **times}
    return DutyShift.objects.create(unit=unit, user=user, **times)


def again(user):
    return User.objects.get(pk=user.pk)


def found():
    stranding.look(NOW())
    return {(row.number, row.verb): row for row in Stranded.objects.select_related("unit")}


def test_while_people_are_there_nothing_is_stranded(paces):
    paces.dispatched()
    paces.blown()
    paces.disputed_order()
    assert found() == {}


def test_what_waits_for_an_absent_holder_stands_in_the_queue_until_he_is_back(paces):
    order = paces.dispatched()
    away(paces.p.office)
    row = found()[order.number, "accept"]
    assert (row.unit, row.duty, row.why) == (paces.d.office, "handle", "away")
    since = row.since
    assert found()[order.number, "accept"].since == since
    back(paces.p.office)
    assert found() == {}


def test_an_empty_seat_is_told_from_an_absent_holder(paces):
    order = paces.dispatched()
    Posting.objects.filter(user=paces.p.office).update(valid_to=LONG_AGO)
    assert found()[order.number, "accept"].why == "vacant"


def test_a_deputy_or_who_is_on_duty_keeps_it_out_of_the_queue(paces):
    paces.dispatched()
    away(paces.p.office)
    assert len(found()) == 1
    post = paces.p.office.postings.get().post
    deputy = User.objects.create(username="deputy", name="代理")
    posting = Posting.objects.create(post=post, user=deputy, deputy=True, valid_from=LONG_AGO)
    assert found() == {}
    posting.delete()
    shift = on_duty(paces.d.office, deputy)
    assert found() == {}
    away(deputy)
    assert len(found()) == 1
    back(deputy)
    DutyShift.objects.filter(pk=shift.pk).update(end=NOW() - DAY / 2)
    assert len(found()) == 1


def test_an_answer_waits_for_its_department_and_the_centre_learns_of_it_once(paces):
    whistle = paces.blown()
    away(paces.p.liaison)
    Notice.objects.all().delete()
    rows = found()
    assert {verb for number, verb in rows if number == whistle.number} == {"sign"}
    notices = Notice.objects.filter(kind="stranded")
    told = {notice.post.postings.get().user for notice in notices}
    assert paces.p.district in told and {notice.number for notice in notices} == {whistle.number}
    found()
    assert Notice.objects.filter(kind="stranded").count() == len(notices)


def test_who_is_on_duty_acts_for_the_absent_but_administers_nothing(paces):
    officer = User.objects.create(username="officer", name="值班")
    on_duty(paces.d.office, officer)
    on_duty(paces.d.district, officer)
    assert not holds(again(officer), Duty.HANDLE, paces.d.office, here=True)
    away(paces.p.office)
    away(paces.p.admin)
    assert holds(again(officer), Duty.HANDLE, paces.d.office, here=True)
    assert not holds(again(officer), Duty.ADMINISTER, paces.d.district)
    assert paces.p.office.postings.get().post_id in posts_of(again(officer))


def test_a_main_leader_s_post_does_not_fall_to_who_is_on_duty(paces):
    officer = User.objects.create(username="officer", name="值班")
    on_duty(paces.d.street, officer)
    away(paces.p.street_head)
    assert not holds(again(officer), Duty.CONFIRM, paces.d.street, here=True)
    draft = paces.drafted()
    assert found()[draft.number or "", "confirm"].unit == paces.d.street


def test_a_tough_whistle_waits_for_a_main_leader_whoever_else_may_confirm(paces):
    seat("vice", paces.d.street, "view confirm")
    away(paces.p.street_head)
    paces.drafted()
    assert found() == {}
    tough = paces.drafted(kind="tough")
    assert found()[tough.number or "", "confirm"].duty == "confirm"


def test_whom_the_street_has_sent_keeps_its_answer_out_of_the_queue(paces):
    engineer = seat("engineer", paces.d.office, "view")
    answer = paces.called_street()
    paces.step(answer, "name", paces.p.dispatcher, person=engineer, lead_phone="13912345678")
    for row in Posting.objects.filter(user__is_active=True).exclude(user=engineer):
        away(row.user)
    verbs = {(row.flow, row.verb) for row in found().values()}
    assert ("response", "arrive") not in verbs
    away(engineer)
    assert ("response", "arrive") in {(row.flow, row.verb) for row in found().values()}


def test_every_way_to_a_place_leads_where_the_paper_says(paces):
    paces.blown()
    paces.returning()
    for model in paper_models():
        for paper in model.objects.all():
            for at, way in model.ways.items():
                unit = paper.place(at)
                there = model.objects.filter(pk=paper.pk).values_list(way, flat=True).get()
                assert there == (unit and unit.pk), (model, at)


def test_the_desk_shows_the_queue_in_red_to_who_sees_the_orders(paces):
    order = paces.dispatched()
    away(paces.p.office)
    found()
    centre, other = browser_of(paces.p.district), browser_of(seat_next_door(paces))
    assert "gc-desk__alarm" in centre.get("/desk/").text
    page = centre.get("/stranded/").text
    assert order.number in page and paces.d.office.title in page
    assert "gc-desk__alarm" not in other.get("/desk/").text
    assert order.number not in other.get("/stranded/").text
    assert browser_of(paces.p.office).get("/stranded/").status_code == 404


def seat_next_door(paces):
    return seat("next_door", paces.d.other_centre, "view triage dispatch")


def test_the_look_and_the_page_cost_the_same_for_many_papers(paces, django_assert_max_num_queries):
    paces.dispatched()
    away(paces.p.office)
    found()
    centre = browser_of(paces.p.district)
    few = cost(centre, "/stranded/")
    for _n in range(5):
        paces.dispatched()
    with django_assert_max_num_queries(60):
        stranding.look(NOW())
    assert Stranded.objects.count() == 6
    assert cost(centre, "/stranded/") == few <= 20
