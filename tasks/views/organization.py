"""An organisation's own page: what is to be done, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from tasks.models import Report, Task, TaskEvent
from tasks.progress import OWED, urgency_of
from tasks.querysets import TaskQuerySet

_IN_PAPER = (
    *("printed_number", "text", "evidence_asked"),
    *(f"section__resolution__{name}" for name in ("slug", "title", "event_date", "sent_at")),
    "section__resolution__is_demonstration",
)
# What is shown of a task: resolutions and recommendations carry long texts.
_SHOWN = (
    *("status", "due_on", "original_due_on", "reported_on", "completed_on"),
    *(f"recommendation__{name}" for name in _IN_PAPER),
)
LIMIT = 10  # of what has to be acted on; the whole section is one press away
GLANCE = 5  # of what only waits or is done


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page, before it is filled."""

    name: str
    heading: str | Promise
    css: str
    conditions: dict[str, str]
    button: str = ""
    limit: int = GLANCE


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
URGENT, LATER = "btn-primary", "btn-outline-primary"
OWED_PARTS = (
    Part("overdue", _("Overdue"), "task-late", {"state": "overdue"}, URGENT, LIMIT),
    Part("returned", _("Returned for rework"), "task-rework", {"state": "returned"}, URGENT, LIMIT),
    Part("week", _("This week"), "", {"state": "week"}, URGENT, LIMIT),
    Part("new", _("New"), "task-new", {"state": "new"}, LATER, LIMIT),
    Part("underway", _("In progress and later"), "", {"state": "underway"}, LATER, LIMIT),
)
REPORTED = Part("reported", _("Awaiting acceptance"), "", {"status": Task.Status.REPORTED})
COMPLETED = Part("completed", _("Completed"), "task-done", {"status": Task.Status.COMPLETED})
PARTS = (*OWED_PARTS, REPORTED, COMPLETED)


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
    """Fill the sections; five queries, however many tasks there are."""
    found = _keys_of(tasks, today)
    rows = _rows_of([pk for part in PARTS for pk in found[part.name][: part.limit]])
    return [
        Shelf(
            part,
            [rows[pk] for pk in found[part.name][: part.limit]],
            len(found[part.name]),
            list_url(executor=organization.pk, **part.conditions),
        )
        for part in PARTS
    ]


def _keys_of(tasks: TaskQuerySet, today: date) -> dict[str, list[int]]:
    """Return the keys of all tasks of each section, in order; two queries.

    An organisation has hundreds of tasks: their keys cost less than a query for each section.
    """
    found: dict[str, list[int]] = {part.name: [] for part in PARTS}
    newest_first = tasks.filter(status=Task.Status.COMPLETED).order_by("-completed_on", "-pk")
    found[COMPLETED.name] = list(newest_first.values_list("pk", flat=True))
    ordered = tasks.filter(status__in=(*OWED, Task.Status.REPORTED)).order_by(*BY_DUE_DATE)
    for pk, status, due_on, opened in ordered.values_list("pk", "status", "due_on", "opened"):
        reported = status == Task.Status.REPORTED
        name = REPORTED.name if reported else urgency_of(status, due_on, opened, today)
        found[name].append(pk)
    return found


def _rows_of(keys: list[int]) -> dict[int, Row]:
    """Read tasks, the last return and the draft of each that is still owed; three queries."""
    tasks = Task.objects.filter(pk__in=keys).only(*_SHOWN)
    tasks = tasks.select_related("recommendation__section__resolution")
    owed = [task.pk for task in tasks if task.is_owed()]
    again = [task.pk for task in tasks if task.status == Task.Status.REWORK]
    returns = TaskEvent.objects.filter(task__in=again, action=TaskEvent.Action.RETURN)
    returns = returns.select_related("actor").order_by("happened_at", "pk")
    returned = {event.task_id: event for event in returns}  # the last of each task stays
    drafts = set(Report.objects.filter(task__in=owed, sent_at=None).values_list("task", flat=True))
    return {
        task.pk: Row(
            task,
            returned.get(task.pk),
            task.pk in drafts,
        )
        for task in tasks
    }


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
