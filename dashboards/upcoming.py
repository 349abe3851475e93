"""What comes due: which recommendation on which day, and who has not reported yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from resolutions.models import Recommendation
from tasks.progress import SOON, STATES, number

MONTH = timedelta(days=30)
LIMIT = 10


@dataclass(frozen=True, slots=True)
class DueDay:
    """The tasks of one recommendation that fall due on one day."""

    recommendation: Recommendation
    day: date
    days_left: int
    tasks: int
    owed: int
    unopened: int

    @property
    def typed(self) -> str:
        """The day as lists of tasks are filtered by it."""
        return f"{self.day:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The first due days of a stretch of time, and how many tasks are owed in all of it."""

    first: date
    last: date
    rows: list[DueDay]
    owed: int

    @property
    def conditions(self) -> dict[str, str]:
        """What narrows lists of tasks to all of the stretch."""
        return {
            "state": "owed",
            "due_from": f"{self.first:%d.%m.%Y}",
            "due_to": f"{self.last:%d.%m.%Y}",
        }

    @property
    def shown(self) -> int:
        """How many of the owed tasks the rows tell of."""
        return sum(row.owed for row in self.rows)


def upcoming(tasks: QuerySet[Any], on: date) -> tuple[Upcoming, Upcoming]:
    """Return what falls due within 7 days, and from the 8th to the 30th; four queries.

    ``tasks`` are tasks or kept counts of them.
    """
    middle, month = on + SOON, on + MONTH
    next_day = middle + timedelta(days=1)
    near = tasks.filter(STATES["counted"](on), due_on__gte=on, due_on__lte=month).order_by()
    owed = STATES["owed"](on)
    sums = near.aggregate(
        soon=number(near, owed & Q(due_on__lte=middle)),
        later=number(near, owed & Q(due_on__gt=middle)),
    )
    first_rows = list(_grouped(near.filter(due_on__lte=middle), on)[:LIMIT])
    second_rows = list(_grouped(near.filter(due_on__gt=middle), on)[:LIMIT])
    texts = Recommendation.objects.select_related("section__resolution").in_bulk(
        {row["recommendation"] for row in (*first_rows, *second_rows)}
    )
    return (
        Upcoming(on, middle, [_due_day(row, texts, on) for row in first_rows], sums["soon"]),
        Upcoming(next_day, month, [_due_day(row, texts, on) for row in second_rows], sums["later"]),
    )


def _grouped(rows: QuerySet[Any, Any], on: date) -> QuerySet[Any, Any]:
    owed = STATES["owed"](on)
    grouped: QuerySet[Any, Any] = rows.values("recommendation", "due_on").annotate(
        tasks=number(rows),
        owed=number(rows, owed),
        unopened=number(rows, owed & Q(opened=False)),
    )
    grouped = grouped.filter(owed__gt=0)
    return grouped.order_by("due_on", "-owed", "recommendation")


def _due_day(row: dict[str, Any], texts: dict[int, Recommendation], on: date) -> DueDay:
    return DueDay(
        texts[row["recommendation"]],
        row["due_on"],
        (row["due_on"] - on).days,
        row["tasks"],
        row["owed"],
        row["unopened"],
    )
