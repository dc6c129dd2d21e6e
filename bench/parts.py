"""Where each millisecond of a step goes: the engine's own functions, timed without what they call.

Only this bench wraps them; what is in none of them (rules and consequences of the flows, the
commit) is the rest.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from workflow import actions, clock, inbox, numbers, sight, trace

PARTS = {
    "lock and read afresh": (actions, "lock"),
    "state, duty, input": (actions, "_begin"),
    "clocks": (clock, "turn"),
    "log": (trace, "write"),
    "number": (numbers, "number"),
    "save the paper": (actions, "_save_changes"),
    "photos": (actions, "keep"),
    "notices": (inbox, "tell_next"),
    "sight": (sight, "widen"),
    "units of the paper": (sight, "load_units"),
    "row for open pages": (sight, "record_change"),
}
SQL = "of all this, waiting for the database"


class Watch:
    """Times by part, each without the parts inside it, in seconds."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.open: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.open.append(0.0)
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.perf_counter() - began
                self.spent[name] += whole - self.open.pop()
                if self.open:
                    self.open[-1] += whole

        return call

    def wait(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.spent[SQL] += time.perf_counter() - began


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    plain = {name: getattr(module, attr) for name, (module, attr) in PARTS.items()}
    for name, (module, attr) in PARTS.items():
        setattr(module, attr, watch.timed(name, plain[name]))
    try:
        with connection.execute_wrapper(watch.wait):
            yield watch
    finally:
        for name, (module, attr) in PARTS.items():
            setattr(module, attr, plain[name])


def say_parts(watch: Watch, whole: float, steps: int) -> list[tuple[str, float]]:
    """Milliseconds a step, the largest first, the rest and the database's share at the end."""
    inside = {name: spent for name, spent in watch.spent.items() if name != SQL}
    rows = sorted(inside.items(), key=lambda row: -row[1])
    rows += [("rules, consequences, commit", whole - sum(inside.values())), (SQL, watch.spent[SQL])]
    return [(name, round(1000 * spent / steps, 2)) for name, spent in rows]
