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
from tasks.breakdown import Breakdown, breakdowns_by
from tasks.filters import BY_DUE_DATE
from tasks.models import Task
from tasks.progress import Tally
from tasks.reminders import last_reminders_of

PAGE_SIZE = 50
LAST_REMINDERS = 5


@dataclass(slots=True)
class Year:
    """The resolutions of one year (None: of an unknown one) with the organisation's tasks."""

    year: int | None
    rows: list[tuple[Resolution, Breakdown]] = field(default_factory=list)

    @property
    def breakdown(self) -> Breakdown:
        """The sum of the year."""
        return sum((breakdown for _resolution, breakdown in self.rows), Breakdown())


def organization_tasks(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show how far an organisation is, by year and resolution, and what it owes now."""
    organization = get_object_or_404(
        Organization.objects.in_reach_of(request.user).select_related("municipality"), pk=pk
    )
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.user).filter(executor=organization)
    breakdowns = breakdowns_by("recommendation__section__resolution", tasks, today)
    years = years_of(breakdowns)
    owed = tasks.owed().for_list().order_by(*BY_DUE_DATE)
    context = {
        "organization": organization,
        "years": years,
        "tally": Tally.of_all(tasks, today),
        "total": sum(breakdowns.values(), Breakdown()),
        "page": Paginator(owed, PAGE_SIZE).get_page(request.GET.get("page")),
        "reminders": last_reminders_of(organization, LAST_REMINDERS),
        "today": today,
        "demonstration": any(
            resolution.is_demonstration for year in years for resolution, _breakdown in year.rows
        ),
    }
    return render(request, "tasks/organization_tasks.html", context)


def years_of(breakdowns: dict[int, Breakdown]) -> list[Year]:
    """Group the resolutions by the year of their event, the newest first; one query."""
    found = Resolution.objects.filter(pk__in=breakdowns)  # in the order of lists: newest first
    grouped = groupby(found, lambda each: each.event_date.year if each.event_date else None)
    return [Year(year, [(each, breakdowns[each.pk]) for each in rows]) for year, rows in grouped]
