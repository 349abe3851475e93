"""What became of each task: its status, reports and events, by the shares of the yardstick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from tasks.load.papers import Age, Sent
from tasks.load.territory import Territory
from tasks.models import Report, Task, TaskEvent

S, A = Task.Status, TaskEvent.Action
# What becomes of how many of a hundred tasks. All ages together: 70 done, 10 overdue, 20 other.
_FATES = {
    Age.CLOSED: {"done": 95, "not_applicable": 3, "cancelled": 2},
    Age.PAST: {"done": 71, "new": 9, "taken": 9, "returned": 4, "waiting": 5, "not_applicable": 2},
    Age.RUNNING: {"done": 4, "new": 52, "taken": 30, "returned": 4, "waiting": 10},
}
# How a task came where it is: action, status before and after.
_STEPS: dict[str, list[tuple[str, str, str]]] = {
    "new": [],
    "taken": [(A.OPEN, S.ASSIGNED, S.ASSIGNED), (A.TAKE, S.ASSIGNED, S.IN_PROGRESS)],
    "done": [(A.OPEN, S.ASSIGNED, S.ASSIGNED), (A.REPORT, S.ASSIGNED, S.COMPLETED)],
    "waiting": [(A.OPEN, S.ASSIGNED, S.ASSIGNED), (A.REPORT, S.ASSIGNED, S.REPORTED)],
    "returned": [(A.REPORT, S.ASSIGNED, S.COMPLETED), (A.RETURN, S.COMPLETED, S.REWORK)],
    "not_applicable": [
        (A.REPORT, S.ASSIGNED, S.REPORTED),
        (A.ACCEPT, S.REPORTED, S.NOT_APPLICABLE),
    ],
    "cancelled": [(A.CANCEL, S.ASSIGNED, S.CANCELLED)],
}
_LATE = 0.12  # of the tasks done
_BY_CONTROL = (A.RETURN, A.ACCEPT, A.CANCEL)
_TEXT = "Проведено, материалы размещены на сайте организации (нагрузочные данные)."
_REASONS: dict[str, str] = {A.RETURN: "Приложите план.", A.CANCEL: "Не относится к организации."}

TASK = ["id", "recommendation_id", "executor_id", "period", "status", "starts_on", "due_on"]
TASK += ["original_due_on", "opened_at", "reported_on", "completed_on"]
REPORT = ["id", "task_id", "outcome", "text", "author_id", "for_organization_id"]
REPORT += ["created_at", "sent_at"]
EVENT = ["task_id", "action", "actor_id", "for_organization_id", "from_status", "to_status"]
EVENT += ["reason", "report_id", "happened_at"]


@dataclass(slots=True)
class Rows:
    """What is stored of the tasks of one recommendation, as columns in the orders above."""

    tasks: list[tuple[Any, ...]] = field(default_factory=list)
    reports: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)


class Course:
    """Plays recommendations one after another; keys go on from those given."""

    def __init__(
        self, territory: Territory, today: date, first_task: int, first_report: int, random: Random
    ) -> None:
        self.territory = territory
        self.today = today
        self.random = random
        self.task_keys: Iterator[int] = count(first_task)
        self.report_keys: Iterator[int] = count(first_report)

    def play(self, sent: Sent, most: int) -> Rows:
        """Return the rows of at most so many executors' tasks of one recommendation."""
        rows = Rows()
        fates = _FATES[sent.age]
        executors = self.territory.executors[:most]
        drawn = self.random.choices(list(fates), list(fates.values()), k=len(executors))
        for executor, fate in zip(executors, drawn, strict=True):
            self._play_one(rows, sent, executor.pk, fate)
        return rows

    def _play_one(self, rows: Rows, sent: Sent, executor: int, fate: str) -> None:
        task = next(self.task_keys)
        due = sent.recommendation.due_on
        person = self.territory.answering[executor].pk
        sender = self.territory.coordinator.pk
        rows.events.append((task, A.ASSIGN, sender, executor, "", S.ASSIGNED, "", None, sent.at))
        status, at, reported_on, opened_at = str(S.ASSIGNED), sent.at, None, None
        steps = _STEPS[fate]
        days = self._days(sent, due, fate)
        report = None
        for place, (action, before, status) in enumerate(steps):
            at = sent.at + timedelta(days=days * (place + 1) // len(steps), minutes=place)
            if action == A.OPEN:
                opened_at = at
            elif action == A.REPORT:
                report, reported_on = next(self.report_keys), at.date()
                outcome = Report.Outcome.DONE
                if fate == "not_applicable":
                    outcome = Report.Outcome.NOT_APPLICABLE
                rows.reports.append((report, task, outcome, _TEXT, person, executor, at, at))
            actor = self.territory.methodist.pk if action in _BY_CONTROL else person
            reason = _REASONS.get(action, "")
            said = report if action in (A.REPORT, A.ACCEPT, A.RETURN) else None
            rows.events.append((task, action, actor, executor, before, status, reason, said, at))
        if status in (S.REWORK, S.CANCELLED):
            reported_on = None
        completed_on = reported_on if status == S.COMPLETED else None
        of = sent.recommendation
        days_of = (of.starts_on, due, due, opened_at, reported_on, completed_on)
        rows.tasks.append((task, of.pk, executor, "", status, *days_of))

    def _days(self, sent: Sent, due: date | None, fate: str) -> int:
        # After how many days the last step was taken; never after today.
        lived = (self.today - sent.at.date()).days - 1
        term = min((due - sent.at.date()).days, lived) if due else lived
        if fate == "done" and due and self.random.random() < _LATE:
            return min(term + self.random.randrange(1, 40), lived)
        return self.random.randrange(1, max(term, 2))
