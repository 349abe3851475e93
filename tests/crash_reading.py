"""Read thousands of broken documents of each format; none may kill, hang or confuse the server.

Run by hand, or by the suite with fewer ROUNDS, where processes can be forked (not on Windows):

    ROUNDS=2000 python -m tests.crash_reading [FORMAT …]

Both seed documents of each format are cut, flipped and swapped, half of the packed ones inside
their parts, where no checksum notices. Each is read in a process of its own with the limits of
``read_safely``: it must give paragraphs or a refusal within 5 s, which are seconds of the
processor, so that a busy machine is no fault of the file. A process that dies is an answer too (the
reader is told that the file is damaged) but is counted, as is one that takes too long, which ends
the run with a non-zero status.
"""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import sys
import zipfile
from collections import Counter
from pathlib import Path

from resolutions.recognition.readers import Unreadable, read
from resolutions.recognition.reading_process import limit_memory

ROUNDS = int(os.environ.get("ROUNDS", "2000"))
SECONDS = 5
FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "documents"
FORMATS = ("docx", "odt", "rtf", "pdf", "txt")
SEEDS = ("seed-salda", "seed-vologda")
READ, REFUSED, WRONG = 0, 1, 2
_WORDS = {"docx": "word/document.xml", "odt": "content.xml"}


def cut(data: bytearray, chance: random.Random) -> None:
    """Take off the end, or a piece of the middle."""
    start = chance.randrange(len(data))
    end = len(data) if chance.random() < 0.5 else start + chance.randrange(1, 5000)
    del data[start:end]


def flip(data: bytearray, chance: random.Random) -> None:
    """Change single bits."""
    for _time in range(chance.choice((1, 3, 20, 200))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def swap(data: bytearray, chance: random.Random) -> None:
    """Exchange two pieces, or repeat one many times."""
    size = chance.randrange(1, 400)
    one, other = (chance.randrange(max(1, len(data) - size)) for _place in range(2))
    if chance.random() < 0.3:
        data[one:one] = data[other : other + size] * chance.choice((2, 50, 500))
    else:
        piece = bytes(data[one : one + size])
        data[one : one + size] = data[other : other + size]
        data[other : other + size] = piece


def broken(data: bytes, kind: str, chance: random.Random) -> bytes:
    """Return a broken copy of a document."""
    change = chance.choice((cut, flip, swap))
    if kind in _WORDS and chance.random() < 0.5:
        return repacked(data, change, chance)
    copy = bytearray(data)
    change(copy, chance)
    return bytes(copy)


def repacked(data: bytes, change: object, chance: random.Random) -> bytes:
    """Break one XML part and pack it again, with a right checksum."""
    source = zipfile.ZipFile(io.BytesIO(data))
    names = [name for name in source.namelist() if name.endswith(".xml")]
    victim = chance.choice(names)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            part = bytearray(source.read(name))
            if name == victim and part:
                change(part, chance)  # type: ignore[operator]
            archive.writestr(name, bytes(part))
    return target.getvalue()


def answer(data: bytes, name: str) -> int:
    """Read in a child; return how it ended: READ, REFUSED, or the signal below zero."""
    child = os.fork()
    if child == 0:
        status = WRONG
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            limit_memory()
            status = READ if read(data, name) else WRONG
        except Unreadable:
            status = REFUSED
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def spent_by_children() -> float:
    """Return the seconds of the processor that all children have taken so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(kind: str) -> bool:
    """Break and read the documents of one format; return whether all was well."""
    chance = random.Random(f"{kind}:1")  # noqa: S311
    documents = [(FOLDER / f"{seed}.{kind}").read_bytes() for seed in SEEDS]
    ends: Counter[int] = Counter()
    slowest, spent = 0.0, spent_by_children()
    for index in range(ROUNDS):
        data = broken(documents[index % len(documents)], kind, chance)
        ends[answer(data, f"{kind}.{kind}")] += 1
        before, spent = spent, spent_by_children()
        slowest = max(slowest, spent - before)
    slow = ends[-signal.SIGXCPU] + ends[-signal.SIGKILL]
    died = sum(count for end, count in ends.items() if end < 0) - slow
    wrong = ROUNDS - ends[READ] - ends[REFUSED] - died - slow
    print(  # noqa: T201
        f"{kind}: {ROUNDS} broken, {ends[READ]} read, {ends[REFUSED]} refused,"
        f" {died} died, {slow} too slow, {wrong} wrong; slowest {slowest:.1f} s"
    )
    return not slow and not wrong


if __name__ == "__main__":
    results = [run(kind) for kind in sys.argv[1:] or FORMATS]
    sys.exit(0 if all(results) else 1)
