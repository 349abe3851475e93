"""Executor × due date: who has what to do by when, and how it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, DateField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from dashboards.grids.filters import DueGridFilter
from dashboards.grids.lines import (
    Block,
    Column,
    Line,
    Pen,
    Tallies,
    counted_by,
    lines_by_municipality,
    municipality_key,
    municipality_name,
    page_of,
    together,
    under_municipalities,
)
from dashboards.grids.periods import Choice, Period, Span, chosen_periods
from organizations.models import Organization
from tasks.progress import Tally, place_of


@dataclass(frozen=True, slots=True)
class DueColumn(Column):
    """A period, as far as it lies within the days typed; the last column has no days."""

    heading: tuple[str, str] = ("", "")
    span: Span = field(default_factory=Span)
    is_now: bool = False
    cut: str = ""  # the days, where they are not the whole period


def columns_of(periods: Sequence[Period], asked: Span, today: date) -> list[DueColumn]:
    """Return a column for each period, and the one for tasks without a due day."""
    columns = []
    for period in periods:
        first = max(period.first, asked.first or date.min)
        last = min(period.last, asked.last or date.max)
        whole = (first, last) == (period.first, period.last)
        columns.append(
            DueColumn(
                period.name,
                f"due_from={first:%d.%m.%Y}&due_to={last:%d.%m.%Y}",
                period.heading,
                Span(first, last),
                first <= today <= last,
                "" if whole else f"{first:%d.%m}–{last:%d.%m}",
            )
        )
    return [*columns, DueColumn(_("No deadline"), "due=none", (_("No deadline"), ""))]


class DueCounts:
    """The tasks that stand in the columns, counted by an aggregate for each call.

    The database groups by stretches of days, each of them in one column and either before today or
    not. It compares days for that: of days themselves a region has ten thousand sums, and the
    beginning of a month is a function, which SQLite calls in Python for each of a million rows.
    """

    def __init__(self, filterset: DueGridFilter, columns: Sequence[DueColumn], on: date) -> None:
        days = [column.span.first for column in columns[:-1]]
        self.begins = [day for day in days if day]
        self.on = on
        stretches = sorted({*self.begins, on}, reverse=True)
        self.stretch = Case(
            *(When(due_on__gte=first, then=Value(first)) for first in stretches),
            output_field=DateField(),
        )
        in_columns = Q(due_on__gte=columns[0].span.first, due_on__lte=columns[-2].span.last)
        self.tasks: QuerySet[Any] = filterset.qs.filter(in_columns | Q(due_on=None))
        self.counted = filterset.counted.filter(in_columns | Q(due_on=None))
        self.municipalities = filterset.municipalities

    def by_municipality(self) -> dict[Organization | None, Tallies]:
        """Count by municipality and the number of the column; by name, those outside last."""
        found = self._by(place_of(self.counted), self.counted)
        return lines_by_municipality(found, self.municipalities)

    def of(self, organizations: Sequence[Organization]) -> dict[int, dict[int, Tally]]:
        """Count for each of the organisations (by its key)."""
        keys = [each.pk for each in organizations]
        return self._by("executor", self.tasks.filter(executor__in=keys))

    def _by(self, key: str, rows: QuerySet[Any]) -> dict[Any, dict[int, Tally]]:
        rows = rows.annotate(stretch=self.stretch)
        return counted_by(key, "stretch", rows, self._number, self.on, day="stretch")

    def _number(self, day: date | None) -> int:
        return len(self.begins) if day is None else bisect_right(self.begins, day) - 1


@dataclass(frozen=True, slots=True)
class DueFrame:
    """The columns of a grid, and what counts the tasks in them."""

    choice: Choice
    columns: Sequence[DueColumn]
    counts: DueCounts


def frame_of(filterset: DueGridFilter, today: date) -> DueFrame:
    """Lay out the columns for a filter without errors; one query."""
    dated = filterset.counted.exclude(due_on=None)
    days = dated.order_by().values_list("due_on", flat=True).distinct()
    choice = chosen_periods(filterset.grain, filterset.asked, days, today)
    columns = columns_of(choice.periods, filterset.asked, today)
    return DueFrame(choice, columns, DueCounts(filterset, columns, today))


@dataclass(frozen=True, slots=True)
class DueGrid:
    """What the page shows; ``page`` is None where municipalities alone are shown."""

    frame: DueFrame
    blocks: Sequence[Block]
    total: Line
    page: Page[Organization] | None


def due_grid_of(filterset: DueGridFilter, page: str | None, today: date) -> DueGrid:
    """Count a page of the grid for a filter without errors; five queries, however many tasks."""
    frame = frame_of(filterset, today)
    given = filterset.conditions()
    pen = Pen(frame.columns)
    sums = frame.counts.by_municipality()
    shown = page_of(frame.counts.tasks, len(sums), number=page, narrowed=given["municipality"])

    def head(municipality: Organization | None) -> Line:
        tallies = sums.get(municipality, {})
        conditions = given | {"municipality": municipality_key(municipality)}
        return pen.line(municipality_name(municipality), tallies, conditions)

    def line(organization: Organization) -> Line:
        conditions = {"resolution": given["resolution"], "executor": organization.pk}
        tallies, url = found.get(organization.pk, {}), organization.get_absolute_url()
        return pen.line(str(organization), tallies, conditions, url)

    if shown is None:
        blocks = [Block(municipality_key(each), head(each)) for each in sums]
    else:
        found = frame.counts.of(list(shown))
        blocks = [
            Block(municipality_key(each), head(each), [line(row) for row in rows])
            for each, rows in under_municipalities(shown)
        ]
    total = pen.line(_("Total"), together(sums.values()), given)
    return DueGrid(frame, blocks, total, shown)
