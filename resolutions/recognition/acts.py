"""What a person may do to a marking: each act is a function from marking to marking.

Every act keeps what a marking promises: pieces in order cover the whole text, a span lies inside
one piece, and no word is changed. An act that cannot be done here raises ``Impossible`` with a
reason that is one of a few names; the words for people are the pages'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from resolutions.recognition.structure import Marking, Piece, Problem, Role, Span

# What stands above what: promoting goes to the left, demoting to the right.
LADDER = (Role.ADDRESSEE, Role.ITEM, Role.SUBITEM, Role.CONTINUATION)
# A paragraph merged with one of these goes on with it; with any other it takes the same role.
_CONTINUED = (Role.ADDRESSEE, Role.THEME, Role.ITEM, Role.SUBITEM, Role.CONTINUATION)
# Nothing inside these is addressed to anybody.
_SILENT = (Role.TITLE, Role.PREAMBLE, Role.CLOSING, Role.UNPLACED, Role.SET_ASIDE)
_BEGINS_ANOTHER = (*_SILENT, Role.ADDRESSEE, Role.THEME, Role.ITEM)
OF_BLOCKS = (Role.DEADLINE, Role.RESPONSIBLE)
# The kind of a problem of which a person has said that it is right as it is.
SETTLED = "settled"


class Reason(StrEnum):
    """Why an act is impossible."""

    NO_SUCH_PLACE = "NO_SUCH_PLACE"  # the piece or the offset is not there
    NOTHING_BEFORE = "NOTHING_BEFORE"  # the first piece has nothing to merge with
    NO_STEP = "NO_STEP"  # neither higher nor lower on the ladder
    NO_WORDS = "NO_WORDS"  # the words do not stand in the piece


class Impossible(ValueError):  # noqa: N818  # an answer to the person, not a fault
    """The act cannot be done here; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def line_of(marking: Marking, piece: Piece) -> str:
    """Return the words of a piece."""
    return marking.paragraphs[piece.paragraph].line[piece.start : piece.end]


def set_role(marking: Marking, index: int, role: Role) -> Marking:
    """Say what a piece is; the doubts about its paragraph are thereby decided."""
    piece = _piece(marking, index)
    block = piece.block and role in OF_BLOCKS
    changed = _replaced(marking, index, replace(piece, role=role, block=block))
    if role in _SILENT:
        changed = replace(changed, spans=_spans_outside(marking, piece))
    return _decided(changed, piece)


def set_block(marking: Marking, index: int, block: bool) -> Marking:
    """Say whether a deadline or responsible governs its whole block or only the item before it."""
    piece = _piece(marking, index)
    if piece.role not in OF_BLOCKS:
        raise Impossible(Reason.NO_SUCH_PLACE)
    return _decided(_replaced(marking, index, replace(piece, block=block)), piece)


def merge_with_previous(marking: Marking, index: int) -> Marking:
    """Let a piece go on with the one before it.

    Two pieces of one paragraph become one. A paragraph of its own stays one, and becomes a
    continuation of what stands before, or part of the same preamble, closing, title.
    """
    piece = _piece(marking, index)
    if index == 0:
        raise Impossible(Reason.NOTHING_BEFORE)
    before = marking.pieces[index - 1]
    if before.paragraph != piece.paragraph:
        follows = before.role in _CONTINUED
        return set_role(marking, index, Role.CONTINUATION if follows else before.role)
    whole = replace(before, end=piece.end)
    pieces = (*marking.pieces[: index - 1], whole, *marking.pieces[index + 1 :])
    return _decided(replace(marking, pieces=pieces), piece)


