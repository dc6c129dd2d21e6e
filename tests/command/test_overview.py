"""The leader's overview: every figure opens exactly the papers that it counts."""

import datetime
import re
from itertools import product

import pytest
import time_machine
from django.utils import translation

from command.overview.figures import UnitRow, note_moves
from command.overview.period import period_of
from command.overview.rankings import ranking, say_count
from command.overview.tiles import change
from tests.cast import plain_photo, seat
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from workflow.actions import create

NOW = at(22, 10)
LASTWEEK, THISWEEK = at(14, 9), at(20, 9)


@pytest.fixture(autouse=True)
def on_thursday():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


def live(paces):
    """Papers of two weeks, in every state that a figure counts."""
    for paces.now in (LASTWEEK, THISWEEK):
        paces.closed()
        paces.reported()
        paces.accepted()
        community = paces.taken()
        give = {"talked_to": "陈先生", "settled_on": "当日"}
        paces.step(community, "handle", paces.p.community, result="清走", photos=photos(), **give)
        paces.step(community, "verify", paces.p.dispatcher, method="spot", note="看过")
        close(paces, community, satisfaction=2)
        fixed = paces.fixed()
        paces.step(fixed, "verify", paces.p.dispatcher, method="photo", note="看过")
        close(paces, fixed, satisfaction=5)
        paces.drafted()
        paces.blown()
        paces.blown(kind="tough")
        paces.concluded()
        close_order(paces, paces.concluded(kind="emergency").order)
        paces.level_two()
        paces.divided()
        close(paces, paces.gathered(), satisfaction=4)
    report_elsewhere(paces)


def report_elsewhere(paces):
    d = paces.d
    place = {"street": d.other_street, "centre": d.other_centre, "grid": None, "community": None}
    create(paces.new_order(**place), "report", actor=paces.p.district, now=paces.now)


def photos():
    return [plain_photo("after")]


def close(paces, order, satisfaction):
    paces.step(
        order,
        "callback",
        paces.p.dispatcher,
        contacted="yes",
        solved=True,
        satisfaction=satisfaction,
    )
    paces.step(order, "close", paces.p.dispatcher)


def close_order(paces, order):
    order.refresh_from_db()
    paces.step(order, "close", paces.p.dispatcher)


def listed(client, url):
    """How many papers a list shows at an address."""
    context = client.get(url).context
    return int(context["counts"]["all"]) if "counts" in context else context["count"][0]


PLACES = ("", "&street=320104002000", "&street=320104003000")


def counted(page):
    """The addresses behind the figures of an overview, each with its figure."""
    tiles = page["stats"]
    found = {tile["url"]: tile["value"] for tile in tiles[:3]}
    found[tiles[3]["url"]] = int(re.match(r"\d+", tiles[3]["note"])[0])
    found |= {part["url"]: int(part["count"].split()[0]) for part in page["share"]["parts"]}
    found |= {row["url"]: row["count"] for row in page["streets"]["rows"]}
    found |= {row["url"]: row["count"] for row in page["departments"]["rows"]}
    found |= {page["called_url"]: page["called"]}
    for row in page["board"]:
        found |= {row[f"{name}_url"]: row[name] for name in ("open", "overdue", "concluded")}
    return found


def test_every_figure_opens_exactly_its_papers(paces, leader):
    live(paces)
    figures = {}
    for period, place in product(("day", "week", "month", "year"), PLACES):
        figures |= counted(leader.get(f"/overview/?period={period}{place}").context)
    assert len(figures) > 100
    assert {url: listed(leader, url) for url in figures} == figures


def test_the_figures_are_not_all_nothing(paces, leader):
    live(paces)
    page = leader.get("/overview/?period=month").context
    assert [tile["value"] for tile in page["stats"]] == [27, 10, 14, 83.3]
    assert {part["name"]: part["count"].split()[0] for part in page["share"]["parts"]} == {
        "Grid": "2",
        "Community": "2",
        "Street": "4",
        "District": "2",
    }
    assert page["streets"]["rows"][0]["value"] == "100.0"
    assert {row["name"] for row in page["departments"]["rows"]} == {"区水务局", "区住建局"}


def test_a_divided_problem_counts_once(paces, leader):
    paces.now = THISWEEK
    close(paces, paces.gathered(), satisfaction=4)
    page = leader.get("/overview/").context
    assert page["stats"][0]["value"] == 1
    assert page["share"]["total"] == 1
    assert [row["count"] for row in page["streets"]["rows"]] == [1]


