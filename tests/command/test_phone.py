"""The phone of the warden and of the community: tasks, reports of one order each, answers."""

import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from grids.models import Grid
from organization.models import Unit
from tests.cast import plain_photo, seat
from tests.command.pages import at, browser_of, cost, rows_of
from tests.grids.ground import centre, draw, square
from tests.whistle.faces import PLACE, lay_ground, picture
from tests.whistle.paces import Paces
from whistle.actions import intake
from whistle.models import Category, Verification, WorkOrder
from workflow.actions import create

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
def warden(paces):
    return browser_of(paces.p.warden)


def report(paces, **fields):
    """What the form of a report posts, with one photo."""
    category = str(paces.d.condition.category_id)
    plain = {"key": "one", "category": category, "photos_near": picture(), "address": "路口"}
    return {**plain, **PLACE, "accuracy": "6", **fields}


def send(client, data):
    return client.post(reverse("phone_report"), data)


def tasks_of(answer):
    return re.findall(r'data-row="(\w+-\d+)"', answer.text)


def test_what_runs_out_first_stands_first(paces, warden):
    asked = paces.asked()
    to_sign = paces.dispatched(paces.d.grid)
    due = {
        f"answer-{asked.pk}": Verification.objects.get().due_at,
        f"handle-{to_sign.pk}": to_sign.due_at,
    }
    assert tasks_of(warden.get("/m/")) == sorted(due, key=due.get)
    assert "Sign for" in warden.get("/m/tasks/").text


def test_a_community_also_takes_on_and_judges_its_whistles(paces):
    new = paces.reported()
    response = paces.called_street()
    whistle = response.whistle
    community = browser_of(paces.p.community)
    assert tasks_of(community.get("/m/tasks/")) == [f"take-{new.pk}"]
    paces.step(response, "name", paces.p.dispatcher, lead_name="李工", lead_phone="13900000001")
    code = whistle.arrival_code
    street = seat("street worker", paces.d.street, "view handle")
    paces.step(response, "arrive", street, who="李工", code=code)
    paces.step(response, "finish", street, result="已办", photos=[plain_photo("after")])
    assert f"whistle-{whistle.pk}" in tasks_of(community.get("/m/tasks/"))


def test_others_grids_ask_nothing_of_me(paces, warden):
    other = Unit.objects.establish(
        code="320104002001Z002", name="网格02", kind=Unit.Kind.GRID, parent=paces.d.community
    )
    paces.dispatched(other)
    assert tasks_of(warden.get("/m/tasks/")) == []
    assert "Nothing waits for you" in warden.get("/m/").text


def test_pages_of_tasks_show_each_once(paces, warden, monkeypatch):
    monkeypatch.setattr("command.field_work.PAGE", 3)
    for _n in range(4):
        paces.dispatched(paces.d.grid)
        paces.asked()
    seen, url = [], "/m/tasks/"
    while url:
        answer = warden.get(url)
        seen += tasks_of(answer)
        found = re.search(r'href="(\?kind=&amp;after=[^"]+)"', answer.text)
        url = "/m/tasks/" + found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize("key", ["x", "2026-10-20~answer~1", "2026-10-20T10:00:00+08:00~no~1"])
def test_an_unknown_key_of_tasks_is_not_found(warden, key):
    assert warden.get("/m/tasks/", {"after": key}).status_code == 404


def test_a_report_sent_twice_is_one_order(paces, warden):
    first = send(warden, report(paces))
    again = send(warden, report(paces))
    order = WorkOrder.objects.get()
    assert first.url == again.url == f"/m/reports/{order.number}/?sent=1"
    assert (order.source, order.grid, order.reporter) == ("grid", paces.d.grid, paces.p.warden)
    assert order.title == "污水井盖"
    assert [p.label for p in order.attachments.all()] == ["near"]
    assert order.number in warden.get(first.url).text


def test_another_report_under_the_same_key_asks_first(paces, warden):
    send(warden, report(paces))
    answer = send(warden, report(paces, address="别处"))
    assert answer.status_code == 400
    assert "This was sent already" in answer.text
    fresh = re.search(r'name="key" value="([^"]+)"', answer.text)[1]
    assert fresh != "one"
    send(warden, report(paces, address="别处", key=fresh))
    assert WorkOrder.objects.count() == 2


def test_a_refused_report_may_be_sent_again_under_its_key(paces, warden):
    answer = send(warden, report(paces, category=""))
    assert answer.status_code == 400
    assert "Choose what is wrong" in answer.text
    assert 'name="key" value="one"' in answer.text
    assert send(warden, report(paces)).status_code == 302
    assert WorkOrder.objects.count() == 1


def test_a_report_in_words_alone_has_them_as_its_title(paces, warden):
    send(warden, report(paces, category="", description="路边有人摔倒"))
    assert WorkOrder.objects.get().title == "路边有人摔倒"


