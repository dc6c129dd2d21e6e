"""The resident's page behind a link, the sheet with its code, and the red mark on the desk."""

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from command.trying import MOST
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces
from whistle.models import Survey

NOW = at(19, 15)
ANSWER = {"solved": "yes", "satisfaction": "5", "remark": "谢谢"}


@pytest.fixture(autouse=True)
def on_monday():
    cache.clear()
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


@pytest.fixture
def resident(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def url_of(survey):
    return f"/s/{survey.code}/"


def test_a_resident_answers_once_without_logging_in(paces, resident):
    survey = paces.surveyed()
    page = resident.get(url_of(survey))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page.text.count('name="satisfaction"') == 5
    assert resident.post(url_of(survey), ANSWER).status_code == 302
    survey.refresh_from_db()
    assert (survey.status, survey.satisfaction) == ("answered", 5)
    assert Survey.objects.get().order.solved is True
    page = resident.get(url_of(survey))
    assert "we have your answer" in page.text
    assert 'name="satisfaction"' not in page.text
    again = resident.post(url_of(survey), ANSWER | {"satisfaction": "1"})
    assert again.status_code == 409
    assert Survey.objects.get().satisfaction == 5


def test_the_page_tells_what_was_reported_and_nothing_of_persons(paces, resident):
    order = paces.verified(
        title="陈先生反映井盖破损",
        description="家住平江府路26号301室",
        reporter_name="陈先生",
        reporter_phone="13812341234",
    )
    text = resident.get(url_of(paces.survey(order))).text
    assert order.number in text
    assert "污水井盖" in text
    assert "夫子庙城管部" in text
    for secret in ("陈先生", "13812341234", "1234", "301室", "平江府路"):
        assert secret not in text


def test_what_is_missing_is_named_and_nothing_is_lost(paces, resident):
    answer = resident.post(url_of(paces.surveyed()), {"satisfaction": "2", "remark": "还在漏"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"solved"}
    assert "还在漏" in answer.text


def test_an_expired_and_a_withdrawn_survey_say_so(paces, resident):
    survey = paces.surveyed()
    paces.lapse(survey)
    assert "time for this survey is over" in resident.get(url_of(survey)).text
    assert resident.post(url_of(survey), ANSWER).status_code == 409
    assert "no longer needed" in resident.get(url_of(paces.survey_dropped())).text


def test_unknown_codes_are_answered_alike_and_cannot_be_tried_out(paces, resident):
    survey = paces.surveyed()
    for _n in range(MOST):
        page = resident.get("/s/AAAABBBBCCCC/")
    assert page.status_code == 404
    assert "No survey is known" in page.text
    assert resident.get(url_of(survey)).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(url_of(survey)).status_code == 200


def test_many_residents_share_an_address(paces, resident):
    survey = paces.surveyed()
    for _n in range(MOST + 2):
        page = resident.get(url_of(survey).lower())
    assert page.status_code == 200


def test_the_sheet_shows_the_code_to_who_may_ask_and_to_nobody_else(paces):
    survey = paces.surveyed()
    page = browser_of(paces.p.dispatcher).get(survey.get_absolute_url())
    assert page.status_code == 200
    assert "<svg" in page.text
    assert survey.code in page.text
    for office in ("warden", "office", "stranger"):
        client = browser_of(getattr(paces.p, office))
        assert client.get(survey.get_absolute_url()).status_code == 404
    order = browser_of(paces.p.office).get(survey.order.get_absolute_url())
    assert survey.code not in order.text
    assert survey.get_absolute_url() not in order.text


def test_the_order_offers_the_survey_and_then_shows_how_it_stands(paces):
    client = browser_of(paces.p.dispatcher)
    order = paces.verified()
    assert f"/work-orders/{order.number}/survey/" in client.get(order.get_absolute_url()).text
    client.post(f"/work-orders/{order.number}/survey/", {"seen": order.trace_count})
    survey = Survey.objects.get()
    assert survey.get_absolute_url() in client.get(order.get_absolute_url()).text
    paces.now = NOW
    paces.answer_survey(survey, solved=False, satisfaction=1, remark="还在漏")
    page = client.get(order.get_absolute_url())
    assert "还在漏" in page.text
    assert [b["word"] for b in page.context["badges"]][-2:] == ["Not solved", "Very dissatisfied"]
    main = [row["verb"] for row in page.context["actions"] if row.get("main")]
    assert main == ["rework"]
    assert "close" in [row["verb"] for row in page.context["actions"] if not row["why"]]


def test_a_displeased_whistle_stands_in_the_queue_with_a_red_mark(paces):
    whistle = paces.settled()
    client = browser_of(paces.p.dispatcher)
    assert not client.get("/desk/?queue=callback").context["rows"]
    paces.answer_survey(paces.survey(whistle), solved=False, satisfaction=1)
    row = client.get("/desk/?queue=callback").context["rows"][0]
    assert (row["full"], row["mark"]) == (whistle.order.number, "Resident not content")
    page = browser_of(paces.p.duty_leader).get(whistle.get_absolute_url())
    assert page.context["wait"]["act"]["verb"] == "rework"
    assert "Not solved" in [badge["word"] for badge in page.context["badges"]]


def test_a_page_with_a_survey_keeps_within_its_queries(paces):
    order = paces.verified(reporter_phone="13812341234")
    paces.survey(order)
    assert cost(browser_of(paces.p.dispatcher), order.get_absolute_url()) <= 20
