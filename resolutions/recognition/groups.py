"""The pieces of a marking gathered: each with what goes on with it, rows of tables in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from resolutions.recognition.structure import Marking, Piece, Role, Span
from resolutions.recognition.words import is_broken

_LONE_NUMBER = re.compile(r"\s{10,}\d{1,4}\s*")  # a page's, in the middle of its line
_PAGE_NUMBER = re.compile(r"[-–—]\s*\d{1,4}\s*[-–—]|стр\w*\.?\s*\d+(?:\s*из\s*\d+)?")
_WORD_AT_END = 100  # letters; the dictionary has no longer word


@dataclass(slots=True)
class Group:
    """A piece and its continuations."""

    role: Role
    paragraph: int
    row: tuple[int, int] | None = None  # of a table
    block: bool = False
    cut: bool = False  # it begins inside its paragraph
    text: str = ""
    lines: list[str] = field(default_factory=list)  # verbatim
    pieces: list[int] = field(default_factory=list)
    spans: list[tuple[Role, str, bool]] = field(default_factory=list)
    before: Role | None = None  # the role of the next group

    def all_words(self, role: Role) -> list[str]:
        """Return the words of each span of a role."""
        return [words for kind, words, _ in self.spans if kind is role]

    def words(self, role: Role) -> str:
        """Return the words of the first span of a role, "" for none."""
        return next(iter(self.all_words(role)), "")


class SpansByPlace:
    """The spans of a marking by where they stand: one line may hold thousands, in as many pieces.

    Args:
        spans: in any order.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._of: defaultdict[int, list[Span]] = defaultdict(list)
        for span in sorted(spans, key=lambda each: each.start):
            self._of[span.paragraph].append(span)

    def inside(self, piece: Piece) -> Iterator[Span]:
        """Yield those that lie inside a piece, in the order of the text."""
        found = self._of.get(piece.paragraph, [])
        for at in range(bisect_left(found, piece.start, key=lambda each: each.start), len(found)):
            if found[at].start >= piece.end:
                return
            if found[at].end <= piece.end:
                yield found[at]


def squash(text: str) -> str:
    """Return a text in one line, one space between words."""
    return re.sub(r"\s+", " ", text).strip()


def groups_of(marking: Marking) -> list[Group]:
    """Gather pieces; within a row of a table the addressee comes first."""
    groups = _gathered(marking)
    ordered = []
    for row, members in groupby(groups, key=lambda group: group.row):
        together = list(members)
        ordered += together if row is None else _row(together)
    for group, following in pairwise(ordered):
        group.before = following.role
    return ordered


def _gathered(marking: Marking) -> list[Group]:
    spans = SpansByPlace(marking.spans)
    groups: list[Group] = []
    for index, piece in enumerate(marking.pieces):
        row = _row_of(marking, piece)
        line = marking.paragraphs[piece.paragraph].line
        text = line[piece.start : piece.end]
        goes_on = piece.role is Role.CONTINUATION and bool(groups)
        if not goes_on or (row is not None and groups[-1].row not in (row, None)):
            role = Role.UNPLACED if piece.role is Role.CONTINUATION and row is None else piece.role
            cut = piece.start > len(line) - len(line.lstrip())
            groups.append(Group(role, piece.paragraph, row, piece.block, cut))
        group = groups[-1]
        for span in spans.inside(piece):
            _add_span(group, span, line, line[piece.start : span.start].strip())
        if not (goes_on and _LONE_NUMBER.fullmatch(line)):
            _add_text(group, text)
        group.lines.append(squash(text))
        group.pieces.append(index)
    return groups


def _add_span(group: Group, span: Span, line: str, before: str) -> None:
    """Remember a span's words; one that goes over two lines is one."""
    words = squash(line[span.start : span.end])
    reaches_end = span.end >= len(line.rstrip())
    last = group.spans[-1] if group.spans else None
    if last and not before and last[2] and last[0] is span.role:
        group.spans[-1] = (span.role, _joined(last[1], words), reaches_end)
    else:
        group.spans.append((span.role, words, reaches_end))


def _add_text(group: Group, text: str) -> None:
    words = squash(text)
    if group.text and (not re.search(r"\w", words) or _PAGE_NUMBER.fullmatch(words)):
        return  # a page's number, «-//-»: in the source, but nobody's words
    group.text = _joined(group.text, words)


def _joined(text: str, further: str) -> str:
    """Join the words of two lines; a word that was broken between them becomes one."""
    end = text[-_WORD_AT_END:]  # the whole of a long text, line after line, costs minutes
    if _is_hyphenated(end, further):
        return text.removesuffix("-" * is_broken(end, further)) + further
    return f"{text} {further}".strip()


def _is_hyphenated(text: str, further: str) -> bool:
    return bool(re.search(r"[^\W\d_]-$", text)) and further[:1].islower()


def _row_of(marking: Marking, piece: Piece) -> tuple[int, int] | None:
    paragraph = marking.paragraphs[piece.paragraph]
    return (paragraph.cell.table, paragraph.cell.row) if paragraph.cell is not None else None


def _row(members: list[Group]) -> list[Group]:
    """Order a row: whom, what, the rest; a number and the text beside it are one item."""
    rank = {Role.ADDRESSEE: 0, Role.ITEM: 1, Role.SUBITEM: 1}
    ordered = sorted(members, key=lambda group: rank.get(group.role, 2))
    return list(_numbered(ordered))


def _numbered(members: list[Group]) -> Iterator[Group]:
    number: Group | None = None
    for group in members:
        bare = re.fullmatch(r"[\s|]*\d{1,3}(?:\.\d{1,3})*[\s.)|]*", group.text)
        if group.role is Role.ITEM and bare and number is None:
            number = group
            continue
        if group.role is Role.ITEM and number is not None:
            digits = re.sub(r"[^\d.]", "", number.text).strip(".")
            group.text = f"{digits}. {group.text.lstrip(' |')}"
            group.lines = number.lines + group.lines
            group.pieces = number.pieces + group.pieces
            number = None
        if group.role is Role.CONTINUATION:
            group.role = Role.PREAMBLE
        yield group
    if number is not None:
        yield number
