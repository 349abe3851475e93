"""Reading a stranger's file in a process of its own: ``read_safely``.

A parser written in C (PDFium) may crash on a file made for that, and a parser written in Python may
take a minute or a gigabyte. Neither may cost more than this one file: the process has limits of
time and memory, and when it dies the person is told that the file cannot be read.

    python -m resolutions.recognition.reading_process [NAME] < FILE

prints the paragraphs, or the kind of refusal, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from resolutions.recognition.plain import paragraphs_of, plain_paragraphs
from resolutions.recognition.readers import OFFICE_SECONDS, doc, read
from resolutions.recognition.readers.refusals import MAX_BYTES, Unreadable
from resolutions.recognition.structure import Paragraph

try:
    import resource
except ImportError:  # Windows: time is limited, memory is not
    resource = None  # type: ignore[assignment]

_MEMORY = 1024 * 1024 * 1024  # of addresses; what is really used stays far below
_ROOT = Path(__file__).resolve().parents[2]


def read_safely(data: bytes, name: str = "", seconds: float = 5.0) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a file, as ``readers.read`` does, whatever the file does.

    ``data`` is the file as it came, ``name`` what it was called, ``seconds`` how long reading may
    take; LibreOffice has its own limit to open a .doc. Raises ``Unreadable`` and nothing else;
    costs a tenth of a second more than ``read``.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large")
    if data.startswith(doc.SIGNATURE):
        data = doc.to_odt(data, OFFICE_SECONDS)
    ending = "".join(sign for sign in name[-5:] if sign.isascii() and sign.isprintable())
    answer = answer_of("resolutions.recognition.reading_process", data, seconds, ending)
    if answer["refused"]:
        raise Unreadable(answer["refused"])
    return paragraphs_of(answer["paragraphs"])


def answer_of(module: str, data: bytes, seconds: float, *arguments: str) -> Any:
    """Run a module of ours as a process with ``data`` as its input; return the JSON it prints.

    Raises ``Unreadable`` where it takes longer than ``seconds``, dies, or prints something else.
    """
    try:
        finished = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", module, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too-slow") from error
    if finished.returncode:
        raise Unreadable("damaged")
    try:
        return json.loads(finished.stdout)
    except ValueError as error:
        raise Unreadable("damaged") from error


def limit_memory() -> None:
    """Let this process take no more than a gigabyte, and leave no core when it dies."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(name: str) -> None:
    """Read standard input and print the answer."""
    limit_memory()
    refused = ""
    paragraphs: tuple[Paragraph, ...] = ()
    try:
        paragraphs = read(sys.stdin.buffer.read(MAX_BYTES + 1), name)
    except Unreadable as error:
        refused = error.kind
    json.dump({"refused": refused, "paragraphs": plain_paragraphs(paragraphs)}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [""])
