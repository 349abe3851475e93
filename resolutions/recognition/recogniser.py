"""Paragraphs → a marking: what each stretch of a document is.

Stages: tables are found, lines put together to strands and strands of several paragraphs taken
apart; the course of the document gives each strand its role; labelled tails are cut off;
deadlines inside the sentences are marked. Nothing is ever raised for a text, and every letter
stays in some piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from resolutions.recognition.course import Course, settle
from resolutions.recognition.headings import heading_of
from resolutions.recognition.letterhead import TITLE_WORDS, event_date, opens_title, paper_date
from resolutions.recognition.lists import Block, Placed
from resolutions.recognition.marks import read_mark
from resolutions.recognition.mentions import deadlines_in
from resolutions.recognition.strands import Fragment, Strand, strands_of
from resolutions.recognition.structure import (
    Marking,
    Paragraph,
    Piece,
    Problem,
    Role,
    Span,
)
from resolutions.recognition.tables import Column, Row, Table, find_tables, is_number, with_cells
from resolutions.recognition.tails import tail_of, uses_brackets
from resolutions.recognition.unfold import unfold

_HEAD = 14  # strands among which the title is looked for


def recognise(paragraphs: Sequence[Paragraph]) -> Marking:
    """Say what each stretch of a document is.

    Args:
        paragraphs: as a reader gives them, in the order of the text, empty ones among them or not.

    Returns:
        Pieces in order that cover every letter, spans inside them, and doubts. The paragraphs of
        the marking are those given, except that columns which had become lines know their cells.
    """
    tables = find_tables(paragraphs)
    tabled = frozenset(index for table in tables for index in table.indices())
    strands = _titled([p for s in strands_of(paragraphs, tabled) for p in unfold(s)])
    placed, problems = _course(strands, tables, paragraphs)
    placed = _with_tails(settle(placed))
    placed = _with_deadlines(placed)
    return Marking(
        with_cells(paragraphs, tables),
        tuple(_pieces(placed, paragraphs)),
        tuple(_spans(placed, paragraphs)),
        tuple(sorted(problems, key=lambda problem: problem.paragraph)),
    )


def _titled(strands: list[Strand]) -> list[Strand]:
    """Part a document in one line behind its title, where its date ends."""
    if not strands:
        return strands
    end = opens_title(strands[0].text)
    return [*strands[0].cut([end]), *strands[1:]] if end else strands


def _course(
    strands: list[Strand], tables: list[Table], paragraphs: Sequence[Paragraph]
) -> tuple[list[Placed], list[Problem]]:
    """Let the course place the strands, and the tables stand where they stand."""
    body = [s for s in strands if not paragraphs[s.paragraph].aside]
    course = Course([paragraph.level for paragraph in paragraphs], strands=body)
    title = _title(body)
    waiting = list(tables)
    for at, strand in enumerate(body):
        while waiting and waiting[0].paragraph < strand.paragraph:
            _place_table(waiting.pop(0), course)
        if at in title:
            course.put(strand, Role.TITLE)
        else:
            course.step(at)
    for table in waiting:
        _place_table(table, course)
    for strand in strands:
        if aside := paragraphs[strand.paragraph].aside:
            course.placed.append(Placed(strand, Role.UNPLACED))
            where = "сноски" if aside == "footnote" else "надписи"
            course.doubt(strand, "aside", f"Текст из {where}: решите, куда он относится.")
    course.placed.sort(key=lambda each: _order(each.strand))
    return course.placed, course.problems


def _order(strand: Strand) -> tuple[int, int]:
    return strand.fragments[0].paragraph, strand.fragments[0].start


def _title(strands: list[Strand]) -> set[int]:
    """Return the indices of the strands that are the title."""
    for at, strand in enumerate(strands[:_HEAD]):
        if not opens_title(strand.text, whole=True):
            if heading_of(strand.text) and at:
                return set()
            continue
        last = at
        while last + 1 < len(strands) and last - at < 6 and _is_titular(strands[last + 1].text):
            last += 1
        return set(range(at, last + 1))
    return set()


def _is_titular(text: str) -> bool:
    """Tell whether a line goes on with the title: short, no date or place, no sentence."""
    text = text.strip()
    if len(text) > 400 or text.endswith((":", ";")) or read_mark(text):
        return False
    if event_date([text], [], []) and not (text.startswith("«") or text[:1].islower()):
        return False
    if text.startswith(("г.", "с.", "п.", "от ", "№", "(", "Тема")) or TITLE_WORDS.match(text):
        return False
    # «августовской конференции …», «на тему …», «… «Школа будущего»», but no sentence.
    return (
        text[:1].islower()
        or text.startswith(("«", '"', "“"))
        or text.isupper()
        or (len(text) < 120 and not text.endswith(".") and _is_genitive_line(text))
    )


def _is_genitive_line(text: str) -> bool:
    """Tell whether a capital only begins a name: «Всероссийской конференции», «IV форума»."""
    first = text.split(maxsplit=1)[0] if text else ""
    return first.endswith(("ой", "ого", "его", "ых", "их")) or 0 < len(first) == sum(
        sign in "IVXLC" for sign in first
    )


# --- Tables -------------------------------------------------------------------------------------


def _place_table(table: Table, course: Course) -> None:
    """Give the cells of a table their roles by their columns."""
    kinds = set(table.columns.values())
    under_heading = course.block.headed
    whose = Column.ADDRESSEE
    if Column.ADDRESSEE not in kinds:
        whose = Column.RESPONSIBLE if not under_heading else Column.OTHER
    for strand in table.header:
        course.put(strand, Role.PREAMBLE)
    for row in table.rows:
        _place_row(row, table, course, whose)
    course.started = True
    if not under_heading:
        course.block = Block()
    elif not course.block.items:
        course.block.items = len(table.rows)


def _place_row(row: Row, table: Table, course: Course, whose: Column) -> None:
    only = row.cells[0][1] if len(row.cells) == 1 else ()
    if only and len(table.columns) > 1:
        text = only[0].text.strip(" |")
        role = Role.ADDRESSEE if heading_of(text) else Role.THEME
        if not any(sign.isalnum() for sign in text):
            role = Role.CONTINUATION
        for strand in only:
            course.put(strand, role)
        return
    for column, cell in row.cells:
        _place_cell(cell, table.columns.get(column, Column.OTHER), course, whose)


def _place_cell(cell: tuple[Strand, ...], kind: Column, course: Course, whose: Column) -> None:
    roles = {
        Column.NUMBER: Role.ITEM,
        Column.ITEM: Role.ITEM,
        Column.DEADLINE: Role.DEADLINE,
        Column.RESPONSIBLE: Role.RESPONSIBLE,
        Column.OTHER: Role.UNPLACED,
        Column.ADDRESSEE: Role.ADDRESSEE,
    }
    role = Role.ADDRESSEE if kind is whose else roles[kind]
    for nth, strand in enumerate(cell):
        text = strand.text
        if not any(sign.isalnum() for sign in text):
            course.put(strand, Role.CONTINUATION)
        elif nth == 0:
            course.put(strand, role)
        elif role is Role.ITEM and not is_number(text) and read_mark(text):
            course.put(strand, Role.SUBITEM)
        else:
            course.put(strand, Role.CONTINUATION)
        if role is Role.UNPLACED:
            course.doubt(strand, "column-unknown", "Столбец таблицы не распознан.")


# --- What stands inside and behind the sentences ------------------------------------------------


def _with_tails(placed: list[Placed]) -> list[Placed]:
    """Cut «Срок: …» and «(отв.: …)» off the items in whose paragraph they stand."""
    items = [each.strand.text for each in placed if each.role is Role.ITEM]
    in_brackets = uses_brackets(items)
    result: list[Placed] = []
    for each in placed:
        parts = []
        if each.role in (Role.ITEM, Role.SUBITEM, Role.CONTINUATION):
            parts = tail_of(each.strand.text, in_brackets=in_brackets)
        if not parts:
            result.append(each)
            continue
        result.append(replace(each, strand=each.strand.part(0, parts[0].start)))
        for part in parts:
            result.append(Placed(each.strand.part(part.start, part.end), part.role))
    return [each for each in result if each.strand.fragments]


def _with_deadlines(placed: list[Placed]) -> list[Placed]:
    """Mark the words of deadlines inside items."""
    day = _day(placed)
    result = []
    for each in placed:
        if each.role is Role.ITEM:
            mark = read_mark(each.strand.text)
            start = mark.end if mark else 0
            found = deadlines_in(each.strand.text[start:], document_date=day)
            spans = [(start + m.start, start + m.end, Role.DEADLINE) for m in found]
            result.append(replace(each, spans=(*each.spans, *spans)))
        else:
            result.append(each)
    return result


def _day(placed: list[Placed]) -> date | None:
    texts: dict[Role, list[str]] = {role: [] for role in Role}
    for each in placed:
        if each.role is not None:
            texts[each.role].append(each.strand.text.strip())
    return paper_date(" ".join(texts[Role.TITLE]), texts[Role.PREAMBLE], texts[Role.CLOSING])


# --- Pieces -------------------------------------------------------------------------------------


def _pieces(placed: list[Placed], paragraphs: Sequence[Paragraph]) -> Iterator[Piece]:
    for each in placed:
        role = each.role or Role.UNPLACED
        for nth, place in enumerate(each.strand.places(0, len(each.strand.text))):
            one = role if nth == 0 else Role.CONTINUATION
            end = _end(place, paragraphs)
            yield Piece(place.paragraph, place.start, end, one, each.block and nth == 0)


def _end(place: Fragment, paragraphs: Sequence[Paragraph]) -> int:
    """Return where a fragment ends, with the hyphen of a word that is broken there."""
    rest = paragraphs[place.paragraph].line[place.end : place.end + 40]
    return place.end + 1 if rest.rstrip() == "-" else place.end


def _spans(placed: list[Placed], paragraphs: Sequence[Paragraph]) -> Iterator[Span]:
    for each in placed:
        for start, end, role in each.spans:
            for place in each.strand.places(start, end):
                yield Span(place.paragraph, place.start, _end(place, paragraphs), role)
