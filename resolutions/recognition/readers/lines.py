"""What all readers do with the text of a paragraph: white space, breaks inside it, limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from resolutions.recognition.readers.refusals import MAX_CHARACTERS, MAX_PARAGRAPHS, Unreadable
from resolutions.recognition.structure import Paragraph

# Invisible: the soft hyphen shows where a word may break, the others join or mark nothing. What
# XML and a database refuse goes with them.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile("[\n\v\f\x85\u2028\u2029]")


def parts_of(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Split a paragraph at the line breaks inside it («\\n»), where they separate.

    People press Shift+Enter to begin a new line of a list as often as to fit a title. So a break
    separates, unless the sentence evidently runs on: the next line begins with a small letter and
    the line before does not end with «:», «;» or a full stop. Then the break is a space. The
    first part keeps the automatic number.
    """
    lines = [""]
    for line in _BREAK.split(_INVISIBLE.sub("", paragraph.text)):
        if runs_on(lines[-1], line):
            lines[-1] = f"{lines[-1].rstrip()} {line.lstrip()}"
        else:
            lines.append(line.rstrip())
    written = [line for line in lines if line.strip()]
    number = " ".join(_INVISIBLE.sub("", paragraph.number).split())
    if number and written:
        written[0] = written[0].lstrip()
    for index, line in enumerate(written):
        yield replace(paragraph, text=line, number="" if index else number)
    if not written:
        yield replace(paragraph, text="", number="")


def runs_on(before: str, after: str) -> bool:
    """Whether a sentence goes on in the next line, as far as the letters at the break tell."""
    before, after = before.rstrip(), after.lstrip()
    return bool(before and after) and after[0].islower() and before[-1] not in ".:;!?"


def finished(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Return what a reader hands out; raises ``Unreadable`` where there is nothing or too much.

    An empty paragraph separates what people write as blocks, so that one is kept between two
    others; several are one, and cells and notes have none.
    """
    found: list[Paragraph] = []
    characters = 0
    for whole in paragraphs:
        for paragraph in parts_of(whole):
            if paragraph.text:
                found.append(paragraph)
            elif found and found[-1].text and not paragraph.cell and not paragraph.aside:
                found.append(Paragraph(""))
            characters += len(paragraph.text)
            if characters > MAX_CHARACTERS or len(found) > MAX_PARAGRAPHS:
                raise Unreadable("too-long")
    while found and not found[-1].text:
        found.pop()
    if not any(sign.isalnum() for paragraph in found for sign in paragraph.text):
        raise Unreadable("empty")
    return tuple(found)
