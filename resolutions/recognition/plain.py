"""Markings and steps of a review as plain lists, ready to be stored as JSON and back.

Rows are lists, not objects: a document of a thousand recommendations has thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resolutions.recognition.history import Step, Stretch
from resolutions.recognition.structure import Cell, Marking, Paragraph, Piece, Problem, Role, Span


def plain_paragraphs(paragraphs: Iterable[Paragraph]) -> list[dict[str, Any]]:
    """Return paragraphs as objects without what is empty."""
    return [_plain_paragraph(each) for each in paragraphs]


def paragraphs_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Paragraph, ...]:
    """Return the paragraphs that ``plain_paragraphs`` wrote."""
    return tuple(
        Paragraph(**{**row, "cell": Cell(*row["cell"]) if row.get("cell") else None})
        for row in rows
    )


def plain_marking(marking: Marking) -> dict[str, Any]:
    """Return what a review changes: pieces, spans, problems; the paragraphs are stored once."""
    return {
        "pieces": [_plain_piece(each) for each in marking.pieces],
        "spans": [_plain_span(each) for each in marking.spans],
        "problems": [_plain_problem(each) for each in marking.problems],
    }


def marking_of(paragraphs: tuple[Paragraph, ...], stored: Mapping[str, Any]) -> Marking:
    """Return the marking that ``plain_marking`` wrote."""
    return Marking(
        paragraphs,
        tuple(_piece(row) for row in stored.get("pieces", ())),
        tuple(_span(row) for row in stored.get("spans", ())),
        tuple(_problem(row) for row in stored.get("problems", ())),
    )


def plain_step(step: Step) -> list[Any]:
    """Return a step of the history."""
    return [
        _plain_stretch(step.pieces, _plain_piece),
        _plain_stretch(step.spans, _plain_span),
        _plain_stretch(step.problems, _plain_problem),
    ]


def step_of(row: list[Any]) -> Step:
    """Return the step that ``plain_step`` wrote."""
    pieces, spans, problems = row
    return Step(_stretch(pieces, _piece), _stretch(spans, _span), _stretch(problems, _problem))


def _plain_paragraph(each: Paragraph) -> dict[str, Any]:
    said = {
        "number": each.number,
        "level": each.level,
        "bold": each.bold,
        "alignment": each.alignment,
        "cell": [each.cell.table, each.cell.row, each.cell.column] if each.cell else None,
        "aside": each.aside,
    }
    return {"text": each.text, **{name: value for name, value in said.items() if value}}


def _plain_piece(each: Piece) -> list[Any]:
    return [each.paragraph, each.start, each.end, each.role.value, int(each.block)]


def _plain_span(each: Span) -> list[Any]:
    return [each.paragraph, each.start, each.end, each.role.value]


def _plain_problem(each: Problem) -> list[Any]:
    return [each.paragraph, each.kind, each.message]


def _piece(row: list[Any]) -> Piece:
    paragraph, start, end, role, block = row
    return Piece(paragraph, start, end, Role(role), bool(block))


def _span(row: list[Any]) -> Span:
    paragraph, start, end, role = row
    return Span(paragraph, start, end, Role(role))


def _problem(row: list[Any]) -> Problem:
    return Problem(*row)


def _plain_stretch(stretch: Stretch, plain: Any) -> list[Any]:
    before, after = ([plain(each) for each in rows] for rows in (stretch.before, stretch.after))
    return [stretch.at, before, after]


def _stretch(row: list[Any], made: Any) -> Stretch:
    at, before, after = row
    return Stretch(at, tuple(made(each) for each in before), tuple(made(each) for each in after))
