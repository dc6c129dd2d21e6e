"""Every run has its own PostgreSQL, thrown away at the end, unless DATABASE_URL names one."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from govcenter import embedded, env
from organization import calendar_cache
from tests import browser
from tests.cast import district, recorded_district
from whistle import filings
from workflow import policy, recompute, storms

__all__ = ["district", "recorded_district"]

NO_BROWSER = pytest.StashKey[str]()
# A slow machine is no fault: how long an example takes is measured by bench, not by tests.
hypothesis.settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("unhurried")

CLUSTER = pytest.StashKey[embedded.Postgres]()
TEMPLATE = "template_of_tests"
TEMPLATE_LOCK = "TEST_TEMPLATE_LOCK"


def pytest_configure(config):
    config.stash[NO_BROWSER] = browser.missing()
    if config.stash[NO_BROWSER] and env.flag("REQUIRE_BROWSER", False):
        raise pytest.UsageError(f"Browser tests are required: {config.stash[NO_BROWSER]}.")
    if not hasattr(config, "workerinput") and not os.environ.get("DATABASE_URL"):
        start_cluster(config)


def pytest_collection_modifyitems(config, items):
    if reason := config.stash[NO_BROWSER]:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter, config):
    if reason := config.stash[NO_BROWSER]:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        terminalreporter.write_line(f"Nothing seen by a user was tested: {reason}.", red=True)


def start_cluster(config):
    home = Path(tempfile.mkdtemp(prefix="govcenter-test-"))
    cluster = config.stash[CLUSTER] = embedded.Postgres(home, embedded.THROW_AWAY)
    cluster.start(home / "log")
    os.environ["DATABASE_URL"] = cluster.url
    if config.getoption("numprocesses", None):
        os.environ[TEMPLATE_LOCK] = str(home / "lock")
    settings.DATABASES["default"].update(env.database(cluster.url))


def pytest_unconfigure(config):
    if cluster := config.stash.get(CLUSTER, None):
        cluster.stop()
        shutil.rmtree(cluster.home)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """One worker migrates a template database; every worker begins with a copy of it."""
    if home := os.environ.get(TEMPLATE_LOCK):
        with Path(home).open("w") as lock, django_db_blocker.unblock():
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_template()
        connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def make_template():
    names = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = TEMPLATE
    connection.creation.create_test_db(verbosity=0, serialize=False, keepdb=True)
    connection.close()
    connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"] = names
    settings.DATABASES["default"]["NAME"] = names[0]


WATCHED = (calendar_cache.watched, policy.watched, storms.watched, filings.watched)


@pytest.fixture(autouse=True)
def language_of_this_test():
    """A request leaves its language behind in the thread; the next test begins anew."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def calendar_of_this_test(monkeypatch):
    """The process remembers calendar, policy and storms; what another test entered is not ours.

    It looks for edits once only, so that a slow machine counts no more queries than a quick one.
    """
    for watched in WATCHED:
        monkeypatch.setattr(watched, "seconds", 3600)
        watched.forget()
    monkeypatch.setattr(recompute, "STALE", 0)
