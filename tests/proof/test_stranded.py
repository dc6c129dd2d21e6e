"""The whole search: every verb of people, each kind of whistle, one department or two."""

import pytest

from tests.whistle.search import LEVEL_TWO, Search, always_another_person, over

WHOLE = [
    {"kinds": ["routine"], "departments": 1},
    {"kinds": ["emergency"], "departments": 1, "skip": {"take", "pass_on", LEVEL_TWO}},
    {"kinds": ["tough"], "departments": 1, "skip": {"take", "pass_on", LEVEL_TWO, "suspend"}},
    {"kinds": ["routine"], "departments": 2, "skip": {"take", "pass_on", LEVEL_TWO, "dispatch"}},
]


@pytest.mark.parametrize("scope", WHOLE)
def test_no_state_is_stranded(district, scope, monkeypatch):
    always_another_person(monkeypatch)
    found = Search(district, **scope)
    found.paces.reported()
    found.run(found.paces.reported())
    steps = sum(len(edges) for edges in found.edges.values())
    print(f"{scope}: {len(found.paths)} states, {steps} steps between them")
    assert found.broken == []
    assert found.stranded(over) == []
    assert found.stranded(over, without={"workorder.void"}) == []
