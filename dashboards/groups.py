"""Rows of the summary of execution: by municipality, or by organisation within one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dashboards.tables import Cell, Column, Table, notes_of
from organizations.filters import ListFilter
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from tasks.breakdown import Breakdown, breakdowns_by
from tasks.bulk import chunks
from tasks.counting import by_municipality
from tasks.filters import OUTSIDE_MUNICIPALITIES, OfTasks
from tasks.progress import STATES, number, place_of
from tasks.querysets import TaskQuerySet
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


def summary_of(filterset: OfTasks, on: date) -> list[MunicipalityRow]:
    """Sum the tasks that a filter finds up by municipality; one query.

    The worst comes first, what stands outside municipalities last. Where all tasks are out of
    count there is no row.
    """
    rows = filterset.counted
    sums = by_municipality(breakdowns_by(place_of(rows), rows, on), filterset.municipalities)
    return sorted((MunicipalityRow(*each) for each in sums.items()), key=_badness)


def total_of(municipalities: Iterable[MunicipalityRow]) -> Breakdown:
    """Return the sum of the municipalities."""
    return sum((row.breakdown for row in municipalities), Breakdown())


def _badness(row: MunicipalityRow) -> tuple[bool, int, int, str]:
    name = row.municipality.sort_key if row.municipality else ""
    return (row.municipality is None, -row.breakdown.overdue, -row.breakdown.late, name)


def executors_of(organizations: OrganizationQuerySet, tasks: TaskQuerySet, on: date) -> list[int]:
    """Return those of the organisations (by key) that have any of the tasks; two queries.

    Those with the most overdue come first. ``tasks`` need no condition on executors, which the
    organisations meet: each is asked for by itself, through an index; for what is not overdue only
    those that are not late. What is out of count is not asked for, as in the sums of
    municipalities.
    """
    own = tasks.order_by().filter(executor=OuterRef("pk"))
    late = own.overdue(on).values("executor").annotate(count=number(own)).values("count")
    found = organizations.annotate(late=Coalesce(Subquery(late), 0))
    rows = list(found.order_by("-late", "sort_key", "pk").values_list("pk", "late"))
    idle = {key for key, count in rows if not count}
    counted = organizations.filter(Exists(own.filter(STATES["counted"](on))))
    for some in chunks(sorted(idle)):
        idle.difference_update(counted.filter(pk__in=some).values_list("pk", flat=True))
    return [key for key, _count in rows if key not in idle]


def executor_rows(keys: Sequence[int], tasks: TaskQuerySet, on: date) -> list[ExecutorRow]:
    """Sum the tasks of the organisations (by key) up, in their order; two queries."""
    sums = breakdowns_by("executor", tasks.filter(executor__in=keys), on)
    found = Organization.objects.only("name", "short_name").in_bulk(keys)
    return [
        ExecutorRow(key, found[key].short_name or found[key].name, sums.get(key, Breakdown()))
        for key in keys
    ]


def summary_table(
    filterset: ListFilter,
    municipalities: Sequence[MunicipalityRow],
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
            for row in municipalities
        ]
    total = total_of(municipalities)
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
