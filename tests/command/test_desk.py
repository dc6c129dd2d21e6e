"""The operator's desk: what waits where, in which order, and what one press does."""

import re
from urllib.parse import unquote

import pytest
import time_machine

from command.queues import QUEUES, counts
from organization.authority import units_where
from tests.cast import plain_photo
from tests.command.pages import at, browser_of, cost, rows_of
from tests.whistle.faces import lay_ground
from tests.whistle.paces import Paces

NOW = at(20, 10)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def desk(district):
    return browser_of(district.people.dispatcher)


def waiting(paces):
    """One order for each queue that a status makes."""
    sent_back = paces.dispatched()
    ground = {"ground": "not_ours", "note": "不属城管部职责"}
    paces.step(sent_back, "send_back", paces.p.office, **ground)
    suspended = paces.accepted()
    paces.suspend(suspended, days=2)
    return {
        "triage": paces.reported(),
        "dispatch": paces.registered(),
        "returned": sent_back,
        "verify": paces.handled(),
        "callback": paces.verified(),
        "suspended": suspended,
    }


def test_every_queue_holds_what_waits_in_it(paces, desk):
    for name, order in waiting(paces).items():
        assert rows_of(desk.get(f"/desk/?queue={name}")) == [order.pk]


def test_what_was_dispatched_anew_is_no_longer_among_the_returned(paces, desk):
    order = waiting(paces)["returned"]
    paces.step(order, "dispatch", paces.p.dispatcher, unit=paces.d.office)
    assert rows_of(desk.get("/desk/?queue=returned")) == []


def test_a_suspension_that_ends_far_away_does_not_wait_yet(paces, desk):
    order = paces.accepted()
    paces.suspend(order, days=30)
    assert rows_of(desk.get("/desk/?queue=suspended")) == []


def test_what_runs_out_soon_and_what_is_overdue_lie_apart(paces, desk):
    paces.now = at(20, 9, 5)
    late = paces.registered()  # half an hour to dispatch from 9:06
    paces.now = at(20, 9, 34)
    soon = paces.registered()  # due at 10:05, warned at 9:59
    paces.now = at(20, 9, 58)
    paces.registered()
    assert rows_of(desk.get("/desk/?queue=overdue")) == [late.pk]
    assert rows_of(desk.get("/desk/?queue=soon")) == [soon.pk]


def test_all_counts_come_from_one_query(paces, django_assert_num_queries):
    waiting(paces)
    user = paces.p.dispatcher
    units_where(user)
    with django_assert_num_queries(1):
        found = counts(user, None, NOW)
    assert {name: found[name] for name in ("triage", "dispatch", "returned", "callback")} == {
        "triage": 1,
        "dispatch": 1,
        "returned": 1,
        "callback": 1,
    }


def test_counts_say_so_when_there_are_more_than_a_thousand(paces, desk, monkeypatch):
    monkeypatch.setattr("command.queues.COUNTED", 2)
    for _n in range(4):
        paces.reported()
    assert "<b>2+</b>To triage" in desk.get("/desk/?queue=triage").text


def test_the_desk_opens_where_something_waits(paces, desk):
    order = paces.handled()
    answer = desk.get("/desk/")
    assert rows_of(answer) == [order.pk]
    assert 'aria-current="page"><b>1</b>To verify' in answer.text


def test_an_empty_desk_says_what_to_do(desk):
    assert "Nothing waits in" in desk.get("/desk/").text


def test_rows_stand_in_the_order_in_which_they_run_out(paces, desk):
    first = paces.registered()
    paces.now = at(19, 9, 20)
    second = paces.registered()
    urgent = paces.registered(source_number="12345-1", source="hotline", source_due=at(19, 9, 22))
    assert rows_of(desk.get("/desk/?queue=dispatch")) == [urgent.pk, first.pk, second.pk]


def sixty(paces):
    return [paces.reported() for _n in range(60)]


def test_sixty_rows_are_two_pages_without_gap_or_repetition(paces, desk):
    made = [order.pk for order in sixty(paces)]
    first = desk.get("/desk/?queue=triage")
    following = re.search(r'class="gc-desk__more" href="([^"]+)"', first.text)[1]
    second = desk.get(following.replace("&amp;", "&"))
    assert rows_of(first) + rows_of(second) == made
    assert len(rows_of(first)) == 50


def test_a_cursor_that_means_nothing_shows_the_first_rows(paces, desk):
    order = paces.reported()
    assert rows_of(desk.get("/desk/?queue=triage&cursor=x&past=y")) == [order.pk]


