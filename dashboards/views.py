"""How it goes: the start page of each role, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Min, Prefetch, Value, When, Window
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dashboards.figures import Territory, open_by_executor, overdue_figures, territories
from dashboards.filters import OverdueFilter
from dashboards.navigation import start_url
from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from tasks.models import Task, TaskEvent, TaskQuerySet

PAGE_SIZE = 50


def start(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Send everybody to the page their day begins with."""
    return redirect(start_url(request.user))


@dataclass(slots=True)
class OrganizationRows:
    """The overdue tasks of one organisation that stand on this page of the list."""

    organization: Organization
    tasks: list[Task]


@dataclass(slots=True)
class Group:
    """One municipality on this page of the list, with the sums of the whole territory."""

    territory: Territory
    organizations: list[OrganizationRows] = field(default_factory=list)


def overdue_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who is late with what, the worst territory first; then what is open by executor."""
    today = timezone.localdate()
    filterset = OverdueFilter(request, Task.objects.visible_to(request.user))
    tasks = cast(TaskQuerySet, filterset.qs)
    late = worst_first(tasks.overdue(today)).values_list("pk", flat=True)
    page = Paginator(late, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(list(page))
    executors = Paginator(open_by_executor(tasks, today), PAGE_SIZE)
    sums = territories(tasks, today)
    context = {
        "filter": filterset,
        "conditions": filterset.conditions(),
        "figures": overdue_figures(tasks, today),
        "territories": sums,
        "page": page,
        "groups": groups_of(rows, sums),
        "executors": executors.get_page(request.GET.get("executors")),
        "today": today,
        "demonstration": any(
            task.recommendation.section.resolution.is_demonstration for task in rows
        ),
    }
    return render(request, "dashboards/overdue_list.html", context)


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


def rows_of(keys: list[int]) -> list[Task]:
    """Load the tasks of a page in their order, with their events.

    By keys, because sorting thousands of whole rows with their texts costs ten times as much.
    """
    tasks = Task.objects.for_list().prefetch_related(
        Prefetch("events", TaskEvent.objects.order_by("-happened_at", "-pk"))
    )
    found = tasks.in_bulk(keys)
    return [found[key] for key in keys]


def groups_of(tasks: list[Task], sums: list[Territory]) -> list[Group]:
    """Group the rows of a page, which are in order, under their territories and organisations."""
    by_key = {each.municipality.pk if each.municipality else None: each for each in sums}
    groups = []
    for key, rows in groupby(tasks, lambda task: task.executor.municipality_id):
        group = Group(by_key[key])
        for organization, own in groupby(rows, lambda task: task.executor):
            group.organizations.append(OrganizationRows(organization, list(own)))
        groups.append(group)
    return groups
