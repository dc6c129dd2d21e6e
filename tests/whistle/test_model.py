"""Work orders, whistles, responses and requests against a plain retelling of words.md."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.whistle.machine import Life
from tests.whistle.stops import stations_of
from tests.whistle.twin import World
from whistle.flow import ORDER, RESPONSE, VERIFICATION, WHISTLE
from whistle.request_flow import REQUEST
from whistle.supervision_flow import SUPERVISION

FLOWS = {
    "order": ORDER,
    "whistle": WHISTLE,
    "response": RESPONSE,
    "request": REQUEST,
    "verification": VERIFICATION,
    "supervision": SUPERVISION,
}


@pytest.fixture
def life(district):
    """The machine in this district; it counts runs by station, steps by verb, and refusals."""
    counts = {"runs": Counter(), "taken": Counter(), "refused": Counter()}
    return type("Life", (Life,), {"stations": stations_of(World(district)), **counts})


def live(life, chosen):
    run_state_machine_as_test(life, settings=chosen)


def test_whatever_anybody_does_the_platform_and_its_retelling_agree(life):
    live(life, settings(max_examples=100, stateful_step_count=6))
    assert len(life.runs) > 5
    assert life.taken.total() > life.refused.total() > 20
