"""Organisation × recommendation of one resolution: the paper's items, in the paper's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.grids.filters import MatrixFilter
from dashboards.grids.lines import (
    MUNICIPALITY,
    Block,
    Cell,
    Column,
    Figure,
    Line,
    by_municipality,
    cell_of,
    counted_by,
    icon_of,
    line_of,
    mark_of,
    municipalities_of,
    municipality_key,
    municipality_name,
    narrowed,
    page_of,
    together,
)
from dashboards.listings import delay_of
from organizations.models import Organization
from resolutions.models import Recommendation, Resolution, Section
from tasks.filters import list_url
from tasks.progress import Tally, count_segments
from tasks.templatetags.tallies import LOOKS, segment_label

RECOMMENDATION = "recommendation"


@dataclass(frozen=True, slots=True)
class ItemColumn(Column):
    """A recommendation as a column."""

    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class Alone:
    """The only task of an organisation in a column."""

    pk: int
    status: str
    due_on: date | None
    reported_on: date | None

    def delay(self, on: date) -> int | None:
        """Return by how many calendar days it is late or was; None where it is not."""
        return delay_of(self.status, self.due_on, self.reported_on, on)


def columns_of(resolution: Resolution) -> list[ItemColumn]:
    """Return a column for each recommendation, in the order of the paper; one query."""
    found = Recommendation.objects.filter(section__resolution=resolution)
    found = found.select_related("section").order_by(
        "section__position", "section", "position", "pk"
    )
    return [ItemColumn(_name(each), f"{RECOMMENDATION}={each.pk}", each) for each in found]


def _name(recommendation: Recommendation) -> str:
    words = recommendation.printed_number or f"«{Truncator(recommendation.text).chars(60)}»"
    return _("Recommendation %(number)s") % {"number": words}


class MatrixCounts:
    """The tasks of one resolution, counted by an aggregate for each call."""

    def __init__(self, filterset: MatrixFilter, columns: Sequence[ItemColumn], on: date) -> None:
        self.places = {column.recommendation.pk: n for n, column in enumerate(columns)}
        self.tasks: QuerySet[Any] = filterset.qs.filter(recommendation__in=self.places)
        self.counted = filterset.counted.filter(recommendation__in=self.places)
        self.on = on

    def by_municipality(self) -> dict[Any, dict[int, Tally]]:
        """Count by municipality and the number of the column."""
        return counted_by(
            MUNICIPALITY, RECOMMENDATION, self.counted, self.places.__getitem__, self.on
        )

    def of(
        self, organizations: Sequence[Organization]
    ) -> tuple[dict[int, dict[int, Tally]], dict[tuple[int, int], Alone]]:
        """Count for each of the organisations (by its key); and the tasks that are the only ones.

        The latter by the keys of the organisation and the number of the column.
        """
        rows = self.tasks.filter(executor__in=[each.pk for each in organizations])
        # Where there is one task, the least of each of its fields is the field.
        single = {name: Min(name) for name in ("pk", "status", "due_on", "reported_on")}
        least = {f"least_{name}": value for name, value in single.items()}
        counts = count_segments(rows, self.on)
        found: dict[int, dict[int, Tally]] = {}
        alone = {}
        for row in rows.order_by().values("executor", RECOMMENDATION).annotate(**counts, **least):
            executor, place, tally = (
                row["executor"],
                self.places[row[RECOMMENDATION]],
                Tally.of(row),
            )
            found.setdefault(executor, {})[place] = tally
            if tally.everything == 1:
                alone[executor, place] = Alone(*(row[name] for name in least))
        return found, alone


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the page shows; ``page`` is None where municipalities alone are shown."""

    columns: Sequence[ItemColumn]
    sections: Sequence[tuple[Section, int]]  # with the number of their columns
    blocks: Sequence[Block]
    total: Line
    completed: Sequence[Figure]  # the bottom row: «12 из 16» of each column
    page: Page[Organization] | None


