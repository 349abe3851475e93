"""Lines of a .pdf → paragraphs: a line goes on where its first word did not fit the line before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from resolutions.recognition.readers.hyphens import Hyphens
from resolutions.recognition.readers.lines import runs_on
from resolutions.recognition.readers.pdf_pages import Line, Page
from resolutions.recognition.structure import Paragraph

_MARKER = re.compile(
    r"(?:[-–—•·▪◦*]|[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]|[0-9]{1,2}(?:\.[0-9]{1,2})+"
    r"|[а-яёa-z]\)|[IVX]{1,5}[.)])\s"
)
_SIGN = re.compile(r"[-–—•·▪◦*]\s")
_TALLER_LEADING = 1.3  # of the usual distance of lines: more parts paragraphs
_SAME_LEFT = 0.35  # of a line's height
_SPACE = 0.2  # of a line's height
_REACHED = 3  # lines that end alike show where the edge is
_JOINTS = frozenset(re.findall(r"\S+", "в во и к ко на о об от по с со у за из до для при а не №"))
_EVEN = 2.0  # points, by which lines of justified text may differ at the right
_JUSTIFIED = 0.5  # of the lines reach the edge, where the text is justified
_RAGGED = 0.5  # of a line's height, that a line of justified text may leave free
_ROOM = 0.3  # of the width, that words kept together may leave free
_LONGEST_HANGING = 6  # heights of a line, by which a hanging indent may be wide


def joined(pages: list[Page]) -> Iterator[Paragraph]:
    """Yield the paragraphs of the pages, footnotes at the end."""
    lines = [line for page in pages for line in page.lines]
    yield from _Joiner([line for line in lines if not line.note], pages).paragraphs()
    notes = [line for line in lines if line.note]
    yield from _Joiner(notes, pages).paragraphs(aside="footnote")


class _Joiner:
    """Joins the lines of a document, which has its usual distance of lines and its edges."""

    def __init__(self, lines: list[Line], pages: list[Page]) -> None:
        self._lines = lines
        self._edges = _edges(lines, max((page.width for page in pages), default=0.0))
        reached = sum(self._edges[each.region][1] - each.box.right < _EVEN for each in lines)
        self._justified = reached > _JUSTIFIED * len(lines)
        self._leadings = _leadings(lines)
        self._closing = self._closing_signs()
        self._hyphens = Hyphens(line.text for line in lines)

    def paragraphs(self, aside: str = "") -> Iterator[Paragraph]:
        """Yield the paragraphs."""
        found: list[Line] = []
        for line in self._lines:
            if found and not self._goes_on(found, line):
                yield self._paragraph(found, aside)
                found = []
            found.append(line)
        if found:
            yield self._paragraph(found, aside)

    def _paragraph(self, lines: list[Line], aside: str) -> Paragraph:
        text = ""
        for line in lines:
            text = self._hyphens.join(text, line.text)
        return Paragraph(
            text,
            bold=all(line.bold for line in lines),
            alignment=self._alignment(lines),
            aside=aside,
        )

    def _alignment(self, lines: list[Line]) -> str:
        if all(self._is_centred(line) for line in lines):
            return "center"
        left, right = self._edges[lines[0].region]
        box = lines[0].box
        stands_right = box.left > (left + right) / 2 and right - box.right < lines[0].height
        return "right" if stands_right else ""

    def _is_centred(self, line: Line) -> bool:
        left, right = self._edges[line.region]
        before, behind = line.box.left - left, right - line.box.right
        return before > line.height and abs(before - behind) < line.height / 2

    def _goes_on(self, found: list[Line], line: Line) -> bool:
        last = found[-1]
        if line.region != last.region:
            return self._goes_on_elsewhere(found, line)
        fall = last.box.bottom - line.box.bottom
        if abs(fall) < 0.4 * line.height:  # a piece of the same line
            return line.box.left > last.box.right - line.height
        usual = self._leadings.get(round(line.height), line.height)
        if fall < 0 or fall > _TALLER_LEADING * max(usual, line.height):
            return False
        if abs(line.height - last.height) > 0.15 * line.height:
            return False
        if last.bold != line.bold and last.text[-1] in ".:":
            return False
        return (
            self._is_full(last, line) and self._is_aligned(found, line) and not _begins(last, line)
        )

    def _goes_on_elsewhere(self, found: list[Line], line: Line) -> bool:
        """Whether a sentence goes on in the next column or on the next page."""
        last = found[-1]
        if abs(line.height - last.height) > 0.15 * line.height or _MARKER.match(line.text):
            return False
        if (last.is_cell or line.is_cell) and last.region[1:] != line.region[1:]:
            return False
        evident = runs_on(last.text, line.text)
        if line.region[0] == last.region[0]:
            return evident and self._is_full(last, line)
        unfinished = last.text[-1] not in ".:;!?" and line.bold == last.bold
        return (evident or unfinished or line.text[0].islower()) and self._is_full(last, line)

    def _closing_signs(self) -> frozenset[str]:
        """Return which of «:» and «;» end paragraphs here, as lines with room behind them show."""
        if self._justified:  # there the edge tells, and needs no help
            return frozenset()
        return frozenset(
            last.text[-1]
            for last, line in pairwise(self._lines)
            if last.text[-1] in ":;"
            and last.region == line.region
            and not self._was_full(last, line)
        )

    def _is_full(self, last: Line, line: Line) -> bool:
        """Whether a line is as full as a line is before the sentence goes on."""
        if last.text[-1] in self._closing:
            return False
        if self._was_full(last, line):
            return True
        # Words that programs keep together («№ 17», «г. Вологда») leave more room; the sentence
        # tells then.
        left, right = self._edges[last.region]
        runs = runs_on(last.text, line.text) or last.words[-1].lower() in _JOINTS
        return not self._justified and right - last.box.right < _ROOM * (right - left) and runs

    def _was_full(self, last: Line, line: Line) -> bool:
        """Whether the first word of a line would not have fitted the line before."""
        left, right = self._edges[last.region]
        room = right - last.box.right
        if self._is_centred(last):
            room = (right - left) - (last.box.right - last.box.left)
        elif self._justified:
            return room < _RAGGED * line.height
        return room < line.boxes[0].right - line.boxes[0].left + _SPACE * line.height

    def _is_aligned(self, found: list[Line], line: Line) -> bool:
        """Whether a line stands under the paragraph; its first line may stand in or out."""
        last, same = found[-1], _SAME_LEFT * line.height
        if self._is_centred(line) and self._is_centred(last):
            return True
        if len(found) > 1:
            return abs(line.box.left - last.box.left) < same
        moved = line.box.left - last.box.left
        if moved > same:
            return bool(_MARKER.match(last.text)) and moved < _LONGEST_HANGING * line.height
        return True


def _begins(last: Line, line: Line) -> bool:
    """Whether a line with a number or a dash begins something, after a line that is complete."""
    if line.text.isupper() and line.text.endswith(":"):  # «РЕШИЛИ:»
        return True
    if _SIGN.match(line.text):
        return last.text[-1] in ".:;!?,"
    return bool(_MARKER.match(line.text)) and last.text[-1] in ".:;!?"


def _edges(lines: list[Line], width: float) -> dict[tuple[int, ...], tuple[float, float]]:
    """Return the left and right edge of each region.

    Whole pages share theirs, unless several lines of a page show where its own edge is: a page may
    hold the end of one narrow column. Where no lines show it, the margin on the left does.
    """
    regions: dict[tuple[int, ...], list[Line]] = defaultdict(list)
    for line in lines:
        regions[line.region].append(line)
    pages = [line for line in lines if len(line.region) == 1]
    left, right = whole = _extent(pages)
    if sum(right - line.box.right < _EVEN for line in pages) < _REACHED:
        whole = (left, max(right, width - left))  # a short paper: margins are alike
    edges = {}
    for region, inside in regions.items():
        left, right = _extent(inside)
        reached = sum(right - line.box.right < _EVEN for line in inside)
        edges[region] = (left, right) if len(region) > 1 or reached >= _REACHED else whole
    return edges


def _extent(lines: list[Line]) -> tuple[float, float]:
    boxes = [line.box for line in lines]
    return (
        min((box.left for box in boxes), default=0.0),
        max((box.right for box in boxes), default=0.0),
    )


def _leadings(lines: list[Line]) -> dict[int, float]:
    """Return the usual distance of lines for each height of letters: a fifth are nearer."""
    falls: dict[int, list[float]] = defaultdict(list)
    for last, line in pairwise(lines):
        fall = last.box.bottom - line.box.bottom
        if last.region == line.region and 0.5 * line.height < fall < 3 * line.height:
            falls[round(line.height)].append(fall)
    return {height: sorted(found)[len(found) // 5] for height, found in falls.items()}
