"""The grids' API: who sees which, the card, the map's GeoJSON with its tag, and what lies where."""

import gzip
import json

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from grids.api import GridViewSet
from grids.datum import wgs84_to_gcj02
from grids.models import Boundary
from tests.cast import seat
from tests.grids.ground import SIDE, SOUTH, WEST, centre

requests = APIRequestFactory()


@pytest.fixture
def viewer(ground):
    return seat("viewer", ground.street, "view")


@pytest.fixture
def stranger(ground):
    return seat("stranger", ground.street, "report")


def get(user, act, query=None, code=None, **headers):
    request = requests.get("/api/grids/", query or {}, headers=headers)
    if user:
        force_authenticate(request, user)
        request.user = user
    view = GridViewSet.as_view({"get": act}, detail=code is not None)
    return view(request, **({"code": code} if code else {}))


def codes(response):
    return [row["code"] for row in response.data["results"]]


def test_a_list_holds_the_grids_one_may_view(ground, viewer):
    response = get(viewer, "list")
    assert codes(response) == ["320104001001Z001", "320104001001Z002"]
    assert response.data["results"][0]["street"] == {
        "code": "320104001000",
        "name": "320104001000",
    }


def test_strangers_see_an_empty_list_and_no_grid(ground, stranger):
    assert codes(get(stranger, "list")) == []
    assert get(stranger, "retrieve", code="320104001001Z001").status_code == 404


def test_nobody_sees_anything_without_login(ground):
    for act in ("list", "geojson", "locate"):
        assert get(None, act).status_code in (401, 403)


def test_another_streets_grid_does_not_exist(ground, viewer):
    assert get(viewer, "retrieve", code="320104002001Z001").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "exclusive"}, 0),
        ({"kind": "general"}, 2),
        ({"community": "320104001001"}, 2),
        ({"street": "320104002000"}, 0),
        ({"search": "z002"}, 0),
        ({"search": "320104001001z002"}, 1),
    ],
)
def test_lists_are_filtered(ground, viewer, query, found):
    ground.west.unit.name = "乌衣巷第1网格"
    ground.west.unit.save(update_fields=["name"])
    ground.middle.unit.name = "乌衣巷第2网格"
    ground.middle.unit.save(update_fields=["name"])
    assert len(codes(get(viewer, "list", query))) == found
    assert len(codes(get(viewer, "list", {"search": "第1"}))) == 1


@pytest.mark.parametrize("query", [{"kind": "round"}, {"search": "a\x00b"}, {"street": "\x00"}])
def test_a_filter_that_cannot_be_meant_is_refused(ground, viewer, query):
    assert get(viewer, "list", query).status_code == 400


def test_lists_are_paged_by_cursor(ground, viewer):
    first = get(viewer, "list", {"page_size": 1})
    assert codes(first) == ["320104001001Z001"]
    cursor = first.data["next"].split("cursor=")[1].split("&")[0]
    second = get(viewer, "list", {"page_size": 1, "cursor": cursor.replace("%3D", "=")})
    assert codes(second) == ["320104001001Z002"]


def test_a_list_takes_few_queries(ground, viewer, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        get(viewer, "list").render()


def test_the_card_has_chief_wardens_and_boundary(ground, viewer):
    seat("chief", ground.west.unit, "handle", head=True)
    seat("warden", ground.west.unit, "report")
    card = get(viewer, "retrieve", code="320104001001Z001").data
    assert card["chief"]["name"] == "chief"
    assert [person["name"] for person in card["wardens"]] == ["warden"]
    assert card["geometry"]["type"] == "Polygon"
    assert card["sample"] is False


def test_a_grid_that_is_not_drawn_has_a_card_all_the_same(ground, viewer):
    Boundary.objects.filter(grid=ground.west).delete()
    card = get(viewer, "retrieve", code="320104001001Z001").data
    assert card["geometry"] is card["area"] is None


@pytest.mark.parametrize("act", ["geojson", "list"])
def test_the_ground_is_whole_for_everybody_who_may_view_something(ground, viewer, act):
    Boundary.objects.update(sample=True)
    response = get(viewer, act, {"format": "geojson"})
    assert response["Content-Type"] == "application/geo+json"
    body = json.loads(response.content)
    assert body["sample"] is True
    assert [feature["id"] for feature in body["features"]] == [
        "320104001001Z001",
        "320104001001Z002",
        "320104002001Z001",
    ]
    assert set(body["features"][0]["properties"]) == {"code", "name", "kind", "area"}


def test_the_ground_is_not_for_strangers(ground, stranger):
    assert get(stranger, "geojson").status_code == 404
    assert get(stranger, "locate", {"lng": 118.8, "lat": 32}).status_code == 404


def test_the_ground_is_packed_once_and_tagged(ground, viewer):
    plain = get(viewer, "geojson")
    packed = get(viewer, "geojson", accept_encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    again = get(viewer, "geojson", if_none_match=plain["ETag"])
    assert again.status_code == 304
    Boundary.objects.filter(grid=ground.east).delete()
    changed = get(viewer, "geojson", if_none_match=plain["ETag"])
    assert changed.status_code == 200
    assert len(json.loads(changed.content)["features"]) == 2


def test_a_tag_does_not_open_the_ground_to_strangers(ground, viewer, stranger):
    tag = get(viewer, "geojson")["ETag"]
    assert get(stranger, "geojson", if_none_match=tag).status_code == 404


def test_locate_tells_grid_community_and_street(ground, viewer):
    lng, lat = centre(2, 0)
    place = get(viewer, "locate", {"lng": lng, "lat": lat}).data
    assert place["grid"]["code"] == "320104002001Z001"
    assert place["community"]["code"] == "320104002001"
    assert place["street"]["code"] == "320104002000"
    assert place["distance"] == 0


def test_locate_turns_other_datums(ground, viewer):
    lng, lat = wgs84_to_gcj02(*centre(1, 0))
    there = get(viewer, "locate", {"lng": lng, "lat": lat, "datum": "GCJ-02"}).data
    assert there["grid"]["code"] == "320104001001Z002"
    assert (there["lng"], there["lat"]) == pytest.approx(centre(1, 0), abs=1e-6)


def test_locate_outside_names_the_nearest(ground, viewer):
    place = get(viewer, "locate", {"lng": WEST - SIDE, "lat": SOUTH}).data
    assert place["grid"] is None
    assert place["nearest"]["code"] == "320104001001Z001"
    assert place["distance"] > 900


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lng": "x", "lat": 32},
        {"lng": 181, "lat": 32},
        {"lng": "nan", "lat": 32},
        {"lng": "inf", "lat": 32},
        {"lng": 118, "lat": 32, "datum": "Mars"},
    ],
)
def test_locate_refuses_what_is_no_point(ground, viewer, query):
    assert get(viewer, "locate", query).status_code == 400
