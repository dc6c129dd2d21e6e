"""Supervision on the pages of those who supervise, of those supervised, and of leaders."""

import pytest
import time_machine

from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.models import SupervisionOrder

NOW = at(19, 15)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def acts(page):
    """What the foot of a page offers."""
    return page.text[page.text.index('id="acts"') :]


def test_the_page_says_what_is_required_of_whom_until_when(paces):
    paper = paces.supervision_signed()
    paces.step(paper, "card", paces.p.dispatcher, colour="red", note="逾期未报告")
    page = browser_of(paces.p.office).get(paper.get_absolute_url())
    for words in ("三日内办结并报告", "夫子庙城管部", "Red card", paper.number, "逾期未报告"):
        assert words in page.text
    assert "Report as settled" in acts(page)


def test_strangers_find_no_such_page(paces):
    paper = paces.supervised()
    assert browser_of(paces.p.stranger).get(paper.get_absolute_url()).status_code == 404


def test_the_order_names_who_is_held_to_it(paces):
    paper = paces.supervised()
    page = browser_of(paces.p.dispatcher).get(paper.order.get_absolute_url())
    assert paper.get_absolute_url() in page.text


def test_the_lanes_show_the_cards(paces):
    whistle = paces.blown()
    paper = paces.held(whistle.order, paces.d.water)
    paces.step(paper, "card", paces.p.dispatcher, colour="red", note="逾期")
    page = browser_of(paces.p.dispatcher).get(whistle.get_absolute_url())
    assert "gc-badge--redcard" in page.text and paper.get_absolute_url() in page.text


def test_supervising_is_offered_to_its_duty_and_instructing_to_leaders(paces):
    url = paces.accepted().get_absolute_url()
    offered = {
        who: [word for word in ("/supervise/", "/instruct/") if word in acts(page)]
        for who in ("dispatcher", "street_head", "leader", "office")
        for page in [browser_of(getattr(paces.p, who)).get(url)]
    }
    assert offered == {
        "dispatcher": ["/supervise/"],
        "street_head": ["/instruct/"],
        "leader": ["/instruct/"],
        "office": [],
    }


def test_one_form_holds_several_departments_each_by_its_own_paper(paces):
    whistle = paces.blown()
    desk = browser_of(paces.p.dispatcher)
    url = f"{whistle.order.get_absolute_url()}supervise/"
    form = desk.get(url)
    assert form.status_code == 200 and "区水务局" in form.text and "区住建局" in form.text
    body = {
        "units": [paces.d.water.code, paces.d.housing.code],
        "ground": "overdue",
        "requirement": "三日内办结并报告",
        "amount": "3",
        "time_unit": "work_day",
        "cadence_unit": "work_day",
    }
    assert desk.post(url, body).status_code == 302
    papers = SupervisionOrder.objects.order_by("pk")
    assert {p.unit for p in papers} == {paces.d.water, paces.d.housing}
    assert len({p.number for p in papers}) == 2 and papers[0].cadence is None


def test_a_form_with_one_unit_that_cannot_be_held_holds_none(paces):
    whistle = paces.blown()
    paces.held(whistle.order, paces.d.housing)
    url = f"{whistle.order.get_absolute_url()}supervise/"
    body = {
        "units": [paces.d.water.code, paces.d.housing.code],
        "ground": "overdue",
        "requirement": "三日内办结",
        "amount": "3",
        "time_unit": "work_day",
    }
    answer = browser_of(paces.p.dispatcher).post(url, body)
    assert answer.status_code == 400 and "under supervision here already" in answer.text
    assert SupervisionOrder.objects.count() == 1


def test_the_list_narrows_by_its_address(paces):
    paper, done = paces.supervised(), paces.signed_off()
    told = paces.held(paces.accepted(), paces.d.office, "instruction")
    paces.step(told, "card", paces.p.street_head, colour="yellow", note="逾期")
    desk = browser_of(paces.p.dispatcher)

    def found(query):
        page = desk.get(f"/supervisions/{query}").text
        return {p.pk for p in (paper, done, told) if p.get_absolute_url() in page}

    assert found("") == {paper.pk, told.pk}
    assert found("?status=signed_off") == {done.pk}
    assert found("?kind=instruction") == {told.pk}
    assert found("?card=yellow") == {told.pk}
    assert found(f"?order={paper.order.number}") == {paper.pk}
    assert found("?unit=nonsense&open=1") == {paper.pk, told.pk}


def test_the_desk_has_a_queue_of_what_is_supervised(paces):
    paper, _done = paces.supervised(), paces.signed_off()
    page = browser_of(paces.p.dispatcher).get("/desk/?queue=supervised")
    assert "Supervised" in page.text and paper.order.number in page.text


def test_the_liaison_finds_them_above_the_answers(paces):
    whistle = paces.blown()
    paper = paces.held(whistle.order, paces.d.water)
    page = browser_of(paces.p.liaison).get("/answers/")
    assert f"/supervisions/{paper.number}/sign/" in page.text
    assert paper.number not in browser_of(paces.p.housing).get("/answers/").text


def test_the_leader_finds_his_instructions_and_signs_off_what_was_answered(paces):
    paper = paces.supervised(kind="instruction", actor=paces.p.leader)
    overview = browser_of(paces.p.leader)
    assert paper.get_absolute_url() in overview.get("/overview/").text
    paces.step(paper, "sign", paces.p.office)
    paces.step(paper, "answer", paces.p.office, result="已换新井盖")
    assert f"{paper.get_absolute_url()}sign_off/" in overview.get("/overview/").text
    assert paper.number not in browser_of(paces.p.deputy_leader).get("/overview/").text


def test_the_overview_lists_the_red_cards(paces):
    paper = paces.supervised()
    paces.step(paper, "card", paces.p.dispatcher, colour="red", note="逾期")
    page = browser_of(paces.p.leader).get("/overview/")
    assert "Red cards" in page.text and "card=red" in page.text


def test_pages_cost_the_same_however_many_there_are(paces):
    desk = browser_of(paces.p.dispatcher)
    paper = paces.supervision_signed()
    url = paper.get_absolute_url()
    few, one = cost(desk, "/supervisions/"), cost(desk, url)
    for _n in range(3):
        again = paces.supervision_signed()
        paces.step(again, "card", paces.p.dispatcher, colour="red", note="逾期")
    paces.step(paper, "card", paces.p.dispatcher, colour="yellow", note="逾期")
    paces.step(paper, "report", paces.p.office, result="已订购")
    assert cost(desk, "/supervisions/") == few <= 12
    assert cost(desk, url) == one <= 20


def test_lists_show_a_red_card(paces):
    whistle = paces.blown()
    paper = paces.held(whistle.order, paces.d.water)
    desk = browser_of(paces.p.dispatcher)
    pages = ("/work-orders/?sort=created", "/whistles/")
    assert not any("gc-badge--redcard" in desk.get(url).text for url in pages)
    paces.step(paper, "card", paces.p.dispatcher, colour="red", note="逾期")
    assert all("gc-badge--redcard" in desk.get(url).text for url in pages)
    listed = desk.get("/work-orders/?card=red&supervised=on").text
    assert whistle.order.get_absolute_url() in listed
