"""How it has gone so far: what was sent and what was completed, added up day by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from tasks.breakdown import percent
from tasks.models import TaskQuerySet
from tasks.progress import STATES

WEEKLY, MONTHLY, QUARTERLY = 26 * 7, 3 * 366, 9 * 366  # days of history drawn in such steps
SENT_AT = "recommendation__section__resolution__sent_at"


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to and with the day: how many tasks had been sent, and how many were completed."""

    day: date
    sent: int
    completed: int

    @property
    def typed(self) -> str:
        """The day as lists of tasks are filtered by it."""
        return f"{self.day:%d.%m.%Y}"

    @property
    def percent(self) -> int:
        """Completed of what had been sent."""
        return percent(self.completed, self.sent)


def sent_by_day(tasks: TaskQuerySet, on: date) -> Counter[date]:
    """Count the tasks that count by the day on which their resolution was sent; one query.

    Also those that were added to a resolution later.
    """
    sent: Counter[date] = Counter()
    counted = tasks.filter(STATES["counted"](on)).order_by()
    for sent_at, count in counted.values_list(SENT_AT).annotate(Count("pk")):
        sent[timezone.localdate(sent_at)] += count
    return sent


def history_of(sent: Counter[date], tasks: TaskQuerySet, on: date) -> list[Moment]:
    """Return the course of the tasks up to today, in steps fit for a page; one query.

    ``sent`` says how many were sent on which day (``sent_by_day``). The database sums what is
    completed by day: as many rows as there are days, not tasks.
    """
    done = tasks.filter(STATES["done"](on)).order_by().values_list("completed_on")
    completed = Counter(dict(done.annotate(Count("pk"))))
    if not sent:
        return []
    first = min([*sent, *completed])
    return [
        Moment(day, _up_to(day, sent), _up_to(day, completed)) for day in ends_between(first, on)
    ]


def _up_to(day: date, counts: Counter[date]) -> int:
    return sum(count for each, count in counts.items() if each <= day)


def ends_between(first: date, last: date) -> list[date]:
    """Return the last days of weeks, months, quarters or years from ``first`` on, then ``last``.

    The step grows with the span, so that a chart has some thirty points at most (years: as many
    as there are).
    """
    span = (last - first).days
    ends = []
    day = first
    while (end := _end_of_step(day, span)) < last:
        ends.append(end)
        day = end + timedelta(days=1)
    return [*ends, last]


def _end_of_step(day: date, span: int) -> date:
    if span <= WEEKLY:
        return day + timedelta(days=6 - day.weekday())
    months = 1 if span <= MONTHLY else 3 if span <= QUARTERLY else 12
    month = (day.month - 1) // months * months + months
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
