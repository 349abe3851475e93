"""Organisation × recommendation of one resolution: the paper's items, in the paper's order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.db.models import Min, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.grids.filters import MatrixFilter
from dashboards.grids.lines import (
    Block,
    Cell,
    Column,
    Figure,
    Line,
    Pen,
    Tallies,
    Words,
    counted_by,
    icon_of,
    lines_by_municipality,
    mark_of,
    municipality_key,
    municipality_name,
    page_of,
    tallies_of,
    together,
    under_municipalities,
)
from dashboards.listings import delay_of
from organizations.addresses import addresses, narrowed
from organizations.models import Organization
from resolutions.models import Recommendation, Resolution, Section
from tasks.filters import list_url
from tasks.progress import Tally, number, place_of, segment_of
from tasks.templatetags.tallies import LOOKS, QUERIES

RECOMMENDATION = "recommendation"
TIMES = "×"  # before a number of tasks: a bare number is a delay in days here


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
        self.municipalities = filterset.municipalities
        self.on = on

    def by_municipality(self) -> dict[Organization | None, Tallies]:
        """Count by municipality and the number of the column; by name, those outside last."""
        rows = self.counted
        found = counted_by(place_of(rows), RECOMMENDATION, rows, self.places.__getitem__, self.on)
        return lines_by_municipality(found, self.municipalities)

    def of(
        self, organizations: Sequence[Organization]
    ) -> tuple[dict[int, dict[int, Tally]], dict[tuple[int, int], Alone]]:
        """Count for each of the organisations (by its key); and the tasks that are the only ones.

        The latter by the keys of the organisation and the number of the column.
        """
        rows = self.tasks.filter(executor__in=[each.pk for each in organizations])
        kinds = rows.order_by().values_list("executor", RECOMMENDATION, "status", "due_on")
        kinds = kinds.annotate(count=number(rows), least=Min("pk"), reported=Min("reported_on"))
        found: defaultdict[int, defaultdict[int, Counter[str]]]
        found = defaultdict(lambda: defaultdict(Counter))
        alone = {}
        for executor, key, status, due_on, count, pk, reported_on in kinds:
            place = self.places[key]
            counts = found[executor][place]
            counts[segment_of(status, due_on, self.on)] += count
            # Where there is one task, the least of its fields is the field.
            if counts.total() == 1:
                alone[executor, place] = Alone(pk, status, due_on, reported_on)
            else:
                alone.pop((executor, place), None)
        return tallies_of(found), alone


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
    pen = Pen(columns, TIMES)
    shown = page_of(counts.tasks, len(sums), number=page, narrowed=given["municipality"])

    def head(municipality: Organization | None) -> Line:
        tallies = sums.get(municipality, {})
        conditions = {"municipality": municipality_key(municipality)}
        line = pen.line(municipality_name(municipality), tallies, conditions)
        return _summed(line, tallies, resolution, conditions)

    def line(organization: Organization) -> Line:
        return _organization(organization, pen, found, alone, resolution, today)

    if shown is None:
        blocks = [Block(municipality_key(each), head(each)) for each in sums]
    else:
        found, alone = counts.of(list(shown))
        blocks = [
            Block(municipality_key(each), head(each), [line(row) for row in rows])
            for each, rows in under_municipalities(shown)
        ]
    tallies = together(sums.values())
    total = _summed(Line(_("Total"), "", ()), tallies, resolution, given)
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


def _organization(
    organization: Organization,
    pen: Pen,
    found: Mapping[int, Mapping[int, Tally]],
    alone: Mapping[tuple[int, int], Alone],
    resolution: Resolution,
    today: date,
) -> Line:
    title, conditions = str(organization), {"executor": organization.pk}
    tasks_url = list_url(**conditions)
    task_url = addresses("tasks:task_detail")
    tallies = found.get(organization.pk, {})
    cells: list[Cell | None] = []
    for place, column in enumerate(pen.columns):
        if task := alone.get((organization.pk, place)):
            mark, days = mark_of(tallies[place]), task.delay(today)
            words = f"{column.name}. {title}: {state_of(mark, days, pen.words)}"
            url = task_url(task.pk)
            cells.append(Cell(LOOKS[mark].cell, icon_of(mark), str(days or ""), words, url))
        elif place in tallies:
            cells.append(pen.cell(tallies[place], column, title, tasks_url))
        else:
            cells.append(None)
    line = Line(title, organization.get_absolute_url(), cells)
    return _summed(line, tallies, resolution, conditions)


def state_of(mark: str, days: int | None, words: Words) -> str:
    """Return the state of the only task in words: «просрочено на 12 дней»."""
    if not days:
        return words.states[mark]
    if mark == "overdue":
        return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}
    late = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return f"{words.states[mark]}, {late}"


def _summed(
    line: Line, tallies: Tallies, resolution: Resolution, conditions: Mapping[str, Any]
) -> Line:
    """Add the right columns: all that count, completed, overdue."""
    tally = sum(tallies.values(), Tally())
    url = list_url(resolution=resolution.slug, **conditions)
    wanted = (
        (tally.total, "state=counted"),
        (tally.completed, QUERIES["completed"]),
        (tally.overdue, QUERIES["overdue"]),
    )
    figures = [Figure(str(count), narrowed(url, query)) for count, query in wanted]
    return replace(line, tally=tally, figures=figures)


def _completed(tally: Tally, column: ItemColumn, conditions: Mapping[str, Any]) -> Figure:
    words = _("%(done)s of %(total)s") % {"done": tally.completed, "total": tally.total}
    url = narrowed(list_url(**conditions), column.query, "state=counted")
    return Figure(words if tally.total else "", url)