def split(marking: Marking, index: int, at: int) -> Marking:
    """Part a piece in two of the same role before the offset ``at`` of its paragraph's line.

    Words of a deadline or an addressee through which the cut goes are no longer marked.
    """
    piece = _piece(marking, index)
    line = marking.paragraphs[piece.paragraph].line
    if not piece.start < at < piece.end:
        raise Impossible(Reason.NO_SUCH_PLACE)
    end = piece.start + len(line[piece.start : at].rstrip())
    start = piece.end - len(line[at : piece.end].lstrip())
    if end <= piece.start or start >= piece.end:
        raise Impossible(Reason.NO_SUCH_PLACE)
    parts = (replace(piece, end=end), replace(piece, start=start))
    pieces = (*marking.pieces[:index], *parts, *marking.pieces[index + 1 :])
    spans = tuple(
        each
        for each in marking.spans
        if not _inside(each, piece) or any(_inside(each, part) for part in parts)
    )
    return replace(marking, pieces=pieces, spans=spans)


def promote(marking: Marking, index: int) -> Marking:
    """Make a continuation a sub-item, a sub-item an item, an item an addressee."""
    return _step(marking, index, -1)


def demote(marking: Marking, index: int) -> Marking:
    """Make an addressee an item, an item a sub-item, a sub-item a continuation."""
    return _step(marking, index, 1)


def mark_words(marking: Marking, index: int, start: int, end: int, role: Role) -> Marking:
    """Say that the words ``[start, end)`` of a piece's line are a deadline, responsible, addressee.

    They take the place of words marked so before: those of a deadline anywhere in the same
    recommendation, also in a line of its own («Срок: …»), the others in the same piece.
    """
    piece = _piece(marking, index)
    line = marking.paragraphs[piece.paragraph].line
    if not piece.start <= start < end <= piece.end or not line[start:end].strip():
        raise Impossible(Reason.NO_WORDS)
    found = line[start:end]
    start, end = end - len(found.lstrip()), start + len(found.rstrip())
    marked = Span(piece.paragraph, start, end, role)
    pieces = _of_one_item(marking, index) if role is Role.DEADLINE else [index]
    spans = [
        each
        for each in marking.spans
        if not _overlap(each, marked) and not (each.role is role and _in_any(marking, each, pieces))
    ]
    ordered = sorted([*spans, marked], key=lambda each: (each.paragraph, each.start))
    changed = replace(marking, spans=tuple(ordered))
    if role is Role.DEADLINE:
        changed = _without_deadline_lines(changed, [each for each in pieces if each != index])
    return _decided(changed, piece)


def find_words(marking: Marking, index: int, words: str, near: int = -1) -> tuple[int, int]:
    """Return where the words stand in a piece, whatever the spaces between them.

    ``near`` is the offset at which they were seen, if known: words may stand there twice. Raises
    Impossible where they do not stand at all.
    """
    piece = _piece(marking, index)
    text = line_of(marking, piece)
    # Spaces of every width are one: what is typed or copied from a page has its own. Looked for
    # ahead, because the same words may stand there again inside themselves.
    wanted = r"\s*".join(map(re.escape, words.split()))
    places = re.finditer(f"(?=({wanted}))", text) if wanted else ()
    found = [(piece.start + each.start(1), piece.start + each.end(1)) for each in places]
    if not found:
        raise Impossible(Reason.NO_WORDS)
    return min(found, key=lambda each: abs(each[0] - near)) if near >= 0 else found[0]


def without_deadline(marking: Marking, index: int) -> Marking:
    """Say that a recommendation has no deadline of its own: its words are but words.

    What stands in a line apart («Срок: …») becomes part of the text; the deadline of a whole
    block is not touched.
    """
    piece = _piece(marking, index)
    indices = _of_one_item(marking, index)
    plain = _without_deadline_lines(marking, indices)
    spans = tuple(
        each
        for each in marking.spans
        if each.role is not Role.DEADLINE or not _in_any(marking, each, indices)
    )
    return _decided(replace(plain, spans=spans), piece)


