"""Separation of duties on real papers: whoever did a thing does not judge it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organization.models import Absence, Post, Posting, User
from tests.cast import LONG_AGO, grant, plain_photo, seat
from tests.whistle.paces import DAY, Paces
from workflow.actions import options


@pytest.fixture
def paces(district):
    return Paces(district)


def also(user, unit, *duties):
    """Give a person's post further duties, as the next request sees it."""
    grant(Post.objects.get(postings__user=user), unit, *duties)
    return User.objects.get(pk=user.pk)


def photos():
    return [plain_photo("after")]


def test_who_handled_an_order_does_not_verify_it(paces):
    order = paces.handled()
    office = also(paces.p.office, paces.d.centre, "inspect")
    with pytest.raises(PermissionDenied):
        paces.step(order, "verify", office, method="spot", note="看过")
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")


def test_who_fixed_on_the_spot_does_not_verify_it(paces):
    order = paces.fixed()
    warden = also(paces.p.warden, paces.d.centre, "inspect")
    with pytest.raises(PermissionDenied):
        paces.step(order, "verify", warden, method="spot", note="看过")


def test_who_fixed_or_handled_does_not_answer_whether_it_is_fixed(paces):
    order = paces.fixed()
    paces.step(order, "check", paces.p.dispatcher, question="修好了吗")
    asked = order.verifications.get()
    with pytest.raises(PermissionDenied):
        paces.step(asked, "answer", paces.p.warden, yes="yes", words="修好了")
    paces.step(asked, "answer", paces.p.community, yes="yes", words="修好了")
    paces.step(order, "verify", paces.p.dispatcher)
    assert order.status == "verified"


def test_who_reported_or_handled_does_not_void(paces):
    order = paces.handled()
    warden = also(paces.p.warden, paces.d.centre, "supervise")
    office = also(paces.p.office, paces.d.centre, "supervise")
    for person in (warden, office):
        with pytest.raises(PermissionDenied):
            paces.step(order, "void", person, note="误报")
    paces.step(order, "void", paces.p.dispatcher, note="误报")


def test_who_drafted_a_whistle_does_not_confirm_it(paces):
    dispatcher = also(paces.p.dispatcher, paces.d.street, "confirm")
    paces.p.dispatcher = dispatcher
    whistle = paces.drafted()
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "confirm", dispatcher)
    paces.step(whistle, "confirm", paces.p.street_head)


def test_who_raised_a_whistle_does_not_confirm_the_draft(paces):
    paces.p.dispatcher = also(paces.p.dispatcher, paces.d.street, "confirm")
    draft = paces.raised().raised_to.get()
    with pytest.raises(PermissionDenied):
        paces.step(draft, "confirm", paces.p.dispatcher)


def test_who_blew_in_an_emergency_does_not_confirm_it_afterwards(paces):
    paces.p.duty_leader = also(paces.p.duty_leader, paces.d.street, "confirm")
    whistle = paces.blown_now()
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "confirm", paces.p.duty_leader)
    paces.step(whistle, "confirm", paces.p.street_head)


def test_a_respondent_does_not_verify_the_whistle(paces):
    whistle = paces.settled()
    liaison = also(paces.p.liaison, paces.d.street, "inspect")
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "verify", liaison, method="spot", note="看过")


def test_who_only_reported_progress_is_a_respondent_too(paces):
    whistle = paces.blown(paces.d.water)
    response = paces.response_of(whistle, paces.d.water)
    helper = seat("helper", paces.d.water, "handle")
    code = whistle.arrival_code
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    paces.step(response, "arrive", paces.p.liaison, who="刘工", code=code)
    paces.step(response, "progress", helper, result="正在抢修")
    paces.step(response, "finish", paces.p.liaison, result="已修复", photos=photos())
    helper = also(helper, paces.d.street, "inspect")
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "verify", helper, method="spot", note="看过")


def test_the_caller_who_noted_an_arrival_may_still_verify(paces):
    whistle = paces.blown(paces.d.water)
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    paces.step(response, "arrive", paces.p.duty_leader, who="刘工")
    paces.step(response, "finish", paces.p.liaison, result="已修复", photos=photos())
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="看过")
    assert whistle.status == "verified"


def test_the_deputy_of_an_absent_head_confirms_from_the_head_s_post(paces):
    whistle, head = paces.drafted(), paces.p.street_head
    post, now = head.postings.get().post, timezone.now()
    deputy = User.objects.create(username="deputy", name="deputy")
    Posting.objects.create(post=post, user=deputy, deputy=True, valid_from=LONG_AGO)
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "confirm", deputy)
    Absence.objects.create(user=head, start=now - DAY, end=now + DAY)
    event = paces.step(whistle, "confirm", User.objects.get(pk=deputy.pk))
    assert (event.actor, event.post) == (deputy, post)


def test_whose_posting_has_ended_takes_no_step(paces):
    whistle, head = paces.drafted(), paces.p.street_head
    head.postings.update(valid_to=timezone.localdate() - DAY)
    with pytest.raises(PermissionDenied):
        paces.step(whistle, "confirm", User.objects.get(pk=head.pk))


def test_the_page_says_why_a_button_is_missing(paces):
    order = paces.handled()
    office = also(paces.p.office, paces.d.centre, "inspect")
    why = {step.verb: reason for step, reason in options(order, office)}
    assert why["rework"] == ""
    assert why["verify"] != ""
    assert why["void"] != ""
