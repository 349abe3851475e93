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
    """Return what falls due within 7 days, and from the 8th to the 30th; two queries.

    ``tasks`` are tasks or kept counts of them.
    """
    middle, month = on + SOON, on + MONTH
    near = _days_of(tasks.filter(due_on__gte=on, due_on__lte=month), on)
    soon = [row for row in near if row["due_on"] <= middle]
    later = near[len(soon) :]
    shown = (*soon[:LIMIT], *later[:LIMIT])
    texts = Recommendation.objects.select_related("section__resolution").in_bulk(
        {row["recommendation"] for row in shown}
    )

    def stretch(first: date, last: date, rows: list[dict[str, Any]]) -> Upcoming:
        days = [_due_day(row, texts, on) for row in rows[:LIMIT]]
        return Upcoming(first, last, days, sum(row["owed"] for row in rows))

    return stretch(on, middle, soon), stretch(middle + timedelta(days=1), month, later)


def _days_of(rows: QuerySet[Any, Any], on: date) -> list[dict[str, Any]]:
    """Return on which days what is owed of which recommendation; one query."""
    owed = STATES["owed"](on)
    grouped: QuerySet[Any, Any] = rows.filter(STATES["counted"](on)).order_by()
    grouped = grouped.values("recommendation", "due_on").annotate(
        tasks=number(rows),
        owed=number(rows, owed),
        unopened=number(rows, owed & Q(opened=False)),
    )
    return list(grouped.filter(owed__gt=0).order_by("due_on", "-owed", "recommendation"))


def _due_day(row: dict[str, Any], texts: dict[int, Recommendation], on: date) -> DueDay:
    return DueDay(
        texts[row["recommendation"]],
        row["due_on"],
        (row["due_on"] - on).days,
        row["tasks"],
        row["owed"],
        row["unopened"],
    )
