"""The grids as tables for export: every organisation in reach, the sums below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashboards.grids.due import DueCounts, frame_of
from dashboards.grids.filters import DueGridFilter, MatrixFilter
from dashboards.grids.lines import (
    Tallies,
    Words,
    executors_of,
    mark_of,
    municipality_name,
    together,
)
from dashboards.grids.matrix import ItemColumn, MatrixCounts, columns_of, state_of
from dashboards.tables import Cell, Column, Row, Table, notes_of
from organizations.models import Organization
from resolutions.models import Resolution
from tasks.models import Task
from tasks.progress import Tally

BATCH = 500  # organisations whose tasks are counted at once

ABOUT = (
    Column(gettext_lazy("Municipality"), width=32),
    Column(pgettext_lazy("of a task", "Executor"), width=40),
)
SUMS = (
    Column(gettext_lazy("Tasks in count"), "number", 11),
    Column(pgettext_lazy("tasks, column", "Completed"), "number", 11),
    Column(pgettext_lazy("tasks, column", "Overdue"), "number", 11),
    Column(gettext_lazy("Completed, %"), "percent", 11),
)


def due_grid_table(filterset: DueGridFilter, today: date) -> Table:
    """Return the grid of executors and due dates with the columns of the page.

    Four queries, and one more for each 500 organisations.
    """
    title = _("Executors by due date")
    if not filterset.form.is_valid():
        return Table(title, notes_of(today, filterset, invented=False), ABOUT, [])
    frame = frame_of(filterset, today)
    words = Words()
    names = [f"{column.name} {column.cut}".strip() for column in frame.columns]
    sums = frame.counts.by_municipality()
    below = [(municipality_name(each), tallies) for each, tallies in sums.items()]
    below.append((_("Total"), together(sums.values())))
    return Table(
        title,
        [*notes_of(today, filterset, invented=filterset.is_invented), _explained()],
        _columns(names),
        _due_rows(frame.counts, len(names), words),
        [_row(name, "", _said(tallies, len(names), words), tallies) for name, tallies in below],
    )


def matrix_table(resolution: Resolution, filterset: MatrixFilter, today: date) -> Table:
    """Return the grid of organisations and the recommendations of a resolution.

    Four queries, and one more for each 500 organisations.
    """
    columns = columns_of(resolution)
    counts = MatrixCounts(filterset, columns, today)
    sums = together(counts.by_municipality().values())
    done = [
        _("%(done)s of %(total)s") % {"done": tally.completed, "total": tally.total}
        if (tally := sums.get(number)) and tally.total
        else None
        for number in range(len(columns))
    ]
    notes = notes_of(today, filterset, invented=resolution.is_demonstration)
    return Table(
        _("Recommendations by organization"),
        [resolution.title, *notes, _explained()],
        _columns(_item_titles(columns)),
        _matrix_rows(counts, len(columns), today),
        [_row(_("Completed"), "", done, sums)],
    )


def _columns(names: Sequence[str]) -> list[Column]:
    return [*ABOUT, *(Column(name, width=16) for name in names), *SUMS]


def _item_titles(columns: Sequence[ItemColumn]) -> list[str]:
    """Return the printed numbers, with the addressee where several have the same number."""
    numbers = [column.recommendation.printed_number or column.name for column in columns]
    times = Counter(numbers)
    return [
        f"{number}. {Truncator(column.recommendation.section.heading).chars(40)}"
        if times[number] > 1
        else number
        for number, column in zip(numbers, columns, strict=True)
    ]


def _explained() -> str:
    return _("A cell says the worst state of its tasks and how many are in it; an empty one, none.")


def _row(municipality: str, title: str, cells: Sequence[Cell], tallies: Tallies) -> Row:
    tally = sum(tallies.values(), Tally())
    share = tally.completed / tally.total if tally.total else None
    return (municipality, title, *cells, tally.total, tally.completed, tally.overdue, share)


def _said(tallies: Tallies, width: int, words: Words) -> list[Cell]:
    return [words.of(tallies[n]) if n in tallies else None for n in range(width)]


def _batches(tasks: QuerySet[Task]) -> Iterator[list[Organization]]:
    organizations = executors_of(tasks).iterator(chunk_size=BATCH)
    while batch := list(islice(organizations, BATCH)):
        yield batch


def _due_rows(counts: DueCounts, width: int, words: Words) -> Iterator[Row]:
    for batch in _batches(counts.tasks):
        found = counts.of(batch)
        for each in batch:
            tallies = found.get(each.pk, {})
            cells = _said(tallies, width, words)
            yield _row(municipality_name(each.municipality), str(each), cells, tallies)


def _matrix_rows(counts: MatrixCounts, width: int, today: date) -> Iterator[Row]:
    words = Words()
    for batch in _batches(counts.tasks):
        found, alone = counts.of(batch)
        for each in batch:
            tallies = found.get(each.pk, {})
            cells = _said(tallies, width, words)
            for number, tally in tallies.items():
                if task := alone.get((each.pk, number)):
                    cells[number] = state_of(mark_of(tally), task.delay(today), words)
            yield _row(municipality_name(each.municipality), str(each), cells, tallies)
