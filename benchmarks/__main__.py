"""``python -m benchmarks [--tasks N] [--json FILE]``: measures the pages and prints a table."""

from __future__ import annotations

import argparse
import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.database import prepared, version
from benchmarks.facts import facts_of
from benchmarks.measuring import Measured, measure
from benchmarks.server import served
from benchmarks.subjects import subjects_of

HEAD = (
    "page              p50    p95   limit  quer.   bytes   gzip"
    "   cpu    db  p50×4  p95×4    MB  loop"
)


def main() -> None:
    """Measure in one run, print the figures, write them where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000, help="where a database is made")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="pages of one number: P2")
    options = parser.parse_args()
    with prepared(options.tasks) as address:
        figures = run(address, options.rounds, options.only)
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


def run(address: str, rounds: int, only: str = "") -> dict[str, Any]:
    """Measure on one database, print a line for each page, return what stands in the file."""
    facts = facts_of(address)
    found = []
    print(HEAD, flush=True)
    with served(address) as server:
        for subject in subjects_of(address, facts, only):
            found.append(measure(subject, server, rounds))
            print(_line(found[-1]), flush=True)
    return {
        "tasks": facts.tasks,
        "python": platform.python_version(),
        "database": version(address),
        "pages": [asdict(each) for each in found],
    }


def _line(found: Measured) -> str:
    return (
        f"{found.page:<15}{found.p50_ms:>7.1f}{found.p95_ms:>7.0f}{found.limit_ms:>8.1f}"
        f"{found.queries:>6}{found.bytes:>9}{found.gzip_bytes:>7}{found.cpu_ms:>6.0f}"
        f"{found.database_cpu_ms:>6.0f}{found.p50_of_4_ms:>7.0f}{found.p95_of_4_ms:>7.0f}"
        f"{found.memory_mb:>6.0f}{found.loop_ms:>6.0f}"
    )


if __name__ == "__main__":
    main()
