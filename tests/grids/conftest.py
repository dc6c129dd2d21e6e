from types import SimpleNamespace

import pytest

from organization.models import Unit
from tests.grids.ground import draw, make_grid, make_unit, square


@pytest.fixture
def ground(db):
    """Two streets with one community each; the first has two grids, the second one."""
    kind = Unit.Kind
    district = make_unit("320104000000", kind.DISTRICT)
    street = make_unit("320104001000", kind.STREET, district)
    other_street = make_unit("320104002000", kind.STREET, district)
    community = make_unit("320104001001", kind.COMMUNITY, street)
    other_community = make_unit("320104002001", kind.COMMUNITY, other_street)
    west = make_grid("320104001001Z001", community)
    middle = make_grid("320104001001Z002", community)
    east = make_grid("320104002001Z001", other_community)
    for column, grid in enumerate((west, middle, east)):
        draw(grid, square(column, 0))
    return SimpleNamespace(
        district=district,
        street=street,
        other_street=other_street,
        community=community,
        other_community=other_community,
        west=west,
        middle=middle,
        east=east,
    )
