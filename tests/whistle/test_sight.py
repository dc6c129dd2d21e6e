"""Who sees what: the projection against the plain rule, and the one door of every list."""

import random

import pytest
from django.core.exceptions import ValidationError

from organization.models import Unit, User
from tests.whistle.paces import Paces
from tests.whistle.search import Search, always_another_person
from whistle.models import Response, Verification, Whistle, WorkOrder
from workflow.errors import NotPossible
from workflow.models import Change


def with_all_above(*codes):
    """The units of these ids and everything above them, by the parents one after the other."""
    found = set()
    for pk in codes:
        while pk is not None:
            found.add(pk)
            pk = Unit.objects.values_list("parent", flat=True).get(pk=pk)
    return found


def given_to(paper, verbs):
    """The units that the log names as receivers."""
    events = paper.events.filter(verb__in=verbs, data__unit__isnull=False)
    return [event.data["unit"]["id"] for event in events]


def respondents(order):
    answers = Response.objects.filter(whistle__order=order)
    before = [e.data["from"]["id"] for r in answers for e in r.events.filter(data__has_key="from")]
    return [*answers.values_list("unit", flat=True), *before]


def should_see_order(order):
    """Origin, centre, every holder, whoever was asked, every respondent; and all above them."""
    taken = [order.community_id] if order.events.filter(verb="take").exists() else []
    held = given_to(order, ["dispatch", "pass_on"]) + taken
    asked = list(order.verifications.values_list("unit", flat=True))
    return with_all_above(order.origin.pk, order.centre_id, *held, *asked, *respondents(order))


def walk(district, seed, steps=45):
    rng = random.Random(seed)
    search = Search(
        district, kinds=["routine", "emergency"], departments=2, skip=["refuse", "void"]
    )
    search.paces.reported()
    search.order = search.paces.reported().pk
    for _step in range(steps):
        moves = search.moves()
        if not moves:
            break
        _label, act = rng.choice(moves)
        try:
            act()
        except (NotPossible, ValidationError):
            continue
    return WorkOrder.objects.get(pk=search.order)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_walk_the_projection_equals_the_plain_rule(district, seed, monkeypatch):
    always_another_person(monkeypatch)
    order = walk(district, seed)
    assert set(order.sight.values_list("unit", flat=True)) == should_see_order(order)
    for whistle in order.whistles.all():
        own = [whistle.caller_id, whistle.centre_id, order.origin.pk, whistle.holder_id]
        answers = [r.unit_id for r in whistle.responses.all()]
        seen = set(whistle.sight.values_list("unit", flat=True))
        assert with_all_above(*filter(None, own), *answers) <= seen
        assert seen <= should_see_order(order)


@pytest.fixture
def papers(district):
    paces = Paces(district)
    response = paces.arrived()
    asked = paces.asked()
    return {
        WorkOrder: response.whistle.order,
        Whistle: response.whistle,
        Response: response,
        Verification: asked,
    }


SEES_ALL = {"warden", "community", "dispatcher", "duty_leader", "street_head", "district", "leader"}
SEES_WHISTLE_ONLY = {"liaison", "housing"}
SEES_NOTHING = {"stranger", "admin", "nobody"}


def sees(model, username, papers):
    user = User.objects.get(username=username)
    return model.objects.visible_to(user).filter(pk=papers[model].pk).exists()


def test_everybody_concerned_and_all_above_them_see_the_papers(district, papers):
    for name in SEES_ALL:
        assert [model.__name__ for model in papers if not sees(model, name, papers)] == []


def test_who_is_called_sees_the_order_the_whistle_and_every_lane_but_no_other_order(
    district, papers
):
    for name in SEES_WHISTLE_ONLY:
        for model in (WorkOrder, Whistle, Response):
            assert sees(model, name, papers)
        assert not sees(Verification, name, papers)


def test_strangers_and_the_administrator_see_nothing(district, papers):
    User.objects.create(username="nobody", name="nobody")
    for name in SEES_NOTHING:
        user = User.objects.get(username=name)
        for model in papers:
            assert not model.objects.visible_to(user).exists()


def test_an_office_sees_what_it_has_held_and_goes_on_seeing_it(district):
    paces = Paces(district)
    order = paces.registered()
    visible = WorkOrder.objects.visible_to(paces.p.office)
    assert order not in visible.all()
    paces.step(order, "dispatch", paces.p.dispatcher, unit=district.office)
    paces.step(order, "recall", paces.p.dispatcher, note="派错")
    assert order in visible.all()


def test_the_count_is_that_of_papers_and_not_of_the_ways_to_see_them(district):
    paces = Paces(district)
    paces.accepted()
    assert WorkOrder.objects.visible_to(paces.p.district).count() == 1


def test_a_change_is_told_to_everybody_who_sees_the_paper_and_to_nobody_else(district):
    paces = Paces(district)
    order = paces.accepted()
    change = Change.objects.filter(paper="whistle.workorder", paper_id=order.pk).latest("pk")
    assert set(change.units) == set(order.sight.values_list("unit", flat=True))
