"""What stands on a page besides the text, and in which order the text is read.

Page numbers and running heads are dropped only where there is no doubt: a number that counts with
the pages, or a line that stands at the very same place on page after page, both at the edge and
apart from the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

_PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s*)?(?:(?:стр(?:аница|\.)?|с\.|лист|page)\s*)?(?P<number>[0-9]{1,4})"
    r"(?:\s*(?:из|/|of)\s*[0-9]{1,4})?(?:\s*[-–—])?\.?",
    re.IGNORECASE,
)
_SAME_PLACE = 2.0  # points
_EDGE = 0.14  # of the page's height, where running heads stand
_APART = 1.35  # distances of lines between a running head and the text
_CHANGING_PAGES = 4  # with a running head whose number changes
_COLUMN_LINES = 4  # fewer lines side by side are no columns
_WIDE_GAP = 0.9  # heights of a line
_HANGING = 4  # heights of a line: the widest gap between a list's number and its text
_SAME_CELL = 3.0  # points
_LIST_NUMBER = re.compile(r"(?:[0-9]{1,2}\.?)+\)?|[а-яёa-z]\)|[IVX]+[.)]|\W")
_CROSSING = 0.1  # of the lines that have the gutter, how many may run over it
_FULL = 0.8  # of a column's width, that a line of prose fills
_SMALLER = 0.88  # letters of a footnote, to those of the text
_NOTE = re.compile(r"(?:[0-9]{1,3}|[*†‡]{1,3})[).]?\s*[А-ЯЁA-Zа-яё«]")


@dataclass(frozen=True, slots=True)
class Box:
    """A place in points, from the page's lower left corner; ``bottom`` is where letters stand."""

    left: float
    right: float
    bottom: float
    top: float

    def around(self, other: Box) -> Box:
        """Return the box around both."""
        return Box(
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.bottom, other.bottom),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; ``region`` names its page and column, once that is known."""

    words: tuple[str, ...]
    boxes: tuple[Box, ...]
    box: Box
    height: float
    bold: bool
    region: tuple[int, ...] = ()
    note: bool = False

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(self.words)

    @property
    def is_cell(self) -> bool:
        """Whether the line stands in a table, in a column that is known."""
        return self.region[1:2] == (-1,)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is seen; ``has_picture`` is asked only where there are no lines."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    has_picture: bool = False


def without_furniture(pages: list[Page]) -> list[Page]:
    """Return the pages without page numbers and running heads."""
    gone: set[tuple[int, int]] = set()
    usual = _usual_distance(pages)
    for below in (True, False):
        edges = {page.number: found for page in pages if (found := _edge_lines(page, below, usual))}
        gone |= set(_page_numbers(pages, edges))
        gone |= set(_running_heads(pages, edges))
    return [
        replace(
            page,
            lines=tuple(
                line for index, line in enumerate(page.lines) if (page.number, index) not in gone
            ),
        )
        for page in pages
    ]


def _usual_distance(pages: list[Page]) -> float:
    """Return the distance of lines that a quarter of them are nearer than."""
    falls = sorted(
        upper - lower
        for page in pages
        for upper, lower in pairwise(sorted((each.box.bottom for each in page.lines), reverse=True))
        if upper - lower > _SAME_PLACE
    )
    return falls[len(falls) // 4] if falls else 0.0


def _edge_lines(page: Page, below: bool, usual: float) -> list[int]:
    """Return the lines at the lower or upper edge that a gap parts from the text."""
    order = sorted(
        range(len(page.lines)), key=lambda i: page.lines[i].box.bottom, reverse=not below
    )
    limit = page.height * _EDGE
    found: list[int] = []
    for this, following in pairwise(order):
        box = page.lines[this].box
        if (box.bottom if below else page.height - box.bottom) > limit:
            break
        found.append(this)
        gap = abs(page.lines[following].box.bottom - box.bottom)
        if gap > _APART * max(usual, page.lines[this].height):
            return found
    if len(order) == 1 and len(page.lines[order[0]].text) < 12:
        return order  # a page with nothing but its number
    return []


def _page_numbers(pages: list[Page], edges: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield the lines that count with the pages; one alone must equal its page's number."""
    shifts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    by_number = {page.number: page for page in pages}
    for number, indices in edges.items():
        for index in indices:
            written = _PAGE_NUMBER.fullmatch(by_number[number].lines[index].text)
            if written:
                shifts[int(written["number"]) - number].append((number, index))
    for shift, places in shifts.items():
        if len(places) > 1 or shift == 0:
            yield from places


