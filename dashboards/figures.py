"""Figures of resolutions: how each goes, and whether deadlines are kept; one pass over the counts.

Every figure counts by a state of ``tasks.progress``, so that the list behind it has that length.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet

from tasks.breakdown import percent
from tasks.progress import (
    NEARNESS,
    OUT_OF_COUNT,
    OWED,
    PASSED,
    SEGMENTS,
    STATES,
    Tally,
    number,
    resolution_of,
    segment_of,
    when_due,
)
from tasks.querysets import TaskQuerySet


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
    """Sum tasks, or kept counts of them, up by resolution (its key); one query.

    The database tells kinds of tasks apart and sums each up, and the kinds are added up here: of
    60,000 counts that takes 35 ms, and a condition for each figure 60.
    """
    resolution = resolution_of(rows)
    kinds = rows.order_by().annotate(when=when_due(on))
    kinds = kinds.values_list(resolution, "when", "status", "late", "opened")
    found: dict[int, Counter[str]] = {}
    oldest: dict[int, date] = {}
    for row in kinds.annotate(count=number(rows), first=Min("due_on")):
        key, place, status, late, opened, count, first = row
        when = NEARNESS[place]
        counts = found.setdefault(key, Counter())
        # Any day of a kind tells its segment: all of them lie on the same side of today.
        segment = segment_of(status, first, on)
        counts[segment] += count
        if segment == "overdue":
            counts["unopened"] += 0 if opened else count
            oldest[key] = min(oldest.get(key, on), first)
        elif status in OWED:
            counts[when] += count
        if late and segment == "completed":
            counts["late"] += count
        if when == PASSED and status not in OUT_OF_COUNT:
            counts[PASSED] += count
            counts["passed_done"] += count if segment == "completed" else 0
    return {key: _standing_of(counts, oldest.get(key), on) for key, counts in found.items()}


def _standing_of(counts: Counter[str], oldest: date | None, on: date) -> Standing:
    tally = Tally(**{name: counts[name] for name in SEGMENTS})
    discipline = Discipline(
        done=tally.completed,
        late=counts["late"],
        overdue=tally.overdue,
        counted=tally.total,
        passed=counts[PASSED],
        passed_done=counts["passed_done"],
    )
    days = _days_since(oldest, on)
    return Standing(tally, discipline, days, counts["unopened"], counts["soon"], counts["undated"])


def _days_since(day: date | None, on: date) -> int:
    return (on - day).days if day else 0


def waiting_days(tasks: TaskQuerySet, on: date) -> int:
    """Return for how many days the oldest report waits for acceptance; one query."""
    waiting = tasks.filter(STATES["waiting"](on)).order_by("reported_on")
    return _days_since(waiting.values_list("reported_on", flat=True).first(), on)
