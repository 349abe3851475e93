"""Everybody does anything, thousands of times: nothing happens that the life cycle does not know.

The rules are stated here once more and on their own, from the description of the life cycle and of
the roles; ``tasks.workflow`` and ``tasks.permissions`` are only called, never asked what is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from conftest import person
from organizations.models import Membership, Organization
from resolutions.models import Recommendation, Resolution, Section
from tasks import workflow
from tasks.assignment import send
from tasks.models import Report, Task, TaskEvent
from tasks.permissions import may_review
from tasks.reminders import remind
from tasks.review import waiting_number
from tasks.tests.test_counting import kept, truth

WALKS, STEPS = 50, 100

# From which status (columns) an act leads where; a dot: it is refused. «done» is the
# organisation's own word: completed, or waiting where acceptance is required; «back» is the
# status before the report; «word» is accepted as what the report said.
COLUMNS = Task.Status.values  # in the order of the description
TABLE = {
    "take":                  "IN_PROGRESS . . IN_PROGRESS . . .",
    "report DONE":           "done done . done . . .",
    "report PARTLY":         "IN_PROGRESS IN_PROGRESS . IN_PROGRESS . . .",
    "report NOT_APPLICABLE": "REPORTED REPORTED . REPORTED . . .",
    "recall":                ". . back . back . .",
    "accept":                ". . word . . . .",
    "return":                ". . REWORK . REWORK REWORK .",
    "cancel":                "CANCELLED CANCELLED CANCELLED CANCELLED . . .",
    "restore":               ". . . . . . ASSIGNED",
}  # fmt: skip
TASKS = Task.objects.select_related("executor", "recommendation__section__resolution__issuer")
OWED = {"ASSIGNED", "IN_PROGRESS", "REWORK"}
FINISHED = {"COMPLETED", "NOT_APPLICABLE", "CANCELLED"}
OF_THE_EXECUTOR = {"take", "report", "recall"}
OF_A_REVIEWER = {"accept", "return"}
REOPENING = {"recall", "return", "restore"}
REMINDING = ("COORDINATOR", "METHODIST")

# Who acts over what; ``galina`` left her school, ``polina`` coordinates and answers for a school.
ROLES = {
    "olga": [("COORDINATOR", "department")],
    "maria": [("METHODIST", "lakeside")],
    "sergey": [("EXECUTOR", "school_1")],
    "tamara": [("EXECUTOR", "school_3")],
    "pavel": [("EXECUTOR", "lakeside"), ("METHODIST", "lakeside")],
    "nina": [("OBSERVER", "department")],
    "victor": [("COORDINATOR", "other_department")],
    "polina": [("COORDINATOR", "department"), ("EXECUTOR", "school_2")],
    "galina": [],
    "anna": [],
}


@dataclass
class World:
    """What all walks begin with; each of them is undone."""

    people: dict[str, Any]
    places: dict[str, Organization]
    issuers: dict[int, Organization]  # of each task
    executors: dict[int, Organization]
    needs_acceptance: dict[int, bool]
    met: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    answered: dict[Any, bool] = field(default_factory=dict)
    steps: int = 0

    def acts_over(self, name: str, role: str, place: Organization, *, below: bool = False) -> bool:
        """Whether the person has the role at the place or, but for executors, above it."""
        asked = (name, role, place.pk, below)
        if asked not in self.answered:
            reached = [place.pk] if role == "EXECUTOR" or not below else []
            while place.parent_id and role != "EXECUTOR":
                place = Organization.objects.get(pk=place.parent_id)
                reached.append(place.pk)
            held = {self.places[where].pk for what, where in ROLES[name] if what == role}
            self.answered[asked] = bool(held & set(reached))
        return self.answered[asked]

    def sees(self, name: str, task: int) -> bool:
        """A task is seen by those in whose reach its executor is."""
        roles = ("COORDINATOR", "METHODIST", "OBSERVER", "EXECUTOR")
        return any(self.acts_over(name, role, self.executors[task]) for role in roles)

    def may(self, name: str, verb: str, task: int, on_control: bool) -> bool:
        """Whether the person may do this with the task, whatever its status."""
        executor, issuer = self.executors[task], self.issuers[task]
        if verb not in OF_THE_EXECUTOR and not self.sees(name, task):
            return False
        answers = self.acts_over(name, "EXECUTOR", executor)
        coordinates = self.acts_over(name, "COORDINATOR", issuer)
        if verb in OF_THE_EXECUTOR:
            return answers
        if verb in OF_A_REVIEWER:
            follows = self.acts_over(name, "METHODIST", executor, below=True)
            return on_control and not answers and (coordinates or follows)
        return on_control and coordinates


@dataclass(frozen=True)
class Known:
    """What must stand in a task's row, and what the next step depends on."""

    status: str
    starts_on: date | None
    due_on: date | None
    original_due_on: date | None
    reported_on: date | None = None
    completed_on: date | None = None
    opened: bool = False
    last: str = ""  # the last act that changed or confirmed the status
    before: str = ""  # the status before the last report
    outcome: str = ""
    text: str = ""
    draft: str = ""
    reports: int = 0

    def is_late(self, day: date) -> bool:
        """Owed, and due before that day."""
        return self.status in OWED and self.due_on is not None and self.due_on < day

    def row(self) -> tuple[Any, ...]:
        """The columns that must be found in the database."""
        dates = (self.due_on, self.original_due_on, self.reported_on, self.completed_on)
        return (self.status, *dates, self.opened)


