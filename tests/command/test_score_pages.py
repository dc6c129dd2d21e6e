"""A department's score: line by line on a sheet, and the whole round of an appeal on pages."""

import pytest
import time_machine
from django.urls import reverse

from tests.cast import seat
from tests.command.pages import at, browser_of, cost
from tests.whistle.paces import Paces


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(19, 15), tick=False):
        yield


@pytest.fixture
def paces(district):
    return Paces(district)


def late_one(paces):
    """Concluded; 区水务局 signed three hours late."""
    paces.now = at(19, 9)
    whistle = paces.blown()
    paces.now = at(19, 14)
    paces.finish(paces.response_of(whistle, paces.d.water), paces.p.liaison)
    paces.finish(paces.response_of(whistle, paces.d.housing), paces.p.housing)
    whistle.refresh_from_db()
    paces.step(whistle, "verify", paces.p.duty_leader, method="spot", note="现场已恢复")
    paces.call_back(whistle.order)
    marks = {r.pk: 40 for r in whistle.responses.all()}
    paces.step(whistle, "score", paces.p.duty_leader, marks=marks)
    paces.step(whistle, "close", paces.p.duty_leader)
    return whistle


def sheet_of(response):
    return reverse("whistle_score", args=[response.whistle.number, response.pk])


def lines(client, response):
    page = client.get(sheet_of(response))
    return [(row["what"], row["points"], row["struck"]) for row in page.context["lines"]]


def test_the_sheet_counts_while_the_whistle_runs(paces):
    response = paces.called()
    page = browser_of(paces.p.liaison).get(sheet_of(response)).text
    assert "counted so far, not scored yet" in page and "signing late" in page


def test_every_line_leads_to_the_step_that_proves_it(paces):
    whistle = late_one(paces)
    response = paces.response_of(whistle, paces.d.water)
    liaison = browser_of(paces.p.liaison)
    page = liaison.get(sheet_of(response))
    late = next(row for row in page.context["lines"] if row["what"] == "signing late")
    assert late["points"] == "−3" and "limit 1 working hour" in late["limit"]
    anchor = late["url"].split("#")[1]
    assert f'id="{anchor}"' in liaison.get(whistle.get_absolute_url()).text
    assert cost(liaison, sheet_of(response)) <= 20


def test_a_department_appeals_once_and_the_score_is_corrected(paces):
    whistle = late_one(paces)
    response = paces.response_of(whistle, paces.d.water)
    liaison, first = browser_of(paces.p.liaison), browser_of(paces.p.district)
    second = browser_of(seat("second", paces.d.district, "view arbitrate"))
    ask = reverse("request_for_response", args=[response.pk, "appeal"])
    assert ask in liaison.get(whistle.get_absolute_url()).text
    assert liaison.post(ask, {"note": "暴雨封路"}).status_code == 302

    request = response.requests.get()
    grant = reverse("take_request", args=[request.pk, "grant"])
    assert grant in first.get(whistle.get_absolute_url()).text
    assert "signing late −3" in first.get(grant).text
    assert first.post(grant, {"note": ""}).status_code == 400
    line = response.score.lines.get(name="sign")
    first.post(grant, {"struck": [line.pk], "mark": "45"})
    assert "gives back signing late −3" in second.get("/requests/").text
    assert second.post(grant).status_code == 302

    assert lines(liaison, response) == [
        ("Platform's points", "+50", False),
        ("signing late", "−3", True),
        ("Caller's mark", "+40", False),
        ("Given back", "+3", False),
        ("Mark corrected", "+5", False),
    ]
    page = liaison.get(whistle.get_absolute_url())
    row = page.context["marks"]["rows"][0]
    assert (row["platform"], row["caller"], row["total"]) == (50, 45, 95) and row["corrected"]
    assert "An appeal is possible once only." in page.text
    assert "Not assessed" not in page.text
    again = liaison.get(ask)
    assert again.status_code == 409 and "An appeal is possible once only." in again.text


def test_a_released_unit_has_no_sheet(paces):
    response = paces.released()
    assert browser_of(paces.p.leader).get(sheet_of(response)).status_code == 404
