"""The figures: on the screen as tables, beside the program as JSON."""

import datetime
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")
HEAD = f"{'':44}{'p50':>8}{'p95':>8}{'a second':>10}{'cpu':>7}{'floor':>8}{'target':>8}"


@dataclass
class Row:
    """One measurement, times in milliseconds.

    `cpu` is the processor time of web and database for one act, which other work on the machine
    hardly moves; `floor` the median of the same rows by raw SQL; `target` is one for p95.
    """

    what: str
    clients: int
    times: int
    p50: float
    p95: float
    a_second: float
    cpu: float
    floor: float | None = None
    target: float | None = None


def row_of(
    what: str,
    seconds: list[float],
    whole: float,
    clients: int,
    cost: float,
    floor: float | None = None,
    target: float | None = None,
) -> Row:
    """`seconds` of each act and of the whole run; `cost` in seconds of processor for one act."""
    ordered = sorted(seconds)
    return Row(
        what,
        clients,
        len(ordered),
        p50=round(1000 * ordered[len(ordered) // 2], 2),
        p95=round(1000 * ordered[int(len(ordered) * 0.95)], 2),
        a_second=round(len(ordered) / whole, 1),
        cpu=round(1000 * cost, 2),
        floor=floor,
        target=target,
    )


@dataclass
class Sheet:
    """What was measured, over what is stored; `load` is what else the machine did at the start."""

    stored: dict[str, int]
    rows: list[Row] = field(default_factory=list)
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    def __post_init__(self) -> None:
        print(f"Stored: {self.stored}. Load at the start: {self.load}, {os.cpu_count()} cores.")
        if self.load > (os.cpu_count() or 1):
            print("The machine is busy with other work: times are too long; compare cpu.")

    def chapter(self, title: str) -> None:
        print(f"\n{title}\n{HEAD}")

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        floor = f"{row.floor:8.2f}" if row.floor is not None else " " * 8
        target = f"{'< ' + format(row.target, 'g'):>8}" if row.target else ""
        name = f"{row.what}{'' if row.clients == 1 else f' ({row.clients} clients)'}"
        times = f"{row.p50:8.1f}{row.p95:8.1f}{row.a_second:10.1f}{row.cpu:7.1f}"
        print(f"{name:44}{times}{floor}{target}", flush=True)
        return row

    def save(self) -> None:
        body = {
            "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "machine": {
                "cores": os.cpu_count(),
                "load": self.load,
                "python": platform.python_version(),
            },
            "stored": self.stored,
            "unit": "milliseconds",
            "rows": [asdict(row) for row in self.rows],
        }
        RESULTS.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
        print(f"\n{RESULTS}")
