"""What became of many tasks, part by part: the columns of summaries and cards.

A tally (``tasks.progress``) is what a bar shows, where a task stands; a breakdown says whether the
deadlines are kept. Both count by states, so that a figure and the list it opens cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Value

from tasks.progress import OWED, PARTS, count_states, number

_EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How many tasks stand in each of ``PARTS``; each that counts stands in exactly one."""

    in_time: int = 0
    late: int = 0
    waiting: int = 0
    running: int = 0
    overdue: int = 0
    returned: int = 0
    open_ended: int = 0

    @classmethod
    def of(cls, row: Mapping[str, int]) -> Breakdown:
        """Read the counts of ``count_parts`` from a row of a query."""
        return cls(**{name: row[f"n_{name}"] for name in PARTS})

    @classmethod
    def of_all(cls, tasks: QuerySet[Any], on: date) -> Breakdown:
        """Count all the tasks (or kept counts), in one query."""
        return breakdowns_by(_EVERYTHING, tasks.annotate(**{_EVERYTHING: Value(1)}), on).get(
            1, cls()
        )

    def __add__(self, other: Breakdown) -> Breakdown:
        return Breakdown(
            **{
                each.name: getattr(self, each.name) + getattr(other, each.name)
                for each in fields(self)
            }
        )

    @property
    def counted(self) -> int:
        """All that count: the sum of the parts, and the denominator of what is completed."""
        return sum(getattr(self, name) for name in PARTS)

    @property
    def done(self) -> int:
        """Completed, in time or late."""
        return self.in_time + self.late

    @property
    def judged(self) -> int:
        """Completed or overdue: what is known to be in time or not."""
        return self.done + self.overdue

    @property
    def kept(self) -> int:
        """Neither completed late nor overdue: no deadline has been missed so far."""
        return self.counted - self.late - self.overdue

    @property
    def percent_done(self) -> int:
        """Completed of all that count, rounded down."""
        return percent(self.done, self.counted)

    @property
    def percent_in_time(self) -> int:
        """Completed in time of what is completed or overdue, rounded down."""
        return percent(self.in_time, self.judged)


def percent(part: int, whole: int) -> int:
    """Return the share in percent, rounded down: 100 means all of them; 0 of nothing."""
    return part * 100 // whole if whole else 0


def count_parts(on: date) -> dict[str, Count]:
    """Return what counts all parts of tasks beside other sums; ``Breakdown.of`` reads the row."""
    return {f"n_{name}": count for name, count in count_states(on, *PARTS).items()}


def breakdowns_by(field: str, tasks: QuerySet[Any], on: date) -> dict[Any, Breakdown]:
    """Count the tasks (or kept counts) for each value of a field ("executor"), in one query.

    What has no task in count has no breakdown. The database sums kinds of rows up and the kinds are
    put into their parts here: a condition for each part takes it half as long again.
    """
    found: dict[Any, Counter[str]] = {}
    passed = ExpressionWrapper(Q(due_on__lt=on), output_field=BooleanField(null=True))
    kinds = tasks.order_by().annotate(passed=passed).values_list(field, "status", "late", "passed")
    for value, *kind, count in kinds.annotate(count=number(tasks)):
        if part := _part_of(*kind):
            found.setdefault(value, Counter())[part] += count
    return {value: Breakdown(**counts) for value, counts in found.items()}


def _part_of(status: str, late: bool, passed: bool | None) -> str:
    """Return in which part a row lies that stands so: STATES for a single one; "" out of count."""
    if status == "COMPLETED":
        return "late" if late else "in_time"
    if status == "REPORTED":
        return "waiting"
    if status not in OWED:
        return ""
    if passed:
        return "overdue"
    if status == "REWORK":
        return "returned"
    return "open_ended" if passed is None else "running"
