"""An organisation as an executor: everything that resolutions recommend to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from organizations.http import AuthenticatedHttpRequest
from organizations.models import Organization
from resolutions.models import Resolution
from tasks.filters import BY_DUE_DATE
from tasks.models import Task
from tasks.progress import Tally, tallies_by

PAGE_SIZE = 50


@dataclass(slots=True)
class Year:
    """The resolutions of one year (None: of an unknown one) with the organisation's tasks."""

    year: int | None
    rows: list[tuple[Resolution, Tally]] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        """The sum of the year."""
        return sum((tally for _resolution, tally in self.rows), Tally())


def organization_tasks(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show how far an organisation is, by year and resolution, and what it owes now."""
    organization = get_object_or_404(
        Organization.objects.in_reach_of(request.user).select_related("municipality"), pk=pk
    )
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.user).filter(executor=organization)
    tallies = tallies_by("recommendation__section__resolution", tasks, today)
    years = years_of(tallies)
    owed = tasks.owed().for_list().order_by(*BY_DUE_DATE)
    context = {
        "organization": organization,
        "years": years,
        "tally": sum(tallies.values(), Tally()),
        "page": Paginator(owed, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": today,
        "demonstration": any(
            resolution.is_demonstration for year in years for resolution, _tally in year.rows
        ),
    }
    return render(request, "tasks/organization_tasks.html", context)


def years_of(tallies: dict[int, Tally]) -> list[Year]:
    """Group the resolutions by the year of their event, the newest first; one query."""
    found = Resolution.objects.filter(pk__in=tallies)  # in the order of lists: newest first
    grouped = groupby(found, lambda each: each.event_date.year if each.event_date else None)
    return [Year(year, [(each, tallies[each.pk]) for each in rows]) for year, rows in grouped]
