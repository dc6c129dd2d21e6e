"""Grids in the database: codes given once, one boundary at a time, seen by whom it concerns."""

import datetime

import pytest
from django.db import IntegrityError, InternalError, transaction

from grids.models import Grid, next_code
from organization.models import Post, Posting, User
from tests.cast import seat
from tests.grids.ground import LONG_AGO, draw, make_grid, square


def test_the_next_code_follows_the_highest_ever_given(ground):
    assert next_code(ground.community, "general") == ("320104001001Z003", 3)
    assert next_code(ground.community, "exclusive") == ("320104001001X001", 1)


def test_a_grid_cannot_be_deleted(ground):
    grid = make_grid("320104001001Z009", ground.community)
    with pytest.raises(InternalError), transaction.atomic():
        grid.delete()
    assert next_code(ground.community, "general")[1] == 10


def test_a_serial_is_given_once(ground):
    unit = make_grid("320104001001X001", ground.community, "exclusive").unit
    Grid.objects.filter(pk=unit.pk).update(serial=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grid.objects.filter(pk=unit.pk).update(kind="general", serial=2)


def test_a_grid_has_one_boundary_at_a_time(ground):
    with pytest.raises(IntegrityError), transaction.atomic():
        draw(ground.west, square(5, 5), datetime.date(2026, 1, 1))


def test_a_boundary_may_follow_another(ground):
    ground.west.boundaries.update(valid_to=datetime.date(2025, 12, 31))
    draw(ground.west, square(5, 5), datetime.date(2026, 1, 1))
    assert Grid.objects.for_map(datetime.date(2025, 6, 1)).count() == 3
    assert Grid.objects.for_map(datetime.date(2026, 6, 1)).count() == 3


def test_people_see_the_grids_below_the_units_where_they_may_view(ground):
    viewer = seat("viewer", ground.street, "view")
    warden = seat("warden", ground.east.unit, "view report")
    reporter = seat("reporter", ground.street, "report")
    assert set(Grid.objects.visible_to(viewer)) == {ground.west, ground.middle}
    assert set(Grid.objects.visible_to(warden)) == {ground.east}
    assert not Grid.objects.visible_to(reporter).exists()


def test_the_card_names_the_chief_and_the_wardens_of_today(ground):
    seat("chief", ground.west.unit, "view", head=True)
    warden = seat("warden", ground.west.unit, "report")
    left = User.objects.create(username="left", name="已离任")
    post = Post.objects.get(code="warden")
    Posting.objects.create(post=post, user=left, valid_from=LONG_AGO, valid_to=LONG_AGO)
    Posting.objects.create(
        post=post,
        user=User.objects.create(username="stand-in", name="代理"),
        deputy=True,
        valid_from=LONG_AGO,
    )
    grid = Grid.objects.with_staff().get(pk=ground.west.pk)
    assert grid.chief["name"] == "chief"
    assert [person["name"] for person in grid.wardens] == [warden.name]


def test_a_grid_without_people_has_no_chief(ground):
    grid = Grid.objects.with_staff().get(pk=ground.east.pk)
    assert grid.chief is None
    assert grid.wardens == []
