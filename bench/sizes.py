"""One database for each size, copied from the same lived orders, and what is measured in one."""

import datetime
import multiprocessing
import re
import time
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import floors, stock
from bench.lives import STREETS, Street, lives
from bench.parts import say_parts, watched
from command.simulation.past import Target, live_until
from workflow.sweep import run_clock

FRESH = 10**12  # keys of papers that are born after the copies (stock.number_on)
STEP = 1_000_000
KEY = re.compile(r"[0-9]{13}")
NUMBER = re.compile(r"^[0-9]{9}-[0-9]{4}-[0-9]{6,9}$")
# Keys in texts, numbers of papers, and codes by which people find them.
UNIQUE = re.compile(rf"{KEY.pattern}|{NUMBER.pattern}|^[0-9A-Z]{{10}}$|^[0-9a-f]{{16}}$")
LATER = datetime.timedelta(days=3)
stored: dict[int, dict[str, int]] = {}
streets: dict[int, list[Street]] = {}


def make(sizes: list[int]) -> None:
    live_until(Target(stock.LIVED))
    home = connection.settings_dict["NAME"]
    for size in sizes:
        began = time.perf_counter()
        copy(home, f"orders_{size}")
        enter(size)
        stock.grow(size)
        stored[size] = {table: stock.count(table) for table in stock.COUNTED}
        spent = time.perf_counter() - began
        print(f"{size} orders after {spent:.0f} s: {stored[size]}", flush=True)
        streets[size] = [Street(code) for code in STREETS]


def copy(home: str, name: str) -> None:
    """A database cannot be copied while somebody is in it."""
    use("postgres")
    stock.run(f"CREATE DATABASE {name} TEMPLATE {home}")


def enter(size: int) -> None:
    use(f"orders_{size}")


def use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def street(which: int = 0) -> Street:
    return streets[int(connection.settings_dict["NAME"].removeprefix("orders_"))][which]


def run(number: int, due: int) -> dict[str, float]:
    """Steps, lives and due clocks a second, and the floor of a life, in the present database."""
    began = time.perf_counter()
    steps = steps_of(0, number)
    spent = time.perf_counter() - began
    return {
        "steps a second": steps / spent,
        "lives a second": number / spent,
        "steps a second, two at once": together(number),
        "steps a second, floor": steps / number / floor_of_a_life(),
        **clocks(due),
    }


def together(number: int) -> float:
    """Steps a second of two processes, each with a street of its own."""
    connection.close()
    with multiprocessing.get_context("fork").Pool(len(STREETS)) as pool:
        pool.starmap(steps_of, [(which, 1) for which in range(len(STREETS))], chunksize=1)
        began = time.perf_counter()
        lots = [(which, number) for which in range(len(STREETS))]
        steps = sum(pool.starmap(steps_of, lots, chunksize=1))
        return steps / (time.perf_counter() - began)


def steps_of(which: int, number: int) -> int:
    return sum(lives(street(which), number))


def floor_of_a_life() -> float:
    """Seconds for what one life writes, in as many transactions as it took steps."""
    starts = sequences()
    with floors.recorded(*floors.WRITES, "SAVEPOINT", "RELEASE") as statements:
        steps = street().live()
    writes = [s for s in statements if s[0].lstrip().upper().startswith(floors.WRITES)]
    raw = floors.Raw()
    raw.cursor.execute("SET session_replication_role = replica")
    lot_size = -(-len(writes) // steps)
    lots = [writes[n : n + lot_size] for n in range(0, len(writes), lot_size)]
    taken = []
    for turn in range(1, 6):
        move_on(starts, turn)
        began = time.perf_counter()
        for lot in lots:
            raw.send(lot, Later(turn * STEP))
        taken.append(time.perf_counter() - began)
    raw.db.close()
    move_on(starts, turn + 1)
    return sorted(taken)[len(taken) // 2]


def sequences() -> list[tuple[str, int]]:
    """Where the keys of papers and of what hangs on them stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences "
            "WHERE last_value >= %s",
            [FRESH],
        )
        return cursor.fetchall()


def move_on(starts: list[tuple[str, int]], turns: int) -> None:
    """New keys are those of the recorded life, so much later, as `Later` writes them."""
    with connection.cursor() as cursor:
        for name, start in starts:
            cursor.execute("SELECT setval(%s, %s)", [name, start + turns * STEP])


class Later(dict[Any, Any]):
    """Stands for any fresh key or number of the recorded life: the same, so much later."""

    def __init__(self, by: int) -> None:
        self.by = by

    def __contains__(self, value: object) -> bool:
        if isinstance(value, int | uuid.UUID):
            return int(value) > FRESH
        return bool(UNIQUE.search(str(value)))

    def __getitem__(self, value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            return uuid.UUID(int=(value.int + self.by) % 2**128)
        if isinstance(value, int):
            return value + self.by
        if KEY.search(value):
            return KEY.sub(lambda found: str(int(found[0]) + self.by), value)
        turn = self.by // STEP
        if NUMBER.match(value):
            return f"{value}{turn}"
        return value[:-1] + "ghijklm"[turn]  # no code ends so


def clocks(number: int) -> dict[str, float]:
    """How many due clocks the sweep fires in a second."""
    for _order in range(number):
        street().report()
    now = timezone.now() + LATER
    began = time.perf_counter()
    fired = run_clock(now, number)
    return {"clocks a second": fired / (time.perf_counter() - began)}


def parts(number: int) -> list[tuple[str, float]]:
    with watched() as watch:
        began = time.perf_counter()
        steps = steps_of(0, number)
        whole = time.perf_counter() - began
    return say_parts(watch, whole, steps)
