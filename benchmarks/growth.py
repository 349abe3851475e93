"""The same pages at several sizes: ``python -m benchmarks.growth [SIZE …] [--json FILE]``.

Each size gets a database of its own on the local PostgreSQL, dropped afterwards; DATABASE_URL is
not looked at. Prints, as Markdown, what each page costs at each size and how it grows.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.__main__ import run
from benchmarks.database import made
from benchmarks.table import growth

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Measure at each size, then compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="numbers of tasks")
    parser.add_argument("--json", type=Path, help="write the figures there, a list of runs")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="pages of one number: P2")
    options = parser.parse_args()
    runs = []
    for size in options.sizes:
        print(f"\n{size:,} tasks", flush=True)
        with made(size) as address:
            runs.append(run(address, options.rounds, options.only))
        if options.json:  # after each size: the greatest takes long
            options.json.write_text(json.dumps(runs, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"\n{growth(runs)}")


if __name__ == "__main__":
    main()
