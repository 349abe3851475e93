"""Undo and redo of a review: what each act has changed, and nothing more.

A whole marking for each step would be megabytes for a long document. An act changes a few pieces
that stand together, so a step keeps the stretch that differs, as it was and as it became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from resolutions.recognition.structure import Marking, Piece, Problem, Span

T = TypeVar("T", Piece, Span, Problem)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``before`` stood at the index ``at``; now rows ``after`` stand there."""

    at: int
    before: tuple[Piece | Span | Problem, ...]
    after: tuple[Piece | Span | Problem, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one act changed."""

    pieces: Stretch
    spans: Stretch
    problems: Stretch


def step_between(before: Marking, after: Marking) -> Step:
    """Return what changed from one marking of a document to another."""
    return Step(
        _stretch(before.pieces, after.pieces),
        _stretch(before.spans, after.spans),
        _stretch(before.problems, after.problems),
    )


def undo(marking: Marking, step: Step) -> Marking:
    """Return the marking as it was before the step; ``marking`` is as it was after."""
    return _exchange(marking, step, back=True)


def redo(marking: Marking, step: Step) -> Marking:
    """Return the marking as it was after the step; ``marking`` is as it was before."""
    return _exchange(marking, step, back=False)


def first_touched(step: Step, marking: Marking) -> int:
    """Return the index of the first piece that the step changed: the eye goes there.

    ``marking`` is as it is after the step, done or undone.
    """
    if step.pieces.before or step.pieces.after:
        return min(step.pieces.at, len(marking.pieces) - 1)
    rows = [*step.spans.before, *step.spans.after, *step.problems.before, *step.problems.after]
    if not rows:
        return 0
    paragraph = rows[0].paragraph
    start = rows[0].start if isinstance(rows[0], Span) else 0
    fitting = (
        index
        for index, piece in enumerate(marking.pieces)
        if piece.paragraph == paragraph and start < piece.end
    )
    return next(fitting, 0)


def _stretch(before: Sequence[T], after: Sequence[T]) -> Stretch:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    longest = min(len(before), len(after)) - start
    while end < longest and before[-1 - end] == after[-1 - end]:
        end += 1
    return Stretch(
        start, tuple(before[start : len(before) - end]), tuple(after[start : len(after) - end])
    )


def _exchange(marking: Marking, step: Step, *, back: bool) -> Marking:
    return replace(
        marking,
        pieces=_exchanged(marking.pieces, step.pieces, back),
        spans=_exchanged(marking.spans, step.spans, back),
        problems=_exchanged(marking.problems, step.problems, back),
    )


def _exchanged(rows: tuple[Any, ...], stretch: Stretch, back: bool) -> tuple[Any, ...]:
    there = stretch.after if back else stretch.before
    wanted = stretch.before if back else stretch.after
    return (*rows[: stretch.at], *wanted, *rows[stretch.at + len(there) :])
