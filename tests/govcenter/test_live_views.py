import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from organization.authority import Grants
from organization.models import User
from workflow.live import digest, is_mark, read_ticket
from workflow.live_views import LiveMark, live, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    user = User.objects.create_user("operator", name="Operator")
    user.grants = Grants({("view", 11): 1, ("view", 12): 1, ("handle", 13): 1})
    return user


def asked_by(user, path="/", **headers):
    request = RequestFactory(headers=headers).get(path)
    request.user = user
    request.session = SessionStore("a-session-key")
    return request


def test_the_ticket_covers_the_units_that_the_user_may_view(operator):
    given = json.loads(ticket(asked_by(operator)).content)
    read = read_ticket(given["ticket"])
    assert (read.user, read.units) == (operator.pk, {11, 12})
    assert read.session == digest("a-session-key") and is_mark(read.mark)


def test_nobody_gets_a_ticket_without_logging_in(settings):
    settings.LOGIN_URL = "/login/"
    assert ticket(asked_by(AnonymousUser(), "/live/ticket/")).status_code == 302


def test_a_ticket_is_never_kept_by_a_cache(operator):
    assert "no-store" in ticket(asked_by(operator))["Cache-Control"]


def test_the_stream_is_on_the_pages_host_one_port_higher_or_behind_the_same_door(
    operator, settings
):
    settings.STREAM_PORT = 8001
    request = asked_by(operator, host="localhost:8000")
    assert json.loads(ticket(request).content)["url"] == "http://localhost:8001/stream/"
    settings.STREAM_PORT = None
    assert json.loads(ticket(request).content)["url"] == "/stream/"


def test_a_page_goes_on_from_before_it_read_its_data(operator):
    def page(request):
        connection.cursor().execute("SELECT pg_current_xact_id()")
        return HttpResponse(live(request)["live"]["ticket"])

    request = asked_by(operator, accept="text/html,*/*")
    mark = read_ticket(LiveMark(page)(request).content.decode()).mark
    assert mark == request.live_mark


@pytest.mark.parametrize(
    "headers", [{"accept": "application/json"}, {"accept": "text/html", "hx-request": "true"}]
)
def test_parts_of_pages_and_the_api_ask_nothing_for_the_stream(operator, headers):
    request = asked_by(operator, **headers)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        LiveMark(lambda request: HttpResponse())(request)
    assert len(queries) == 0 and live(request) == {}
