"""grids.geojson: what is read, what is refused, and how a boundary follows another."""

import datetime
import json

import pytest
from shapely.geometry import mapping

from grids.datum import wgs84_to_gcj02
from grids.load import check_ground, read_grids, read_outlines, write_grids
from grids.models import Boundary, Grid
from organization.models import Unit
from tests.grids.ground import centre, make_unit, square

CODES = ["320104001001Z001", "320104001001X001"]
UNITS = {"320104000000": "district", "320104001000": "street", "320104001001": "community"}


def feature(code, shape, **properties):
    given = {"code": code, "name": f"网格{code[-3:]}", "valid_from": "2024-01-01"} | properties
    return {"type": "Feature", "properties": given, "geometry": mapping(shape)}


def pair(**properties):
    return [feature(code, square(n, 0), **properties) for n, code in enumerate(CODES)]


@pytest.fixture
def folder(tmp_path):
    def write(features, name="grids.geojson", **members):
        body = {"type": "FeatureCollection", "features": features} | members
        (tmp_path / name).write_text(json.dumps(body), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def community(db):
    district = make_unit("320104000000", Unit.Kind.DISTRICT)
    street = make_unit("320104001000", Unit.Kind.STREET, district)
    return make_unit("320104001001", Unit.Kind.COMMUNITY, street)


def told(drawing):
    return [(p.row, p.column, p.found) for p in drawing.problems]


def checked(folder):
    grids, outlines = read_grids(folder), read_outlines(folder)
    check_ground(grids, outlines, UNITS)
    return grids, outlines


def load(folder):
    grids, _outlines = checked(folder)
    assert grids.problems == []
    return write_grids(grids, lambda rows: None)


def test_features_are_read_with_the_kind_of_their_letter(folder):
    drawing = read_grids(folder(pair(), sample=True))
    assert [f["kind"] for f in drawing] == ["general", "exclusive"]
    assert drawing.sample


def test_without_the_file_there_is_nothing(tmp_path):
    assert read_grids(tmp_path).features == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": 3}', '{"features": [1]}', "x"])
def test_what_is_no_feature_collection_is_refused(tmp_path, content):
    (tmp_path / "grids.geojson").write_text(content)
    assert len(read_grids(tmp_path).problems) == 1


@pytest.mark.parametrize(
    "properties",
    [
        {"code": "320104001001"},
        {"code": "320104001001Q001"},
        {"code": "320104001001Z000"},
        {"code": "320104001000Z001"},
        {"kind": "exclusive"},
        {"name": ""},
        {"name": "长" * 61},
        {"valid_from": None},
        {"valid_from": "2024-1-1"},
        {"valid_to": "2023-01-01"},
    ],
)
def test_properties_that_cannot_be_meant_are_named(folder, properties):
    item = feature(CODES[0], square(0, 0))
    item["properties"] |= properties
    drawing = read_grids(folder([item]))
    assert [place[:2] for place in told(drawing)] == [(1, "properties")]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [118.8, 32.0]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[118.8, 32.0], [118.9, 32.0], [118.8, 32.1]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {
            "type": "Polygon",
            "coordinates": [[[32.0, 118.8], [32.1, 118.8], [32.1, 118.9], [32.0, 118.8]]],
        },
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": 5},
    ],
)
def test_geometry_that_cannot_be_meant_is_named(folder, geometry):
    item = feature(CODES[0], square(0, 0)) | {"geometry": geometry}
    drawing = read_grids(folder([item]))
    assert told(drawing) == [(1, "geometry", CODES[0])]


def test_a_code_stands_once(folder):
    drawing = read_grids(folder([*pair(), feature(CODES[0], square(3, 0))]))
    assert told(drawing) == [(3, "code", CODES[0])]


