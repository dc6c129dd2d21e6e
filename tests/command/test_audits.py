"""What the nightly look found, on the page of those who administer."""

import pytest
import time_machine

from tests.command.pages import at, browser_of
from tests.whistle.paces import Paces
from tests.workflow.test_trace import run
from workflow import audit

URL = "/administration/audits/"


@pytest.fixture
def paces(district):
    return Paces(district)


def look(day):
    with time_machine.travel(at(day, 1), tick=False):
        audit.work_off()


def page_for(user):
    return browser_of(user).get(URL)


def test_before_the_first_night_it_says_so(paces):
    assert "Nothing has been looked at yet" in page_for(paces.p.admin).text


def test_whole_logs_are_said_to_be_whole_with_their_anchors(paces):
    paces.closed()
    look(20)
    page = page_for(paces.p.admin)
    assert "The log of 1 paper is whole" in page.text
    assert page.context["witness"] in page.text
    assert ("work order", 1) in [(name, a.papers) for name, a in page.context["anchors"]]


def test_faults_are_named(paces):
    order = paces.closed()
    run("UPDATE whistle_workorder SET status = 'void' WHERE id = %s", order.pk)
    look(20)
    page = page_for(paces.p.admin).text
    assert "1 fault was found" in page and f"workorder {order.pk}: no step led" in page


def test_only_who_administers_has_it(paces):
    for office in ("leader", "dispatcher", "stranger"):
        assert page_for(getattr(paces.p, office)).status_code == 404
    assert "/administration/audits/" in page_for(paces.p.admin).text
