"""Rows of the summary of execution: by municipality, or by organisation within one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dashboards.tables import Cell, Column, Table, notes_of
from organizations.filters import ListFilter
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from tasks.breakdown import Breakdown, breakdowns_by
from tasks.filters import OUTSIDE_MUNICIPALITIES
from tasks.progress import PARTS, STATES, number
from tasks.querysets import TaskQuerySet
from tasks.templatetags.breakdowns import cells_of, shares_of

RESOLUTION = "recommendation__section__resolution"


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


@dataclass(frozen=True, slots=True)
class Summary:
    """Tasks by municipality, the worst first, and how many count of each resolution (by key)."""

    municipalities: list[MunicipalityRow]
    resolutions: dict[int, int]

    @property
    def total(self) -> Breakdown:
        """The sum of the municipalities."""
        return sum((row.breakdown for row in self.municipalities), Breakdown())


def summary_of(rows: QuerySet[Any], on: date) -> Summary:
    """Sum tasks (or kept counts) up in one pass; two queries. Municipalities: those outside last.

    What is out of count in all of its tasks is in no row.
    """
    parts: dict[str, Any] = {f"n_{name}": number(rows, STATES[name](on)) for name in PARTS}
    by_place: dict[int | None, Breakdown] = {}
    by_resolution: dict[int, int] = {}
    for row in rows.order_by().values("executor__municipality", RESOLUTION).annotate(**parts):
        breakdown = Breakdown.of(row)
        place, resolution = row["executor__municipality"], row[RESOLUTION]
        by_place[place] = by_place.get(place, Breakdown()) + breakdown
        by_resolution[resolution] = by_resolution.get(resolution, 0) + breakdown.counted
    found = Organization.objects.in_bulk([key for key in by_place if key])
    municipalities = [MunicipalityRow(found.get(key), by_place[key]) for key in by_place]
    return Summary(sorted(municipalities, key=_badness), by_resolution)


def _badness(row: MunicipalityRow) -> tuple[bool, int, int, str]:
    name = row.municipality.sort_key if row.municipality else ""
    return (row.municipality is None, -row.breakdown.overdue, -row.breakdown.late, name)


def executors_of(tasks: TaskQuerySet, on: date) -> OrganizationQuerySet:
    """Return the organisations that have any of the tasks, those with the most overdue first.

    Each is asked for by itself, through an index: 2,500 looks cost a tenth of a pass over the
    million tasks that they have.
    """
    own = tasks.order_by().filter(executor=OuterRef("pk"))
    late = own.overdue(on).values("executor").annotate(count=number(own))
    found = Organization.objects.filter(Exists(own))
    return found.annotate(late=Coalesce(Subquery(late.values("count")), 0)).order_by(
        "-late", "sort_key", "pk"
    )


def executor_rows(
    organizations: Iterable[Organization], tasks: TaskQuerySet, on: date
) -> list[ExecutorRow]:
    """Sum the tasks of the organisations up, in their order; one query."""
    shown = list(organizations)
    sums = breakdowns_by("executor", tasks.filter(executor__in=[each.pk for each in shown]), on)
    return [
        ExecutorRow(each.pk, each.short_name or each.name, sums.get(each.pk, Breakdown()))
        for each in shown
    ]


def summary_table(
    filterset: ListFilter,
    summary: Summary,
    executors: Sequence[ExecutorRow] | None,
    on: date,
    *,
    invented: bool,
) -> Table:
    """Return the summary as the page shows it, all its rows; a breakdown a row, shares last.

    The rows are ``executors``, or the municipalities of ``summary`` where there are none.
    """
    if executors is not None:
        first = _("Organization")
        rows = [_cells(row.name, row.breakdown) for row in executors]
    else:
        first = _("Municipality")
        rows = [
            _cells(str(row.municipality or OUTSIDE_MUNICIPALITIES), row.breakdown)
            for row in summary.municipalities
        ]
    total = summary.total
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
