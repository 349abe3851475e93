"""Prints figures as Markdown: ``python -m benchmarks.table FILE…``, what --json has written.

Of several files, as of several sizes, also by how much each page grows from the first to the last.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def table(figures: Figures) -> str:
    """Return the table of one run."""
    head = (
        "page", "what", "p50, ms", "p95, ms", "limit, ms", "CPU, ms", "database, ms", "queries",
        "bytes", "gzip", "4 clients: p50", "p95", "MB", "loop, ms",
    )  # fmt: skip
    rows = [
        (
            page["page"], page["title"], *_times(page), page["queries"], page["bytes"],
            page["gzip_bytes"], _ms(page["p50_of_4_ms"]), _ms(page["p95_of_4_ms"]),
            _ms(page["memory_mb"]), _ms(page["loop_ms"]),
        )
        for page in figures["pages"]
    ]  # fmt: skip
    made = f"{figures['tasks']:,} tasks, Python {figures['python']}, {figures['database']}"
    more = [
        f"{page['page']}: " + ", ".join(f"{name} {value:,.0f}" for name, value in more.items())
        for page in figures["pages"]
        if (more := {"silence_ms": page["silence_ms"], **page["more"]} if page["more"] else {})
    ]
    return "\n\n".join([made, _markdown(head, rows), *more])


def growth(runs: Sequence[Figures]) -> str:
    """Return how much each page costs at each size, and the last as a multiple of the first."""
    sizes = [f"{run['tasks']:,}" for run in runs]
    names = {"p50_ms": "p50", "cpu_ms": "CPU", "database_cpu_ms": "database", "limit_ms": "limit"}
    head = ["page"]
    for label in names.values():
        head += [f"{label} {size}" for size in sizes] + ["×"]
    rows = []
    for page in runs[0]["pages"]:
        same = [_of(run, page["page"]) for run in runs]
        row = [page["page"]]
        for name in names:
            values = [each[name] for each in same if each]
            row += [_ms(value) for value in values] + [_times_over(values)]
        rows.append(row)
    return _markdown(head, rows)


def _of(run: Figures, key: str) -> Figures:
    found: Figures = next((page for page in run["pages"] if page["page"] == key), {})
    return found


def _times(page: Figures) -> tuple[str, ...]:
    names = ("p50_ms", "p95_ms", "limit_ms", "cpu_ms", "database_cpu_ms")
    return tuple(_ms(page[name]) for name in names)


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _times_over(values: Sequence[float]) -> str:
    return f"{values[-1] / values[0]:.1f}" if values and values[0] else "–"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def main() -> None:
    """Print a table of each file, and the growth where there are several."""
    runs: list[Figures] = []
    for name in sys.argv[1:]:
        read = json.loads(Path(name).read_text("utf-8"))
        runs += read if isinstance(read, list) else [read]
    for run in runs:
        print(table(run), end="\n\n")
    if len(runs) > 1:
        print(growth(runs))


if __name__ == "__main__":
    main()