def working_days_after(day: date, count: int) -> date:
    days = (day + timedelta(days=each) for each in range(1, 30))
    return [each for each in days if each.weekday() < 5][count - 1]


class Walk:
    """People of two regions, eleven tasks, and days that go by."""

    def __init__(self, world: World, chance: Random) -> None:
        self.world, self.chance = world, chance
        self.now = timezone.make_aware(datetime.combine(date(2026, 8, 26), time(10)))
        self.known: dict[int, Known] = {}
        self.stories: dict[int, list[Any]] = {}
        self.pages: dict[int, Task] = {}
        self.off_control: set[int] = set()
        self.reminded: set[tuple[int, date]] = set()
        for task in Task.objects.order_by("pk"):
            dates = (task.starts_on, task.due_on, task.original_due_on)
            self.known[task.pk] = Known(task.status, *dates)
            self.stories[task.pk] = self.story(task.pk)
        self.keys = list(self.known)

    def go(self, steps: int) -> None:
        happenings = list(self.HAPPENINGS.items())
        weights = [weight for _does, weight in happenings]
        for does, _weight in self.chance.choices(happenings, weights, k=steps):
            self.world.steps += 1
            self.now += timedelta(minutes=self.chance.choice([0, 1, 50]))
            does(self, self.chance.choice(self.keys))
        for name in self.world.people:
            self.sees_what_is_theirs(name)

    # What may happen.

    def somebody_does_what_is_right(self, key: int) -> None:
        """Else most steps would be refused and nobody would get far."""
        task = self.task(key)
        able: dict[str, list[str]] = {}
        for act in TABLE:
            for name in ROLES:
                if isinstance(self.foretell(name, act, task), Known):
                    able.setdefault(act, []).append(name)
        if able:
            act = self.chance.choice(list(able))
            self.attempt(self.chance.choice(able[act]), act, task)

    def somebody_tries_anything(self, key: int) -> None:
        act = self.chance.choice(list(TABLE))
        self.attempt(self.chance.choice(list(ROLES)), act, self.task(key))

    def somebody_with_the_right_is_too_late_or_too_early(self, key: int) -> None:
        task, act = self.task(key), self.chance.choice(list(TABLE))
        able = [name for name in ROLES if self.may(name, act, task)]
        if able:
            self.attempt(self.chance.choice(able), act, task)

    def somebody_leaves_a_page_open(self, key: int) -> None:
        self.pages[key] = self.task(key)

    def somebody_acts_on_a_page_left_open(self, key: int) -> None:
        """Others may have acted meanwhile; where the status is as it was, nobody notices.

        But for a return: its term is worked out from the due day, which may be another by now.
        """
        if self.pages:
            key = self.chance.choice(list(self.pages))
            seen, known = self.pages.pop(key), self.known[key]
            act = self.chance.choice(list(TABLE))
            able = [name for name in ROLES if self.may(name, act, seen)]
            if able:
                self.world.met["due day changed", "", ""] += seen.due_on != known.due_on
                self.attempt(self.chance.choice(able), act, seen)

    def the_executor_reads_the_task(self, key: int) -> None:
        executor, known = self.world.executors[key], self.known[key]
        own = [each for each in ROLES if self.world.acts_over(each, "EXECUTOR", executor)]
        if own:
            first = workflow.mark_opened(self.task(key), self.world.people[own[0]], at=self.now)
            assert first is not known.opened
            self.known[key] = replace(known, opened=True)
            self.check(own[0], key, ("OPEN", known.status, known.status) if first else None)

    def somebody_reminds_the_executor(self, key: int) -> None:
        """Once a day, by those who control it; every overdue task of it says so, none changes."""
        day = timezone.localdate(self.now)
        every = [each for each, known in self.known.items() if known.is_late(day)]
        key = self.chance.choice(every or [key])
        name = self.chance.choice(["olga", "maria", "pavel", *ROLES])
        user, executor = self.world.people[name], self.world.executors[key]
        theirs = Task.objects.filter(executor=executor)
        if not any(role in REMINDING for role, _place in ROLES[name]):
            with pytest.raises(PermissionDenied):
                remind(user, theirs, at=self.now)
            self.check(name, key, None)
            return
        remind(user, theirs, at=self.now)
        controls = any(self.world.acts_over(name, role, executor) for role in REMINDING)
        told = any(self.world.acts_over(each, "EXECUTOR", executor) for each in ROLES)
        late = [each for each in every if self.world.executors[each] == executor]
        if controls and told and late and (executor.pk, day) not in self.reminded:
            self.reminded.add((executor.pk, day))
            for each in late:
                status, before = self.known[each].status, self.stories[each]
                story = self.stories[each] = self.story(each)
                assert [row[:3] for row in story[len(before) :]] == [("REMIND", status, status)]
                self.folds(each, story)
            self.world.met["reminded", "", ""] += 1
        self.check(name, key, None)

    def days_go_by(self, _key: int) -> None:
        self.now += timedelta(hours=self.chance.choice([3, 15, 24, 24 * 9]))

    def a_finished_resolution_goes_off_control(self, key: int) -> None:
        """Whoever has a task of it on a page from before opens it no more."""
        resolution = self.task(key).recommendation.section.resolution
        pages = list(TASKS.filter(recommendation__section__resolution=resolution).order_by("pk"))
        if all(self.known[each.pk].status in FINISHED for each in pages):
            Resolution.objects.filter(pk=resolution.pk).update(status="OFF_CONTROL")
            self.off_control.add(resolution.pk)
            for page in pages:
                act = "restore" if page.status == "CANCELLED" else "return"
                able = [name for name in ROLES if self.may(name, act, page)]
                self.attempt(self.chance.choice(able or list(ROLES)), act, page)
            self.world.met["off control", "", ""] += 1

    HAPPENINGS: ClassVar[dict[Callable[[Walk, int], None], int]] = {
        somebody_does_what_is_right: 10,
        somebody_tries_anything: 4,
        somebody_with_the_right_is_too_late_or_too_early: 4,
        somebody_leaves_a_page_open: 2,
        somebody_acts_on_a_page_left_open: 2,
        the_executor_reads_the_task: 1,
        somebody_reminds_the_executor: 1,
        days_go_by: 2,
        a_finished_resolution_goes_off_control: 1,
    }

    # What must come of it.

    def may(self, name: str, act: str, task: Task) -> bool:
        """An old page may still say that the resolution is on control."""
        on_control = task.recommendation.section.resolution.status == "ON_CONTROL"
        return self.world.may(name, act.partition(" ")[0], task.pk, on_control)

    def foretell(self, name: str, act: str, task: Task) -> Known | type[Exception]:
        """What must come of the act on the task as the person has it, or how it is refused."""
        known, verb = self.known[task.pk], act.partition(" ")[0]
        if not self.may(name, act, task):
            return PermissionDenied
        step = TABLE[act].split()[COLUMNS.index(known.status)]
        if step == "." or task.status != known.status:
            return workflow.Stale
        if verb in REOPENING and task.recommendation.section.resolution_id in self.off_control:
            return workflow.Stale
        if verb == "return" and task.due_on != known.due_on:
            return workflow.Stale
        today = timezone.localdate(self.now)
        if step == "back":
            if known.last != "report":
                return workflow.Stale
            if known.status == "COMPLETED" and known.reported_on != today:
                return workflow.Stale
        return self.after(known, act, self.status_after(task.pk, step), today)

    def status_after(self, key: int, step: str) -> str:
        known = self.known[key]
        if step == "done":
            return "REPORTED" if self.world.needs_acceptance[key] else "COMPLETED"
        if step == "word":
            return "NOT_APPLICABLE" if known.outcome == "NOT_APPLICABLE" else "COMPLETED"
        return known.before if step == "back" else step

    def after(self, known: Known, act: str, status: str, today: date) -> Known:
        verb, _, outcome = act.partition(" ")
        met = replace(known, status=status, last=verb)
        if verb == "report":
            text = f"Отчёт {self.now:%d.%m %H:%M}"
            met = replace(met, outcome=outcome, text=text, before=known.status, draft="")
            met = replace(met, reports=known.reports + 1)
        if verb == "recall":
            met = replace(met, draft=known.draft or known.text)
        if verb == "return" and not (known.due_on and known.due_on >= today):
            term = working_days_after(today, 5)
            met = replace(met, due_on=max(term, known.starts_on or term))
        if status in OWED | {"CANCELLED"}:
            return replace(met, reported_on=None, completed_on=None)
        if verb == "report":
            met = replace(met, reported_on=today)
        return replace(met, completed_on=today if status == "COMPLETED" else None)

    def attempt(self, name: str, act: str, task: Task) -> None:
        """Let somebody do something, and look whether exactly the foretold came of it."""
        key = task.pk
        expected, before = self.foretell(name, act, task), self.known[key].status
        print(f"{self.now:%d.%m %H:%M} {name}, {act}, {task}: {before}, foretold {expected}")  # noqa: T201
        if isinstance(expected, Known):
            self.call(name, act, task)
            self.known[key] = expected
            self.world.met[act, before, expected.status] += 1
            self.check(name, key, (act.partition(" ")[0].upper(), before, expected.status))
        else:
            with pytest.raises((PermissionDenied, workflow.Stale)) as refusal:
                self.call(name, act, task)
            assert refusal.type is expected
            assert str(refusal.value)
            self.world.refused[expected.__name__] += 1
            self.check(name, key, None)

    def call(self, name: str, act: str, task: Task) -> None:
        actor, at = self.world.people[name], self.now
        verb, _, outcome = act.partition(" ")
        if verb in ("take", "recall", "accept"):
            getattr(workflow, verb)(task, actor, at=at)
        elif verb == "report":
            workflow.report(task, actor, outcome, f"Отчёт {at:%d.%m %H:%M}", at=at)
        else:
            does = {"return": workflow.send_back}.get(verb) or getattr(workflow, verb)
            does(task, actor, "Так решено.", at=at)

    def check(self, name: str, key: int, event: tuple[str, str, str] | None) -> None:
        """All rows are as foretold; the task's story has grown by the event, or not at all."""
        rows = Task.objects.values_list(
            "pk", "status", "due_on", "original_due_on", "reported_on", "completed_on", "opened_at"
        )
        found = {pk: (*rest, opened is not None) for pk, *rest, opened in rows}
        assert found == {pk: known.row() for pk, known in self.known.items()}
        story = self.story(key)
        told = self.stories[key]
        assert story[: len(told)] == told, "history was edited"
        assert [each[:3] for each in story[len(told) :]] == ([event] if event else [])
        self.stories[key] = story
        assert TaskEvent.objects.count() == sum(map(len, self.stories.values()))
        self.reports_are_kept(key)
        if event:
            self.folds(key, story)
            self.sees_what_is_theirs(name)

    def folds(self, key: int, story: list[Any]) -> None:
        """Reading the events alone gives the status and the due day of the task."""
        status, due_on = "", self.known[key].original_due_on
        for _action, before, after, due_before, due_after in story:
            assert before == status
            status = after
            if due_before != due_after:
                assert due_before == due_on
                due_on = due_after
        assert (status, due_on) == (self.known[key].status, self.known[key].due_on)

    def reports_are_kept(self, key: int) -> None:
        known, written = self.known[key], Report.objects.filter(task=key)
        sent = [each for each in written if each.sent_at]
        drafts = [each.text for each in written if each.sent_at is None]
        assert len(sent) == known.reports
        assert drafts == ([known.draft] if known.draft else [])
        assert all(each.for_organization_id == self.world.executors[key].pk for each in sent)

    def sees_what_is_theirs(self, name: str) -> None:
        user, world = self.world.people[name], self.world
        seen = set(Task.objects.visible_to(user).values_list("pk", flat=True))
        assert seen == {key for key in self.keys if world.sees(name, key)}
        queue = set(Task.objects.reviewable_by(user).values_list("pk", flat=True))
        keys = [key for key in seen if self.known[key].status == "REPORTED"]
        waiting = TASKS.filter(pk__in=keys) if keys else []
        assert queue == {task.pk for task in waiting if may_review(user, task)}
        assert queue == {task.pk for task in waiting if self.may(name, "accept", task)}
        assert waiting_number(user) == len(queue)

    # What is read from the database.

    def task(self, key: int) -> Task:
        return TASKS.get(pk=key)

    def story(self, key: int) -> list[Any]:
        events = TaskEvent.objects.filter(task=key).order_by("happened_at", "pk")
        columns = ("action", "from_status", "to_status", "due_before", "due_after")
        return list(events.values_list(*columns))


