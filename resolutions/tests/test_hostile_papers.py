"""Papers made to cost a server its time: each is read, shown and checked within a second or two.

Seconds are the processor's. What each case took before its rule had a limit: minutes.
"""

from __future__ import annotations

import time

import pytest

from resolutions.recognition.acts import Impossible, find_words, for_assembly
from resolutions.recognition.assembly import assemble
from resolutions.recognition.groups import SpansByPlace
from resolutions.recognition.marking_process import recognise_safely
from resolutions.recognition.readers import read
from resolutions.recognition.recogniser import recognise
from resolutions.recognition.structure import Marking, Paragraph, Piece, Role, Span

LETTERS = 60_000


def one_line(words: str) -> list[Paragraph]:
    return [Paragraph((words * (LETTERS // len(words) + 1))[:LETTERS])]


CASES = {
    "spaces between two words": [Paragraph("а" + " " * LETTERS + "б")],
    "brackets in one line": one_line("(а) "),
    "responsible in one line": one_line("(отв.: Иванов И.И.) "),
    "numbers in one line": one_line("1. "),
    "dates in one line": one_line("до 1 сентября 2026 года, "),
    "lines that each break a word": [Paragraph("школа образования в школ-")] * 2_000,
    "lines that are mostly spaces": [Paragraph("а" + " " * 500 + "б")] * 1_000,
}


def seconds(act, *arguments) -> float:
    begun = time.process_time()
    act(*arguments)
    return time.process_time() - begun


@pytest.mark.parametrize("case", CASES)
def test_a_paper_costs_no_more_than_its_length(case):
    def read_and_shown() -> None:
        assemble(for_assembly(recognise(CASES[case])))

    assert seconds(read_and_shown) < 5


def test_thousands_of_marked_words_in_thousands_of_pieces_of_one_line():
    """Each piece looks at its own words, not at all of the line's."""
    count = 10_000
    line = "смотр до мая " * count
    pieces = tuple(Piece(0, at * 13, at * 13 + 12, Role.ITEM) for at in range(count))
    spans = tuple(Span(0, at * 13 + 6, at * 13 + 12, Role.DEADLINE) for at in range(count))
    found = SpansByPlace(reversed(spans))
    assert [list(found.inside(piece)) for piece in pieces[:2]] == [[spans[0]], [spans[1]]]
    assert list(found.inside(Piece(0, 0, 30, Role.ITEM))) == [spans[0], spans[1]]
    marking = Marking((Paragraph(line),), pieces, spans)
    assert seconds(assemble, marking) < 5


def test_words_are_looked_for_in_a_long_piece_in_one_pass():
    line = "а" * 5 * LETTERS
    marking = Marking((Paragraph(line),), (Piece(0, 0, len(line), Role.ITEM),))

    def look() -> None:
        with pytest.raises(Impossible):
            find_words(marking, 0, "а б")

    assert seconds(look) < 1


def test_a_long_paper_is_marked_alike_in_a_process_of_its_own():
    paper = [Paragraph("Школам:"), *[Paragraph("1. Провести смотр до 1 мая 2026 г.")] * 1_000]
    assert recognise_safely(paper, seconds=120) == recognise(paper)


def test_a_number_with_signs_that_no_database_stores_loses_them():
    """PostgreSQL takes neither NUL nor half of a surrogate pair."""
    for sign in (rb"\'00", rb"\u-10240?"):
        [paragraph] = read(rb"{\rtf1{\listtext" + sign + rb" 1.\tab}Text\par}")
        assert (paragraph.number, paragraph.text) == ("1.", "Text")
