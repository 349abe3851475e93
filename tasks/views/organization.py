"""An organisation's own page: what is to be done, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from organizations.roles import Role
from tasks.breakdown import Breakdown
from tasks.filters import BY_DUE_DATE, list_url
from tasks.models import Report, Task, TaskEvent, TaskQuerySet
from tasks.progress import STATES

LIMIT = 20
LAST_DONE = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page, before it is filled."""

    name: str
    heading: str | Promise
    css: str
    conditions: dict[str, str]
    limit: int = LIMIT
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A task on the page, with a controller's words on its return, and whether a draft is begun."""

    task: Task
    returned: TaskEvent | None
    draft: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section of the page with its first tasks and the number of all."""

    part: Part
    rows: list[Row]
    count: int
    url: str


# The states of the first five part the owed tasks: each stands in exactly one (tasks.progress).
OWED_PARTS = (
    Part("overdue", _("Overdue"), "task-late", {"state": "overdue"}),
    Part("returned", _("Returned for rework"), "task-rework", {"state": "returned"}),
    Part("week", _("This week"), "", {"state": "week"}),
    Part("new", _("New"), "task-new", {"state": "new"}),
    Part("underway", _("In progress and later"), "", {"state": "underway"}),
)
PARTS = (
    *OWED_PARTS,
    Part("reported", _("Awaiting acceptance"), "", {"status": Task.Status.REPORTED}),
    Part(
        "completed",
        _("Completed"),
        "task-done",
        {"status": Task.Status.COMPLETED},
        LAST_DONE,
        newest_first=True,
    ),
)


def my_organization(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the tasks of one of the organisations for which the person answers."""
    organizations = _organizations(request)
    if not organizations:
        return render(request, "tasks/my_organization.html", {"organization": None})
    organization = _chosen(organizations, request.GET.get("organization", ""))
    today = timezone.localdate()
    tasks = Task.objects.filter(executor=organization)
    shelves = shelves_of(tasks, organization, today)
    context = {
        "organization": organization,
        "organizations": organizations,
        "today": today,
        "shelves": [shelf for shelf in shelves if shelf.count],
        "owed": sum(shelf.count for shelf in shelves[: len(OWED_PARTS)]),
        "owed_url": list_url(executor=organization.pk, state="owed"),
        "all_url": list_url(executor=organization.pk),
        "late": shelves[0].count,
        "breakdown": Breakdown.of_all(tasks, today),
        "demonstration": any(
            row.task.recommendation.section.resolution.is_demonstration
            for shelf in shelves
            for row in shelf.rows
        ),
    }
    return render(request, "tasks/my_organization.html", context)


def shelves_of(tasks: TaskQuerySet, organization: Organization, today: date) -> list[Shelf]:
    """Fill the sections: one query for all counts, one for the first tasks of each section."""
    counts = tasks.order_by().aggregate(
        **{part.name: Count("pk", filter=_meant(part, today)) for part in PARTS}
    )
    found = {part.name: _first_of(part, tasks, today) for part in PARTS}
    rows = _rows_of([task for each in found.values() for task in each])
    return [
        Shelf(
            part,
            [rows[task.pk] for task in found[part.name]],
            counts[part.name],
            list_url(executor=organization.pk, **part.conditions),
        )
        for part in PARTS
    ]


def _first_of(part: Part, tasks: TaskQuerySet, today: date) -> list[Task]:
    found = tasks.for_list().filter(_meant(part, today))
    order = ("-completed_on", "-pk") if part.newest_first else BY_DUE_DATE
    return list(found.order_by(*order)[: part.limit])


def _rows_of(tasks: list[Task]) -> dict[int, Row]:
    """Find the last return and the draft of each task that is still owed, in two queries."""
    owed = [task.pk for task in tasks if task.is_owed()]
    returns = TaskEvent.objects.filter(task__in=owed, action=TaskEvent.Action.RETURN)
    returns = returns.select_related("actor").order_by("happened_at", "pk")
    returned = {event.task_id: event for event in returns}  # the last of each task stays
    drafts = set(Report.objects.filter(task__in=owed, sent_at=None).values_list("task", flat=True))
    return {
        task.pk: Row(
            task,
            returned.get(task.pk) if task.status == Task.Status.REWORK else None,
            task.pk in drafts,
        )
        for task in tasks
    }


def _meant(part: Part, today: date) -> Q:
    if state := part.conditions.get("state"):
        return STATES[state](today)
    return Q(status=part.conditions["status"])


def _organizations(request: AuthenticatedHttpRequest) -> list[Organization]:
    """Those for which the person answers, the oldest role first."""
    keys = [
        place.organization_id for place in request.user.reach.places if place.role == Role.EXECUTOR
    ]
    found = Organization.objects.in_bulk(keys)
    return [found[key] for key in keys]


def _chosen(organizations: list[Organization], key: str) -> Organization:
    if not key:
        return organizations[0]
    for organization in organizations:
        if str(organization.pk) == key:
            return organization
    raise Http404
