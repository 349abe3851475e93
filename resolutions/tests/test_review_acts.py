"""Acts of a review on any marking: no word is lost, and undoing gives back what was."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolutions.recognition import acts
from resolutions.recognition.acts import Impossible, Reason
from resolutions.recognition.history import redo, step_between, undo
from resolutions.recognition.plain import (
    marking_of,
    paragraphs_of,
    plain_marking,
    plain_paragraphs,
    plain_step,
    step_of,
)
from resolutions.recognition.structure import Cell, Marking, Paragraph, Piece, Problem, Role, Span

WORDS = st.sampled_from(["школам", "до", "2023", "года", "Срок:", "ёлка", "№", "😀", "1."])
LINES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
ROLES = st.sampled_from(list(Role))


@st.composite
def markings(draw) -> Marking:
    """Pieces over whole words of every paragraph, some words marked, some doubts."""
    paragraphs, pieces, spans = [], [], []
    for number, text in enumerate(draw(st.lists(LINES, min_size=1, max_size=5))):
        cell = draw(st.none() | st.builds(Cell, *[st.integers(0, 3)] * 3))
        printed = draw(st.sampled_from(["", "1.1."]))
        paragraph = Paragraph(text, printed, bold=draw(st.booleans()), cell=cell)
        paragraphs.append(paragraph)
        line = paragraph.line
        starts = [0, *(at + 1 for at, sign in enumerate(line) if sign == " ")]
        cuts = sorted({0, *draw(st.lists(st.sampled_from(starts), max_size=2))})
        for start, following in zip(cuts, [*cuts[1:], len(line) + 1], strict=True):
            piece = Piece(number, start, following - 1, draw(ROLES))
            pieces.append(piece)
            if draw(st.booleans()):
                first = draw(st.sampled_from([at for at in starts if start <= at < following]))
                end = line.find(" ", first) if " " in line[first:] else len(line)
                role = draw(st.sampled_from([Role.DEADLINE, Role.ADDRESSEE]))
                spans.append(Span(number, first, min(end, piece.end), role))
    where = st.integers(0, len(paragraphs) - 1)
    problems = draw(st.lists(st.builds(Problem, where, st.just("doubt"), st.just("?")), max_size=3))
    return Marking(tuple(paragraphs), tuple(pieces), tuple(spans), tuple(problems))


@st.composite
def acted(draw) -> tuple[Marking, Marking]:
    """A marking, and the same after an act that was possible."""
    marking = draw(markings())
    index = draw(st.integers(0, len(marking.pieces) - 1))
    piece = marking.pieces[index]
    at, end = draw(st.integers(0, piece.end)), draw(st.integers(0, piece.end))
    act = draw(
        st.sampled_from(
            [
                lambda: acts.set_role(marking, index, draw(ROLES)),
                lambda: acts.set_block(marking, index, draw(st.booleans())),
                lambda: acts.merge_with_previous(marking, index),
                lambda: acts.split(marking, index, at),
                lambda: acts.promote(marking, index),
                lambda: acts.demote(marking, index),
                lambda: acts.mark_words(marking, index, at, end, Role.DEADLINE),
                lambda: acts.mark_words(marking, index, at, end, Role.ADDRESSEE),
                lambda: acts.unmark_words(marking, index, Role.DEADLINE),
                lambda: acts.without_deadline(marking, index),
                lambda: acts.settle(marking, Problem(index, "doubt", "?")),
                lambda: acts.set_aside_unplaced(marking),
            ]
        )
    )
    try:
        return marking, act()
    except Impossible:
        return marking, marking


def letters_of(marking: Marking) -> str:
    """Without spaces: a cut may go through what somebody typed without one («года.2. Вести»)."""
    return "".join("".join(acts.line_of(marking, each).split()) for each in marking.pieces)


@given(acted())
def test_pieces_cover_the_whole_text_in_order_after_any_act(both):
    before, after = both
    whole = "".join("".join(each.line.split()) for each in before.paragraphs)
    assert letters_of(before) == letters_of(after) == whole
    places = [(each.paragraph, each.start, each.end) for each in after.pieces]
    assert places == sorted(places)
    for one, other in pairwise(places):
        assert one[0] < other[0] or one[2] <= other[1]
    assert all(start < end for _paragraph, start, end in places)


@given(acted())
def test_marked_words_always_lie_inside_one_piece(both):
    _before, after = both
    for span in after.spans:
        assert any(
            piece.paragraph == span.paragraph and piece.start <= span.start < span.end <= piece.end
            for piece in after.pieces
        ), span


@given(acted())
def test_undo_gives_back_what_was_and_redo_what_became(both):
    before, after = both
    step = step_of(json.loads(json.dumps(plain_step(step_between(before, after)))))
    assert undo(after, step) == before
    assert redo(before, step) == after


@given(markings())
def test_what_is_stored_is_what_is_read_again(marking):
    stored = json.loads(json.dumps(plain_marking(marking)))
    paragraphs = json.loads(json.dumps(plain_paragraphs(marking.paragraphs)))
    assert marking_of(paragraphs_of(paragraphs), stored) == marking


def paper(*rows: tuple[str, Role], spans: tuple[Span, ...] = (), problems=()) -> Marking:
    """A document with one piece a paragraph."""
    return Marking(
        tuple(Paragraph(text) for text, _role in rows),
        tuple(Piece(at, 0, len(text), role) for at, (text, role) in enumerate(rows)),
        spans,
        tuple(problems),
    )


def roles(marking: Marking) -> list[Role]:
    return [each.role for each in marking.pieces]


ITEM = "1. Провести семинар в 2018 году."
PLAN = paper(
    ("Школам:", Role.ADDRESSEE),
    (ITEM, Role.ITEM),
    ("Срок: 2019 г.", Role.DEADLINE),
    ("2. Вести работу.", Role.ITEM),
    spans=(Span(1, 20, 31, Role.DEADLINE), Span(2, 6, 13, Role.DEADLINE)),
    problems=(Problem(1, "doubt", "?"), Problem(3, "doubt", "?")),
)


def test_a_step_is_as_small_as_the_act():
    """The history of a long document must not grow by the document with each act."""
    long = paper(*[(f"{number}. Пункт.", Role.ITEM) for number in range(1000)])
    step = step_between(long, acts.set_role(long, 500, Role.SUBITEM))
    assert (step.pieces.at, len(step.pieces.before), len(step.pieces.after)) == (500, 1, 1)
    assert len(json.dumps(plain_step(step))) < 200


def test_the_ladder_of_promoting_and_demoting():
    assert roles(acts.demote(PLAN, 1))[1] is Role.SUBITEM
    assert roles(acts.promote(PLAN, 1))[1] is Role.ADDRESSEE
    for act, index in ((acts.promote, 0), (acts.promote, 2), (acts.demote, 2)):
        with pytest.raises(Impossible) as refused:
            act(PLAN, index)
        assert refused.value.reason is Reason.NO_STEP


def test_merging_goes_on_with_what_stands_before():
    assert roles(acts.merge_with_previous(PLAN, 1))[1] is Role.CONTINUATION
    closing = paper(("Контроль.", Role.CLOSING), ("Подпись", Role.UNPLACED))
    assert roles(acts.merge_with_previous(closing, 1))[1] is Role.CLOSING
    with pytest.raises(Impossible):
        acts.merge_with_previous(PLAN, 0)


def test_a_split_and_a_merge_give_back_the_paragraph():
    parted = acts.split(PLAN, 1, ITEM.index("в 2018"))
    assert [acts.line_of(parted, each) for each in parted.pieces[1:3]] == [
        "1. Провести семинар",
        "в 2018 году.",
    ]
    assert parted.spans == PLAN.spans
    assert acts.merge_with_previous(parted, 2).pieces == PLAN.pieces


def test_a_cut_through_marked_words_takes_their_mark_off():
    parted = acts.split(PLAN, 1, ITEM.index("2018"))
    assert parted.spans == PLAN.spans[1:]


def test_the_deadline_of_an_item_is_the_words_a_person_marked_last():
    start, end = acts.find_words(PLAN, 3, "Вести  работу")
    assert PLAN.paragraphs[3].line[start:end] == "Вести работу"
    marked = acts.mark_words(PLAN, 1, 3, 11, Role.DEADLINE)
    assert [each for each in marked.spans if each.role is Role.DEADLINE] == [
        Span(1, 3, 11, Role.DEADLINE)
    ]
    assert marked.problems == PLAN.problems[1:]


def test_words_marked_as_the_deadline_take_the_place_of_a_line_of_its_own():
    marked = acts.mark_words(PLAN, 1, 3, 11, Role.DEADLINE)
    assert roles(marked)[2] is Role.CONTINUATION


def test_a_settled_doubt_is_asked_no_more_until_something_changes_there():
    problem = Problem(1, "deadline-not-understood", "Срок не понят.")
    settled = acts.settle(PLAN, problem)
    assert acts.open_problems(settled, [problem, *settled.problems]) == list(PLAN.problems)
    assert acts.open_problems(acts.set_role(settled, 1, Role.ITEM), [problem]) == [problem]


def test_what_is_addressed_to_nobody_has_no_marked_words():
    silent = acts.set_role(PLAN, 1, Role.PREAMBLE)
    assert silent.spans == PLAN.spans[1:]


def test_without_a_deadline_its_line_becomes_part_of_the_text():
    plain = acts.without_deadline(PLAN, 1)
    assert plain.spans == ()
    assert roles(plain)[2] is Role.CONTINUATION
    block = replace(PLAN, pieces=(*PLAN.pieces[:2], replace(PLAN.pieces[2], block=True)))
    assert acts.without_deadline(block, 1).pieces[2].role is Role.DEADLINE


@pytest.mark.parametrize("words", ["", "  ", "семинар 2018", "школам"])
def test_words_that_do_not_stand_there_are_not_found(words):
    with pytest.raises(Impossible) as refused:
        acts.find_words(PLAN, 1, words)
    assert refused.value.reason is Reason.NO_WORDS


def test_what_is_set_aside_is_not_placed_for_the_assembly():
    marking = paper(("Повестка дня", Role.UNPLACED), (ITEM, Role.ITEM))
    aside = acts.set_aside_unplaced(marking)
    assert roles(aside) == [Role.SET_ASIDE, Role.ITEM]
    assert roles(acts.for_assembly(aside)) == roles(marking)
