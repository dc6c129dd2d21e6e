"""`python -m bench [--orders 20000] [--quick]`: what the platform takes, beside its floor.

A throw-away district with its own PostgreSQL, Redis and two web workers is set up, filled, asked
by one and by eight clients, and removed. Tables on the screen, figures in bench/results.json.
"""

import argparse

from bench.house import House
from bench.tables import Sheet


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000, help="how many are stored")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, to try it")
    chosen = parser.parse_args()
    orders, times = (chosen.orders, 1) if not chosen.quick else (chosen.orders // 10, 0.1)
    with House() as house:
        from bench import runs, stock

        house.prepare()
        stored = stock.fill(orders)
        sheet = Sheet(stored)
        house.open()
        runs.measure(house, sheet, times)
    sheet.save()


if __name__ == "__main__":
    main()