def issue(
    title: str, issuer: Organization, rows: list[tuple[str, list[Organization], bool | None]]
) -> Resolution:
    """A draft with a section, and a recommendation of each row to its own organisations."""
    resolution = Resolution.objects.create(
        title=title, issuer=issuer, document_date=date(2026, 8, 25)
    )
    section = Section.objects.create(resolution=resolution, heading="Организациям", position=1)
    for position, (words, executors, accepted) in enumerate(rows, start=1):
        each = Recommendation(section=section, position=position, text="Сделать.")
        each.deadline_text, each.acceptance_required = words, accepted
        each.date_by_words(resolution.basis_date)
        each.save()
        each.organizations.set(executors)
    return resolution


@pytest.fixture
def world(region, olga, maria, sergey, tamara, pavel, nina, victor, anna) -> World:
    """Eleven tasks: with and without acceptance, a due day, a start; of two regions."""
    galina = person("Galinina", (region.school_1, "EXECUTOR"))
    Membership.objects.filter(user=galina).update(until=date(2021, 1, 1))
    polina = person("Polinina", *[(getattr(region, at), role) for role, at in ROLES["polina"]])
    people = {"olga": olga, "maria": maria, "sergey": sergey, "tamara": tamara, "pavel": pavel}
    people |= {"nina": nina, "victor": victor, "anna": anna, "galina": galina, "polina": polina}
    schools = [region.school_1, region.school_2, region.school_3]
    own_word = [("до 5 октября 2026 г.", [*schools, region.lakeside], None)]
    own_word.append(("", [region.department], True))
    accepted = [("до 10 сентября 2026 г.", [region.school_1, region.lakeside], None)]
    accepted.append(("с 2028 года", [region.school_1], None))
    accepted.append(("постоянно", [region.school_3], False))
    foreign = [("до 1 декабря 2026 г.", [region.other_school, region.school_1], True)]
    sent_at = timezone.make_aware(datetime.combine(date(2026, 8, 25), time(9)))
    send(issue("По слову", region.department, own_word), olga, at=sent_at)
    strict = issue("С приёмкой", region.department, accepted)
    strict.acceptance_required = True
    strict.save()
    send(strict, olga, at=sent_at)
    send(issue("Другой области", region.other_department, foreign), victor, at=sent_at)
    tasks = TASKS.order_by("pk")
    assert len(tasks) == 11
    return World(
        people=people,
        places=dict(vars(region)),
        issuers={each.pk: each.recommendation.section.resolution.issuer for each in tasks},
        executors={each.pk: each.executor for each in tasks},
        needs_acceptance={each.pk: each.recommendation.needs_acceptance for each in tasks},
    )