def test_a_report_wants_a_place(paces, warden):
    answer = send(warden, report(paces, lng="", lat="", address=""))
    assert answer.status_code == 400
    assert "Give a place" in answer.text


@pytest.fixture
def next_door(paces):
    """The grid to the east of the warden's own, in the street next to his."""
    street = paces.d.other_street
    make = Unit.objects.establish
    community = make(code="320104003001", name="红花社区", kind="community", parent=street)
    unit = make(code="320104003001Z001", name="红花网格", kind="grid", parent=community)
    beside = Grid.objects.create(
        unit=unit, kind="general", community=community, street=street, serial=1
    )
    draw(beside, square(1, 0))
    return unit


def fixed(paces, **fields):
    """What is posted of what was settled on the spot."""
    photos = {"photos_before": picture(), "photos_after": picture(colour="red")}
    posted = report(paces, fixed="1", result="已清理", **photos, **fields)
    del posted["photos_near"]
    return posted


def metres_east(metres):
    """A point so far beyond the border between the two grids."""
    _west, _south, border, _north = square(0, 0).bounds
    return {"lng": border + metres / 94_400, "lat": PLACE["lat"]}


def test_what_a_warden_sees_in_anothers_grid_is_taken_under_that_grid(paces, warden, next_door):
    lng, lat = centre(1, 0)
    answer = send(warden, report(paces, lng=lng, lat=lat))
    order = WorkOrder.objects.get()
    assert (order.grid, order.street) == (next_door, paces.d.other_street)
    assert order.centre == paces.d.other_centre
    assert order.events.get().post.unit == paces.d.grid
    assert order.number in warden.get(answer.url).text


def test_a_place_outside_of_the_district_says_so(paces, warden):
    lng, lat = centre(5, 5)
    answer = send(warden, report(paces, lng=lng, lat=lat))
    assert answer.status_code == 400
    assert "outside of the district" in answer.text
    assert not WorkOrder.objects.exists()


def test_a_few_metres_outside_of_the_district_still_lie_in_the_own_grid(paces, warden):
    send(warden, report(paces, **metres_east(45)))
    order = WorkOrder.objects.get()
    assert (order.grid, order.centre) == (paces.d.grid, paces.d.centre)
    assert order.lng == metres_east(45)["lng"]


def test_on_the_spot_is_as_near_to_the_own_grid_as_satellites_err(paces, warden, next_door):
    assert send(warden, fixed(paces, **metres_east(45))).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.status, order.grid) == ("handled", next_door)


@pytest.mark.parametrize(
    ("metres", "accuracy", "code"), [(60, 6, 400), (60, 80, 302), (190, 900, 302), (210, 900, 400)]
)
def test_the_phone_says_how_far_it_errs_but_not_without_end(
    paces, warden, next_door, metres, accuracy, code
):
    answer = send(warden, fixed(paces, **metres_east(metres), accuracy=accuracy))
    assert answer.status_code == code
    assert ("report what lies in another" in answer.text) == (code == 400)
    assert WorkOrder.objects.exists() == (code == 302)


def test_a_desk_reports_in_its_own_street_only(paces, next_door):
    lng, lat = centre(1, 0)
    with pytest.raises(PermissionDenied):
        intake.report(
            actor=paces.p.dispatcher, source="hotline", title="积水", lng=lng, lat=lat, now=NOW
        )


def test_what_is_fixed_on_the_spot_wants_words_and_both_photos(paces, warden):
    assert "Say what was done" in send(warden, report(paces, fixed="1")).text
    answer = send(warden, report(paces, fixed="1", result="已清理"))
    assert "one from after" in answer.text
    assert send(warden, fixed(paces)).status_code == 302
    order = WorkOrder.objects.get()
    assert order.status == "handled"
    assert {p.label for p in order.attachments.all()} == {"before", "after"}


def test_words_kept_from_a_draft_do_not_settle_a_report(paces, warden):
    send(warden, report(paces, result="已清理"))
    assert WorkOrder.objects.get().status == "reported"


def test_open_papers_of_the_class_nearby_are_shown(paces, warden):
    category = paces.d.condition.category
    known = paces.reported(category=category, **PLACE)
    other = Category.objects.create(
        kind="event", major_code="01", major_name="市容环境", code="01", name="私搭乱建"
    )
    url = reverse("phone_near")
    assert known.get_absolute_url() in warden.get(url, {**PLACE, "category": category.pk}).text
    assert "gc-same" not in warden.get(url, {**PLACE, "category": other.pk}).text
    assert "gc-same" not in warden.get(url, {"lng": "x", "lat": "", "category": "y"}).text


