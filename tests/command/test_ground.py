"""The grid map: figures, pins and cards show no more than the reader may see."""

import json

import pytest
import time_machine

from command.ground import tone_of
from grids.models import Grid
from tests.command.pages import at, browser_of, cost
from tests.command.stage import play
from tests.grids.ground import draw, square
from tests.whistle.faces import PLACE, lay_ground
from tests.whistle.paces import Paces

NOW = at(20, 10)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    lay_ground(district)
    return Paces(district)


@pytest.fixture
def leader(district):
    return browser_of(district.people.leader)


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_the_map_asks_for_what_it_draws(paces, leader):
    page = leader.get("/map/").text
    for url in ("/api/grids/geojson/", "/map/outline/", "/map/figures/", "/map/pins/"):
        assert f'"{url}"' in page


def test_figures_count_open_and_overdue_orders_of_each_grid(paces, leader):
    paces.now = at(19, 9)
    paces.accepted()
    paces.now = at(20, 9, 55)
    paces.reported()
    paces.closed()
    assert read(leader, "/map/figures/") == {paces.d.grid.code: {"open": 2, "late": 1}}


def test_pins_are_the_open_orders_the_most_urgent_first(paces, leader):
    paces.now = at(20, 9)
    calm = paces.accepted(title="不急")
    paces.now = at(19, 9)
    late = paces.accepted(title="超期")
    pins = read(leader, "/map/pins/")
    assert [pin["url"] for pin in pins] == [late.get_absolute_url(), calm.get_absolute_url()]
    assert [pin["tone"] for pin in pins] == ["late", ""]


def test_strangers_see_the_ground_but_no_order(paces, district):
    paces.reported()
    stranger = browser_of(district.people.stranger)
    assert stranger.get("/map/").status_code == 200
    assert read(stranger, "/map/figures/") == {}
    assert read(stranger, "/map/pins/") == []
    assert stranger.get(f"/map/{district.grid.code}/").status_code == 404


def test_who_sees_nothing_has_no_map(district):
    assert browser_of(district.people.admin).get("/map/").status_code == 404


def test_a_card_names_who_looks_after_the_grid_and_what_is_open(paces, leader):
    paces.now = at(19, 9)
    order = paces.accepted()
    page = leader.get(f"/map/{paces.d.grid.code}/").text
    for words in ("综合网格01", "夫子庙街道", "平江府社区", "warden", "1 open", "1 overdue"):
        assert words in page
    assert order.get_absolute_url() in page


def test_a_card_and_the_list_behind_it_count_alike(paces, leader):
    paces.accepted()
    paces.reported()
    paces.closed()
    card = leader.get(f"/map/{paces.d.grid.code}/")
    listed = leader.get(f"/work-orders/?grid={paces.d.grid.code}&open=on")
    assert int(listed.context["counts"]["all"]) == card.context["counts"]["open"] == 2


def test_streets_and_communities_are_cut_from_their_grids(paces, leader):
    d = paces.d
    east = Grid.objects.create(
        unit=type(d.grid).objects.establish(
            code="320104002001Z002", name="综合网格02", kind="grid", parent=d.community
        ),
        kind=Grid.Kind.GENERAL,
        community=d.community,
        street=d.street,
        serial=2,
    )
    draw(east, square(1, 0))
    shapes = read(leader, "/map/outline/")["features"]
    assert {shape["properties"]["code"] for shape in shapes} == {d.street.code, d.community.code}
    lngs = [lng for lng, _lat in shapes[0]["geometry"]["coordinates"][0]]
    assert (min(lngs), max(lngs)) == (118.78, 118.8)


def test_signs_say_what_the_countdown_says(paces):
    paces.now = at(20, 9, 55)
    order = paces.reported()
    assert tone_of(order, order.warn_at) == "soon"
    assert tone_of(order, at(21, 9)) == "late"
    assert tone_of(paces.closed(), at(21, 9)) == ""


def test_the_card_costs_the_same_for_few_and_many(paces, leader):
    url = f"/map/{paces.d.grid.code}/"
    paces.accepted()
    few = cost(leader, url)
    for _n in range(3):
        paces.accepted()
    assert cost(leader, url) == few <= 20


@pytest.mark.browser
def test_a_grid_is_found_chosen_and_kept_in_the_address(paces):
    paces.accepted()

    def scene(page):
        page.goto("/map/")
        page.wait_for_selector(".gc-map__label", state="attached")
        page.fill("[data-ground-find]", "网格01")
        page.click("[data-ground-found] button")
        page.wait_for_selector("[data-map-card] h2")
        assert page.inner_text("[data-map-card] h2") == "综合网格01"
        assert f"grid={paces.d.grid.code}" in page.url
        page.click("[data-map-figure=late]")
        assert page.get_attribute("[data-map-figure=late]", "aria-pressed") == "true"
        page.reload()
        page.wait_for_selector("[data-map-card] h2")

    play(paces.p.leader, scene, **PLACE)