def edges() -> set[tuple[str, str]]:
    """Every way of the table: act and status it begins in."""
    return {
        (act, status)
        for act, row in TABLE.items()
        for status, step in zip(COLUMNS, row.split(), strict=True)
        if step != "."
    }


def test_the_table_is_the_described_one():
    """A way that nobody walks today would be walked tomorrow."""
    meant = {
        "done": {"REPORTED", "COMPLETED"},
        "word": {"COMPLETED", "NOT_APPLICABLE"},
        "back": OWED,
        ".": set(),
    }
    described: dict[str, dict[str, set[str]]] = {}
    for act, row in TABLE.items():
        verb = described.setdefault(act.partition(" ")[0].upper(), {})
        for status, step in zip(COLUMNS, row.split(), strict=True):
            verb[status] = verb.get(status, set()) | meant.get(step, {step})

    assert described == {
        action: {status: set(ways.get(status, ())) for status in COLUMNS}
        for action, ways in workflow.TRANSITIONS.items()
    }


def test_whatever_anybody_does_the_life_cycle_holds(world):
    """Five thousand steps; the same ones each time, so that a failure can be looked at."""
    for number in range(WALKS):
        with transaction.atomic():
            print(f"== walk {number}")  # noqa: T201  # shown by pytest only on failure
            Walk(world, Random(number)).go(STEPS)  # noqa: S311
            assert kept() == truth(), "the counts kept are not the tasks counted"
            transaction.set_rollback(True)

    print(world.steps, dict(world.refused), sorted(world.met.items()))  # noqa: T201
    assert world.steps == 5000
    assert {(act, status) for act, status, _to in world.met if status} == edges()
    assert world.met["off control", "", ""]
    assert world.met["due day changed", "", ""]
    assert world.met["reminded", "", ""] > 5
    assert min(world.refused.values()) > 500
