"""Thousands of runs of what `tests/whistle/test_model.py` tries a hundred times."""

import time

import pytest
from hypothesis import settings

from tests.whistle.test_model import life, live

__all__ = ["life"]

RUNS, STEPS = 2_000, 10
pytestmark = pytest.mark.django_db


def test_two_thousand_runs_agree_with_the_retelling(life):
    began = time.perf_counter()
    live(life, settings(max_examples=RUNS, stateful_step_count=STEPS))
    spent = time.perf_counter() - began
    print(
        f"\n{life.runs.total()} runs from {len(life.runs)} stations, {life.taken.total()} steps of "
        f"{len(life.taken)} verbs taken, {life.refused.total()} refused, {spent:.0f} s"
    )
    assert life.runs.total() >= RUNS
