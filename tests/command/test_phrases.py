"""Ready phrases: which stand beside a text, keeping one's own, and the administrator's list."""

import pytest

from organization.models import Unit
from tests.command.pages import browser_of
from tests.whistle.paces import Paces
from workflow.models import Phrase
from workflow.phrases import MOST_OWN, phrases

NEW = "/administration/phrases/new/"


@pytest.fixture
def paces(district):
    return Paces(district)


def phrase(text, verb="refuse", field="note", flow="workorder", **owner):
    return Phrase.objects.create(flow=flow, verb=verb, field=field, text=text, **owner)


def keep(user, text="不属本街道", **other):
    body = {"flow": "workorder", "verb": "refuse", "field": "note", "text": text, **other}
    return browser_of(user).post("/phrases/keep/", body)


def test_own_ones_come_first_then_the_units_then_the_districts(district, django_assert_num_queries):
    p = district.people
    phrase("全区的")
    phrase("各步通用的", verb="")
    phrase("街道的", unit=district.street)
    phrase("自己的", user=p.dispatcher)
    phrase("别人的", user=p.duty_leader)
    phrase("别的街道的", unit=district.other_street)
    phrase("别的步骤的", verb="void")
    phrases("workorder", "refuse", p.dispatcher)
    with django_assert_num_queries(1):
        found = phrases("workorder", "refuse", p.dispatcher)
    assert found["note"] == ["自己的", "街道的", "全区的", "各步通用的"]


def test_those_of_the_class_stand_before_those_of_every_class(district):
    user = district.people.dispatcher
    phrase("各类通用的")
    phrase("大类的", case="component-01")
    phrase("小类的", case="component-01-01")
    phrase("别的小类的", case="component-01-02")
    phrase("别的大类的", case="component-0")
    phrase("自己的", user=user)
    found = phrases("workorder", "refuse", user, "component-01-01")["note"]
    assert found == ["自己的", "小类的", "大类的", "各类通用的"]
    assert phrases("workorder", "refuse", user)["note"] == ["自己的", "各类通用的"]


def test_a_step_offers_those_of_its_papers_class(paces):
    case = paces.d.condition.category.case
    phrase("井盖已更换", verb="finish", field="result", flow="response", case=case)
    phrase("垃圾已清运", verb="finish", field="result", flow="response", case="event-01")
    response = paces.response_of(paces.blown(), paces.d.water)
    paces.step(response, "sign", paces.p.liaison, lead_name="刘工", lead_phone="13900000000")
    code = response.whistle.arrival_code
    paces.step(response, "arrive", paces.p.liaison, who="刘工", code=code)
    page = browser_of(paces.p.liaison).get(f"/responses/{response.pk}/finish/").text
    assert "井盖已更换" in page and "垃圾已清运" not in page


def test_the_administrator_names_a_major_class_and_keeps_a_loaded_minor_one(district):
    office, category = browser_of(district.people.admin), district.condition.category
    major = category.case.rpartition("-")[0]
    body = {"place": "workorder:refuse:note", "unit": "", "text": "不属本区管辖", "n": "1"}
    assert office.post(NEW, body | {"case": major}).status_code == 302
    assert Phrase.objects.get().case == major
    loaded = phrase("已更换", case=category.case)
    url = f"/administration/phrases/{loaded.pk}/"
    assert category.name in office.get(url).text
    assert office.post(url, body | {"case": category.case, "text": "换新"}).status_code == 302
    loaded.refresh_from_db()
    assert (loaded.case, loaded.text) == (category.case, "换新")
    assert category.name in office.get("/administration/phrases/").text
    assert office.post(url, body | {"case": "event-99"}).status_code == 400


def test_the_form_of_a_step_shows_them_beside_their_text(paces):
    phrase("已维修", verb="handle", field="result")
    phrase("已清扫", verb="handle", field="result")
    order = paces.accepted()
    page = browser_of(paces.p.office).get(f"/work-orders/{order.number}/handle/").text
    assert page.count('data-phrase="') == 2
    assert page.index("已维修") < page.index('id="id_result"') < page.index('id="id_note"')
    assert 'data-verb="handle" data-field="result"' in page


def test_what_is_written_is_kept_once_and_offered_to_its_author_alone(district):
    p = district.people
    for _time in range(2):
        assert keep(p.dispatcher).json() == {"text": "不属本街道"}
    assert Phrase.objects.get().user == p.dispatcher
    assert phrases("workorder", "refuse", p.duty_leader)["note"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"flow": "nonsense"},
        {"verb": "remind"},
        {"verb": "nonsense"},
        {"field": "ground"},
        {"text": ""},
        {"text": "长" * 301},
    ],
)
def test_what_is_no_phrase_for_any_text_is_refused(district, wrong):
    answer = keep(district.people.dispatcher, **wrong)
    assert answer.status_code == 400 and answer.json()["why"]
    assert not Phrase.objects.exists()


def test_nobody_keeps_more_than_he_can_look_through(district):
    user = district.people.dispatcher
    Phrase.objects.bulk_create(
        Phrase(flow="workorder", field="note", text=f"{n}", user=user) for n in range(MOST_OWN)
    )
    assert keep(user).status_code == 400


def test_one_drops_ones_own_and_nobody_elses(district):
    mine, other = phrase("我的", user=district.people.dispatcher), phrase("公用的")
    desk = browser_of(district.people.dispatcher)
    assert "我的" in desk.get("/phrases/").text
    assert desk.post(f"/phrases/{mine.pk}/drop/").status_code == 302
    assert desk.post(f"/phrases/{other.pk}/drop/").status_code == 404
    assert list(Phrase.objects.all()) == [other]


def test_the_administrator_writes_changes_and_drops_those_of_all(district):
    office = browser_of(district.people.admin)
    body = {"place": "workorder:refuse:note", "unit": "", "text": "不属本区管辖", "n": "1"}
    assert office.post(NEW, body).status_code == 302
    made = Phrase.objects.get()
    url = f"/administration/phrases/{made.pk}/"
    assert "不属本区管辖" in office.get(url).text
    assert office.post(url, body | {"unit": district.street.code}).status_code == 302
    made.refresh_from_db()
    assert made.unit == district.street and made.verb == "refuse"
    listed = office.get("/administration/phrases/", {"unit": district.street.code}).text
    assert "不属本区管辖" in listed
    assert office.post(f"{url}drop/").status_code == 302
    assert not Phrase.objects.exists()


def test_the_same_phrase_twice_is_said_at_the_text_and_typed_words_stay(district):
    phrase("不属本区管辖")
    body = {"place": "workorder:refuse:note", "unit": "", "text": "不属本区管辖", "n": "1"}
    page = browser_of(district.people.admin).post(NEW, body)
    assert page.status_code == 400 and "There is such a phrase already." in page.text
    assert page.text.count("不属本区管辖") == 1


def test_what_people_keep_is_not_the_administrators_to_read(district):
    own = phrase("我的", user=district.people.dispatcher)
    office = browser_of(district.people.admin)
    assert "我的" not in office.get("/administration/phrases/").text
    assert office.get(f"/administration/phrases/{own.pk}/").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(district, django_assert_max_num_queries):
    office = browser_of(district.people.admin)
    for n in range(30):
        phrase(f"{n}", unit=Unit.objects.get(pk=district.office.pk))
    office.get("/administration/phrases/")
    with django_assert_max_num_queries(12):
        office.get("/administration/phrases/")
