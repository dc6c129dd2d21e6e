"""Beat or broker killed while clocks fall due: each is fired within a minute of the recovery."""

import signal
import statistics
import subprocess
import sys
import time

import psutil
import psycopg2
import pytest
from django.conf import settings

from govcenter import embedded
from tests.house import house

__all__ = ["house"]

CLOCKS, SPREAD = 60, 60
SECONDS = 60
REPORTS = """
import sys, django
django.setup()
from django.utils import timezone
from tests.cast import make_district
from tests.whistle.paces import Paces
paces = Paces(make_district())
paces.now = timezone.now()
for _order in range(int(sys.argv[1])):
    paces.reported()
"""
# One after the other, a second apart; what fires is told apart by its rung.
FALL_DUE = """
UPDATE whistle_workorderclock SET next_at = now() + (row.n * %s / %s) * interval '1 second'
FROM (SELECT id AS own, row_number() OVER (ORDER BY id) AS n FROM whistle_workorderclock) row
WHERE id = row.own RETURNING id, next_at
"""
FIRED = "SELECT clock_id, count(*) FROM whistle_workorderfiring GROUP BY clock_id"


class Watch:
    """A look into the house's database from outside: which clocks fired, and how late."""

    def __init__(self, house):
        there = embedded.Postgres(embedded.postgres_home(house.data)).url
        self.line = psycopg2.connect(there)
        self.line.autocommit = True
        self.fill(house, there)

    def fill(self, house, there):
        ours = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": there}
        command = [sys.executable, "-c", REPORTS, str(CLOCKS)]
        subprocess.run(command, env=house.env | ours, cwd=settings.BASE_DIR, check=True)

    def ask(self, sql, params=()):
        with self.line.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def fall_due(self):
        self.due = dict(self.ask(FALL_DUE, (SPREAD, CLOCKS)))
        self.seen = {}
        self.before = dict(self.ask(FIRED))

    def look(self):
        """Whether all have fired; notes when each was seen to have."""
        [[now]] = self.ask("SELECT clock_timestamp()")
        for clock, rungs in self.ask(FIRED):
            if rungs > self.before.get(clock, 0):
                self.seen.setdefault(clock, now)
        return len(self.seen) == len(self.due)

    def until_all(self, patience, meanwhile=lambda: None):
        """How many seconds each was late, when all have fired."""
        end = time.monotonic() + patience
        while not self.look() and time.monotonic() < end:
            meanwhile()
            time.sleep(0.25)
        late = [self.seen[clock] - due for clock, due in self.due.items() if clock in self.seen]
        assert len(late) == CLOCKS, f"{CLOCKS - len(late)} of {CLOCKS} have not fired"
        taken = dict(self.ask(FIRED))
        assert all(taken[clock] - self.before.get(clock, 0) == 1 for clock in self.due)
        return sorted(each.total_seconds() for each in late)


@pytest.fixture
def started(house):
    house.start()
    yield house
    house.children = psutil.Process(house.parent.pid).children(recursive=True)


def killer(house, name, every):
    """Kill -9 the child of that name again and again; counts how often."""
    killed, next_at = [], [time.monotonic() + every]

    def kill():
        if time.monotonic() >= next_at[0]:
            children = psutil.Process(house.parent.pid).children()
            for child in [c for c in children if name in c.cmdline()]:
                child.kill()
                killed.append(child.pid)
            next_at[0] = time.monotonic() + every

    return kill, killed


def told(capsys, words, late):
    with capsys.disabled():
        print(
            f"\n{words}: {len(late)} clocks fired {statistics.median(late):.1f} s late in the"
            f" middle, {late[-1]:.1f} s at most"
        )


def test_clocks_that_fall_due_while_beat_is_killed_fire_within_a_minute(started, capsys):
    watch = Watch(started)
    kill, killed = killer(started, "beat", every=20)
    watch.fall_due()
    late = watch.until_all(3 * SECONDS, meanwhile=kill)
    told(capsys, f"Beat killed (-9) {len(killed)} times", late)
    assert len(killed) >= 3
    assert late[-1] < SECONDS


def test_without_a_broker_the_standby_fires_what_is_due(house, tmp_path, capsys):
    """Redis is killed for good; later it comes back, and the worker with it."""
    broker = embedded.Redis(tmp_path / "broker")
    (tmp_path / "broker").mkdir()
    broker.start(tmp_path / "redis.log")
    house.env["REDIS_URL"] = f"unix://{broker.socket}?db=0"
    house.start()
    watch = Watch(house)
    watch.fall_due()
    broker.child.send_signal(signal.SIGKILL)
    broker.child.wait()
    late = watch.until_all(3 * SECONDS)
    told(capsys, "Redis killed (-9) for good", late)
    assert late[-1] < SECONDS
    assert "Stood in for the worker" in (house.data / "log" / "standby.log").read_text()
    broker.start(tmp_path / "redis.log")
    watch.fall_due()
    back = watch.until_all(3 * SECONDS)
    told(capsys, "Redis started again", back)
    house.end(signal.SIGTERM)
    broker.stop()
    assert back[-1] < SECONDS
