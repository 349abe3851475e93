"""What is overdue: its figures, territories and rows; a constant number of queries each.

Every figure counts by a state of ``tasks.progress``, so that the list behind it has that length.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)

from organizations.models import Membership, Organization, User
from organizations.names import named_for
from tasks.models import Task, TaskEvent, TaskQuerySet
from tasks.outbox import Letter
from tasks.permissions import REMINDING_ROLES
from tasks.progress import STATES, count_states
from tasks.reminders import reminders_of

A = TaskEvent.Action


@dataclass(frozen=True, slots=True)
class OverdueFigures:
    """The three key figures, and what their sentences say."""

    overdue: int
    organizations: int
    days: int  # how late the latest is
    unopened: int
    soon: int
    reported: int
    undated: int


def overdue_figures(tasks: TaskQuerySet, on: date, late: Q | None = None) -> OverdueFigures:
    """Count what is late and what will be next; one query.

    ``late`` is the condition of what is shown as late, where that is not all that is overdue.
    """
    late = STATES["overdue"](on) if late is None else late
    row = tasks.order_by().aggregate(
        **count_states(on, "soon", "undated"),
        overdue=Count("pk", filter=late),
        organizations=Count("executor", filter=late, distinct=True),
        oldest=Min("due_on", filter=late),
        unopened=Count("pk", filter=late & Q(opened_at=None)),
        reported=Count("pk", filter=Q(status=Task.Status.REPORTED)),
    )
    return OverdueFigures(
        row["overdue"],
        row["organizations"],
        (on - row["oldest"]).days if row["oldest"] else 0,
        row["unopened"],
        row["soon"],
        row["reported"],
        row["undated"],
    )


@dataclass(frozen=True, slots=True)
class Territory:
    """What is overdue in one municipality (None: what answers to the region, and others)."""

    municipality: Organization | None
    tasks: int
    organizations: int
    days: int
    url: str  # of the list of these tasks

    @property
    def key(self) -> str:
        """The value by which lists are filtered to this territory."""
        return key_of(self.municipality)


def key_of(municipality: Organization | None) -> str:
    """Return the value by which lists are filtered to a municipality, or to those outside."""
    return str(municipality.pk) if municipality else "null"


def territories(late: TaskQuerySet, on: date, url: Callable[..., str]) -> list[Territory]:
    """Sum the overdue tasks up by municipality, the most first, those outside last; two queries.

    ``url`` gives the address of the list of those of the tasks that its arguments name.
    """
    rows = list(
        late.order_by()
        .values("executor__municipality")
        .annotate(
            count=Count("pk"),
            organizations=Count("executor", distinct=True),
            oldest=Min("due_on"),
        )
    )
    found = Organization.objects.in_bulk(
        [row["executor__municipality"] for row in rows if row["executor__municipality"]]
    )
    summed = [
        Territory(
            found.get(row["executor__municipality"]),
            row["count"],
            row["organizations"],
            (on - row["oldest"]).days,
            url(municipality=key_of(found.get(row["executor__municipality"]))),
        )
        for row in rows
    ]
    return sorted(
        summed, key=lambda each: (each.municipality is None, -each.tasks, str(each.municipality))
    )


def open_by_executor(tasks: TaskQuerySet, on: date) -> QuerySet[Task, Any]:
    """Count the owed tasks of each executor by urgency, the latest first; one row an executor."""
    counts: dict[str, Any] = count_states(on, "owed", "overdue", "soon", "later", "undated")
    rows: QuerySet[Any, Any] = tasks.owed().order_by()
    rows = rows.values("executor", "executor__name", "executor__short_name").annotate(**counts)
    return rows.order_by("-overdue", "-soon", "executor__name", "executor")


def worst_first(tasks: TaskQuerySet) -> TaskQuerySet:
    """Order by municipality (the most tasks first), organisation (the longest delay first), day.

    What stands outside municipalities comes last.
    """
    return tasks.annotate(
        outside=Case(
            When(executor__municipality=None, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        in_municipality=Window(Count("pk"), partition_by=F("executor__municipality")),
        oldest=Window(Min("due_on"), partition_by=F("executor")),
    ).order_by(
        "outside",
        "-in_municipality",
        "executor__municipality__name",
        "executor__municipality",
        "oldest",
        "executor__name",
        "executor",
        "due_on",
        "pk",
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One overdue task with what happened to it."""

    task: Task
    place: int  # from 1
    days: int
    share: int  # of the longest delay shown, in percent: the length of its bar
    last: TaskEvent | None  # the last act that is no reminder
    returns: int
    reminded: TaskEvent | None


