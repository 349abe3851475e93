"""Two different things: a deadline is given more time, or was misread and is put right.

An extension is for those who still owe, and only the day that counts now changes: the first one
stays beside it. A correction says that the day was never right: it changes the recommendation, and
both days of every task that still has the recommendation's day, finished ones too, because whether
they were in time is judged by it. What was changed one by one is left, and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from resolutions.models import Recommendation, Resolution
from tasks.amendment.acts import (
    OPEN,
    Amendment,
    Preview,
    Row,
    nothing_left,
    part,
    present,
    save_as,
)
from tasks.bulk import Why, note
from tasks.models import Task, TaskEvent
from tasks.progress import OWED
from tasks.querysets import TaskQuerySet


@dataclass(frozen=True)
class Extension(Amendment):
    """A later day for those who still owe, all of them or the organisations chosen."""

    recommendation: Recommendation
    due_on: date
    executors: frozenset[int] = frozenset()  # empty: everybody
    today: date = field(default_factory=timezone.localdate)

    def paper(self) -> Resolution:
        """Return the resolution it stands in."""
        return self.recommendation.section.resolution

    def scope(self) -> TaskQuerySet:
        """The tasks of the recommendation, or of the chosen."""
        tasks = Task.objects.filter(recommendation=self.recommendation)
        return tasks.filter(executor__in=self.executors) if self.executors else tasks

    def weigh(self, rows: list[Row]) -> Preview:
        """Part those who get the day from those who have a later one, none, or owe nothing."""
        owed = [row for row in rows if row.status in OWED]
        extended = [row for row in owed if row.due_on is not None and row.due_on < self.due_on]
        later = [row for row in owed if row.due_on is not None and row.due_on >= self.due_on]
        undated = [row for row in owed if row.due_on is None]
        rest = [row for row in rows if row.status not in (*OWED, Task.Status.CANCELLED)]
        refusal = ""
        if self.due_on <= self.today:
            refusal = _("The new date has to be later than today.")
        elif not extended:
            refusal = _("Nobody owes this with an earlier date: there is nothing to extend.")
        return Preview(
            present(
                part("extended", extended),
                part("later", later, changes=False),
                part("undated", undated, changes=False),
                part("reported_or_done", rest, changes=False),
            ),
            (self.due_on,),
            refusal,
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Set the day that counts; the first one stays."""
        keys = preview.part("extended").keys
        note(keys, why, TaskEvent.Action.EXTEND, due_on=self.due_on)


@dataclass(frozen=True)
class Correction(Amendment):
    """What the deadline in the paper really says: its words, or dates set by a person."""

    recommendation: Recommendation
    words: str
    by_person: bool = False
    starts_on: date | None = None
    due_on: date | None = None

    def paper(self) -> Resolution:
        """Return the resolution it stands in."""
        return self.recommendation.section.resolution

    def scope(self) -> TaskQuerySet:
        """All tasks of the recommendation, finished and cancelled too."""
        return Task.objects.filter(recommendation=self.recommendation)

    def before_and_after(self) -> tuple[Recommendation, Recommendation]:
        """Return the recommendation as it is stored, and as it would be."""
        before, after = (
            Recommendation.objects.select_related("section__resolution").get(
                pk=self.recommendation.pk
            )
            for _each in range(2)
        )
        after.deadline_text = self.words
        if self.by_person:
            after.date_by_person(self.starts_on, self.due_on)
        else:
            after.date_by_words(self.paper().basis_date)
        return before, after

    def weigh(self, rows: list[Row]) -> Preview:
        """Part the tasks that have the recommendation's day from those changed one by one."""
        before, after = self.before_and_after()
        facts = (*_deadline_of(before), *_deadline_of(after))
        refusal = nothing_left() if _deadline_of(before) == _deadline_of(after) else ""
        if (before.starts_on, before.due_on) == (after.starts_on, after.due_on):
            return Preview((), facts, refusal, (_("The dates stay: only the words change."),))
        same = [row for row in rows if {row.due_on, row.original_due_on} == {before.due_on}]
        apart = _without(rows, same)
        return Preview(
            present(
                part("corrected", (row for row in same if row.status in OPEN)),
                part("corrected_closed", (row for row in same if row.status not in OPEN)),
                part("apart", apart, changes=False),
            ),
            facts,
            refusal,
        )

    def apply(self, preview: Preview, why: Why) -> None:
        """Correct the recommendation and the tasks that follow it."""
        after = self.before_and_after()[1]
        save_as(after, why)
        keys = preview.part("corrected").keys + preview.part("corrected_closed").keys
        note(
            keys,
            why,
            TaskEvent.Action.CORRECT,
            due_on=after.due_on,
            original_due_on=after.due_on,
            starts_on=after.starts_on,
        )


def _deadline_of(recommendation: Recommendation) -> tuple[object, ...]:
    each = recommendation
    return (each.deadline_text, each.starts_on, each.due_on, each.deadline_set_by, each.repeats)


def _without(rows: Iterable[Row], taken: Iterable[Row]) -> list[Row]:
    keys = {row.task for row in taken}
    return [row for row in rows if row.task not in keys]
