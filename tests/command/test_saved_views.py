"""常用筛选: a list's filters kept under a name, one of them to open the list with."""

import pytest

from command.models import SavedView
from tests.command.pages import browser_of, cost
from tests.whistle.paces import Paces


@pytest.fixture
def desk(district):
    return browser_of(district.people.dispatcher)


def keep(browser, name="超期", query="overdue=on&urgency=urgent", of="work_orders"):
    return browser.post("/views/keep/", {"list": of, "name": name, "query": query}, follow=True)


def test_a_view_is_kept_and_offered_and_marked_where_it_is_shown(desk):
    page = keep(desk)
    view = SavedView.objects.get()
    assert page.redirect_chain[-1][0] == view.url == "/work-orders/?overdue=on&urgency=urgent"
    assert [row["current"] for row in page.context["saved"]] == [True]
    other = desk.get("/work-orders/?sort=created")
    assert view.name in other.text
    assert [row["current"] for row in other.context["saved"]] == [False]


def test_only_filters_that_mean_something_are_kept(desk):
    keep(desk, query="overdue=on&urgency=huge&cursor=abc&next=http://elsewhere&sort=due")
    assert SavedView.objects.get().query == "overdue=on&sort=due"


@pytest.mark.parametrize(
    "given",
    [
        {"name": "空", "query": "cursor=abc"},
        {"name": "", "query": "overdue=on"},
        {"name": "长" * 21, "query": "overdue=on"},
        {"name": "别处", "query": "overdue=on", "of": "bulletins"},
        {"name": "多", "query": "only=" + ",".join(map(str, range(10**9, 10**9 + 180)))},
    ],
)
def test_nonsense_is_refused_with_words(desk, given):
    page = keep(desk, **given)
    assert page.status_code == 200
    assert not SavedView.objects.exists()
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_view_of_the_same_name_gives_way(desk):
    keep(desk)
    keep(desk, query="soon=on")
    assert SavedView.objects.get().query == "soon=on"


def test_no_more_than_twenty(desk):
    for n in range(21):
        keep(desk, name=f"第{n}")
    assert SavedView.objects.count() == 20


def test_the_list_opens_with_one_of_them(desk):
    for name, query in (("甲", "soon=on"), ("乙", "overdue=on")):
        keep(desk, name, query)
        view = SavedView.objects.get(name=name)
        desk.post(f"/views/{view.pk}/open/")
        assert desk.get("/work-orders/").url == view.url
    assert desk.get("/work-orders/?sort=created").status_code == 200
    desk.post(f"/views/{view.pk}/open/")
    assert desk.get("/work-orders/").status_code == 200


def test_each_list_has_its_own(desk):
    keep(desk, "攻坚", "kind=tough", of="whistles")
    view = SavedView.objects.get()
    assert view.name in desk.get("/whistles/").text
    assert view.name not in desk.get("/work-orders/").text


def test_others_neither_see_nor_touch_them(desk, district):
    keep(desk)
    view, other = SavedView.objects.get(), browser_of(district.people.district)
    assert view.name not in other.get("/work-orders/").text
    for act in ("drop", "open"):
        assert other.post(f"/views/{view.pk}/{act}/").status_code == 404
    assert desk.post(f"/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_many_views_cost_no_more_than_one(desk, district):
    Paces(district).reported()
    keep(desk)
    few = cost(desk, "/work-orders/?sort=created")
    for n in range(10):
        keep(desk, name=f"第{n}")
    assert cost(desk, "/work-orders/?sort=created") == few <= 12
