"""A small ground of squares, 0.01 degrees wide, for the tests."""

import datetime

from shapely.geometry import box, mapping

from grids.models import Boundary, Grid
from organization.models import Unit

LONG_AGO = datetime.date(2020, 1, 1)
WEST, SOUTH, SIDE = 118.78, 32.00, 0.01


def square(column, row, width=1, height=1):
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    sides = (west, south, west + width * SIDE, south + height * SIDE)
    return box(*(round(side, 6) for side in sides))


def centre(column, row):
    return WEST + (column + 0.5) * SIDE, SOUTH + (row + 0.5) * SIDE


def make_unit(code, kind, parent=None, **fields):
    return Unit.objects.establish(code=code, name=code, kind=kind, parent=parent, **fields)


def make_grid(code, community, kind=Grid.Kind.GENERAL):
    unit = make_unit(code, Unit.Kind.GRID, community)
    street = community.parent
    return Grid.objects.create(
        unit=unit, kind=kind, community=community, street=street, serial=int(code[13:])
    )


def draw(grid, shape, since=LONG_AGO, until=None, **fields):
    west, south, east, north = shape.bounds
    return Boundary.objects.create(
        grid=grid,
        geometry=mapping(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        area=1,
        valid_from=since,
        valid_to=until,
        **fields,
    )
