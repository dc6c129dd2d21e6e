"""Where a point lies: inside, on a border, outside, on another day, after somebody's edit."""

import datetime

import pytest
from django.db import connection
from shapely.geometry import box

from grids import terrain as module
from grids.models import Boundary
from grids.terrain import locate, metres_to, tag, terrain, watch
from organization.models import Unit
from tests.grids.ground import SIDE, SOUTH, WEST, centre, draw, square


def test_a_point_inside_has_its_grid_community_and_street(ground):
    place = locate(*centre(0, 0))
    assert place.grid == ground.west.unit
    assert place.community == ground.community
    assert place.street == ground.street
    assert place.distance == 0


def test_a_point_on_a_border_belongs_to_the_lowest_code_that_touches_it(ground):
    assert locate(WEST + SIDE, SOUTH + SIDE / 3).grid == ground.west.unit
    assert locate(WEST + 2 * SIDE, SOUTH + SIDE / 3).grid == ground.middle.unit


@pytest.mark.parametrize("share", [0, 0.1, 0.37, 0.5, 0.731, 1])
def test_the_answer_on_a_border_is_the_same_all_along_it(ground, share):
    assert locate(WEST + SIDE, SOUTH + SIDE * share).grid == ground.west.unit


def test_a_corner_on_the_edge_of_the_district_is_inside(ground):
    assert locate(WEST, SOUTH).grid == ground.west.unit
    assert locate(WEST + 3 * SIDE, SOUTH + SIDE).grid == ground.east.unit


def test_a_point_outside_knows_the_nearest_grid_and_how_far_it_is(ground):
    place = locate(WEST + 3.5 * SIDE, SOUTH + SIDE / 2)
    assert place.grid is place.community is place.street is None
    assert place.nearest == ground.east.unit
    assert place.distance == pytest.approx(0.005 * 94_500, rel=0.01)


def test_distance_is_in_metres_in_every_direction(ground):
    assert locate(WEST + SIDE / 2, SOUTH - 0.001).distance == pytest.approx(110.9, rel=0.01)


def test_a_point_in_a_hairline_seam_belongs_to_the_nearest_grid(ground):
    Boundary.objects.filter(grid=ground.east).delete()
    seam = 0.000004  # some 40 cm
    west = WEST + 2 * SIDE + seam
    draw(ground.east, box(west, SOUTH, west + SIDE, SOUTH + SIDE))
    assert locate(WEST + 2 * SIDE + seam * 0.75, SOUTH + SIDE / 2).grid == ground.east.unit


def test_the_way_to_a_units_ground_is_in_metres_and_none_within(ground):
    lng, lat = centre(1, 0)
    assert metres_to(ground.middle.unit, lng, lat) == 0
    assert metres_to(ground.community, *centre(0, 0)) == 0
    assert metres_to(ground.west.unit, lng, lat) == pytest.approx(0.005 * 94_500, rel=0.01)


def test_a_unit_without_ground_is_infinitely_far(ground):
    bare = Unit.objects.establish(
        code="320104009", name="别处", kind=Unit.Kind.STREET, parent=ground.street.parent
    )
    assert metres_to(bare, *centre(0, 0)) == float("inf")


@pytest.mark.parametrize("point", [(float("nan"), 32.0), (118.8, float("inf"))])
def test_what_is_no_point_is_refused(ground, point):
    with pytest.raises(ValueError):
        locate(*point)


def test_without_any_grid_nothing_is_found(db):
    place = locate(*centre(0, 0))
    assert place.grid is place.nearest is place.distance is None


def test_a_point_is_located_as_of_a_day(ground):
    change = datetime.date(2026, 7, 1)
    eve = change - datetime.timedelta(days=1)
    Boundary.objects.filter(grid__in=[ground.west, ground.middle]).update(valid_to=eve)
    draw(ground.west, square(0, 0, width=0.4), change)
    draw(ground.middle, box(WEST + 0.4 * SIDE, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE), change)
    point = WEST + 0.7 * SIDE, SOUTH + SIDE / 2
    assert locate(*point, on=eve).grid == ground.west.unit
    assert locate(*point, on=change).grid == ground.middle.unit


def test_a_closed_grid_is_found_no_more(ground):
    Boundary.objects.filter(grid=ground.west).update(valid_to=datetime.date(2021, 1, 1))
    assert locate(*centre(0, 0)).grid is None


def test_an_edit_is_noticed(ground):
    assert locate(*centre(0, 0)).grid == ground.west.unit
    before = tag()
    Boundary.objects.filter(grid=ground.west).update(valid_to=datetime.date(2021, 1, 1))
    assert tag() != before
    assert locate(*centre(0, 0)).grid is None


def test_an_edit_by_raw_sql_is_noticed(ground):
    before = tag()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grids_boundary SET sample = true")
    assert tag() != before
    assert terrain().sample


def test_a_new_name_is_noticed(ground):
    assert locate(*centre(0, 0)).grid.name == "320104001001Z001"
    Unit.objects.filter(pk=ground.west.pk).update(name="乌衣巷第1网格")
    assert locate(*centre(0, 0)).grid.name == "乌衣巷第1网格"


def test_the_database_is_asked_at_most_once_in_a_while(
    ground, settings, monkeypatch, django_assert_num_queries
):
    settings.GROUND_CHECK_SECONDS = 2
    monkeypatch.setattr(watch, "ask_at", 0.0)
    locate(*centre(0, 0))
    with django_assert_num_queries(0):
        for _ in range(100):
            locate(*centre(1, 0))
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + 3)
    with django_assert_num_queries(1):
        locate(*centre(1, 0))


def test_only_a_few_days_are_kept_in_memory(ground):
    for day in range(1, 12):
        locate(*centre(0, 0), on=datetime.date(2026, 1, day))
    assert len(watch.kept) <= module.KEPT


def test_the_outline_of_a_unit_is_the_union_of_its_grids(ground):
    outline = terrain().outline(ground.street)
    assert outline.equals(square(0, 0, width=2))
    assert terrain().outline(ground.district).area == pytest.approx(3 * SIDE**2)
