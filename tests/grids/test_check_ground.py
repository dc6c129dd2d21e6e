"""The stored ground can be checked at any time."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from grids.models import Boundary
from tests.grids.ground import LONG_AGO, draw, square


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def check(*options):
    out, err = io.StringIO(), io.StringIO()
    call_command("check_ground", *options, stdout=out, stderr=err)
    return out.getvalue()


def test_a_seamless_ground_passes(ground):
    assert "3 grids" in check()
    assert "0 grids" in check("--on", "2019-01-01")


def test_an_overlap_drawn_by_hand_is_named(ground):
    Boundary.objects.filter(grid=ground.east).delete()
    draw(ground.east, square(1.5, 0), LONG_AGO)
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 fault"):
        call_command("check_ground", stderr=err)
    assert "320104001001Z002" in err.getvalue()


def test_a_day_that_is_none_is_refused(ground):
    with pytest.raises(CommandError):
        check("--on", "yesterday")
