"""Degrees and metres. Over a district a flat plane at its latitude is exact to a millimetre per
metre, so areas and distances need no projection library."""

from collections.abc import Callable, Iterable
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Length of a degree of longitude and of latitude on the WGS-84 ellipsoid."""
    angle = radians(lat)
    east = 111412.84 * cos(angle) - 93.5 * cos(3 * angle) + 0.118 * cos(5 * angle)
    north = 111132.92 - 559.82 * cos(2 * angle) + 1.175 * cos(4 * angle)
    return east, north


def flatten(lat: float) -> Callable[[Any], Any]:
    """A function that turns degrees into metres on the plane at a latitude."""
    scale = metres_per_degree(lat)
    return lambda points: points * scale


def on_plane(shapes: Iterable[BaseGeometry], lat: float) -> list[BaseGeometry]:
    turn = flatten(lat)
    return [shapely.transform(shape, turn) for shape in shapes]


def area_of(shape: BaseGeometry) -> float:
    """Square metres of a shape in degrees."""
    _west, south, _east, north = shape.bounds
    return float(shapely.transform(shape, flatten((south + north) / 2)).area)
