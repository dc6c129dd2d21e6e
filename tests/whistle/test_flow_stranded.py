"""No paper can be stranded: from every state that people can reach, people lead on to an end."""

import pytest

from tests.whistle.paces import Paces
from tests.whistle.search import LEVEL_TWO, Search, always_another_person, over

# Searched without these here, and with them by `make proof`.
ASIDE = {"take", "merge", "void", "reopen", "pass_on"}


@pytest.fixture(autouse=True)
def somebody_else(monkeypatch):
    always_another_person(monkeypatch)


def search(district, **fields):
    found = Search(district, **fields)
    found.paces.reported()
    found.run(found.paces.reported())
    return found


@pytest.mark.parametrize(
    "kind, skip",
    [("emergency", {LEVEL_TWO, "dispatch"}), ("routine", {"suspend", "dispatch"})],
)
def test_every_state_leads_on_without_voiding_the_order(district, kind, skip):
    found = search(district, kinds=[kind], skip=ASIDE | skip)
    assert found.broken == []
    assert found.stranded(over) == []
    assert len(found.paths) > 50


def test_an_order_worked_on_while_a_whistle_is_drafted_leads_on(district):
    found = search(district, skip=ASIDE | {LEVEL_TWO, "suspend", "confirm"})
    assert found.broken == []
    assert found.stranded(over) == []
    assert len(found.paths) > 10


@pytest.mark.parametrize("requests", [("extension", "return"), ("suspension",)])
def test_what_is_asked_of_an_order_in_hand_strands_nothing(district, requests):
    """Returned for the third time it is ruled upon, and from there it leads on too."""
    whistles = {"whistle.draft routine", LEVEL_TWO}
    found = search(district, kinds=[], skip=ASIDE | whistles, requests=requests)
    assert found.broken == []
    assert found.stranded(over) == []
    assert found.stranded(over, without={"workorder.void", "request.withdraw"}) == []
    assert len(found.paths) > 15


def test_what_departments_ask_strands_nothing(district):
    Paces(district).give_room()
    skip = ASIDE | {LEVEL_TWO, "dispatch", "suspend", "dispute", "deny", "rework"}
    found = search(district, skip=skip, requests=("extension",))
    assert found.broken == []
    assert found.stranded(over) == []
    assert len(found.paths) > 15