def test_the_desk_costs_the_same_with_sixty_rows(paces, desk):
    paces.reported()
    few = cost(desk, "/desk/?queue=triage")
    sixty(paces)
    assert cost(desk, "/desk/?queue=triage") == few <= 20


@pytest.mark.parametrize("queue", [queue.name for queue in QUEUES])
def test_no_queue_costs_more_than_20_queries(paces, desk, queue):
    waiting(paces)
    paces.blown()
    assert cost(desk, f"/desk/?queue={queue}") <= 20


def test_an_order_whose_whistle_was_answered_costs_no_more(paces, desk):
    whistle = paces.settled()
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="现场已恢复")
    assert cost(desk, f"/desk/{whistle.order.number}/?queue=callback") <= 20


def test_choosing_a_row_brings_the_order_and_its_map_alone(paces, desk):
    order = paces.reported()
    headers = {"hx-request": "true", "hx-target": "desk-open"}
    answer = desk.get(f"/desk/{order.number}/?queue=triage", headers=headers)
    assert 'id="desk-open" data-chosen' in answer.text
    assert 'id="queue"' not in answer.text and "<html" not in answer.text


def test_going_back_in_the_browser_brings_the_whole_page(paces, desk):
    order = paces.reported()
    headers = {"hx-request": "true", "hx-history-restore-request": "true"}
    answer = desk.get(f"/desk/{order.number}/?queue=triage", headers=headers)
    assert 'id="queue"' in answer.text and "<html" in answer.text


def test_live_fragments_ask_for_their_part(paces, desk):
    order = paces.reported()
    queue = desk.get("/desk/?queue=triage&part=queue")
    assert rows_of(queue) == [order.pk] and "<html" not in queue.text
    opened = desk.get(f"/desk/{order.number}/?queue=triage&part=open")
    assert f'data-live="workorder:{order.pk}"' in opened.text


def test_a_stranger_sees_nothing_of_it(paces):
    order = paces.reported()
    stranger = browser_of(paces.p.stranger)
    assert rows_of(stranger.get("/desk/")) == []
    assert stranger.get(f"/desk/{order.number}/").status_code == 404
    assert stranger.get(f"/desk/{order.number}/?part=open").status_code == 404


def test_who_may_view_nothing_has_no_desk(paces):
    assert browser_of(paces.p.admin).get("/desk/").status_code == 404


def test_a_street_of_the_address_narrows_the_queues(paces):
    district = browser_of(paces.p.district)
    order = paces.reported()
    elsewhere = paces.d.other_street
    assert rows_of(district.get(f"/desk/?queue=triage&street={paces.d.street.code}")) == [order.pk]
    assert rows_of(district.get(f"/desk/?queue=triage&street={elsewhere.code}")) == []
    assert district.get("/desk/?street=nowhere").status_code == 404


def test_the_next_order_opens_after_an_act(paces, desk):
    orders = [paces.reported() for _n in range(3)]
    page = desk.get(f"/desk/{orders[1].number}/?queue=triage").text
    following = re.search(r"next=([^&\"]+past[^&\"]+)", page)[1]
    shown = desk.get(unquote(following))
    assert f"Order {orders[2].number}" in shown.text


# What is advised


def test_the_list_of_duties_names_the_office_to_dispatch_to(paces, desk, district):
    district.condition.responsible = "街道城管部"
    district.condition.save()
    order = paces.registered()
    page = desk.get(f"/desk/{order.number}/?queue=dispatch").text
    assert "Suggested: dispatch to 夫子庙城管部" in page
    assert "List of duties: 污水井盖 → 街道城管部" in page


def press(client, page, name="gc-btn--main"):
    """Press the one main button of a page, as a browser would."""
    form = next(
        found
        for found in re.findall(r"<form.*?</form>", page, re.DOTALL)
        if re.search(rf'class="gc-btn {name}"', found)
    )
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    fields = {key: value.replace("&amp;", "&") for key, value in fields.items()}
    return client.post(re.search(r'action="([^"]+)"', form)[1], fields)


def test_one_press_dispatches_to_the_unit_that_is_advised(paces, desk, district):
    district.condition.responsible = "街道城管部"
    district.condition.save()
    order = paces.registered()
    answer = press(desk, desk.get(f"/desk/{order.number}/?queue=dispatch").text)
    order.refresh_from_db()
    assert (answer.status_code, order.status, order.holder) == (302, "dispatched", district.office)
    assert answer.url.startswith("/desk/?queue=dispatch&past=")


