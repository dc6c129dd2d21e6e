"""GCJ-02 and BD-09 at the edge: known offsets, and there and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.datum import (
    BD09,
    GCJ02,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    to_wgs84,
    wgs84_to_gcj02,
)

LNG = st.floats(74, 134)
LAT = st.floats(4, 53)
CENTIMETRE = 1e-7


def test_the_published_sample_of_the_offset():
    """Tiananmen, as given with the first public implementations."""
    lng, lat = wgs84_to_gcj02(116.404, 39.915)
    assert (lng, lat) == pytest.approx((116.41024449916938, 39.91640428150164), abs=CENTIMETRE)


def test_the_published_sample_of_baidu():
    lng, lat = bd09_to_gcj02(116.404, 39.915)
    assert (lng, lat) == pytest.approx((116.39762729119315, 39.90865673957631), abs=CENTIMETRE)


@given(LNG, LAT)
def test_gcj02_there_and_back_is_exact_to_a_centimetre(lng, lat):
    assert gcj02_to_wgs84(*wgs84_to_gcj02(lng, lat)) == pytest.approx((lng, lat), abs=CENTIMETRE)


@given(LNG, LAT)
def test_bd09_there_and_back_is_exact_to_a_metre(lng, lat):
    assert bd09_to_gcj02(*gcj02_to_bd09(lng, lat)) == pytest.approx((lng, lat), abs=1e-5)


@given(LNG, LAT)
def test_the_offset_is_some_hundred_metres(lng, lat):
    east, north = wgs84_to_gcj02(lng, lat)
    assert 1e-4 < max(abs(east - lng), abs(north - lat)) < 2e-2


def test_nothing_moves_outside_china():
    assert not in_china(2.35, 48.85)
    assert wgs84_to_gcj02(2.35, 48.85) == gcj02_to_wgs84(2.35, 48.85) == (2.35, 48.85)


def test_wgs84_stays_and_an_unknown_datum_is_refused():
    assert to_wgs84(118.8, 32.0) == (118.8, 32.0)
    with pytest.raises(ValueError):
        to_wgs84(118.8, 32.0, "Beijing-54")


def test_baidu_is_turned_in_two_steps():
    there = gcj02_to_bd09(*wgs84_to_gcj02(118.79, 32.02))
    assert to_wgs84(*there, BD09) == pytest.approx((118.79, 32.02), abs=1e-5)
    assert to_wgs84(*wgs84_to_gcj02(118.79, 32.02), GCJ02) == pytest.approx(
        (118.79, 32.02), abs=CENTIMETRE
    )
