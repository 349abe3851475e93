"""Figures of resolutions: how each goes, and whether deadlines are kept; one pass over the counts.

Every figure counts by a state of ``tasks.progress``, so that the list behind it has that length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet

from tasks.breakdown import percent
from tasks.progress import SEGMENTS, STATES, Tally, number
from tasks.querysets import TaskQuerySet

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
    unopened: int = 0  # overdue, and nobody of the executor has looked at it
    soon: int = 0  # owed and due within seven days
    undated: int = 0  # owed, without a due day

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            self.tally + other.tally,
            self.discipline + other.discipline,
            max(self.days, other.days),
            self.unopened + other.unopened,
            self.soon + other.soon,
            self.undated + other.undated,
        )

    def badness(self) -> tuple[bool, int, int, int]:
        """Sort by it, and the worst comes first: most overdue, longest delay, least completed."""
        return (not self.tally.total, -self.tally.overdue, -self.days, self.tally.percent)


def standings(rows: QuerySet[Any], on: date) -> dict[int, Standing]:
    """Sum tasks, or kept counts of them, up by resolution (its key); one query."""
    passed = STATES["counted"](on) & Q(due_on__lt=on)
    late = STATES["overdue"](on)
    sums: dict[str, Any] = {
        f"n_{name}": number(rows, meant(on)) for name, meant in SEGMENTS.items()
    }
    found = (
        rows.order_by()
        .values(RESOLUTION)
        .annotate(
            **sums,
            done_late=number(rows, STATES["late"](on)),
            passed=number(rows, passed),
            passed_done=number(rows, passed & STATES["done"](on)),
            unopened=number(rows, late & Q(opened=False)),
            soon=number(rows, STATES["soon"](on)),
            undated=number(rows, STATES["undated"](on)),
            oldest=Min("due_on", filter=late),
        )
    )
    return {row[RESOLUTION]: _standing_of(row, on) for row in found}


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
        row["unopened"],
        row["soon"],
        row["undated"],
    )


def _days_since(day: date | None, on: date) -> int:
    return (on - day).days if day else 0


def waiting_days(tasks: TaskQuerySet, on: date) -> int:
    """Return for how many days the oldest report waits for acceptance; one query."""
    waiting = tasks.filter(STATES["waiting"](on)).order_by("reported_on")
    return _days_since(waiting.values_list("reported_on", flat=True).first(), on)