def test_papers_of_others_nearby_stay_hidden(paces):
    """A helper reports but does not view."""
    helper = seat("helper", paces.d.grid, "report")
    category = paces.d.condition.category
    paces.reported(category=category, **PLACE)
    query = {**PLACE, "category": category.pk}
    assert "gc-same" not in browser_of(helper).get(reverse("phone_near"), query).text


def test_what_was_reported_last_is_at_hand(paces, warden):
    for code in range(10, 20):
        Category.objects.create(
            kind="event", major_code="01", major_name="市容", code=str(code), name=f"类{code}"
        )
    last = Category.objects.get(code="17")
    send(warden, report(paces, category=str(last.pk)))
    found = re.findall(r'data-kind="(\d+)"', warden.get("/m/report/").text)
    assert found[0] == str(last.pk)
    assert len(found) == 6
    assert len(warden.get(reverse("phone_kinds")).json()["results"]) == 11


def answer_url(asked):
    return reverse("phone_task", args=[asked.pk])


def test_a_yes_says_itself_and_a_no_wants_words(paces, warden):
    asked = paces.asked()
    assert "还在吗" in warden.get(answer_url(asked)).text
    refused = warden.post(answer_url(asked), {"yes": "no"})
    assert refused.status_code == 400
    assert "Say what you found." in refused.text
    done = warden.post(answer_url(asked), {"yes": "yes", "photos": picture(), **PLACE})
    assert done.url == "/m/tasks/"
    asked.refresh_from_db()
    assert (asked.yes, asked.words, asked.lng) == (True, "It is so", PLACE["lng"])


def test_an_answer_sent_twice_is_one(paces, warden):
    asked = paces.asked()
    for _n in range(2):
        answer = warden.post(answer_url(asked), {"yes": "no", "words": "还没有"})
        assert answer.status_code == 302
    assert asked.events.filter(verb="answer").count() == 1
    assert warden.get(answer_url(asked)).url == asked.order.get_absolute_url()


def test_what_somebody_else_answered_is_told(paces, warden):
    asked = paces.asked()
    paces.step(asked, "answer", paces.p.community, yes="yes", words="属实")
    assert warden.post(answer_url(asked), {"yes": "yes"}).status_code == 409


def test_who_handled_it_does_not_verify_it(paces, warden):
    order = paces.dispatched(paces.d.grid)
    paces.step(order, "accept", paces.p.warden)
    given = {"result": "已换", "talked_to": "陈先生", "settled_on": "当日"}
    paces.step(order, "handle", paces.p.warden, photos=[plain_photo("after")], **given)
    paces.step(order, "check", paces.p.dispatcher)
    asked = Verification.objects.get()
    assert warden.get(answer_url(asked)).status_code == 403
    text = browser_of(paces.p.community).get(answer_url(asked)).text
    assert "已换" in text and "陈先生" in text


def test_each_report_says_how_far_it_is(paces, warden):
    orders = [paces.reported(), paces.accepted(), paces.closed(), paces.blown().order]
    text = warden.get("/m/reports/").text
    assert set(rows_of(warden.get("/m/reports/"))) == {order.pk for order in orders}
    assert "Step 2 of 9" in text and "Step 7 of 9" in text and "All nine steps done" in text
    closed = warden.get("/m/reports/", {"only": "closed"})
    assert rows_of(closed) == [orders[2].pk]
    assert rows_of(warden.get("/m/reports/", {"only": "fixed"})) == []


def test_a_helper_follows_reports_without_seeing_papers(paces):
    helper = seat("helper", paces.d.grid, "report")
    order = paces.new_order(reporter=helper)
    create(order, "report", actor=helper, now=paces.now, photos=[plain_photo()])
    client = browser_of(helper)
    text = client.get(reverse("phone_my_report", args=[order.number])).text
    assert "To triage" in text and order.get_absolute_url() not in text
    assert client.get(order.get_absolute_url()).status_code == 404


def test_the_report_of_somebody_else_is_not_mine(paces):
    order = paces.reported()
    url = reverse("phone_my_report", args=[order.number])
    assert browser_of(paces.p.community).get(url).status_code == 404


def test_the_map_shows_the_grids_of_the_community(paces, warden):
    assert f'data-on="{paces.d.grid.code}"' in warden.get("/m/map/").text
    shapes = warden.get(reverse("phone_ground")).json()["features"]
    assert [shape["id"] for shape in shapes] == [paces.d.grid.code]


def test_thirty_rows_cost_no_more_than_one(paces, warden):
    asked = [paces.asked() for _n in range(10)][0]
    mine = [paces.dispatched(paces.d.grid) for _n in range(10)][0]
    for _n in range(10):
        paces.blown()
    pages = ["/m/", "/m/tasks/", "/m/reports/", "/m/report/", "/m/map/", answer_url(asked)]
    pages.append(reverse("phone_my_report", args=[mine.number]))
    costs = {url: cost(warden, url) for url in pages}
    assert max(costs.values()) <= 20, costs