def test_a_department_is_whistled_for_not_dispatched_to(paces, desk, district):
    district.condition.responsible = "区水务局"
    district.condition.save()
    order = paces.registered()
    page = desk.get(f"/desk/{order.number}/?queue=dispatch").text
    assert "Suggested: whistle for 区水务局" in page
    assert re.search(
        rf'gc-btn--main" href="/work-orders/{order.number}/whistle/" data-dialog', page
    )


def test_the_community_settles_what_the_list_gives_to_communities(paces, desk, district):
    district.condition.responsible = "社区居民委员会"
    district.condition.save()
    order = paces.registered()
    page = desk.get(f"/desk/{order.number}/?queue=dispatch").text
    assert "Suggested: dispatch to 平江府社区" in page


def test_the_past_of_the_class_in_the_street_speaks(paces, desk):
    paces.handled()
    order = paces.registered()
    page = desk.get(f"/desk/{order.number}/?queue=dispatch").text
    assert "Suggested: dispatch to 夫子庙城管部" in page
    assert "In 90 days 1 of this class, 0.1 working hours on average, 100% in time." in page


def test_who_was_suspended_on_the_way_tells_nothing_of_speed(paces, desk):
    order = paces.accepted()
    paces.suspend(order, days=1)
    paces.step(order, "resume", paces.p.dispatcher)
    paces.step(
        order,
        "handle",
        paces.p.office,
        result="换新井盖",
        talked_to="陈先生",
        settled_on="当日",
        photos=[plain_photo("after")],
    )
    page = desk.get(f"/desk/{paces.registered().number}/?queue=dispatch").text
    assert "Suggested" not in page


def test_nothing_is_advised_where_nothing_is_known(paces, desk):
    page = desk.get(f"/desk/{paces.registered().number}/?queue=dispatch").text
    assert "gc-advice" not in page and "In 90 days" not in page


def test_who_may_not_dispatch_gets_no_advice(paces, district):
    paces.handled()
    order = paces.registered()
    page = browser_of(district.people.leader).get(f"/work-orders/{order.number}/").text
    assert "gc-advice" not in page


# What lies around


def test_what_may_be_the_same_can_be_merged_at_once(paces, desk):
    first = paces.reported(category=paces.d.condition.category)
    second = paces.reported(category=paces.d.condition.category, lng=118.7903)
    page = desk.get(f"/desk/{second.number}/?queue=triage").text
    near = page[page.index('id="near"') :]
    assert "May be the same" in near and "28 m" in near
    link = re.search(rf'href="(/work-orders/{second.number}/merge/\?[^"]+)"', near)[1]
    form = desk.get(link.replace("&amp;", "&"))
    assert f'value="{first.number}"' in form.text


def test_orders_of_other_classes_are_neighbours(paces, desk):
    other = paces.registered(lat=32.021)
    order = paces.reported(category=None)
    page = desk.get(f"/desk/{order.number}/?queue=triage").text
    assert "Open nearby" in page and f'href="/work-orders/{other.number}/"' in page


def test_what_is_far_away_or_over_is_no_neighbour(paces, desk):
    paces.reported(lat=32.03)
    paces.refused()
    page = desk.get(f"/desk/{paces.reported().number}/?queue=triage").text
    assert "No other open order nearby." in page


def test_an_order_without_a_point_has_no_map(paces, desk):
    order = paces.reported(lng=None, lat=None)
    page = desk.get(f"/desk/{order.number}/?queue=triage").text
    assert "No place on the map" in page and "data-map=" not in page


def test_the_map_draws_the_grid_and_its_neighbours(paces, district, desk):
    lay_ground(district)
    order = paces.reported()
    page = desk.get(f"/desk/{order.number}/?queue=triage").text
    code = district.grid.code
    assert f'data-on="{code}"' in page
    shapes = desk.get(re.search(r'data-grids="([^"]+)"', page)[1]).json()
    assert [f["properties"]["code"] for f in shapes["features"]] == [code]
    borders = desk.get(re.search(r'data-outline="([^"]+)"', page)[1]).json()
    assert [f["properties"]["kind"] for f in borders["features"]] == ["community"]


def test_a_grid_that_does_not_exist_has_no_neighbours(desk):
    assert desk.get("/map/around/320104002001Z999/").status_code == 404
