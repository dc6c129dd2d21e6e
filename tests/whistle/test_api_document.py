"""The OpenAPI document, its page, tokens, and answers that hold to it whatever is sent."""

import json
import random

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.whistle.faces import PLACE, Office, lay_ground
from tests.whistle.paces import Paces
from whistle.labels import FLOWS
from whistle.models import Verification
from workflow.openapi import personal_rows

PASSWORD = "not-easy-to-guess-7"
ERROR = {"code", "message", "fields"}
JUNK = [
    None, True, False, 0, -1, 10**30, 1.5, 1e308, "", " ", "x" * 3000, "\x00", "💥", "'", "%s",
    "2026-13-45", "0001-01-01", "9999-12-31T23:59:59Z", "yes", "1,2,3,4", [], {}, [[]], [{}],
    {"a": {"b": []}}, ["x", 1, None], "../../etc/passwd", "<script>", "-1",
]  # fmt: skip


@pytest.fixture
def document(district):
    answer = Office(district.people.dispatcher).get("schema/?format=json")
    return json.loads(answer.content)


def test_every_verb_is_described_one_by_one(document):
    operations = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }
    for flow in FLOWS:
        for verb in flow.verbs:
            if personal_rows(flow, verb):
                assert f"{flow.name}_{verb}" in operations
            elif verb != "report":
                assert f"{flow.name}_{verb}" not in operations
    register = operations["workorder_register"]
    body = register["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["condition"] and "urgency" in body["properties"]
    assert {"200", "400", "401", "403", "404", "409", "422"} <= register["responses"].keys()
    handle = operations["workorder_handle"]["requestBody"]["content"]
    assert list(handle) == ["multipart/form-data"]


def test_the_document_is_valid(document):
    from drf_spectacular.validation import validate_schema

    validate_schema(document)


def test_the_page_of_the_document_asks_nobody_else_and_keeps_the_policy(district):
    client = Client()
    client.force_login(district.people.dispatcher, "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("api-docs"))
    text = page.content.decode()
    assert page.status_code == 200 and "<style" not in text
    assert "http://" not in text and "https://" not in text
    assert all("src=" in part[:60] for part in text.split("<script")[1:])
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_a_token_opens_the_api_until_it_is_given_back(district):
    user = district.people.dispatcher
    user.set_password(PASSWORD)
    user.save()
    program = APIClient()
    wrong = program.post("/api/token/", {"username": user.username, "password": "guess"})
    assert (wrong.status_code, wrong.json().keys()) == (401, ERROR)
    right = program.post("/api/token/", {"username": user.username, "password": PASSWORD})
    program.credentials(HTTP_AUTHORIZATION=f"Token {right.json()['token']}")
    assert program.get("/api/work-orders/").status_code == 200
    assert program.delete("/api/token/").status_code == 204
    assert program.get("/api/work-orders/").status_code == 401
    assert not Token.objects.exists()


def test_guessing_passwords_locks_the_name(district):
    user = district.people.dispatcher
    user.set_password(PASSWORD)
    user.save()
    program = APIClient()
    for _guess in range(6):
        program.post("/api/token/", {"username": user.username, "password": "guess"})
    right = program.post("/api/token/", {"username": user.username, "password": PASSWORD})
    assert (right.status_code, right.json().keys()) == (429, ERROR)


def fill(path, papers):
    for name, value in papers.items():
        path = path.replace(f"/{name}/", f"/{value}/")
    return path


def test_whatever_is_sent_nothing_breaks(district, document):
    """A seeded storm over every operation: no fault of ours, and errors in their one shape."""
    lay_ground(district)
    paces = Paces(district)
    order, whistle = paces.registered(), paces.blown()
    paces.step(paces.handled(), "check", paces.p.dispatcher)
    names = {
        "work-orders/{number}": f"work-orders/{order.number}",
        "whistles/{number}": f"whistles/{whistle.number}",
        "responses/{id}": f"responses/{whistle.responses.first().pk}",
        "verifications/{id}": f"verifications/{Verification.objects.get().pk}",
        "surveys/{id}": f"surveys/{paces.surveyed().pk}",
        "supervisions/{number}": f"supervisions/{paces.held(whistle.order, district.water).number}",
        "grids/{code}": f"grids/{district.grid.code}",
    }
    storm = random.Random(20261019)
    everyone = [Office(district.people.dispatcher), Office(district.people.duty_leader)]
    for path, operations in document["paths"].items():
        for short, full in names.items():
            path = path.replace(short, full)
        for method, operation in operations.items():
            for office in everyone:
                for _n in range(2):
                    answer = throw(storm, office, method, path, operation)
                    assert answer.status_code < 500, (method, path)
                    if answer.status_code >= 400 and "grids" not in path:
                        assert answer.json().keys() - {"since"} == ERROR, (method, path)


def throw(storm, office, method, path, operation):
    office.begin()
    if method == "get":
        known = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        query = {n: storm.choice(JUNK) for n in known if storm.random() < 0.4}
        return office.client.get(path, {k: str(v) for k, v in query.items()})
    content = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values()), {}).get("schema", {})
    names = [*schema.get("properties", {}), "status"]
    body = {n: storm.choice(JUNK) for n in names if storm.random() < 0.7}
    return getattr(office.client, method)(path, body | PLACE, format="json")