@dataclass(frozen=True, slots=True)
class OrganizationRows:
    """The overdue tasks of one organisation that are shown."""

    organization: Organization
    rows: list[Row]
    count: int  # of all its tasks that the filter finds
    url: str  # of their list
    answering: list[Membership]
    named: set[int]  # people (keys) whose names the reader sees; others are shown by e-mail
    letter: Letter | None  # of today's reminder
    remindable: bool  # by the reader, and not reminded today


@dataclass(frozen=True, slots=True)
class Group:
    """One municipality with the sums of the whole territory and the rows that are shown."""

    territory: Territory
    organizations: list[OrganizationRows] = field(default_factory=list)

    @property
    def remindable(self) -> bool:
        """Whether the reader may remind any organisation that is shown."""
        return any(each.remindable for each in self.organizations)

    @property
    def begun(self) -> bool:
        """Whether some of those that are shown have been reminded today already."""
        return any(each.letter for each in self.organizations)


def rows_of(keys: Sequence[int], on: date) -> list[Row]:
    """Load tasks in the order of their keys, with what happened to them; two queries.

    By keys, because sorting thousands of whole rows with their texts costs ten times as much.
    """
    events = TaskEvent.objects.filter(task=OuterRef("pk")).order_by("-happened_at", "-pk")
    returned = events.filter(action=A.RETURN).order_by().values("task")
    tasks: QuerySet[Any, Any] = Task.objects.for_list().annotate(
        last_event=Subquery(events.exclude(action=A.REMIND).values("pk")[:1]),
        last_reminder=Subquery(events.filter(action=A.REMIND).values("pk")[:1]),
        returns=Subquery(returned.annotate(count=Count("pk")).values("count")),
    )
    # What was reported since the keys were read is late no more.
    found = {task.pk: task for task in tasks.filter(pk__in=keys) if task.is_overdue(on)}
    told = [key for task in found.values() for key in (task.last_event, task.last_reminder) if key]
    happened = TaskEvent.objects.filter(pk__in=told).select_related("actor", "report")
    by_key = {event.pk: event for event in happened}
    delays = {key: (on - task.due_on).days for key, task in found.items()}
    longest = max(delays.values(), default=1)
    return [
        Row(
            found[key],
            place,
            delays[key],
            delays[key] * 100 // longest,
            by_key.get(found[key].last_event),
            found[key].returns or 0,
            by_key.get(found[key].last_reminder),
        )
        for place, key in enumerate(keys, start=1)
        if key in found
    ]


def groups_of(
    rows: Sequence[Row], late: TaskQuerySet, reader: User, on: date, url: Callable[..., str]
) -> list[Group]:
    """Group rows of ``late``, which are in order, by territory and organisation; six queries.

    Each organisation comes with those who answer for it, with today's reminder and whether the
    reader may send one. ``url`` as in ``territories``.
    """
    sums = territories(late, on, url)
    by_key = {each.municipality.pk if each.municipality else None: each for each in sums}
    shown = {row.task.executor_id: row.task.executor for row in rows}
    own_late = late.filter(executor__in=shown).order_by()
    counts = dict(own_late.values_list("executor").annotate(Count("pk")))
    answering = _answering(list(shown), on)
    named = named_for(reader, [each.user_id for own in answering.values() for each in own])
    letters = {each.organization_id: each for each in reminders_of(list(shown), on)}
    # The sums were read after the rows: an organisation may have reported its last one meanwhile.
    rows = [row for row in rows if row.task.executor_id in counts]
    groups = []
    for key, inside in groupby(rows, lambda row: row.task.executor.municipality_id):
        if key not in by_key:
            continue
        group = Group(by_key[key])
        for executor, own in groupby(inside, lambda row: row.task.executor_id):
            group.organizations.append(
                OrganizationRows(
                    shown[executor],
                    list(own),
                    counts[executor],
                    url(executor=executor),
                    answering.get(executor, []),
                    named,
                    letters.get(executor),
                    executor not in letters
                    and reader.reach.covers(shown[executor], *REMINDING_ROLES),
                )
            )
        groups.append(group)
    return groups


def _answering(organizations: Collection[int], on: date) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    people = Membership.objects.answering(on).filter(organization__in=organizations)
    for each in people.select_related("user").order_by("user__surname", "pk"):
        found.setdefault(each.organization_id, []).append(each)
    return found