def test_a_street_sees_its_own_part_only(paces, district):
    live(paces)
    answer = browser_of(district.people.stranger).get("/overview/?period=month")
    page = answer.context
    assert (page["stats"][0]["value"], page["called"]) == (1, 0)
    assert "Overview of 红花街道" in answer.text
    page = browser_of(seat("clerk", district.street, "view")).get("/overview/?period=month").context
    assert page["stats"][0]["value"] == 26


def test_late_handling_shows_in_the_ranking(paces, leader):
    paces.now = THISWEEK
    order = paces.accepted()
    paces.now = at(21, 17)
    give = {"talked_to": "陈先生", "settled_on": "当日"}
    paces.step(order, "handle", paces.p.office, result="换新", photos=photos(), **give)
    paces.step(order, "verify", paces.p.dispatcher, method="spot", note="看过")
    close(paces, order, satisfaction=4)
    paces.now = THISWEEK
    paces.closed()
    assert leader.get("/overview/").context["streets"]["rows"][0]["value"] == "50.0"


def test_what_waits_for_a_leader_is_his_report_on_the_spot(paces, leader):
    paces.now = THISWEEK
    whistle = paces.blown(kind="tough")
    other = browser_of(paces.p.deputy_leader)
    for client in (leader, other):
        assert f"/whistles/{whistle.number}/leader_report/" in client.get("/overview/").text
    paces.step(whistle, "leader_report", paces.p.leader, presence="on_site", opinion="先通后鉴")
    assert "leader_report" not in leader.get("/overview/").text
    assert "leader_report" in other.get("/overview/").text


def test_nobody_else_is_asked_to_report(paces, district):
    paces.now = THISWEEK
    paces.blown(kind="tough")
    assert "leader_report" not in browser_of(district.people.district).get("/overview/").text


def test_an_empty_district_has_an_overview(leader):
    page = leader.get("/overview/")
    assert page.status_code == 200
    assert "Nothing was closed in this period." in page.text
    assert "No whistle was scored in this period." in page.text


def test_who_sees_nothing_has_no_overview(district):
    assert browser_of(district.people.admin).get("/overview/").status_code == 404
    assert browser_of(district.people.leader).get("/overview/?street=99").status_code == 404


def test_the_overview_costs_the_same_for_few_and_many(paces, leader):
    live(paces)
    few = cost(leader, "/overview/")
    live(paces)
    assert cost(leader, "/overview/") == few <= 20


@pytest.mark.parametrize(
    ("name", "start", "before"),
    [
        ("day", at(22, 0), at(21, 0)),
        ("week", at(19, 0), at(12, 0)),
        ("month", at(1, 0), at(1, 0) - datetime.timedelta(days=30)),
        ("nonsense", at(19, 0), at(12, 0)),
    ],
)
def test_periods_begin_at_midnight_in_shanghai(name, start, before):
    period = period_of(name, NOW)
    assert (period.start, period.before) == (start, before)
    assert period.before_end - period.before == NOW - start


def test_nothing_is_compared_with_nothing():
    assert "change" not in change(5, 0)
    assert change(6, 4) | {"note": ""} == {"change": "50.0%", "up": True, "note": ""}
    assert change(4, 4)["up"] is None


def rows(*values):
    return [UnitRow({"code": str(n), "name": str(n)}, v, 1) for n, v in enumerate(values)]


def test_long_rankings_fold_and_open():
    many = rows(*range(100, 88, -1))
    folded = ranking(many, str, say_count, full=False)
    assert [row.get("n") for row in folded["rows"]] == [1, 2, 3, 4, None, 10, 11, 12]
    assert folded["rows"][4]["gap"] == "5 between, 96 to 92"
    assert len(ranking(many, str, say_count, full=True)["rows"]) == 12
    assert len(ranking(many[:8], str, say_count, full=False)["rows"]) == 8


def widths(*values):
    shown = ranking(rows(*values), str, say_count, full=True)
    return [row["width"] for row in shown["rows"]]


def test_bars_stay_within_their_track():
    widths = [
        row["width"] for row in ranking(rows(100, 64.5, 3), str, say_count, full=True)["rows"]
    ]
    assert widths == [100, 64.5, 3]
    widths = [row["width"] for row in ranking(rows(100, 85), str, say_count, full=True)["rows"]]
    assert widths == [100, 50]


def test_places_won_and_lost():
    now, before = rows(90, 80, 70), rows(90, 80)
    before.reverse()
    assert [row.moved for row in note_moves(now, before)] == [1, -1, None]
