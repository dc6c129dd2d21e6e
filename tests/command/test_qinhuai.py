"""The sample district: at the scale of the source document, seamless, and nobody missing."""

import csv
import filecmp
import io
import json
from pathlib import Path

import pytest
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from shapely.geometry import shape

from fixtures.make_qinhuai.__main__ import FOLDER, main
from grids.models import Grid
from grids.plane import area_of
from organization.authority import posts_holding, posts_of
from organization.models import Post, Posting, Relation, Unit, User
from organization.models.posts import on
from whistle.labels import FLOWS as ALL_FLOWS
from whistle.models import Condition
from whistle.spreadsheet import read_categories
from workflow.models import TimeLimit

GENERATED = [
    "grids.geojson",
    "outlines.geojson",
    "posts.csv",
    "people.csv",
    "postings.csv",
    "relations.csv",
    "categories.xlsx",
]
ACCOUNTS = {
    "warden",
    "community",
    "street",
    "streethead",
    "district",
    "liaison",
    "leader",
    "admin",
}
STREET, COMMUNITY = "320104002", "320104002001"
# Which units a flow's places may be; every duty that a step wants must be held at each.
CENTRES = [f"{STREET}Q07", "320104B01000"]
HOLDERS = [
    f"{COMMUNITY}Z001",
    COMMUNITY,
    f"{STREET}Q03",
    f"{STREET}000",
    "320104B02000",
    "320104B02K01",
]
FLOWS = {flow.name: flow for flow in ALL_FLOWS}
PLACES = {
    "workorder": {
        "origin": [f"{COMMUNITY}Z001", COMMUNITY, *CENTRES],
        "community": [COMMUNITY],
        "centre": CENTRES,
        "holder": HOLDERS,
    },
    "whistle": {
        "caller": [f"{STREET}000"],
        "centre": [f"{STREET}Q07"],
        "holder": [f"{STREET}Q03"],
        "lead": ["320104B02000"],
    },
    "response": {
        "answerer": ["320104B02000", "320104B52000", f"{STREET}000"],
        "centre": [f"{STREET}Q07"],
        "caller": [f"{STREET}000", COMMUNITY],
        "arbiter": ["320104000000", f"{STREET}000"],
    },
    "assignment": {"unit": ["320104B02000", f"{STREET}000"], "caller": [f"{STREET}000"]},
    "verification": {"answerer": [f"{COMMUNITY}Z001"], "centre": CENTRES},
    "survey": {"asker": [COMMUNITY, *CENTRES]},
    "request": {"unit": HOLDERS, "approver": CENTRES},
    "supervision": {"unit": HOLDERS, "centre": CENTRES, "issuer": CENTRES},
}
LEVEL_TWO = {"blow", "verify", "rework", "score", "close", "cancel"}


