"""Chinese map datums at the edge of the house: inside, every coordinate is WGS-84 (CGCS2000).

Phones' map apps give GCJ-02 (Amap, Tencent) or BD-09 (Baidu), 300 to 700 m off on purpose.
"""

from math import atan2, cos, hypot, pi, radians, sin, sqrt

WGS84, GCJ02, BD09 = "WGS-84", "GCJ-02", "BD-09"
DATUMS = (WGS84, GCJ02, BD09)

Point = tuple[float, float]

AXIS = 6378245.0  # Krasovsky 1940, which the offset is defined on
FLATTENING = 0.00669342162296594323
TURN = pi * 3000.0 / 180.0
ENOUGH = 1e-9  # degrees, a tenth of a millimetre


def to_wgs84(lng: float, lat: float, datum: str = WGS84) -> Point:
    if datum == BD09:
        lng, lat = bd09_to_gcj02(lng, lat)
    elif datum == WGS84:
        return lng, lat
    elif datum != GCJ02:
        raise ValueError(f"unknown datum {datum!r}")
    return gcj02_to_wgs84(lng, lat)


def in_china(lng: float, lat: float) -> bool:
    """Whether the offset applies; the box is the one all map services use."""
    return 72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lng: float, lat: float) -> Point:
    if not in_china(lng, lat):
        return lng, lat
    east, north = offset(lng - 105.0, lat - 35.0)
    magic = 1 - FLATTENING * sin(radians(lat)) ** 2
    north = north * 180.0 / (AXIS * (1 - FLATTENING) / (magic * sqrt(magic)) * pi)
    east = east * 180.0 / (AXIS / sqrt(magic) * cos(radians(lat)) * pi)
    return lng + east, lat + north


def offset(x: float, y: float) -> Point:
    """The published offset in metres (east, north), x and y in degrees from 105 E 35 N."""
    common = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return east, north


def gcj02_to_wgs84(lng: float, lat: float) -> Point:
    """The inverse, which has no formula: step back until the way there gives the same point."""
    if not in_china(lng, lat):
        return lng, lat
    guess = (lng, lat)
    for _ in range(20):
        there = wgs84_to_gcj02(*guess)
        miss = (there[0] - lng, there[1] - lat)
        guess = (guess[0] - miss[0], guess[1] - miss[1])
        if max(abs(miss[0]), abs(miss[1])) < ENOUGH:
            break
    return guess


def bd09_to_gcj02(lng: float, lat: float) -> Point:
    x, y = lng - 0.0065, lat - 0.006
    far = hypot(x, y) - 0.00002 * sin(y * TURN)
    angle = atan2(y, x) - 0.000003 * cos(x * TURN)
    return far * cos(angle), far * sin(angle)


def gcj02_to_bd09(lng: float, lat: float) -> Point:
    far = hypot(lng, lat) + 0.00002 * sin(lat * TURN)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * TURN)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006
