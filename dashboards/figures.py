"""Figures of resolutions: how each goes, and whether deadlines are kept; one pass over the tasks.

Every figure counts by a state of ``tasks.progress``, so that the list behind it has that length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q

from tasks.breakdown import percent
from tasks.models import TaskQuerySet
from tasks.progress import STATES, Tally, count_segments

RESOLUTION = "recommendation__section__resolution"


@dataclass(frozen=True, slots=True)
class Discipline:
    """What «исполнительская дисциплина» is reckoned from.

    Two formulas are in use in Russia: what is completed of that whose day has passed (Ryazan
    region), and what has missed no deadline of all (Directum RX); pages show both with their words.
    """

    done: int = 0
    late: int = 0
    overdue: int = 0
    counted: int = 0
    passed: int = 0  # whose due day has passed, completed or not
    passed_done: int = 0

    def __add__(self, other: Discipline) -> Discipline:
        return Discipline(
            **{
                each.name: getattr(self, each.name) + getattr(other, each.name)
                for each in fields(self)
            }
        )

    @property
    def in_time(self) -> int:
        """Completed in time; what has no due day always is."""
        return self.done - self.late

    @property
    def kept(self) -> int:
        """Neither completed late nor overdue."""
        return self.counted - self.late - self.overdue

    @property
    def percent_in_time(self) -> int:
        """In time of what is completed."""
        return percent(self.in_time, self.done)

    @property
    def percent_passed(self) -> int:
        """Completed of what was planned up to yesterday."""
        return percent(self.passed_done, self.passed)

    @property
    def percent_kept(self) -> int:
        """Without a missed deadline of all."""
        return percent(self.kept, self.counted)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one resolution goes within the reader's reach, or the sum of many."""

    tally: Tally = field(default_factory=Tally)
    discipline: Discipline = field(default_factory=Discipline)
    days: int = 0  # how late the latest is
    waiting_days: int = 0  # how long the oldest report waits for acceptance
    soon: int = 0  # owed and due within seven days
    undated: int = 0  # owed, without a due day

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            self.tally + other.tally,
            self.discipline + other.discipline,
            max(self.days, other.days),
            max(self.waiting_days, other.waiting_days),
            self.soon + other.soon,
            self.undated + other.undated,
        )

    def badness(self) -> tuple[bool, int, int, int]:
        """Sort by it, and the worst comes first: most overdue, longest delay, least completed."""
        return (not self.tally.total, -self.tally.overdue, -self.days, self.tally.percent)


def standings(tasks: TaskQuerySet, on: date) -> dict[int, Standing]:
    """Sum the tasks up by resolution (its key); one query."""
    counted = STATES["counted"](on)
    passed = counted & Q(due_on__lt=on)
    late = STATES["overdue"](on)
    rows = (
        tasks.order_by()
        .values(RESOLUTION)
        .annotate(
            **count_segments(on),
            done_late=Count("pk", filter=STATES["late"](on)),
            passed=Count("pk", filter=passed),
            passed_done=Count("pk", filter=passed & STATES["done"](on)),
            soon=Count("pk", filter=STATES["soon"](on)),
            undated=Count("pk", filter=STATES["undated"](on)),
            oldest=Min("due_on", filter=late),
            waiting_since=Min("reported_on", filter=STATES["waiting"](on)),
        )
    )
    return {row[RESOLUTION]: _standing_of(row, on) for row in rows}


def _standing_of(row: Mapping[str, Any], on: date) -> Standing:
    tally = Tally.of(row)
    discipline = Discipline(
        done=tally.completed,
        late=row["done_late"],
        overdue=tally.overdue,
        counted=tally.total,
        passed=row["passed"],
        passed_done=row["passed_done"],
    )
    return Standing(
        tally,
        discipline,
        _days_since(row["oldest"], on),
        _days_since(row["waiting_since"], on),
        row["soon"],
        row["undated"],
    )


def _days_since(day: date | None, on: date) -> int:
    return (on - day).days if day else 0
