"""Who holds which duty where: by the post, for its time, from above, or through a deputy."""

import datetime

import pytest
from django.utils import timezone

from organization.authority import holds, posts_holding, posts_of, units_where
from organization.duty import Duty
from organization.models import Absence, Post, Posting, User
from tests.cast import LONG_AGO, grant, seat

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def today():
    return timezone.localdate()


def again(user):
    """The person as the next request loads him."""
    return User.objects.get(pk=user.pk)


def post_of(user):
    return user.postings.get().post


def deputy_for(holder, **validity):
    user = User.objects.create(username="deputy", name="deputy")
    valid = {"valid_from": LONG_AGO, **validity}
    Posting.objects.create(post=post_of(holder), user=user, deputy=True, **valid)
    return user


def away(user, start=-HOUR, end=HOUR):
    now = timezone.now()
    return Absence.objects.create(user=user, start=now + start, end=now + end)


def test_a_duty_reaches_down_from_its_unit_and_not_up_or_sideways(district):
    dispatcher = district.people.dispatcher
    assert holds(district.people.district, Duty.TRIAGE, district.grid)
    assert holds(dispatcher, Duty.TRIAGE, district.centre)
    for elsewhere in (district.street, district.office, district.other_centre, district.district):
        assert not holds(dispatcher, Duty.TRIAGE, elsewhere)


def test_here_means_at_that_very_unit(district):
    head = district.people.street_head
    assert holds(head, Duty.CONFIRM, district.street, here=True)
    assert holds(head, Duty.CONFIRM, district.community)
    assert not holds(head, Duty.CONFIRM, district.community, here=True)


def test_one_duty_carries_no_other(district):
    office = district.people.office
    assert {duty for duty in Duty if holds(office, duty, district.office)} == {"view", "handle"}


def test_administering_carries_no_duty_but_itself(district):
    admin = district.people.admin
    assert {duty for duty in Duty if holds(admin, duty, district.grid)} == {"administer"}
    assert units_where(admin) == frozenset()


def test_a_person_in_two_posts_has_the_duties_of_both(district):
    office = district.people.office
    seat("second", district.community, "score", user=office)
    assert holds(again(office), Duty.HANDLE, district.office)
    assert holds(again(office), Duty.SCORE, district.community)


@pytest.mark.parametrize(
    "begins, ends, acts",
    [(-2, -1, False), (-2, 0, True), (0, None, True), (1, None, False), (-9, 9, True)],
)
def test_a_posting_acts_from_its_first_to_its_last_day(district, today, begins, ends, acts):
    Posting.objects.filter(user=district.people.office).update(
        valid_from=today + begins * DAY, valid_to=None if ends is None else today + ends * DAY
    )
    office = again(district.people.office)
    assert holds(office, Duty.HANDLE, district.office) is acts
    assert bool(posts_of(office)) is acts
    assert bool(units_where(office)) is acts


def test_who_may_not_log_in_any_more_may_do_nothing(district):
    User.objects.filter(pk=district.people.office.pk).update(is_active=False)
    office = again(district.people.office)
    assert not holds(office, Duty.HANDLE, district.office)
    assert units_where(office) == frozenset()


def test_a_deputy_acts_only_while_the_holder_is_absent(district):
    head = district.people.street_head
    deputy = deputy_for(head)
    assert not holds(deputy, Duty.CONFIRM, district.street)
    absence = away(head)
    assert holds(again(deputy), Duty.CONFIRM, district.street)
    absence.delete()
    assert not holds(again(deputy), Duty.CONFIRM, district.street)


@pytest.mark.parametrize("start, end", [(-2 * HOUR, -HOUR), (HOUR, 2 * HOUR)])
def test_an_absence_that_is_over_or_to_come_calls_no_deputy(district, start, end):
    deputy = deputy_for(district.people.street_head)
    away(district.people.street_head, start, end)
    assert not holds(deputy, Duty.CONFIRM, district.street)


def test_a_deputy_acts_in_an_empty_post_and_for_a_holder_who_may_not_log_in(district, today):
    head = district.people.street_head
    deputy = deputy_for(head)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert holds(again(deputy), Duty.CONFIRM, district.street)
    User.objects.filter(pk=head.pk).update(is_active=True)
    head.postings.update(valid_to=today - DAY)
    assert holds(again(deputy), Duty.CONFIRM, district.street)


def test_a_second_holder_who_is_present_leaves_nothing_to_the_deputy(district):
    head = district.people.street_head
    deputy = deputy_for(head)
    away(head)
    other = User.objects.create(username="other", name="other")
    Posting.objects.create(post=post_of(head), user=other, valid_from=LONG_AGO)
    assert not holds(deputy, Duty.CONFIRM, district.street)


def test_a_deputy_whose_time_is_over_does_not_act(district, today):
    deputy = deputy_for(district.people.street_head, valid_to=today - DAY)
    away(district.people.street_head)
    assert not holds(deputy, Duty.CONFIRM, district.street)


def test_a_withdrawn_grant_is_gone_with_the_next_request(district):
    office = district.people.office
    assert holds(office, Duty.HANDLE, district.office)
    post_of(office).group.unitgrant_set.all().delete()
    assert not holds(again(office), Duty.HANDLE, district.office)


def test_grants_are_read_once_per_request_however_often_they_are_asked(
    district, django_assert_num_queries
):
    person = again(district.people.district)
    with django_assert_num_queries(1):
        for unit in vars(district.units).values():
            for duty in Duty:
                holds(person, duty, unit)
        units_where(person)


def test_those_nearest_to_the_unit_are_told(district):
    def told(unit, *duties, here=False):
        return {post.code for post in posts_holding(duties, unit, here=here)}

    assert told(district.grid, Duty.HANDLE) == {"warden"}
    assert told(district.office, Duty.DISPATCH) == {"duty_leader"}
    assert told(district.office, Duty.DISPATCH, here=True) == set()
    assert told(district.other_street, Duty.TRIAGE) == {"stranger"}
    assert told(district.housing, Duty.TRIAGE, Duty.ARBITRATE) == {"district"}


def test_a_post_with_two_of_the_duties_is_told_once(district):
    posts = posts_holding([Duty.VIEW, Duty.HANDLE], district.office)
    assert [post.code for post in posts] == ["office"]


def test_a_duty_may_be_granted_at_another_unit_than_the_post_sits_in(district):
    post = Post.objects.get(code="office")
    grant(post, district.community, "inspect")
    person = again(district.people.office)
    assert holds(person, Duty.INSPECT, district.grid)
    assert not holds(person, Duty.INSPECT, district.office)
