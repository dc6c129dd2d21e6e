"""Whistles: the list, and what a page asks of whom."""

import re
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from organization.models import Relation
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.models import Response

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


def page_of(paces, office, whistle, query=""):
    client = browser_of(getattr(paces.p, office))
    answer = client.get(f"/whistles/{whistle.number}/{query}")
    assert answer.status_code == 200
    return answer


def waits(paces, office, whistle):
    """The verb of the box above the lanes, for one office."""
    found = page_of(paces, office, whistle).context["wait"]
    return found["act"]["verb"] if found else ""


WAITING = [
    ("drafted", {"street_head": "confirm", "dispatcher": "", "leader": ""}),
    ("confirmed", {"dispatcher": "blow", "street_head": ""}),
    ("blown", {"liaison": "sign", "housing": "sign", "dispatcher": "", "leader": ""}),
    ("blown_now", {"street_head": "confirm", "liaison": "sign"}),
    ("settled", {"duty_leader": "verify", "liaison": ""}),
    ("verified_whistle", {"duty_leader": "score", "street_head": ""}),
    ("scored", {"duty_leader": "close", "dispatcher": "", "liaison": ""}),
    ("concluded", {"duty_leader": "", "street_head": ""}),
    ("level_two", {"dispatcher": "name", "community": ""}),
]


@pytest.mark.parametrize(("pace", "offices"), WAITING, ids=[pace for pace, _ in WAITING])
def test_each_office_sees_what_waits_for_it(paces, pace, offices):
    whistle = getattr(paces, pace)()
    assert {office: waits(paces, office, whistle) for office in offices} == offices


@pytest.mark.parametrize(
    ("pace", "office", "verb"),
    [
        ("signed", "liaison", "arrive"),
        ("arrived", "liaison", "finish"),
        ("disputed", "district", "designate"),
    ],
)
def test_an_answer_waits_too(paces, pace, office, verb):
    assert waits(paces, office, getattr(paces, pace)().whistle) == verb


def test_a_leader_is_asked_until_he_has_reported(paces):
    whistle = paces.blown(kind="tough")
    assert waits(paces, "leader", whistle) == "leader_report"
    assert waits(paces, "deputy_leader", whistle) == "leader_report"
    paces.step(whistle, "leader_report", paces.p.leader, presence="on_site", opinion="先通后鉴")
    assert waits(paces, "leader", whistle) == ""
    page = page_of(paces, "leader", whistle)
    assert page.context["leaders"]["done"] == 1
    assert "先通后鉴" in page.text


@pytest.mark.parametrize("pace", ["drafted", "blown", "settled", "level_two"])
def test_a_page_has_one_main_button_at_most(paces, pace):
    whistle = getattr(paces, pace)()
    for office in ("street_head", "dispatcher", "duty_leader", "liaison", "district", "leader"):
        if Response.objects.visible_to(getattr(paces.p, office)).exists() or pace == "drafted":
            client = browser_of(getattr(paces.p, office))
            page = client.get(f"/whistles/{whistle.number}/").text
            assert page.count("gc-btn--main") <= 1, office


def test_a_lane_shows_its_legs_against_their_limits(paces):
    response = paces.arrived()
    page = page_of(paces, "leader", response.whistle)
    lanes = {row["lane"].name: row for row in page.context["lanes"]["rows"]}
    legs = {leg["leg"].name: leg["leg"].stopped for leg in lanes["区水务局"]["legs"]}
    assert [bool(stopped) for stopped in legs.values()] == [True, True, True, False]
    assert not any(leg["leg"].stopped for leg in lanes["区住建局"]["legs"])


def test_the_steps_of_departments_count_who_has_got_there(paces):
    paces.give_room()
    with time_machine.travel(at(19, 16), tick=False):
        response = paces.arrived()
        steps = page_of(paces, "leader", response.whistle).context["steps"]
    assert [step["at"] for step in steps[4:7]] == ["1 / 2", "1 / 2", ""]
    assert [step["who"] for step in steps[4:6]] == ["1 overdue", ""]