def _running_heads(pages: list[Page], edges: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield the lines that stand at one place on most pages with the same words."""
    by_number = {page.number: page for page in pages}
    places: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for number, indices in edges.items():
        for index in indices:
            line = by_number[number].lines[index]
            words = re.sub(r"[0-9]+", "#", line.text)
            if any(sign.isalpha() for sign in words):
                places[words, round(line.box.bottom / _SAME_PLACE)].append((number, index))
    for found in places.values():
        texts = {by_number[number].lines[index].text for number, index in found}
        # «Приложение 1» and «Приложение 2» over two pages are words; a number that changes on
        # page after page is not.
        enough = 2 if len(texts) == 1 else _CHANGING_PAGES
        if len(found) >= enough and 2 * len(found) >= len(pages):
            yield from found


def in_order(page: Page) -> Page:
    """Return the page with the region of each line, columns one after the other, notes marked.

    The order of drawing stays, unless two columns of prose are drawn line by line across.
    """
    gutter = _crossed_gutter(page)
    lines = [piece for line in page.lines for piece in _split(line, gutter)]
    cells = {} if gutter else _cells(lines)
    lines = [piece for line in lines for piece in _split_at_cells(line, cells)]
    gutters = _gutters(lines)
    placed = [
        replace(
            line, region=_cell_of(line, page.number, cells) or _region(line, page.number, gutters)
        )
        for line in lines
    ]
    if gutter is not None:
        placed = _column_by_column(placed)
    return replace(page, lines=tuple(_with_notes(placed)))


def _cells(lines: list[Line]) -> dict[int, float]:
    """Return where cells of a table begin, each with the height of its topmost row.

    Cells of one row are drawn as one line. A wide gap parts them, where lines begin under the words
    behind it; a row whose cells have one line each stays one line.
    """
    gaps: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        for index in _wide_gaps(line):
            gaps[_place(line.boxes[index].left)].append(line.box.bottom)
    starts = Counter(_place(line.box.left) for line in lines)
    return {
        place: max(heights)
        for place, heights in gaps.items()
        if sum(starts[near] for near in _near(place)) > 1
    }


def _wide_gaps(line: Line) -> list[int]:
    """Return the words behind gaps that stand out; a number before its text is no cell."""
    gaps = [after.left - before.right for before, after in pairwise(line.boxes)]
    usual = sorted(gaps)[len(gaps) // 2] if len(gaps) > 2 else 0.0
    return [
        index
        for index, gap in enumerate(gaps, start=1)
        if gap > max(_WIDE_GAP * line.height, 2 * usual)
        and not (
            index == 1 and gap < _HANGING * line.height and _LIST_NUMBER.fullmatch(line.words[0])
        )
    ]


def _place(x: float) -> int:
    return round(x / _SAME_CELL)


def _near(place: int) -> range:
    return range(place - 1, place + 2)


def _split_at_cells(line: Line, cells: dict[int, float]) -> list[Line]:
    cuts = [
        index
        for index in _wide_gaps(line)
        if any(place in cells for place in _near(_place(line.boxes[index].left)))
    ]
    edges = [0, *cuts, len(line.words)]
    return [_part(line, slice(start, end)) for start, end in pairwise(edges)] if cuts else [line]


def _cell_of(line: Line, page: int, cells: dict[int, float]) -> tuple[int, ...]:
    for place in _near(_place(line.box.left)):
        if line.box.bottom <= cells.get(place, -1.0) + 1:
            return (page, -1, place)
    return ()


def _part(line: Line, part: slice) -> Line:
    boxes = line.boxes[part]
    return replace(line, words=line.words[part], boxes=boxes, box=boxes[0].around(boxes[-1]))


def _crossed_gutter(page: Page) -> float | None:
    """Return the gutter between two columns of prose that lines are drawn across, if any."""
    gaps: Counter[int] = Counter()
    for line in page.lines:
        for before, after in pairwise(line.boxes):
            if after.left - before.right > 1.2 * line.height:
                first, last = int(before.right / 4) + 1, int(after.left / 4)
                gaps.update(range(first, last + 1))
    if not gaps:
        return None
    place, count = gaps.most_common(1)[0]
    if count < 2 * _COLUMN_LINES:
        return None
    gutter = place * 4.0
    cut = [line for line in page.lines if len(_split(line, gutter)) > 1]
    if not cut:
        return None
    bottom, top = min(line.box.bottom for line in cut), max(line.box.bottom for line in cut)
    beside = [line for line in page.lines if bottom <= line.box.bottom <= top]
    crossing = sum(line.box.left < gutter < line.box.right for line in beside) - len(cut)
    return gutter if crossing <= _CROSSING * len(cut) and _is_prose(beside, gutter) else None


def _is_prose(lines: list[Line], gutter: float) -> bool:
    """Whether both sides of a gutter are filled to their edges, as a table's cells are not."""
    pieces = [piece for line in lines for piece in _split(line, gutter)]
    for side in (True, False):
        found = [each.box for each in pieces if (each.box.right <= gutter + 2) == side]
        if len(found) < _COLUMN_LINES:
            return False
        width = max(box.right for box in found) - min(box.left for box in found)
        filled = sum(box.right - box.left > _FULL * width for box in found)
        if 2 * filled < len(found) or width < 60:
            return False
    return True


def _split(line: Line, gutter: float | None) -> list[Line]:
    """Cut a line that is drawn across a gutter."""
    if gutter is None:
        return [line]
    for index in range(1, len(line.words)):
        before, after = line.boxes[index - 1], line.boxes[index]
        if before.right <= gutter + 4 and after.left >= gutter - 4:
            return [_part(line, slice(0, index)), _part(line, slice(index, None))]
    return [line]


def _gutters(lines: list[Line]) -> list[tuple[float, float, float]]:
    """Return each (x, bottom, top) that several lines stand on both sides of and none crosses."""
    starts = Counter(round(line.box.left / 3) for line in lines)
    found: list[tuple[float, float, float]] = []
    for start, count in sorted(starts.items()):
        if count < _COLUMN_LINES:
            continue
        x = start * 3 - 3.0
        right = [line.box.bottom for line in lines if line.box.left >= x]
        bottom, top = min(right) - 1, max(right) + 1
        beside = [line for line in lines if bottom <= line.box.bottom <= top]
        left = sum(line.box.right <= x for line in beside)
        crossing = any(line.box.left < x < line.box.right for line in beside)
        if left >= _COLUMN_LINES and not crossing:
            found.append((x, bottom, top))
    return found


def _region(line: Line, page: int, gutters: list[tuple[float, float, float]]) -> tuple[int, ...]:
    box = line.box
    beside = [x for x, bottom, top in gutters if bottom <= box.bottom <= top]
    return (page, *(int(box.left >= x) for x in beside)) if beside else (page,)


def _column_by_column(lines: list[Line]) -> list[Line]:
    """Put the right column behind the left one; lines over the whole width part the page."""
    ordered: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if len(line.region) == 1:
            ordered += right
            right = []
        (right if line.region[1:] == (1,) else ordered).append(line)
    return ordered + right


def _with_notes(lines: list[Line]) -> Iterator[Line]:
    """Mark the footnotes: the last lines of a page, in smaller letters, begun by a sign."""
    usual = _usual_height(lines)
    first = len(lines)
    while first and lines[first - 1].height < _SMALLER * usual:
        first -= 1
    if first == 0 or not (first < len(lines) and _NOTE.match(lines[first].text)):
        first = len(lines)
    for index, line in enumerate(lines):
        yield replace(line, note=True) if index >= first else line


def _usual_height(lines: list[Line]) -> float:
    heights: Counter[float] = Counter()
    for line in lines:
        heights[round(line.height, 1)] += len(line.text)
    return heights.most_common(1)[0][0] if heights else 1.0
