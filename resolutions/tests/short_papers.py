"""Papers of a few lines for tests of the recogniser, and what is read in them."""

from __future__ import annotations

from resolutions.recognition.assembly import assemble
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Item, Outline, Paragraph

HEAD = "РЕЗОЛЮЦИЯ\nфорума «Школа»\n5 мая 2022 года\nУчастники рекомендуют:\n"


def outline(text: str) -> Outline:
    """Read a paper, a paragraph a line."""
    return assemble(recognise([Paragraph(line) for line in text.split("\n")]))


def body(text: str) -> list[tuple[str, list[tuple[str | None, str]]]]:
    """Return headings, each with the numbers and texts of its items."""
    found = outline(HEAD + text).addressees
    return [(each.heading, [(item.number, item.text) for item in each.items]) for each in found]


def only_item(text: str) -> Item:
    """Return the one item of a paper with one addressee, behind the usual head."""
    [addressee] = outline(HEAD + text).addressees
    [item] = addressee.items
    return item


def kinds(found: Outline) -> list[str]:
    """Return the kinds of the doubts."""
    return [problem.kind for problem in found.problems]
