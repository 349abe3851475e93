"""How it has gone so far: what was sent and what was completed, added up day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from organizations.models import User
from resolutions.models import Resolution
from tasks.breakdown import percent
from tasks.counting import CompletionCount, holds_for
from tasks.progress import STATES, number, resolution_of
from tasks.querysets import TaskQuerySet

WEEKLY, MONTHLY, QUARTERLY = 26 * 7, 3 * 366, 9 * 366  # days of history drawn in such steps


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


def sent_by_day(totals: Mapping[int, int], papers: Iterable[Resolution]) -> Counter[date]:
    """Add tasks, counted by resolution, up by the day on which it was sent.

    Also those that were added to a resolution later.
    """
    sent: Counter[date] = Counter()
    for paper in papers:
        if paper.sent_at and totals.get(paper.pk):
            sent[timezone.localdate(paper.sent_at)] += totals[paper.pk]
    return sent


def completed_by_day(tasks: TaskQuerySet, on: date) -> Counter[date]:
    """Count what is completed by day; one query."""
    done = tasks.filter(STATES["done"](on)).order_by().values_list("completed_on")
    return Counter(dict(done.annotate(count=number(tasks))))


def kept_totals(counts: QuerySet[CompletionCount], on: date) -> tuple[Counter[int], Counter[date]]:
    """Sum kept counts up: all by resolution, what is completed by the last day of the month.

    Of the current month by ``on``; one query. At a million tasks 10,000 kept counts take 10 ms,
    and counting the tasks by day takes 500.
    """
    totals: Counter[int] = Counter()
    completed: Counter[date] = Counter()
    rows = counts.order_by().values_list("resolution", "month")
    for resolution, month, count in rows.annotate(count=Sum("n")):
        totals[resolution] += count
        if month:
            completed[min(_end_of_months(month, 1), on)] += count
    return totals, completed


def course_of(
    user: User, tasks: TaskQuerySet, papers: Sequence[Resolution], on: date, places: Q
) -> list[Moment]:
    """Return the course of the tasks up to today, in steps fit for a page; two queries at most.

    ``papers`` are the resolutions of the tasks, ``places`` is the condition on executors that the
    tasks meet. A young course has steps of a week: its days are counted.
    """
    completed: Counter[date] = Counter()
    if kept := holds_for(user):
        counts = CompletionCount.objects.visible_to(user).filter(places, resolution__in=papers)
        totals, completed = kept_totals(counts, on)
    else:
        counted = tasks.filter(STATES["counted"](on)).order_by()
        by_paper = counted.values_list(resolution_of(tasks)).annotate(count=number(tasks))
        totals = Counter(dict(by_paper))
    sent = sent_by_day(totals, papers)
    if not sent:
        return []
    if not kept or (on - min(sent)).days <= WEEKLY:
        completed = completed_by_day(tasks, on)
    return history_of(sent, completed, on)


def history_of(sent: Counter[date], completed: Counter[date], on: date) -> list[Moment]:
    """Add up what was sent and completed on each day, in steps that end with ``on``."""
    first = min(sent)
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
    return _end_of_months(day, 1 if span <= MONTHLY else 3 if span <= QUARTERLY else 12)


def _end_of_months(day: date, months: int) -> date:
    """Return the last day of the month, quarter (3) or year (12) in which the day lies."""
    month = (day.month - 1) // months * months + months
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