def matrix_of(
    resolution: Resolution, filterset: MatrixFilter, page: str | None, today: date
) -> Matrix:
    """Count a page of the grid; five queries, however many tasks."""
    columns = columns_of(resolution)
    counts = MatrixCounts(filterset, columns, today)
    sums = counts.by_municipality()
    given = filterset.conditions()
    shown = page_of(counts.tasks, len(sums), number=page, narrowed=given["municipality"])

    def head(municipality: Organization | None) -> Line:
        tallies = sums.get(municipality.pk if municipality else None, {})
        conditions = {"municipality": municipality_key(municipality)}
        line = line_of(municipality_name(municipality), tallies, columns, conditions)
        line = replace(line, cells=[_times(cell) for cell in line.cells])
        return _summed(line, resolution, conditions)

    def line(organization: Organization) -> Line:
        return _organization(organization, columns, found, alone, resolution, today)

    if shown is None:
        blocks = [Block(municipality_key(each), head(each)) for each in municipalities_of(sums)]
    else:
        found, alone = counts.of(list(shown))
        blocks = [
            Block(municipality_key(each), head(each), [line(row) for row in rows])
            for each, rows in by_municipality(shown)
        ]
    tallies = together(sums.values())
    total = _summed(line_of(_("Total"), tallies, columns, given), resolution, given)
    return Matrix(
        columns,
        [(section, len(list(group))) for section, group in groupby(columns, _section)],
        blocks,
        total,
        [_completed(tallies.get(n, Tally()), each, given) for n, each in enumerate(columns)],
        shown,
    )


def _section(column: ItemColumn) -> Section:
    return column.recommendation.section


def _times(cell: Cell | None) -> Cell | None:
    """Write a number of tasks as «×2»: a bare number is a delay in days here."""
    return cell and replace(cell, text=f"×{cell.text}")


def _organization(
    organization: Organization,
    columns: Sequence[ItemColumn],
    found: Mapping[int, Mapping[int, Tally]],
    alone: Mapping[tuple[int, int], Alone],
    resolution: Resolution,
    today: date,
) -> Line:
    title, conditions = str(organization), {"executor": organization.pk}
    address = list_url(**conditions)
    tallies = found.get(organization.pk, {})
    cells: list[Cell | None] = []
    for number, column in enumerate(columns):
        tally = tallies.get(number, Tally())
        if task := alone.get((organization.pk, number)):
            cells.append(single_cell(task, tally, f"{column.name}. {title}", today))
        else:
            cells.append(_times(cell_of(tally, column, title, address)))
    url = organization.get_absolute_url()
    line = Line(title, url, cells, sum(tallies.values(), Tally()))
    return _summed(line, resolution, conditions)


def single_cell(task: Alone, tally: Tally, place: str, today: date) -> Cell:
    """Draw one task: its state, and by how many days it is late or was."""
    mark, days = mark_of(tally), task.delay(today)
    return Cell(
        LOOKS[mark].cell,
        icon_of(mark),
        str(days or ""),
        f"{place}: {state_of(tally, days)}",
        reverse("tasks:task_detail", args=[task.pk]),
    )


def state_of(tally: Tally, days: int | None) -> str:
    """Return the state of the only task in words: «просрочено на 12 дней»."""
    words = segment_label(mark_of(tally))
    if not days:
        return words
    if tally.overdue:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}
    late = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return f"{words}, {late}"


def _summed(line: Line, resolution: Resolution, conditions: Mapping[str, Any]) -> Line:
    """Add the right columns: all that count, completed, overdue."""
    tally = line.tally
    wanted: tuple[tuple[int, dict[str, str]], ...] = (
        (tally.total, {"state": "counted"}),
        (tally.completed, LOOKS["completed"].conditions),
        (tally.overdue, LOOKS["overdue"].conditions),
    )
    given = {"resolution": resolution.slug, **conditions}
    figures = [Figure(str(count), list_url(**given, **each)) for count, each in wanted]
    return replace(line, figures=figures)


def _completed(tally: Tally, column: ItemColumn, conditions: Mapping[str, Any]) -> Figure:
    words = _("%(done)s of %(total)s") % {"done": tally.completed, "total": tally.total}
    url = narrowed(list_url(**conditions), column.query, "state=counted")
    return Figure(words if tally.total else "", url)
