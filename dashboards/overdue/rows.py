"""Rows of what is late, with what happened to each, under their organisations and territories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from dashboards.filters import OverdueFilter
from dashboards.overdue.order import Executor
from dashboards.overdue.sums import Late, Territory
from organizations.addresses import narrowed
from organizations.models import Membership, User
from organizations.names import is_named_for
from tasks.models import Task, TaskEvent

A = TaskEvent.Action
_PAPER = "recommendation__section__resolution"
_RECOMMENDATION = ("printed_number", "text", "deadline_text", "section__resolution__title")
# What is shown of a task: resolutions and organisations carry long texts.
_SHOWN = (
    *("executor_id", "status", "due_on", "original_due_on", "opened_at"),
    *(f"recommendation__{name}" for name in _RECOMMENDATION),
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

    executor: Executor
    rows: list[Row]
    url: str  # of the list of all its tasks that the filter finds
    narrowed: str  # the query of the page under the condition of this organisation
    answering: list[Membership]


@dataclass(frozen=True, slots=True)
class Group:
    """One municipality with the sums of the whole territory and the rows that are shown."""

    territory: Territory
    late: Late
    organizations: list[OrganizationRows] = field(default_factory=list)


def rows_of(keys: Sequence[int], on: date) -> list[Row]:
    """Load tasks in the order of their keys, with what happened to them; two queries."""
    events = TaskEvent.objects.filter(task=OuterRef("pk")).order_by("-happened_at", "-pk")
    returned = events.filter(action=A.RETURN).order_by().values("task")
    tasks: QuerySet[Any, Any] = Task.objects.select_related(_PAPER).only(*_SHOWN)
    tasks = tasks.annotate(
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
    rows: Iterable[Row],
    territories: Iterable[Territory],
    late: Mapping[int | None, Late],
    executors: Iterable[Executor],
    filterset: OverdueFilter,
    on: date,
) -> list[Group]:
    """Group rows, which are in order, by territory and organisation; one query.

    Each organisation comes with those who answer for it.
    """
    rows = list(rows)
    shown = {row.task.executor_id for row in rows}
    found = {each.organization.pk: each for each in executors if each.organization.pk in shown}
    by_key = {each.pk: each for each in territories}
    answering = _answering(shown, filterset.request.user, on)
    address = filterset.late_url(on)
    groups: list[Group] = []
    for key, own in groupby(rows, lambda row: row.task.executor_id):
        executor = found[key]
        place = executor.organization.municipality_id
        if not groups or groups[-1].territory.pk != place:
            groups.append(Group(by_key[place], late.get(place, Late())))
        groups[-1].organizations.append(
            OrganizationRows(
                executor,
                list(own),
                narrowed(address, f"executor={key}"),
                filterset.narrowed(executor=key),
                answering.get(key, []),
            )
        )
    return groups


def _answering(
    organizations: Collection[int], reader: User, on: date
) -> dict[int, list[Membership]]:
    """Return who answers for each organisation; ``is_named`` where the reader sees the name."""
    found: dict[int, list[Membership]] = {}
    people = Membership.objects.answering(on).filter(organization__in=organizations)
    people = people.select_related("user").annotate(is_named=is_named_for(reader))
    for each in people.order_by("user__surname", "pk"):
        found.setdefault(each.organization_id, []).append(each)
    return found
