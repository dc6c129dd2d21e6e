"""The platform as it is run in production: prepared by the owner, worked by another role.

A database of its own; every process connects as the role from its first statement on.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from govcenter import embedded
from tests.govcenter.live import Stream, environment
from tests.proof.test_live import on

ACT = """
import json, django
django.setup()
from django.db import connection
from whistle.models import WorkOrder
from workflow.sweep import run_clock
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    role = cursor.fetchone()[0]
print(json.dumps({"role": role, "orders": WorkOrder.objects.count(), "clocks": run_clock()}))
"""
TICKET = """
import django
django.setup()
from organization.models import Unit, User
from workflow.live import make_ticket, mark_now
district = Unit.objects.get(kind="district")
user = User.objects.filter(is_active=True).first()
print(make_ticket(user.pk, [district.pk], None, mark_now()))
"""


@pytest.fixture(scope="module")
def house():
    with tempfile.TemporaryDirectory(prefix="govcenter-proof-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        running = embedded.Postgres(home / "postgres")
        running.start(home / "log")
        on(running, "CREATE ROLE application")
        running.data = home / "data"
        yield running
        running.stop()


def as_application(house):
    return f"{house.url}&options=-c%20role%3Dapplication"


def run(house, database, *words):
    given = environment(database, "http://gov.example:8000")
    given |= {"DJANGO_SETTINGS_MODULE": "govcenter.settings", "GOVCENTER_DATA": str(house.data)}
    done = subprocess.run(
        [sys.executable, *words], env=given, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_the_owner_prepares_and_the_application_works(house):
    """Orders with whistles, answers and clocks are lived, and an open page is told of them."""
    run(house, house.url, "manage.py", "migrate", "-v0")
    run(house, house.url, "manage.py", "guard_log", "application")
    work = as_application(house)
    run(house, work, "manage.py", "load_district", "fixtures/qinhuai", "--demo")
    stream = Stream(database=work)
    try:
        page = stream.listen(run(house, work, "-c", TICKET).strip())
        run(house, work, "manage.py", "simulate", "--orders", "60", "--whistles", "15")
        assert page.next()[0] in ("change", "reset")
    finally:
        stream.stop()
    told = json.loads(run(house, work, "-c", ACT).splitlines()[-1])
    assert told["role"] == "application" and told["orders"] >= 60
    run(house, work, "manage.py", "verify_trace")
    assert on(house, "SELECT count(*) FROM whistle_workorderevent")[0][0] > 200