def test_the_platforms_part_counts_while_the_whistle_runs(paces):
    """Who was late pays, and who is late pays already."""
    paces.now = at(19, 9)
    whistle = paces.blown()
    paces.now = at(19, 14)
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    rows = page_of(paces, "leader", whistle).context["marks"]["rows"]
    assert [(row["unit"], row["platform"], row["total"]) for row in rows] == [
        ("区水务局", 47, None),
        ("区住建局", 47, None),
    ]
    assert [row["deductions"] for row in rows] == [["signing late −3"]] * 2


def test_a_draft_names_its_leaders_already(paces):
    """Paired with the street, in charge of the department that shall take the lead."""
    whistle = paces.drafted(kind="tough")
    rows = page_of(paces, "leader", whistle).context["leaders"]["rows"]
    assert [row["posts"] for row in rows] == [["leader leader"], ["deputy_leader deputy_leader"]]


def test_a_leader_whom_nobody_named_is_not_waited_for(paces):
    Relation.objects.filter(kind="in_charge").delete()
    text = page_of(paces, "leader", paces.blown(kind="tough")).text
    assert text.count("not waited for") == 1


def test_the_final_marks_are_those_of_the_score(paces):
    whistle = paces.scored()
    rows = page_of(paces, "leader", whistle).context["marks"]["rows"]
    assert {(row["platform"], row["caller"], row["total"]) for row in rows} == {(50, 45, 95)}


def test_phones_are_masked(paces):
    page = page_of(paces, "leader", paces.signed().whistle)
    assert "139****0000" in page.text and "13900000000" not in page.text


def test_the_code_is_offered_to_the_caller_alone(paces):
    whistle = paces.blown()
    code = f"/whistles/{whistle.number}/code/"
    assert code in page_of(paces, "duty_leader", whistle).text
    assert code not in page_of(paces, "liaison", whistle).text


def test_the_trace_says_tasks_and_moments_in_words(paces):
    whistle = paces.signed().whistle
    response = paces.response_of(whistle, paces.d.water)
    paces.step(response, "contact", paces.p.liaison, meet_at=at(20, 9), meet_place="现场")
    page = page_of(paces, "leader", whistle).text
    assert "区水务局 Lead 修复并核实产权 2 working days" in page
    assert "2026-10-20 09:00" in page
    lines = re.findall(r'gc-trace__dig">([^<]*)<', page)
    assert not [line for line in lines if "work_day" in line or "+00:00" in line]


def test_the_trace_can_be_narrowed(paces):
    whistle = paces.blown()
    every = page_of(paces, "leader", whistle).context["events"]
    photos = page_of(paces, "leader", whistle, "?trace=photos").context["events"]
    assert every and not photos


def test_strangers_see_no_whistle(paces):
    whistle = paces.blown()
    stranger = browser_of(paces.p.stranger)
    for path in ("", "letter/", "code/"):
        assert stranger.get(f"/whistles/{whistle.number}/{path}").status_code == 404
    assert stranger.get("/whistles/").context["count"] == (0, False)


def test_who_was_passed_the_work_has_read_it_by_opening_it(paces):
    response = paces.called()
    give = {"section": paces.d.section, "person": paces.p.liaison}
    paces.step(response, "assign", paces.p.liaison, **give)
    page_of(paces, "leader", response.whistle)
    assert Response.objects.get(pk=response.pk).read_at is None
    page_of(paces, "liaison", response.whistle)
    assert Response.objects.get(pk=response.pk).read_at == NOW


def test_the_page_costs_the_same_for_one_and_two_departments(paces, leader):
    one, two = paces.blown(paces.d.water), paces.blown()
    paces.finish(paces.response_of(two, paces.d.water), paces.p.liaison)
    few = cost(leader, f"/whistles/{one.number}/")
    assert cost(leader, f"/whistles/{two.number}/") == few <= 20


def test_a_disputed_page_costs_no_more(paces):
    response = paces.disputed()
    district = browser_of(paces.p.district)
    assert cost(district, f"/whistles/{response.whistle.number}/") <= 20


def numbers(client, query):
    page = client.get(f"/whistles/{query}")
    return {row["whistle"].number for row in page.context["rows"]}


