"""The list of orders: what its address asks for, paging, counts, columns."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from rest_framework.test import APIClient

from tests.command.pages import at, browser_of, cost, rows_of
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
def centre(district):
    return browser_of(district.people.dispatcher)


def listed(client, **query):
    return rows_of(client.get(f"/work-orders/?{urlencode(query, doseq=True)}"))


def link(page, rel):
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    return "/work-orders/" + found[1].replace("&amp;", "&") if found else None


def test_the_bare_list_shows_what_is_in_work_and_runs_out_first(paces, centre):
    late = paces.registered()
    paces.closed()
    paces.now = at(20, 9)
    fresh = paces.registered()
    answer = centre.get("/work-orders/")
    assert rows_of(answer) == [late.pk, fresh.pk]
    assert "In work" in answer.text


def test_without_filters_the_newest_come_first(paces, centre):
    made = [paces.reported().pk for _n in range(3)]
    assert listed(centre, sort="created") == made[::-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "closed"}, ["closed"]),
        ({"status": ["closed", "refused"]}, ["closed", "refused"]),
        ({"status": "closed,refused"}, ["closed", "refused"]),
        ({"source": "hotline"}, ["hotline"]),
        ({"urgency": "critical"}, ["critical"]),
        ({"level": "2"}, ["closed"]),
        ({"q": "夫子"}, ["hotline"]),
        ({"q": "贡院"}, ["critical"]),
        ({"q": "12345-7"}, ["hotline"]),
        ({"q": "没有"}, []),
        ({"since": "2026-10-20"}, []),
        ({"until": "2026-10-19", "source": "hotline"}, ["hotline"]),
        ({"open": "on"}, ["critical", "hotline"]),
    ],
)
def test_the_address_narrows_the_list(paces, centre, query, found):
    made = {
        "closed": paces.closed(),
        "refused": paces.refused(),
        "hotline": paces.reported(source="hotline", source_number="12345-77", title="夫子庙积水"),
        "critical": paces.reported(urgency="critical", address="贡院街7号"),
    }
    assert sorted(listed(centre, sort="created", **query)) == sorted(made[n].pk for n in found)


def test_category_street_and_holder_narrow_too(paces, centre, district):
    held, other = paces.dispatched(), paces.reported()
    category = district.condition.category
    assert listed(centre, category=category.pk) == [held.pk]
    assert listed(centre, category="component-01-02") == [held.pk]
    assert listed(centre, holder=district.office.code) == [held.pk]
    assert listed(centre, street=district.street.code, sort="created") == [other.pk, held.pk]


def test_overdue_and_soon_are_shortcuts_with_their_counts(paces, centre):
    late = paces.registered()
    paces.now = at(20, 9, 34)
    soon = paces.registered()
    page = centre.get("/work-orders/").text
    shortcuts = re.findall(r'class="gc-chip" href="\?([^"]+)".*? <b>(\d+)</b></a>', page)
    assert {url.split(";")[-1].split("=")[0]: n for url, n in shortcuts} == {
        "overdue": "1",
        "soon": "1",
    }
    assert listed(centre, overdue="on", sort="due") == [late.pk]
    assert listed(centre, soon="on", sort="due") == [soon.pk]


def test_pages_and_api_narrow_by_one_rule(paces, centre, district):
    paces.closed(), paces.registered(), paces.reported(source="hotline")
    api = APIClient()
    api.force_authenticate(district.people.dispatcher)
    for query in ({"status": "closed"}, {"source": "hotline"}, {"overdue": "on"}, {"q": "井盖"}):
        given = api.get("/api/work-orders/", query).json()["results"]
        page = centre.get(f"/work-orders/?sort=created&{urlencode(query)}").text
        numbers = re.findall(r'title="(320104002-2026-\d{6})"', page)
        assert numbers == [row["number"] for row in given]


def test_what_means_nothing_is_left_out_and_named(paces, centre):
    order = paces.reported()
    answer = centre.get("/work-orders/?status=dancing&since=tomorrow&sort=created&cursor=x")
    assert rows_of(answer) == [order.pk]
    assert "Left out, for it means nothing: Since, Status" in answer.text


def test_a_chip_takes_its_filter_away(paces, centre):
    paces.reported()
    page = centre.get("/work-orders/?status=reported&status=closed&source=grid").text
    chips = re.findall(r'gc-chip--on" href="([^"]+)">([^<]+)<', page)
    links = {label: url.replace("&amp;", "&") for url, label in chips}
    assert links == {
        "To triage": "?source=grid&status=closed",
        "Closed": "?source=grid&status=reported",
        "Grid patrol": "?status=reported&status=closed",
    }


def test_taking_the_last_filter_away_shows_everything(paces, centre):
    order = paces.refused()
    page = centre.get("/work-orders/?status=refused").text
    url = re.search(r'gc-chip--on" href="([^"]+)"', page)[1]
    assert rows_of(centre.get(f"/work-orders/{url}")) == [order.pk]


def test_a_hundred_and_twenty_rows_are_three_pages_both_ways(paces, centre):
    made = [paces.reported().pk for _n in range(120)][::-1]
    pages, url = [], "/work-orders/?sort=created"
    while url:
        answer = centre.get(url)
        pages.append(rows_of(answer))
        last, url = answer.text, link(answer.text, "next")
    assert [len(page) for page in pages] == [50, 50, 20]
    assert sum(pages, []) == made
    back = centre.get(link(last, "prev"))
    assert rows_of(back) == pages[1]
    assert rows_of(centre.get(link(back.text, "prev"))) == pages[0]


def test_paging_by_what_runs_out_skips_nothing_that_runs_out_together(paces, centre):
    made = [paces.reported().pk for _n in range(60)]
    first = centre.get("/work-orders/")
    second = centre.get(link(first.text, "next"))
    assert rows_of(first) + rows_of(second) == made


def test_totals_above_a_thousand_are_not_counted_out(paces, centre, monkeypatch):
    monkeypatch.setattr("command.queues.COUNTED", 3)
    monkeypatch.setattr("command.order_list.COUNTED", 3)
    for _n in range(5):
        paces.reported()
    assert '<b class="gc-ink">3+</b> found, 5 shown' in centre.get("/work-orders/").text


def test_sixty_rows_cost_as_much_as_one_and_at_most_twelve_queries(paces, centre):
    paces.dispatched()
    few = cost(centre, "/work-orders/?sort=created")
    for _n in range(60):
        paces.dispatched()
    assert cost(centre, "/work-orders/?sort=created") == few <= 12
    assert cost(centre, "/work-orders/?q=井盖&status=dispatched&overdue=on&sort=due") <= 12


def test_strangers_get_an_empty_list(paces):
    paces.reported()
    stranger = browser_of(paces.p.stranger)
    assert listed(stranger, sort="created") == []
    assert "No order is like that" in stranger.get("/work-orders/?sort=created").text


def test_who_may_view_nothing_gets_an_empty_list(paces):
    paces.reported()
    assert listed(browser_of(paces.p.admin), sort="created") == []


def test_a_street_that_one_may_not_see_has_nothing_to_show(paces, centre):
    paces.reported()
    assert listed(centre, street=paces.d.other_street.code, sort="created") == []


def heads(page):
    return re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)


def test_chosen_columns_are_shown_and_remembered(paces, centre):
    paces.reported()
    assert "Place" in heads(centre.get("/work-orders/").text)
    chosen = centre.get("/work-orders/?col=grid&col=level")
    expected = ["Number", "Category", "Status", "Limit", "Grid", "Level"]
    assert heads(chosen.text) == expected
    assert heads(centre.get("/work-orders/").text) == expected


def test_unknown_columns_change_nothing(paces, centre):
    usual = heads(centre.get("/work-orders/").text)
    assert heads(centre.get("/work-orders/?col=password").text) == usual


def test_heads_sort_and_say_how(paces, centre):
    paces.reported()
    page = centre.get("/work-orders/?sort=due").text
    assert re.search(r'aria-sort="ascending"><a href="\?sort=due">Limit', page)
    assert re.search(r'<a href="\?sort=created">Reported at', page)


def test_what_people_wrote_is_shown_as_they_wrote_it(paces, centre):
    paces.reported(title='<b>"1"', description="<b>'2'", address="<b>&3")
    rows = centre.get("/work-orders/?sort=created&part=rows").text
    for words in ("&lt;b&gt;&quot;1&quot;", "&lt;b&gt;&#x27;2&#x27;", "&lt;b&gt;&amp;3"):
        assert f'<span title="{words}">{words}</span>' in rows
    assert "<b>" not in rows


def test_the_rows_alone_are_there_for_live_pages(paces, centre):
    order = paces.reported()
    answer = centre.get("/work-orders/?open=on&sort=due&part=rows")
    assert rows_of(answer) == [order.pk] and "<html" not in answer.text
    assert 'data-live-hold="workorder"' in answer.text
