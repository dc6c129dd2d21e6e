"""One browser for all tests here, one house for each file, one context for each person."""

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

from tests import browser as programs
from tests.browser.house import open_house
from tests.browser.offices import OFFICES
from tests.browser.person import DESK, Person

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def browser(django_db_setup):
    """While Playwright's loop runs, Django gives this thread another connection: close this one."""
    connection.close()
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=programs.chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield program
        program.close()


@pytest.fixture(scope="module")
def house(request, tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("media")
    streams = getattr(request.module, "STREAMS", False)
    with django_db_blocker.unblock(), open_house(folder, streams=streams) as found:
        yield found


@pytest.fixture(autouse=True)
def db(house, django_db_blocker):
    """Pages see only what is committed: no transaction around a test, the house is pulled down."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def sit(browser, house, request):
    """Let somebody of the cast sit down at a browser; nothing may be wrong when they leave."""
    seated = []

    def sit(name, viewport=DESK):
        kind = OFFICES.get(name, Person)
        seated.append(kind(browser, house, name, viewport))
        return seated[-1]

    yield sit
    failed = request.node.stash.get(FAILED, False)
    for person in seated:
        if failed:
            person.shot(request.node.name)
        person.leave()
    faults = [f"{person.name}: {fault}" for person in seated for fault in person.faults]
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
