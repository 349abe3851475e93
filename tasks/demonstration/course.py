"""The invented execution of a sent paper: who did what with each task, and when.

A file of ``fixtures/reports`` holds, for each recommendation, the *fates* of its executors in the
order of their codes (the list repeats), the words of their reports by kind, the reasons of those
who control, and the files that some reports bring. A fate is a chain of steps (``FATES``).

A real body with a deadline is always done in time, whatever its fate would be.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from organizations.models import User
from resolutions.models import Resolution
from tasks import workflow
from tasks.demonstration.directory import is_invented
from tasks.evidence import store
from tasks.models import Evidence, Report, Task

EVIDENCE = Path(settings.BASE_DIR) / "fixtures" / "evidence"
MARK = " Демонстрационная запись."
Line = dict[str, list[str]]

# The report steps are named by the words they take from the file: "first" is one that is not
# enough, "done" the last. Where no acceptance is required, "accept" is passed over.
FATES = {
    "new": "",
    "opened": "open",
    "taken": "open take",
    "partly": "open take partly",
    "done": "open take done accept",
    "late": "open take done accept",
    "staged": "open take partly done accept",
    "waiting": "open take done",
    "foreign": "open foreign",
    "agreed": "open foreign accept",
    "returned": "open take first return",
    "mended": "open take first return retake done accept",
    "recalled": "open take done recall",
    "cancelled": "open cancel",
}
_OUTCOMES = {
    "first": Report.Outcome.DONE,
    "done": Report.Outcome.DONE,
    "partly": Report.Outcome.PARTLY,
    "foreign": Report.Outcome.NOT_APPLICABLE,
}
# Steps before the last report stand between the beginning and that report, in this order.
_EARLY = {"open": 0, "take": 0, "cancel": 1, "partly": 1, "first": 1, "return": 2, "retake": 3}


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a course: sent on the first, everything said by the last."""

    sent_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: those who answer for organisations, by their codes, and those who control."""

    answering: dict[str, User]
    coordinator: User
    methodist: User


@dataclass(frozen=True, slots=True)
class Days:
    """When a task was begun, and when the last report on it was sent; ``turn`` shifts the hours."""

    begun: date
    reported: date
    ends_on: date
    turn: int

    def of(self, step: str) -> datetime:
        """Return the moment of a step; later steps never come before earlier ones."""
        if step in _EARLY:
            day = self.begun + (self.reported - self.begun) * _EARLY[step] // 4
            return moment(day, self.turn) + timedelta(minutes=20 * (step == "take"))
        if step == "accept":
            day = min(self.reported + timedelta(days=1 + self.turn % 3), self.ends_on)
            return moment(day, self.turn) + timedelta(minutes=30)
        return moment(self.reported, self.turn) + timedelta(minutes=15 * (step == "recall"))


def moment(day: date, spread: int) -> datetime:
    """Return a moment in the working hours of a day; ``spread`` tells one from another."""
    hours = time(9 + spread % 8, spread * 7 % 60)
    return timezone.make_aware(datetime.combine(day, hours))


def play(resolution: Resolution, cast: Cast, term: Term, *, marked: bool) -> None:
    """Let every executor of a sent resolution, and those who control it, do what its fate says.

    ``marked`` adds to every report that it is invented; those of real bodies always say so.
    """
    path = Path(settings.BASE_DIR) / "fixtures" / "reports" / f"{resolution.slug}.json"
    lines: dict[str, Line] = json.loads(path.read_text("utf-8"))
    tasks = Task.objects.filter(recommendation__section__resolution=resolution).select_related(
        "executor", "recommendation__section__resolution__issuer"
    )
    turns: Counter[int] = Counter()
    for task in sorted(tasks, key=lambda each: each.executor.code):
        recommendation = task.recommendation
        line = lines[f"{recommendation.section.position}.{recommendation.position}"]
        fate = _fate(task, line["fates"][turns[recommendation.pk] % len(line["fates"])], term)
        mark = MARK if marked or not is_invented(task.executor) else ""
        days = _days(task, turns[recommendation.pk], fate, term)
        for step in FATES[fate].split():
            _take_step(task, step, line, cast, days, mark)
        turns[recommendation.pk] += 1


def _take_step(task: Task, step: str, line: Line, cast: Cast, days: Days, mark: str) -> None:
    person, at = cast.answering[task.executor.code], days.of(step)
    if step in _OUTCOMES:
        text = line[step][days.turn % len(line[step])] + mark
        event = workflow.report(task, person, _OUTCOMES[step], text, at=at)
        if step == "done" and event.report and days.turn % 3 == 0:
            for name in line.get("files", []):
                _attach(event.report, name, person, at)
    elif step == "open":
        workflow.mark_opened(task, person, at=at)
    elif step in ("take", "retake"):
        workflow.take(task, person, at=at)
    elif step == "recall":
        workflow.recall(task, person, at=at)
    elif step == "return":
        workflow.send_back(task, cast.methodist, line["returned"][0], at=at)
    elif step == "cancel":
        workflow.cancel(task, cast.coordinator, line["cancelled"][0], at=at)
    elif task.status == Task.Status.REPORTED:
        workflow.accept(task, cast.methodist, at=at)


def _attach(report: Report, name: str, person: User, at: datetime) -> None:
    kept = store(SimpleUploadedFile(name, (EVIDENCE / name).read_bytes()))
    Evidence.objects.create(
        report=report,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        content_type=kept.content_type,
        added_by=person,
        added_at=at,
    )


def _fate(task: Task, fate: str, term: Term) -> str:
    if task.due_on is None:
        return "done" if fate == "late" else fate
    if not is_invented(task.executor) or (fate == "late" and task.due_on >= term.ends_on):
        return "done"
    return fate


def _days(task: Task, turn: int, fate: str, term: Term) -> Days:
    """Return the days of beginning and of reporting; both lie between sending and the end."""
    spread = turn + 3 * task.recommendation.position  # one person does not do everything at once
    first = max(term.sent_on, task.starts_on or term.sent_on) + timedelta(days=1)
    # The last day but one, so that there is a day left to accept.
    last = min(term.ends_on - timedelta(days=1), task.due_on or term.ends_on)
    begun = first + (last - first) * (spread % 5) // 10
    reported = begun + (last - begun) * (5 + spread % 6) // 10
    if fate == "late" and task.due_on:
        late = task.due_on + timedelta(days=3 + spread % 10)
        reported = max(min(late, term.ends_on), task.due_on + timedelta(days=1))
    return Days(begun, reported, term.ends_on, spread)
