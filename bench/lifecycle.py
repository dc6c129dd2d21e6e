"""`python -m bench.lifecycle [--sizes 10000 1000000]`: steps a second, however much is stored.

Whole lives (report, whistle, two departments, scores, close) in one process and in two at once, and
due clocks, in databases of several sizes; runs are interleaved, figures are medians. Beside them
the floor: what one life writes, written again by raw SQL with foreign keys and triggers unasked.
Results go to bench/lifecycle.json.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.house import House

RESULTS = Path(__file__).with_name("lifecycle.json")
SIZES, ROUNDS, LIVES, DUE = [10_000, 100_000, 1_000_000], 5, 8, 150
MOST_GROWTH, LEAST_STEPS = 1.3, 150


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.lifecycle", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--lives", type=int, default=LIVES, help="in each run")
    chosen = parser.parse_args()
    with House() as house:
        house.prepare()
        figures = measure(chosen.sizes, chosen.rounds, chosen.lives)
    report(figures, chosen)


def measure(sizes: list[int], rounds: int, lives: int) -> dict[str, Any]:
    from bench import sizes as databases

    runs: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    databases.make(sizes)
    for number in range(rounds + 1):
        for size in sizes[number % len(sizes) :] + sizes[: number % len(sizes)]:
            databases.enter(size)
            found = databases.run(lives, DUE)
            for name, value in found.items() if number else ():
                runs[name][size].append(value)
    databases.enter(sizes[-1])
    return {
        "stored": {size: databases.stored[size] for size in sizes},
        "medians": {
            name: {size: round(statistics.median(values), 2) for size, values in by_size.items()}
            for name, by_size in runs.items()
        },
        "parts": databases.parts(lives),
    }


def report(figures: dict[str, Any], chosen: argparse.Namespace) -> None:
    for name, values in figures["medians"].items():
        print(f"{name:32}" + "".join(f"{size:>12}: {value:8.2f}" for size, value in values.items()))
    print("\nMilliseconds of a step at the largest size")
    for name, spent in figures["parts"]:
        print(f"  {name:40}{spent:8.2f}")
    steps = figures["medians"]["steps a second, two at once"]
    growth = steps[chosen.sizes[0]] / steps[chosen.sizes[-1]]
    print(f"\nGrowth {growth:.2f} (target < {MOST_GROWTH}); at the largest size")
    print(f"{steps[chosen.sizes[-1]]} steps a second of both processes (at least {LEAST_STEPS}).")
    body = {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "python": platform.python_version(),
        },
        "rounds": chosen.rounds,
        "lives": chosen.lives,
        "growth": round(growth, 2),
        **figures,
    }
    RESULTS.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
    print(f"\n{RESULTS}")


if __name__ == "__main__":
    main()
