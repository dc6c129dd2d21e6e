"""Every status × every verb × every duty, walked from the tables of the flows."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organization.authority import Grants
from organization.duty import Duty
from organization.models import Post, Unit, User
from tests.whistle.given import filled
from tests.whistle.paces import Paces
from tests.whistle.stations import STATIONS
from whistle.labels import FLOWS
from workflow.actions import create, offered
from workflow.actions import transition as take
from workflow.errors import NotPossible
from workflow.flow import NEW

# A rule stands in the way at this station; the verb is walked at another one.
RULED_OUT = {
    ("order verified by whistle", "close"),
    ("order verified, not called back", "close"),
}

each_kind = pytest.mark.parametrize(
    "kind",
    [
        "order",
        "whistle",
        "response",
        "assignment",
        "request",
        "verification",
        "survey",
        "supervision",
    ],
)


@pytest.fixture
def walk(district):
    return Walk(district)


class Walk:
    """A person without any past, who is given one duty at one place after the other."""

    def __init__(self, district):
        self.paces = Paces(district)
        self.units = list(Unit.objects.all())
        self.post = Post.objects.get(code="stranger")
        self.person = User.objects.create(username="walker", name="walker")

    def stations(self, kind):
        """Each station of the kind with a maker of fresh copies of its paper."""
        for name in STATIONS:
            if name.split()[0] == kind:
                yield name, self.maker(STATIONS[name](self.paces))

    def maker(self, make):
        def copy():
            paper = make()
            paper.as_of = self.paces.now
            if paper.pk is None:
                paper.status = NEW
            return paper

        return copy

    def rows(self, kind):
        """Every row that can be taken at some station, with the station and its maker."""
        for name, make in self.stations(kind):
            paper = make()
            for row in [row for verb in paper.flow.verbs for row in rows_of(paper, verb)]:
                if row.duty and paper.place(row.at) and (name, row.verb) not in RULED_OUT:
                    yield name, make, row

    def holding(self, duty, *units):
        rows = {(duty, unit.pk): self.post.pk for unit in units}
        self.person.__dict__["grants"] = Grants(rows, leading=frozenset({self.post.pk}))
        return self.person

    def master(self):
        grants = {(duty, unit.pk): self.post.pk for duty in Duty for unit in self.units}
        self.person.__dict__["grants"] = Grants(grants, leading=frozenset({self.post.pk}))
        return self.person

    def attempt(self, paper, verb, actor, **given):
        """Take the step and undo it."""
        act = create if paper.pk is None else take
        with transaction.atomic():
            event = act(paper, verb, actor=actor, now=self.paces.now, **given)
            transaction.set_rollback(True)
        return event

    def attempt_row(self, make, row, *units, **other):
        """Take the very row, with its duty at the units and all that it asks for."""
        given = {**filled(self.paces, make(), row), **other}
        return self.attempt(make(), row.verb, self.holding(row.duty, *units), **given)


def rows_of(paper, verb):
    rows = [s for s in paper.flow.steps if s.verb == verb and paper.status in s.sources]
    return [s for s in rows if not s.when or getattr(paper, s.when)]


def entitled(places, duty, unit):
    """Whether the duty at the unit lets a person take one of the rows (row, its place)."""
    return any(
        unit.pk in ([place.pk] if row.here else place.path)
        for row, place in places
        if row.duty == duty and place
    )


@contextmanager
def at(*where):
    """Say in a failure where it happened."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"at {where}")
        raise


@contextmanager
def refused(error, *where):
    with at(*where), pytest.raises(error) as caught:
        yield caught


@each_kind
def test_only_the_verbs_of_the_table_are_possible(walk, kind):
    """And the stations together leave out no row of the table that people take, and no status."""
    walked, statuses = [], set()
    for name, make in walk.stations(kind):
        paper = make()
        statuses.add(paper.status)
        for verb in paper.flow.verbs:
            rows = rows_of(paper, verb)
            walked += rows
            if not any(row.personal for row in rows):
                with refused(PermissionDenied if rows else NotPossible, name, verb):
                    walk.attempt(make(), verb, walk.master())
    assert [row for row in paper.flow.steps if row.personal and row not in walked] == []
    assert set(paper.flow.statuses) <= statuses


@each_kind
def test_a_verb_is_offered_with_its_duty_at_its_place_only(walk, kind):
    for name, make in walk.stations(kind):
        paper = make()
        for verb in paper.flow.verbs:
            rows = [(row, paper.place(row.at)) for row in rows_of(paper, verb) if row.duty]
            for duty, unit in [(d, u) for d in Duty for u in walk.units if rows]:
                person = walk.holding(duty, unit)
                if entitled(rows, duty, unit):
                    with at(name, verb, duty, unit):
                        assert offered(paper, verb, person).duty == duty
                else:
                    with refused(PermissionDenied, name, verb, duty, unit):
                        offered(paper, verb, person)


@each_kind
def test_a_verb_is_taken_at_its_place_and_unless_bound_to_it_from_above(walk, kind):
    for name, make, row in walk.rows(kind):
        paper, place = make(), make().place(row.at)
        places = [(other, paper.place(other.at)) for other in rows_of(paper, row.verb) if other.at]
        below = [
            unit
            for unit in walk.units
            if place.pk in unit.path[:-1] and not entitled(places, row.duty, unit)
        ]
        with at(name, row.verb):
            event = walk.attempt_row(make, row, place)
            assert (event.verb, event.post_id) == (row.verb, walk.post.pk)
        with refused(PermissionDenied, name, row.verb, "below"):
            walk.attempt_row(make, row, *below)
        if not row.here:
            walk.attempt_row(make, row, walk.paces.d.district)
        elif place != walk.paces.d.district:
            with refused(PermissionDenied, name, row.verb, "above"):
                walk.attempt_row(make, row, walk.paces.d.district)


@each_kind
def test_a_verb_asks_for_what_it_needs_and_for_nothing_else(walk, kind):
    for name, make, row in walk.rows(kind):
        place = make().place(row.at)
        for need in row.needs:
            blank = {"note" if need == "reason" else need: ""}
            with refused(ValidationError, name, row.verb, need) as caught:
                walk.attempt_row(make, row, place, **blank)
            assert need in caught.value.message_dict
        with refused(ValidationError, name, row.verb):
            walk.attempt_row(make, row, place, surplus="x")


@each_kind
def test_a_main_leaders_verb_is_not_taken_from_another_post(walk, kind):
    for name, make, row in walk.rows(kind):
        if row.leader:
            person = walk.holding(row.duty, make().place(row.at))
            person.grants = Grants(person.grants.rows)
            with refused(PermissionDenied, name, row.verb):
                walk.attempt(make(), row.verb, person, **filled(walk.paces, make(), row))


@each_kind
def test_who_did_the_work_does_not_judge_it(walk, kind, monkeypatch):
    for name, make, row in walk.rows(kind):
        for verb in row.not_by:
            monkeypatch.setattr(type(make()), "acts_of", lambda self, user, verb=verb: {verb})
            with refused(PermissionDenied, name, row.verb, verb):
                walk.attempt_row(make, row, make().place(row.at))
            monkeypatch.undo()


def test_administering_carries_no_business_duty():
    assert not [row for flow in FLOWS for row in flow.steps if row.duty == Duty.ADMINISTER]
