"""Figures of pages: aggregates as small dataclasses, a constant number of queries each.

Every figure counts by a state of ``tasks.progress``, so that the list behind it has that length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from organizations.models import Organization
from tasks.models import Task, TaskQuerySet
from tasks.progress import STATES, count_states


@dataclass(frozen=True, slots=True)
class OverdueFigures:
    """The three key figures, and what their sentences say."""

    overdue: int
    organizations: int
    days: int  # how late the latest is
    unopened: int
    soon: int
    reported: int


def overdue_figures(tasks: TaskQuerySet, on: date) -> OverdueFigures:
    """Count what is late and what will be next; one query."""
    late = STATES["overdue"](on)
    row = tasks.order_by().aggregate(
        **count_states(on, "overdue", "soon"),
        organizations=Count("executor", filter=late, distinct=True),
        oldest=Min("due_on", filter=late),
        unopened=Count("pk", filter=late & Q(opened_at=None)),
        reported=Count("pk", filter=Q(status=Task.Status.REPORTED)),
    )
    return OverdueFigures(
        row["overdue"],
        row["organizations"],
        (on - row["oldest"]).days if row["oldest"] else 0,
        row["unopened"],
        row["soon"],
        row["reported"],
    )


@dataclass(frozen=True, slots=True)
class Territory:
    """What is overdue in one municipality (None: what answers to the region, and others)."""

    municipality: Organization | None
    tasks: int
    organizations: int
    days: int

    @property
    def key(self) -> str:
        """The value by which lists are filtered to this territory."""
        return str(self.municipality.pk) if self.municipality else "null"


def territories(tasks: TaskQuerySet, on: date) -> list[Territory]:
    """Sum the overdue tasks up by municipality, the most first, those outside last; two queries."""
    rows = list(
        tasks.overdue(on)
        .order_by()
        .values("executor__municipality")
        .annotate(
            count=Count("pk"),
            organizations=Count("executor", distinct=True),
            oldest=Min("due_on"),
        )
    )
    found = Organization.objects.in_bulk(
        [row["executor__municipality"] for row in rows if row["executor__municipality"]]
    )
    summed = [
        Territory(
            found.get(row["executor__municipality"]),
            row["count"],
            row["organizations"],
            (on - row["oldest"]).days,
        )
        for row in rows
    ]
    return sorted(
        summed, key=lambda each: (each.municipality is None, -each.tasks, str(each.municipality))
    )


def open_by_executor(tasks: TaskQuerySet, on: date) -> QuerySet[Task, Any]:
    """Count the owed tasks of each executor by urgency, the latest first; one row an executor."""
    counts: dict[str, Any] = count_states(on, "owed", "overdue", "soon", "later", "undated")
    rows: QuerySet[Any, Any] = tasks.owed().order_by()
    rows = rows.values("executor", "executor__name", "executor__short_name").annotate(**counts)
    return rows.order_by("-overdue", "-soon", "executor__name", "executor")