def test_coordinates_in_another_datum_are_turned(folder):
    lng, lat = centre(0, 0)
    ring = [wgs84_to_gcj02(*point) for point in square(0, 0).exterior.coords]
    item = feature(CODES[0], square(0, 0))
    item["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    (found,) = read_grids(folder([item], datum="GCJ-02"))
    assert found.shape.equals_exact(square(0, 0), 2e-6)
    assert read_grids(folder([item], datum="Mars")).problems


def test_an_unknown_community_is_named(db, folder):
    grids, _ = checked(folder([feature("320104001009Z001", square(0, 0))]))
    assert told(grids) == [(1, "code", "320104001009Z001")]


def test_an_overlap_is_named_by_feature(db, folder):
    features = [feature(CODES[0], square(0, 0)), feature(CODES[1], square(0.5, 0))]
    grids, _ = checked(folder(features))
    assert told(grids) == [(1, "geometry", CODES[0])]
    assert CODES[1] in grids.problems[0].message


def test_grids_that_lie_on_others_are_no_overlap(db, folder):
    micro = feature("320104001001M001", square(0.2, 0.2, 0.3, 0.3))
    grids, _ = checked(folder([*pair(), micro]))
    assert grids.problems == []


def test_outlines_bind_the_grids(db, folder):
    outline = {"type": "Feature", "properties": {"code": "320104001000"}}
    folder([outline | {"geometry": mapping(square(0, 0, 1.5))}], "outlines.geojson")
    grids, _ = checked(folder(pair()))
    assert told(grids) == [(2, "geometry", CODES[1])]


def test_an_outline_of_an_unknown_unit_is_named(db, folder):
    outline = {"type": "Feature", "properties": {"code": "320104009000"}}
    folder([outline | {"geometry": mapping(square(0, 0))}], "outlines.geojson")
    _, outlines = checked(folder(pair()))
    assert told(outlines) == [(1, "code", "320104009000")]


def test_grids_are_written_with_their_units(community, folder):
    tally = load(folder(pair(), sample=True))
    assert (tally.created, tally.same) == (6, 0)
    grid = Grid.objects.get(unit__code=CODES[1])
    assert (grid.kind, grid.serial, grid.community) == ("exclusive", 1, community)
    assert grid.unit.parent == community
    boundary = grid.boundaries.get()
    assert boundary.sample
    assert boundary.area == pytest.approx(944.6 * 1108.8, rel=0.002)
    assert (boundary.west, boundary.north) == (118.79, 32.01)


def test_the_second_time_nothing_changes(community, folder):
    load(folder(pair()))
    tally = load(folder(pair()))
    assert tally.moved == 0


def test_a_changed_boundary_follows_the_old_one(community, folder):
    load(folder(pair()))
    moved = [
        feature(CODES[0], square(0, 0, 1.5), valid_from="2026-07-01"),
        feature(CODES[1], square(1.5, 0, 0.5), valid_from="2026-07-01"),
    ]
    load(folder(moved))
    spans = Boundary.objects.filter(grid__unit__code=CODES[0]).values_list("valid_from", "valid_to")
    assert list(spans) == [
        (datetime.date(2024, 1, 1), datetime.date(2026, 6, 30)),
        (datetime.date(2026, 7, 1), None),
    ]
    assert load(folder(moved)).moved == 0


def test_a_changed_boundary_without_a_new_day_is_named(community, folder):
    load(folder(pair()))
    swapped = [feature(CODES[0], square(1, 0)), feature(CODES[1], square(0, 0))]
    grids, _ = checked(folder(swapped))
    assert {place[1] for place in told(grids)} == {"valid_from"}


def test_the_ground_is_checked_with_the_grids_that_are_not_in_the_file(community, folder):
    load(folder(pair()))
    more = [feature("320104001001Z002", square(0.5, 0))]
    grids, _ = checked(folder(more))
    assert {place[2] for place in told(grids)} == {"320104001001Z002"}


def test_a_grid_is_closed_by_its_last_day(community, folder):
    load(folder(pair()))
    wide = feature(CODES[0], square(0, 0, 2), valid_from="2026-07-01")
    closed = feature(CODES[1], square(1, 0), valid_to="2026-06-30")
    load(folder([wide, closed]))
    boundary = Boundary.objects.get(grid__unit__code=CODES[1])
    assert boundary.valid_to == boundary.grid.unit.valid_to == datetime.date(2026, 6, 30)
    assert Grid.objects.for_map(datetime.date(2026, 7, 1)).count() == 1
