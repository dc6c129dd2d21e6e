"""Days that are over are summed once; the overview must not be able to tell the difference."""

import datetime
from itertools import product

import pytest
import time_machine

from command.models import DayFigures, Summed
from command.overview import sums
from command.overview.days import book_of
from command.overview.sums import joined, sum_days
from command.scope import viewer_of
from organization.models import User
from tests.cast import seat
from tests.command.pages import at, browser_of, cost
from tests.command.test_overview import LASTWEEK, NOW, live
from tests.whistle.paces import Paces
from whistle.models import WorkOrder
from workflow.sight import widen

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_thursday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def again(user):
    """A person as a new request loads him."""
    return User.objects.get(pk=user.pk)


SPANS = [(at(22, 0), NOW), (at(19, 0), NOW), (at(12, 0), at(15, 10)), (at(1, 0), NOW)]


def told(user, street=None):
    """All that the overview says of a person's orders, day by day and street by street."""
    book = book_of(again(user), street)
    streets = [book.by_street(span)[0] for span in SPANS]
    return streets + book.by_street(*SPANS[1:3]), book.by_day((at(2, 0), NOW))


def counts(found):
    """Without the nothings, of which a sum may have more."""
    if isinstance(found, dict):
        return {key: +value for key, value in found.items() if +value}
    return [counts(each) for each in found]


def readers(district):
    first = seat("first", district.street, "view")
    return {
        "leader": district.people.leader,
        "clerk": seat("clerk", district.street, "view"),
        "neighbour": district.people.stranger,
        "bureau": district.people.liaison,
        "both": seat("both", district.other_street, "view", user=first),
    }


def everything(district, people):
    """What each of the readers is told, of all he sees and of each street that he may choose."""
    streets = (None, district.street, district.other_street)
    return {
        (name, street and street.code): counts(told(person, street))
        for (name, person), street in product(people.items(), streets)
    }


def test_sums_and_papers_tell_everybody_the_same(paces, district):
    live(paces)
    people = readers(district)
    before = everything(district, people)
    sum_days()
    assert DayFigures.objects.exists() and Summed.objects.get().until == datetime.date(2026, 10, 22)
    assert everything(district, people) == before
    assert any(before["leader", None][0]) and any(before["bureau", None][0])


def test_a_street_sums_what_it_sees_not_only_what_lies_in_it(paces, district):
    paces.now = LASTWEEK
    order = paces.reported()
    widen(order, district.other_street)
    neighbour = district.people.stranger
    before = counts(told(neighbour))
    sum_days()
    assert counts(told(neighbour)) == before
    assert sum(day["reported"] for day in before[1].values()) == 1


def test_who_sees_more_or_less_than_one_place_is_shown_no_sums(district):
    people = readers(district)
    seen = {name: viewer_of(again(user), None) for name, user in people.items()}
    assert seen == {
        "leader": district.district.pk,
        "clerk": district.street.pk,
        "neighbour": district.other_street.pk,
        "bureau": None,
        "both": None,
    }
    assert viewer_of(again(people["both"]), district.street) == district.street.pk
    assert viewer_of(again(people["leader"]), district.street) == district.district.pk
    assert viewer_of(again(people["bureau"]), district.street) is None


def test_summing_twice_changes_nothing(paces, district):
    live(paces)
    sum_days()
    before = list(DayFigures.objects.order_by("day", "viewer", "street").values_list())
    assert sum_days() == 0
    assert list(DayFigures.objects.order_by("day", "viewer", "street").values_list()) == before


def test_what_no_worker_has_summed_is_counted_from_the_papers(paces, district):
    live(paces)
    with time_machine.travel(at(15, 1), tick=False):
        sum_days(at(15, 1))
    kept = told(district.people.leader)
    Summed.objects.all().delete()
    assert counts(told(district.people.leader)) == counts(kept)


def test_a_late_change_reaches_the_days_that_are_over(paces, district, monkeypatch):
    paces.now = LASTWEEK
    order = paces.closed()
    sum_days()
    paces.now = NOW
    order = WorkOrder.objects.get(pk=order.pk)
    paces.step(order, "reopen", paces.p.dispatcher, note="又坏了")
    key = (WorkOrder._meta.label_lower, order.pk)
    monkeypatch.setattr(sums, "moved_since", lambda mark, most: (mark, {key}))
    assert sum_days() > 0
    summed = counts(told(district.people.leader))
    Summed.objects.all().delete()
    assert counts(told(district.people.leader)) == summed
    assert not any(day["by_street"] for day in summed[1].values())


def test_after_a_gap_in_what_is_known_every_day_is_summed_anew(paces, district, monkeypatch):
    live(paces)
    sum_days()
    DayFigures.objects.update(reported=99)
    monkeypatch.setattr(sums, "moved_since", lambda mark, most: (mark, None))
    sum_days()
    assert not DayFigures.objects.filter(reported=99).exists()


def test_days_are_joined_to_spans():
    first = datetime.date(2026, 10, 1)
    days = [first, first + 3 * DAY, first + DAY, first + 5 * DAY, first + 6 * DAY]
    assert list(joined(days)) == [
        (first, first + 2 * DAY),
        (first + 3 * DAY, first + 4 * DAY),
        (first + 5 * DAY, first + 7 * DAY),
    ]
    assert list(joined([])) == []


def test_the_overview_with_sums_costs_no_more_queries_for_more_papers(paces, district):
    leader = browser_of(district.people.leader)
    live(paces)
    sum_days()
    few = cost(leader, "/overview/?period=year")
    live(paces)
    sum_days()
    assert cost(leader, "/overview/?period=year") == few <= 20
