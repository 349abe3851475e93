"""Logical paragraphs: hard-wrapped and torn lines put together, each letter with its place.

A ``Strand`` is a stretch of text that may run over several paragraphs of the file (lines of a
typewriter page), and knows for every letter where it stands. All later stages look at strands;
pieces are cut from them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from resolutions.recognition.marks import read_mark
from resolutions.recognition.structure import Paragraph
from resolutions.recognition.words import is_broken, is_infinitive

_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_UNFINISHED = re.compile(
    r"(?:[,\w]|[^\W\d_][-\u00ad]|\s(?:и|в|на|по|с|о|об|для|от|до|к|за|из|или|а|при|не))$"
)
_FINISHED = re.compile(r"[.;:!?)»”\"]\s*$")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of one paragraph's ``line``."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Strand:
    """A logical paragraph: the fragments joined by one space each."""

    text: str
    fragments: tuple[Fragment, ...]
    offsets: tuple[int, ...]  # where each fragment begins in the text

    @classmethod
    def of(
        cls, parts: Sequence[tuple[Fragment, str]], glued: frozenset[int] = frozenset()
    ) -> Strand:
        """Join fragments with their texts; those numbered in ``glued`` without a space."""
        offsets, texts, at = [], [], 0
        for nth, (_, text) in enumerate(parts):
            space = "" if nth in glued or nth == 0 else " "
            texts.append(space + text)
            offsets.append(at + len(space))
            at = offsets[-1] + len(text)
        return cls("".join(texts), tuple(fragment for fragment, _ in parts), tuple(offsets))

    @property
    def paragraph(self) -> int:
        """The paragraph where it begins."""
        return self.fragments[0].paragraph

    def places(self, start: int, end: int) -> Iterator[Fragment]:
        """Yield where the letters ``[start, end)`` stand, without white space at their ends."""
        first = max(bisect_right(self.offsets, start) - 1, 0)
        for index in range(first, len(self.fragments)):
            offset = self.offsets[index]
            if offset >= end:
                return
            fragment = self.fragments[index]
            length = fragment.end - fragment.start
            begin, stop = max(start - offset, 0), min(end - offset, length)
            text = self.text[offset + begin : offset + stop]
            begin += len(text) - len(text.lstrip())
            stop -= len(text) - len(text.rstrip())
            if begin < stop:
                yield Fragment(fragment.paragraph, fragment.start + begin, fragment.start + stop)

    def part(self, start: int, end: int) -> Strand:
        """Cut a strand out."""
        parts: list[tuple[Fragment, str]] = []
        glued, behind = set(), -1
        for place in self.places(start, end):
            index = self.fragments.index(self._holder(place))
            at = self.offsets[index] + place.start - self.fragments[index].start
            if at == behind:
                glued.add(len(parts))
            behind = at + place.end - place.start
            parts.append((place, self.text[at:behind]))
        return Strand.of(parts, frozenset(glued))

    def cut(self, offsets: Sequence[int]) -> list[Strand]:
        """Cut at offsets; pieces of white space alone fall away."""
        edges = [0, *sorted(set(offsets) - {0, len(self.text)}), len(self.text)]
        return [self.part(a, b) for a, b in pairwise(edges) if self.text[a:b].strip()]

    def _holder(self, place: Fragment) -> Fragment:
        return next(
            each
            for each in self.fragments
            if each.paragraph == place.paragraph and each.start <= place.start < each.end
        )


def strands_of(
    paragraphs: Sequence[Paragraph], tabled: frozenset[int] = frozenset()
) -> list[Strand]:
    """Put the lines of each logical paragraph together, in the order of the text.

    Empty paragraphs and those of tables (indices ``tabled``) part strands; paragraphs with a
    number of their own or outside the body never go on with another.
    """
    page = _Page.of(paragraphs)
    strands: list[Strand] = []
    lines: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        if index in tabled or not paragraph.line.strip():
            _finish(lines, paragraphs, strands)
        elif lines and page.goes_on(paragraphs[lines[-1]], paragraph, paragraphs[lines[0]]):
            lines.append(index)
        else:
            _finish(lines, paragraphs, strands)
            lines.append(index)
    _finish(lines, paragraphs, strands)
    return strands


def _finish(lines: list[int], paragraphs: Sequence[Paragraph], strands: list[Strand]) -> None:
    if lines:
        texts = [paragraphs[index].line for index in lines]
        glued = set()
        for nth, (before, after) in enumerate(pairwise(texts), start=1):
            if is_broken(before.rstrip(), after.lstrip()):
                texts[nth - 1], texts[nth] = before.rstrip()[:-1], after.lstrip()
                glued.add(nth)
        parts = []
        for index, text in zip(lines, texts, strict=True):
            begin = paragraphs[index].line.index(text)
            parts.append((Fragment(index, begin, begin + len(text)), text))
        strands.append(Strand.of(parts, frozenset(glued)))
        lines.clear()


@dataclass(frozen=True, slots=True)
class _Page:
    """How the lines of a document are set."""

    width: int  # of a full line, 0 where lines are no lines of a page
    indent: int  # at which a paragraph begins; 0 where nothing tells

    @classmethod
    def of(cls, paragraphs: Sequence[Paragraph]) -> _Page:
        texts = [p.text.rstrip() for p in paragraphs if p.text.strip() and not p.cell]
        lengths = sorted(len(text) for text in texts)
        if len(lengths) < 8 or lengths[-1] > 130:
            return cls(0, 0)
        width = lengths[int(len(lengths) * 0.9)]
        wrapped = sum(
            len(above) >= width * 0.8
            and not _FINISHED.search(above)
            and below.lstrip()[:1].islower()
            and not is_infinitive((_FIRST_WORD.match(below) or ["", "x"])[1])
            for above, below in pairwise(texts)
        )
        if width < 40 or wrapped < max(3, len(lengths) * 0.15):
            return cls(0, 0)
        indents = [len(text) - len(text.lstrip()) for text in texts]
        begins = sorted(n for n in indents if n)
        hanging = sum(n == 0 for n in indents)
        usual = begins[len(begins) // 3] if len(begins) >= 3 and hanging >= 3 else 0
        return cls(width, usual)

    def goes_on(self, before: Paragraph, after: Paragraph, first: Paragraph) -> bool:
        """Tell whether a line goes on with the one before."""
        if after.number or after.cell or before.cell or after.aside != before.aside:
            return False
        line, text = before.line.rstrip(), after.text
        if _is_lone(line):
            return read_mark(text) is None
        if _is_mark(text) or "|" in text or _is_page_number(line) or _is_page_number(text):
            return False
        if self.indent:
            indent = len(text) - len(text.lstrip())
            if indent == 0:
                return True
            return text.lstrip()[:1].islower() and not _FINISHED.search(line)
        if self.width and len(line) >= self.width * 0.88 and not line.endswith((":", ";")):
            return not (line.endswith(".") and text.lstrip()[:1].isupper()) or (
                len(line) + 1 + len(text.split()[0]) > self.width and not line.endswith(".")
            )
        return _is_torn(line, text, first.line)


def _is_torn(line: str, text: str, first: str) -> bool:
    """Tell whether a sentence goes on: small letter, nothing ended, and no new action."""
    word = _FIRST_WORD.match(text)
    if word is None or not word[1][0].islower() or _FINISHED.search(line):
        return False
    if re.search(r"[,\w]-$|,$", line):
        return True
    is_action = is_infinitive(word[1])
    return not is_action and bool(_UNFINISHED.search(line)) and read_mark(first) is not None


def _is_mark(text: str) -> bool:
    return read_mark(text) is not None


def _is_lone(text: str) -> bool:
    """Tell whether a line is a number and nothing else, its text below it."""
    mark = read_mark(text)
    return mark is not None and mark.number is not None and mark.end >= len(text.rstrip())


def _is_page_number(text: str) -> bool:
    return bool(re.fullmatch(r"\s*[-–—]\s*\d{1,4}\s*[-–—]\s*|\s{10,}\d{1,4}\s*", text))
