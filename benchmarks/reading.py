"""How long reading a document of ten pages takes, and how much memory.

    python -m benchmarks.reading

The papers are both seed resolutions of fixtures/documents/, repeated until there are as many words
as on ten full pages. The goals: 0.3 s and 150 MB from .docx, 0.5 s from .pdf. ``read`` is the
reading itself, in a process that has its libraries; ``read_safely`` starts a process for the file,
as the server does. Seconds of the processor stand beside those of the clock: on a busy machine only
they say something.
"""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2

from resolutions.recognition.readers import read
from resolutions.recognition.reading_process import read_safely
from resolutions.tests.make_documents import numbered

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "documents"
SEEDS = ("seed-salda", "seed-vologda")
WORDS = 3_500
TIMES = 7


def pdf() -> bytes:
    """Return the pages of both seeds as often as needed."""
    paper = pypdfium2.PdfDocument.new()
    words = 0
    while words < WORDS:
        for seed in SEEDS:
            words += len((FOLDER / f"{seed}.txt").read_text("utf-8").split())
            paper.import_pages(pypdfium2.PdfDocument(FOLDER / f"{seed}.pdf"))
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def docx() -> bytes:
    """Return both seeds with automatic numbers as often as needed."""
    lines: list[str] = []
    while len(" ".join(lines).split()) < WORDS:
        for seed in SEEDS:
            lines += (FOLDER / f"{seed}.txt").read_text("utf-8").split("\n")
    stream = io.BytesIO()
    numbered(lines).save(stream)
    return stream.getvalue()


def best(act: Callable[[], object]) -> str:
    """Return the shortest of several times by the clock and by the processor, in words."""
    clock, processor = [], []
    for _time in range(TIMES):
        begun, spent = time.perf_counter(), processor_seconds()
        act()
        clock.append(time.perf_counter() - begun)
        processor.append(processor_seconds() - spent)
    return f"{min(clock):.3f} s ({min(processor):.3f} s of the processor)"


def processor_seconds() -> float:
    """Return what this process and its children have taken so far."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> None:
    """Print a line for each format."""
    for name, data in (("pdf", pdf()), ("docx", docx())):
        count = len(" ".join(each.line for each in read(data)).split())
        print(f".{name}, {count} words")
        print(f"  read         {best(partial(read, data))}")
        print(f"  read_safely  {best(partial(read_safely, data, seconds=60))}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory of a reading process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
