"""The district as one seamless whole: every fault is found and named by its grid."""

import pytest
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from grids.coverage import check_coverage
from tests.grids.ground import SIDE, SOUTH, WEST, square

A, B, C, D = (f"320104001001Z00{n}" for n in range(1, 5))
METRE = 1e-5


def block():
    return {A: square(0, 0), B: square(1, 0), C: square(0, 1), D: square(1, 1)}


def faults(shapes, outlines=None):
    return [(fault.code, fault.message) for fault in check_coverage(shapes, outlines)]


def test_a_seamless_block_has_no_fault():
    assert faults(block(), {"320104": square(0, 0, 2, 2)}) == []


def test_nothing_to_check_is_no_fault():
    assert faults({}) == []


def test_an_overlap_is_named_by_both_grids():
    shapes = block() | {A: square(0, 0, width=1.2)}
    ((code, message),) = faults(shapes)
    assert code == A
    assert B in message


def test_a_grid_inside_another_is_an_overlap():
    shapes = block() | {"320104001001Z005": square(0.2, 0.2, 0.3, 0.3)}
    assert [code for code, _ in faults(shapes)] == [A]


def test_the_same_boundary_twice_is_an_overlap():
    assert [code for code, _ in faults({A: square(0, 0), B: square(0, 0)})] == [A]


def test_a_gap_is_named_by_the_grids_around_it():
    ring = square(0, 0, 3, 3) - square(1, 1)
    halves = {A: ring & square(0, 0, 1.5, 3), B: ring & square(1.5, 0, 1.5, 3)}
    ((code, message),) = faults(halves)
    assert code == A
    assert B in message


def test_ground_of_the_outline_that_no_grid_covers_is_named():
    shapes = block()
    del shapes[D]
    found = faults(shapes, {"320104": square(0, 0, 2, 2)})
    assert len(found) == 1
    assert B in found[0][1] and C in found[0][1]


def test_a_gap_is_told_once_although_an_outline_is_given():
    ring = {A: square(0, 0, 3, 3) - square(1, 1)}
    assert len(faults(ring, {"320104": square(0, 0, 3, 3)})) == 1


def test_a_grid_beyond_its_streets_outline_is_named():
    ((code, message),) = faults(block(), {"320104001": square(0, 0, 1.9, 2)})[:1]
    assert code in (B, D)
    assert "320104001" in message


def test_outlines_bind_only_the_grids_below_them():
    shapes = block() | {"320104002001Z001": square(2, 0)}
    assert faults(shapes, {"320104001": square(0, 0, 2, 2)}) == []


def test_a_seam_of_centimetres_is_the_rounding_of_the_drawer():
    shapes = block() | {B: box(WEST + SIDE + 2e-6, SOUTH, WEST + 2 * SIDE, SOUTH + SIDE)}
    assert faults(shapes, {"320104": square(0, 0, 2, 2)}) == []


def test_a_seam_of_two_metres_is_a_gap_when_closed_in():
    hole = box(WEST + SIDE, SOUTH + 0.2 * SIDE, WEST + SIDE + 2 * METRE, SOUTH + 0.8 * SIDE)
    shapes = {A: square(0, 0), B: square(1, 0) - hole}
    assert len(faults(shapes)) == 1


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(118.7, 32.0), (118.8, 32.1), (118.8, 32.0), (118.7, 32.1), (118.7, 32.0)]),
        Polygon([(118.7, 32.0), (118.8, 32.0), (118.9, 32.0), (118.7, 32.0)]),
    ],
    ids=["bow tie", "line"],
)
def test_a_broken_boundary_is_named_before_anything_else(shape):
    assert [code for code, _ in faults(block() | {B: shape})] == [B]


def test_grids_with_islands_are_whole():
    island = unary_union([square(5, 5), square(0, 0)])
    assert faults({A: island, B: square(1, 0)}) == []
