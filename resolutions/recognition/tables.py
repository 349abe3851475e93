"""Tables of recommendations: cells of Word, «| … |» in a text, columns that became lines.

A table is found by its header («Мероприятие», «Исполнитель», «Срок») or, where cells are cells, by
what its columns hold. Each row becomes one recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from resolutions.recognition.deadlines import understand
from resolutions.recognition.marks import read_mark
from resolutions.recognition.strands import Fragment, Strand
from resolutions.recognition.structure import Cell, Paragraph


class Column(Enum):
    """What a column holds, and what its header says."""

    NUMBER = r"№|N\s*п|п/п|номер"
    DEADLINE = r"срок|когда|дата|период"
    RESPONSIBLE = r"ответственн|отв\."
    ADDRESSEE = r"исполнител|кому|адресат|кто\b|орган|учреждени\w*$|организаци\w*$"
    ITEM = (
        r"мероприят|содержани|что\b|рекомендац|решени|поручени|задач|предложени|действи|пункт"
        r"|наименовани|меры|формулировк"
    )
    OTHER = r"(?!)"


_MOST_COLUMNS = 30
_SAMPLE = 40  # cells that tell what a column holds
_BAR = re.compile(r"\||\t+")  # between the cells of one line


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, each with its column and its paragraphs."""

    cells: tuple[tuple[int, tuple[Strand, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose columns are known; ``header`` are the strands of its header."""

    columns: dict[int, Column]
    header: tuple[Strand, ...]
    rows: tuple[Row, ...]

    @property
    def paragraph(self) -> int:
        """The paragraph where it begins."""
        first = [*self.header, *(s for row in self.rows for _, cell in row.cells for s in cell)]
        return min(strand.paragraph for strand in first)

    def indices(self) -> set[int]:
        """Return the indices of its paragraphs."""
        cells = [strand for row in self.rows for _, cell in row.cells for strand in cell]
        return {f.paragraph for strand in [*self.header, *cells] for f in strand.fragments}


def column_of(header: str) -> Column | None:
    """Return what a header's words say of its column."""
    if len(header) > 60:
        return None
    words = header.strip(" |\t")
    return next((c for c in Column if re.search(c.value, words, re.IGNORECASE)), None)


def find_tables(paragraphs: Sequence[Paragraph]) -> list[Table]:
    """Return all tables of recommendations, in the order of the text."""
    tables = [*_of_cells(paragraphs), *_of_pipes(paragraphs), *_of_lines(paragraphs)]
    return sorted(tables, key=lambda table: table.paragraph)


def with_cells(paragraphs: Sequence[Paragraph], tables: list[Table]) -> tuple[Paragraph, ...]:
    """Return the paragraphs; those that were rows or cells and became lines know where.

    Assembly needs the row: in it, the addressee may stand behind what it governs.
    """
    changed = list(paragraphs)
    for number, table in enumerate(tables):
        for row, each in enumerate(table.rows, start=1):
            for column, strands in each.cells:
                for index in {f.paragraph for strand in strands for f in strand.fragments}:
                    if changed[index].cell is None:
                        cell = Cell(10_000 + number, row, column)
                        changed[index] = replace(changed[index], cell=cell)
    return tuple(changed)


# --- Cells ---------------------------------------------------------------------------------------


def _of_cells(paragraphs: Sequence[Paragraph]) -> list[Table]:
    cells = [(i, p) for i, p in enumerate(paragraphs) if p.cell and p.line.strip()]
    tables = []
    for _, group in groupby(cells, key=lambda pair: pair[1].cell.table if pair[1].cell else 0):
        rows = [
            Row(
                tuple(
                    (column, tuple(_whole(i, p) for i, p in cell))
                    for column, cell in groupby(row, key=lambda pair: _cell(pair[1]).column)
                )
            )
            for _, row in groupby(group, key=lambda pair: _cell(pair[1]).row)
        ]
        if table := _table(rows):
            tables.append(table)
    return tables


def _cell(paragraph: Paragraph) -> Cell:
    return paragraph.cell or Cell(0, 0, 0)


def _whole(index: int, paragraph: Paragraph) -> Strand:
    return Strand.of([(Fragment(index, 0, len(paragraph.line)), paragraph.line)])


def _of_pipes(paragraphs: Sequence[Paragraph]) -> list[Table]:
    tables = []
    lines = [(i, p) for i, p in enumerate(paragraphs) if p.line.strip()]
    for piped, group in groupby(lines, key=lambda pair: _is_row(pair[1])):
        if piped and (table := _table([_split_row(i, p.line) for i, p in group])):
            tables.append(table)
    return tables


def _is_row(paragraph: Paragraph) -> bool:
    bars = len(_BAR.findall(paragraph.line.strip())) if paragraph.cell is None else 0
    return 2 <= bars <= _MOST_COLUMNS


def _split_row(index: int, line: str) -> Row:
    """Cut a line at its bars; a cell keeps the bar behind it, so that nothing is left over."""
    bars = [found.end() - 1 for found in _BAR.finditer(line)]
    first = 1 if not line[: bars[0]].strip() else 0
    edges = [0, *(bar + 1 for bar in bars[first:])]
    if line[edges[-1] :].strip():
        edges.append(len(line))
    else:
        edges[-1] = len(line)
    whole = Strand.of([(Fragment(index, 0, len(line)), line)])
    cells = []
    for column in range(len(edges) - 1):
        if line[edges[column] : edges[column + 1]].strip():
            cells.append((column, (whole.part(edges[column], edges[column + 1]),)))
    return Row(tuple(cells))


def _table(rows: list[Row]) -> Table | None:
    """Make a table of rows: by its header, else by what the columns hold."""
    if not rows:
        return None
    heads = {column: column_of(_text(cell)) for column, cell in rows[0].cells}
    known = {column: kind for column, kind in heads.items() if kind}
    kinds = set(known.values())
    if Column.ITEM in kinds and len(kinds) > 1 and len(rows) > 1:
        columns = {column: kind or Column.OTHER for column, kind in heads.items()}
        rule = 2 if not any(re.search(r"\w", _text(cell)) for _, cell in rows[1].cells) else 1
        header = tuple(s for row in rows[:rule] for _, cell in row.cells for s in cell)
        return Table(_once(columns), header, tuple(rows[rule:]))
    columns = _guess(rows)
    return Table(columns, (), tuple(rows)) if columns else None


def _once(columns: dict[int, Column]) -> dict[int, Column]:
    """Let each kind be one column; another with the same header is something else."""
    seen: set[Column] = set()
    result = {}
    for column, kind in sorted(columns.items()):
        result[column] = Column.OTHER if kind in seen else kind
        seen.add(kind)
    return result


def _guess(rows: list[Row]) -> dict[int, Column]:
    """Say what the columns of a table without a header hold; {} if that is not clear."""
    texts: dict[int, list[str]] = {}
    for row in rows:
        for column, cell in row.cells:
            texts.setdefault(column, []).append(_text(cell).strip(" |"))
    if len(rows) < 2 or len(texts) < 2:
        return {}
    columns = {column: _held(cells) for column, cells in texts.items()}
    rest = [column for column, kind in columns.items() if kind is Column.OTHER]
    if not rest or Column.DEADLINE not in columns.values():
        return {}
    columns[max(rest, key=lambda column: sum(map(len, texts[column])))] = Column.ITEM
    others = [column for column in rest if columns[column] is Column.OTHER]
    if others:
        columns[others[0]] = Column.ADDRESSEE
    return columns


def _held(cells: list[str]) -> Column:
    cells = cells[:_SAMPLE]
    if all(re.fullmatch(r"\d{1,3}[.)]?", cell) for cell in cells):
        return Column.NUMBER
    timed = sum(understand(cell).understood for cell in cells)
    return Column.DEADLINE if timed > len(cells) * 0.6 else Column.OTHER


def _text(cell: tuple[Strand, ...]) -> str:
    return " ".join(strand.text for strand in cell)


# --- Columns that became lines ------------------------------------------------------------------


def _of_lines(paragraphs: Sequence[Paragraph]) -> list[Table]:
    lines = [i for i, p in enumerate(paragraphs) if p.line.strip() and not p.cell]
    tables, at = [], 0
    while at < len(lines):
        header = _header_at(paragraphs, lines, at)
        if header is None:
            at += 1
            continue
        table, at = _lines_table(paragraphs, lines, at, header)
        if table is not None:
            tables.append(table)
    return tables


def _header_at(
    paragraphs: Sequence[Paragraph], lines: list[int], at: int
) -> dict[int, Column] | None:
    """Read the header of columns, one line each, that begins here."""
    columns: dict[int, Column] = {}
    for place in range(at, min(at + 7, len(lines))):
        text = paragraphs[lines[place]].line.strip()
        kind = column_of(text) if len(text) <= 40 and not text.endswith((":", ".", ";")) else None
        if kind is None or (kind in columns.values()):
            break
        columns[place - at] = kind
    timed = Column.DEADLINE in columns.values()
    whose = Column.ADDRESSEE in columns.values() or Column.RESPONSIBLE in columns.values()
    return columns if Column.ITEM in columns.values() and (timed or whose) else None


def _lines_table(
    paragraphs: Sequence[Paragraph], lines: list[int], at: int, columns: dict[int, Column]
) -> tuple[Table | None, int]:
    header = tuple(_whole(lines[i], paragraphs[lines[i]]) for i in range(at, at + len(columns)))
    at += len(columns)
    body = lines[at:]
    if Column.NUMBER not in columns.values() and body and _is_number(paragraphs[body[0]]):
        columns = {0: Column.NUMBER, **{column + 1: kind for column, kind in columns.items()}}
    width = len(columns)
    numbered = Column.NUMBER in columns.values()
    rows, used = [], 0
    while used < len(body):
        row = _row_of_lines(paragraphs, body[used : used + width], width, numbered)
        if not row:
            break
        rows.append(Row(tuple((c, (_whole(i, paragraphs[i]),)) for c, i in enumerate(row))))
        used += len(row)
    return (Table(columns, header, tuple(rows)) if rows else None), at + used


def _row_of_lines(
    paragraphs: Sequence[Paragraph], row: list[int], width: int, numbered: bool
) -> list[int]:
    """Return the lines of the row that begins here; none where the table has ended."""
    if numbered:
        if not row or not _is_number(paragraphs[row[0]]):
            return []
        ends = (n for n in range(1, len(row)) if _is_number(paragraphs[row[n]]))
        return row[: next(ends, len(row))]
    texts = [paragraphs[i].line for i in row]
    timed = sum(understand(text).understood for text in texts)
    return row if len(row) == width and timed == 1 else []


def _is_number(paragraph: Paragraph) -> bool:
    return bool(re.fullmatch(r"\s*\d{1,3}\s*[.)]?\s*", paragraph.line))


def is_number(text: str) -> bool:
    """Tell whether a cell holds nothing but a number."""
    mark = read_mark(text)
    return bool(re.fullmatch(r"[\s|]*\d{1,3}[\s.)|]*", text)) or bool(
        mark and mark.number and mark.end >= len(text.rstrip(" |"))
    )