def test_the_list_is_narrowed_by_its_address(paces, leader):
    drafted, tough = paces.drafted(), paces.blown(kind="tough")
    closed, low = paces.concluded(), paces.level_two()
    every = {w.number for w in (drafted, tough, closed, low)}
    assert numbers(leader, "") == every
    assert numbers(leader, "?open=1") == every - {closed.number}
    assert numbers(leader, "?kind=tough") == {tough.number}
    assert numbers(leader, "?kind=tough,emergency") == {tough.number}
    assert numbers(leader, "?status=drafted&status=closed") == {drafted.number, closed.number}
    assert numbers(leader, "?level=2") == {low.number}
    assert numbers(leader, f"?unit={paces.d.water.code}") == {tough.number, closed.number}
    assert numbers(leader, f"?caller={paces.d.community.code}") == {low.number}
    assert numbers(leader, f"?street={paces.d.street.code}") == every
    assert numbers(leader, "?closed_since=2026-10-19") == {closed.number}
    assert numbers(leader, "?blown_since=2026-10-20") == set()


def test_a_whistle_is_overdue_when_one_of_its_departments_is(paces, leader):
    whistle = paces.blown()
    assert numbers(leader, "?overdue=1") == {whistle.number}
    with time_machine.travel(paces.now, tick=False):
        assert numbers(leader, "?overdue=1") == set()


def test_nonsense_in_the_address_is_left_out_and_named(paces, leader):
    whistle = paces.drafted()
    page = leader.get("/whistles/?unit=99&blown_since=x&cursor=zz&kind=tough,")
    assert page.context["list"].ignored == ["Unit called", "Blown since"]
    assert numbers(leader, "?unit=99&status=blown,drafted") == {whistle.number}


def test_chips_take_filters_away_one_by_one(paces, leader):
    page = leader.get("/whistles/?kind=tough&kind=routine&open=1")
    chips = {str(chip["label"]): chip["url"] for chip in page.context["chips"] if chip["current"]}
    assert chips["Tough whistle"] == "?open=1&kind=routine"
    assert chips["In work"] == "?kind=tough&kind=routine"


def test_pages_of_the_list_neither_skip_nor_repeat(paces, leader, monkeypatch):
    monkeypatch.setattr("command.listing.ROWS", 2)
    made = [paces.drafted().number for _n in range(5)]
    seen, url = [], "/whistles/"
    while url:
        page = leader.get(url).context
        seen += [row["whistle"].number for row in page["rows"]]
        url = page["pages"]["older_url"] and "/whistles/" + page["pages"]["older_url"]
    assert sorted(seen) == sorted(made)


def test_the_list_counts_who_was_called_and_who_has_come(paces, leader):
    fresh, there = paces.blown(), paces.arrived().whistle
    rows = {row["whistle"].pk: row["whistle"] for row in leader.get("/whistles/").context["rows"]}
    assert (rows[fresh.pk].called, rows[fresh.pk].present) == (2, 0)
    assert (rows[there.pk].called, rows[there.pk].present) == (2, 1)


def test_the_list_costs_the_same_for_few_and_many(paces, leader):
    paces.blown()
    few = cost(leader, "/whistles/")
    for _n in range(3):
        paces.blown()
    assert cost(leader, "/whistles/") == few <= 12


def test_the_narrowed_list_is_exported_whole(paces, leader):
    tough, _routine = paces.blown(kind="tough"), paces.blown()
    answer = leader.get("/whistles/export/?kind=tough")
    heads, *rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values
    row = dict(zip(heads, *rows, strict=True))
    assert (row["Number"], row["Type"], row["Called"]) == (tough.number, "Tough whistle", 2)
    assert row["Letter"] == tough.letter_number


def test_a_drafted_whistle_stands_at_its_own_step(paces):
    steps = page_of(paces, "street_head", paces.drafted()).context["steps"]
    assert [n for n, step in enumerate(steps) if step["state"] == "now"] == [3]


def test_a_page_links_to_order_and_letter(paces, leader):
    whistle = paces.blown()
    page = leader.get(f"/whistles/{whistle.number}/").text
    assert whistle.order.get_absolute_url() in page
    assert re.search(rf"/whistles/{whistle.number}/letter/", page)
