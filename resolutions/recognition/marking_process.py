"""Recognising a long paper in a process of its own: ``recognise_safely``.

A paper of twenty pages, the worst that could be thought of, is recognised within a second. The
longest that is accepted, made for that purpose, takes many: seconds of a server's worker that
answers everybody. So what is longer than any resolution gets a process with limits.

    python -m resolutions.recognition.marking_process < PARAGRAPHS

takes the paragraphs and prints them with their marking, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from resolutions.recognition.plain import (
    marking_of,
    paragraphs_of,
    plain_marking,
    plain_paragraphs,
)
from resolutions.recognition.reading_process import answer_of, limit_memory
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Marking, Paragraph

# The longest resolution of the corpus has 9,400 letters in 130 paragraphs.
MOST_LETTERS = 60_000
MOST_PARAGRAPHS = 1_000


def recognise_safely(paragraphs: Sequence[Paragraph], seconds: float = 15.0) -> Marking:
    """Return the marking of a paper, as ``recognise`` does, whatever the paper is.

    ``seconds`` is how long a long one may take. Raises ``Unreadable`` where that is not enough.
    """
    letters = sum(len(each.text) for each in paragraphs)
    if letters <= MOST_LETTERS and len(paragraphs) <= MOST_PARAGRAPHS:
        return recognise(paragraphs)
    data = json.dumps(plain_paragraphs(paragraphs)).encode()
    answer = answer_of("resolutions.recognition.marking_process", data, seconds)
    return marking_of(paragraphs_of(answer["paragraphs"]), answer["marking"])


def main() -> None:
    """Read standard input and print the answer."""
    limit_memory()
    marking = recognise(paragraphs_of(json.load(sys.stdin)))
    answer = {
        "paragraphs": plain_paragraphs(marking.paragraphs),
        "marking": plain_marking(marking),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