def rows(name):
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def qinhuai(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample district, loaded once for this file and rolled back at its end."""
    password = tmp_path_factory.mktemp("demo") / "password"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "DEMO_PASSWORD_FILE", password)
        call_command("load_district", FOLDER, demo=True, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


def test_the_script_makes_the_files_that_are_stored(tmp_path):
    main(tmp_path)
    _same, different, missing = filecmp.cmpfiles(FOLDER, tmp_path, GENERATED, shallow=False)
    assert (different, missing) == ([], [])


def test_the_ground_is_an_exact_coverage_of_the_outline():
    features = json.loads((FOLDER / "grids.geojson").read_text(encoding="utf-8"))["features"]
    shapes = [shape(feature["geometry"]) for feature in features]
    outlines = json.loads((FOLDER / "outlines.geojson").read_text(encoding="utf-8"))["features"]
    district, *streets = [shape(feature["geometry"]) for feature in outlines]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.coverage_is_valid(streets)
    assert shapely.coverage_union_all(shapes).equals(district)
    assert area_of(district) / 1e6 == pytest.approx(49.1, abs=0.5)


def test_the_numbers_are_those_of_the_source_document():
    units = rows("units.csv")
    kinds = [unit["kind"] for unit in units]
    assert (kinds.count("street"), kinds.count("department")) == (12, 54)
    features = json.loads((FOLDER / "grids.geojson").read_text(encoding="utf-8"))["features"]
    grids = [feature["properties"]["kind"] for feature in features]
    assert (grids.count("general"), grids.count("exclusive")) == (1026, 308)


def test_every_department_has_a_leader_in_charge_and_every_street_a_paired_one():
    relations = rows("relations.csv")
    charged = {r["unit"] for r in relations if r["kind"] == "in_charge"}
    paired = {r["unit"] for r in relations if r["kind"] == "paired"}
    for unit in rows("units.csv"):
        if unit["kind"] == "department":
            assert unit["code"] in charged
        if unit["kind"] in ("street", "community"):
            assert unit["code"] in paired


def test_the_workbook_says_what_the_hand_written_table_says():
    source = Path(FOLDER).parent / "make_qinhuai" / "categories.csv"
    workbook, table = read_categories(FOLDER / "categories.xlsx"), read_categories(source)
    assert workbook.problems == table.problems == workbook.ignored == []
    assert workbook.filings == table.filings


def test_phones_of_sample_people_ring_nowhere():
    for person in rows("people.csv"):
        assert person["demo"] == "yes"
        assert person["phone"].startswith("120")


def test_it_is_loaded_whole(qinhuai, db):
    assert Grid.objects.count() == 1334
    assert Condition.objects.count() == 195
    assert User.objects.filter(demo=False).count() == 0
    centres = Unit.objects.filter(organ=Unit.CENTRE)
    assert centres.filter(kind="office").count() == 12
    assert centres.get(kind="department").duty_phone


def test_every_grid_has_a_chief_and_a_full_time_warden(qinhuai, db):
    held = Post.objects.filter(postings__in=Posting.objects.filter(on()), unit__kind="grid")
    assert held.filter(head=True).values("unit").distinct().count() == 1334
    assert held.filter(name="专职网格员").values("unit").distinct().count() == 1334


def test_only_eight_sample_people_can_log_in(qinhuai, db):
    able = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert able == ACCOUNTS


def test_the_administrator_alone_opens_the_engineers_pages(qinhuai, db):
    assert [user.username for user in User.objects.filter(is_staff=True)] == ["admin"]


def test_every_account_has_a_post(qinhuai, db):
    for user in User.objects.filter(username__in=ACCOUNTS):
        assert posts_of(user), user.username


def test_the_leader_stands_in_both_relations_to_a_tough_whistle_of_the_sample_street(qinhuai, db):
    leader = User.objects.get(username="leader")
    relations = Relation.objects.filter(on(), post__in=posts_of(leader))
    assert relations.filter(kind="paired", unit__code=f"{STREET}000").exists()
    assert relations.filter(kind="in_charge", unit__code="320104B02000").exists()


@pytest.mark.parametrize("name", FLOWS)
def test_every_verb_can_be_taken_by_somebody(qinhuai, db, name):
    units = {unit.code: unit for unit in Unit.objects.exclude(kind="grid")}
    units |= {unit.code: unit for unit in Unit.objects.filter(code=f"{COMMUNITY}Z001")}
    steps = [step for step in FLOWS[name].steps if step.duty]
    for step in steps:
        for code in PLACES[name].get(step.at, []):
            assert able(step, units[code]), f"{name} {step.verb} at {code}"
    if name == "whistle":
        for step in steps:
            if step.verb in LEVEL_TWO:
                assert able(step, units[COMMUNITY]), f"level 2 {step.verb}"


def able(step, unit):
    posts = posts_holding([step.duty], unit, here=step.here)
    return Posting.objects.filter(on(), post__in=posts).exists()


def test_those_who_must_not_be_the_same_person_need_not_be(qinhuai, db):
    """Two people can take each step that somebody who acted before may not take."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    for name, places in PLACES.items():
        for step in FLOWS[name].steps:
            if step.not_by and step.duty != "confirm":
                for code in places.get(step.at, []):
                    posts = posts_holding([step.duty], units[code], here=step.here)
                    people = Posting.objects.filter(on(), post__in=posts).values("user").distinct()
                    assert people.count() > 1, f"{name} {step.verb} at {code}"


def test_every_clock_of_every_flow_has_a_limit(qinhuai, db):
    own = {("workorder", "suspension"), ("assignment", "finish")}
    limited = set(TimeLimit.objects.values_list("flow", "clock"))
    for name, flow in FLOWS.items():
        for timer in flow.timers:
            assert (name, timer.what) in limited | own
