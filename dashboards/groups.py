"""Rows of the summary of execution: by municipality, or by organisation within one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dashboards.tables import Cell, Column, Table, notes_of
from organizations.filters import ListFilter
from organizations.models import Organization
from tasks.breakdown import Breakdown, breakdowns_by, count_parts
from tasks.filters import OUTSIDE_MUNICIPALITIES
from tasks.models import TaskQuerySet
from tasks.templatetags.breakdowns import cells_of, shares_of


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """The tasks of one municipality (None: of what answers to the region, and others)."""

    municipality: Organization | None
    breakdown: Breakdown

    @property
    def key(self) -> str:
        """The value by which lists are filtered to this municipality."""
        return str(self.municipality.pk) if self.municipality else "null"


@dataclass(frozen=True, slots=True)
class ExecutorRow:
    """The tasks of one organisation."""

    pk: int
    name: str
    breakdown: Breakdown


def municipality_rows(tasks: QuerySet[Any], on: date) -> list[MunicipalityRow]:
    """Sum the tasks up by municipality, the worst first, those outside last; two queries."""
    sums = breakdowns_by("executor__municipality", tasks, on)
    found = Organization.objects.in_bulk([key for key in sums if key])
    rows = [MunicipalityRow(found.get(key), breakdown) for key, breakdown in sums.items()]
    return sorted(
        rows,
        key=lambda row: (
            row.municipality is None,
            -row.breakdown.overdue,
            -row.breakdown.late,
            row.municipality.sort_key if row.municipality else "",
        ),
    )


def executor_rows(tasks: TaskQuerySet, on: date) -> QuerySet[Any, Any]:
    """Sum the tasks up by organisation, the worst first; ``executor_row`` reads a row."""
    rows: QuerySet[Any, Any] = tasks.order_by()
    rows = rows.values("executor", "executor__name", "executor__short_name")
    rows = rows.annotate(**count_parts(on))
    return rows.order_by("-n_overdue", "-n_late", "executor__sort_key", "executor")


def executor_row(row: dict[str, Any]) -> ExecutorRow:
    """Read a row of ``executor_rows``."""
    return ExecutorRow(
        row["executor"], row["executor__short_name"] or row["executor__name"], Breakdown.of(row)
    )


def summary_table(filterset: ListFilter, on: date, *, invented: bool) -> Table:
    """Return the summary as the page shows it, all its rows; a breakdown a row, shares last."""
    tasks = cast(TaskQuerySet, filterset.qs)
    municipalities = municipality_rows(tasks, on)
    if len(municipalities) == 1:
        first = _("Organization")
        found = [executor_row(row) for row in executor_rows(tasks, on)]
        rows = [_cells(row.name, row.breakdown) for row in found]
    else:
        first = _("Municipality")
        rows = [
            _cells(str(row.municipality or OUTSIDE_MUNICIPALITIES), row.breakdown)
            for row in municipalities
        ]
    total = sum((row.breakdown for row in municipalities), Breakdown())
    columns = [
        Column(first, width=50),
        *(Column(cell.label, "number", 14) for cell in cells_of(total, {})),
        *(Column(share.label, "percent", 14) for share in shares_of(total, {})),
    ]
    notes = notes_of(on, filterset, invented=invented)
    return Table(_("Summary of execution"), notes, columns, rows, [_cells(_("Total"), total)])


def _cells(name: str, breakdown: Breakdown) -> list[Cell]:
    shares = shares_of(breakdown, {})
    return [
        name,
        *(cell.count for cell in cells_of(breakdown, {})),
        *(share.count / share.whole if share.whole else None for share in shares),
    ]