def unmark_words(marking: Marking, index: int, role: Role) -> Marking:
    """Take the mark of a role off the words of a piece."""
    piece = _piece(marking, index)
    spans = tuple(
        each for each in marking.spans if each.role is not role or not _inside(each, piece)
    )
    return _decided(replace(marking, spans=spans), piece)


def open_problems(marking: Marking, problems: Iterable[Problem]) -> list[Problem]:
    """Return those of an outline's problems of which nobody has said that it is right as it is."""
    settled = {each for each in marking.problems if each.kind == SETTLED}
    return [each for each in problems if each.kind != SETTLED and _settled(each) not in settled]


def settle(marking: Marking, problem: Problem) -> Marking:
    """Say of a doubt that it is right as it is."""
    return replace(marking, problems=(*marking.problems, _settled(problem)))


def set_aside_unplaced(marking: Marking) -> Marking:
    """Say of everything that is not placed that it is no part of the resolution."""
    return replace(
        marking,
        pieces=tuple(
            replace(each, role=Role.SET_ASIDE) if each.role is Role.UNPLACED else each
            for each in marking.pieces
        ),
    )


def for_assembly(marking: Marking) -> Marking:
    """Return the marking as assembly knows it: what a person has set aside is not placed."""
    return replace(
        marking,
        pieces=tuple(
            replace(each, role=Role.UNPLACED) if each.role is Role.SET_ASIDE else each
            for each in marking.pieces
        ),
    )


def _piece(marking: Marking, index: int) -> Piece:
    if not 0 <= index < len(marking.pieces):
        raise Impossible(Reason.NO_SUCH_PLACE)
    return marking.pieces[index]


def _replaced(marking: Marking, index: int, piece: Piece) -> Marking:
    pieces = (*marking.pieces[:index], piece, *marking.pieces[index + 1 :])
    return replace(marking, pieces=pieces)


def _step(marking: Marking, index: int, step: int) -> Marking:
    role = _piece(marking, index).role
    place = LADDER.index(role) + step if role in LADDER else -1
    if not 0 <= place < len(LADDER):
        raise Impossible(Reason.NO_STEP)
    return set_role(marking, index, LADDER[place])


def _settled(problem: Problem) -> Problem:
    return Problem(problem.paragraph, SETTLED, f"{problem.kind}: {problem.message}")


def _without_deadline_lines(marking: Marking, indices: list[int]) -> Marking:
    pieces = list(marking.pieces)
    for each in indices:
        if pieces[each].role is Role.DEADLINE and not pieces[each].block:
            pieces[each] = replace(pieces[each], role=Role.CONTINUATION)
    return replace(marking, pieces=tuple(pieces))


def _decided(marking: Marking, piece: Piece) -> Marking:
    problems = tuple(each for each in marking.problems if each.paragraph != piece.paragraph)
    return replace(marking, problems=problems)


def _inside(span: Span, piece: Piece) -> bool:
    return span.paragraph == piece.paragraph and piece.start <= span.start and span.end <= piece.end


def _overlap(one: Span, other: Span) -> bool:
    return one.paragraph == other.paragraph and one.start < other.end and other.start < one.end


def _in_any(marking: Marking, span: Span, indices: list[int]) -> bool:
    return any(_inside(span, marking.pieces[index]) for index in indices)


def _spans_outside(marking: Marking, piece: Piece) -> tuple[Span, ...]:
    return tuple(each for each in marking.spans if not _inside(each, piece))


def _of_one_item(marking: Marking, index: int) -> list[int]:
    """Return the pieces of the recommendation to which a piece belongs, in order."""
    goes_on: Callable[[int], bool] = lambda at: (  # noqa: E731
        marking.pieces[at].role not in _BEGINS_ANOTHER and not marking.pieces[at].block
    )
    first = index
    while first > 0 and goes_on(first):
        first -= 1
    last = index
    while last + 1 < len(marking.pieces) and goes_on(last + 1):
        last += 1
    return list(range(first, last + 1))
