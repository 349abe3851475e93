"""«Просрочено»: who is late with what, since when, and whether they have opened it."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboards.filters import OverdueFilter
from dashboards.overdue.open_tasks import are_few, by_municipality, by_organization
from dashboards.overdue.order import executors_of, keys_at, late_among, reached
from dashboards.overdue.rows import groups_of, rows_of
from dashboards.overdue.sums import Late, figures_of, late_organizations, territories_of
from dashboards.tables import conditions_in_words
from organizations.http import AuthenticatedHttpRequest
from tasks.models import Task
from tasks.permissions import may_remind

PAGE_SIZE = 25
# Rows on paper: some hundred sheets. More is no paper for a meeting but a file for a spreadsheet.
PRINTED = 2000


def overdue_filter(request: AuthenticatedHttpRequest) -> OverdueFilter:
    """Return the filter of the page over the tasks within reach; its export narrows by it too."""
    return OverdueFilter(request, Task.objects.visible_to(request.user))


def overdue_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who is late with what, the worst territory first; then what is open, by urgency."""
    today = timezone.localdate()
    filterset = overdue_filter(request)
    territories = territories_of(filterset, today)
    figures = figures_of(territories, today)
    page = Paginator(range(figures.overdue), PAGE_SIZE).get_page(request.GET.get("page"))
    places = cast(range, page.object_list)
    few = are_few(filterset, territories)
    wanted = territories if few else reached(territories, places)
    executors = executors_of(filterset, wanted, today)
    late = late_among(executors) if few else late_organizations(filterset, today)
    open_tasks = by_organization(filterset, executors) if few else []
    rows = rows_of(keys_at(filterset, territories, executors, places, today), today)
    context = {
        "filter": filterset,
        "query": urlencode(filterset.query()),
        "figures": figures,
        "late": sum(late.values(), Late()),
        "urls": _urls(filterset, today),
        "territories": [each for each in territories if each.tasks],
        "page": page,
        "groups": groups_of(rows, territories, late, executors, filterset, today),
        "municipalities": [] if few else by_municipality(filterset, territories),
        "executors": Paginator(open_tasks, PAGE_SIZE).get_page(request.GET.get("executors")),
        "may_remind": bool(may_remind(request.user)),
        "today": today,
        "demonstration": filterset.is_invented,
    }
    return render(request, "dashboards/overdue_list.html", context)


def overdue_print(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show all that the filter finds, not only a page of it, as a table for paper."""
    today = timezone.localdate()
    filterset = overdue_filter(request)
    territories = territories_of(filterset, today)
    places = range(PRINTED)
    executors = executors_of(filterset, reached(territories, places), today)
    late = late_organizations(filterset, today)
    rows = rows_of(keys_at(filterset, territories, executors, places, today), today)
    context = {
        "filter": filterset,
        "query": urlencode(filterset.query()),
        "conditions": conditions_in_words(filterset),
        "figures": figures_of(territories, today),
        "late": sum(late.values(), Late()),
        "groups": groups_of(rows, territories, late, executors, filterset, today),
        "printed": len(rows),
        "today": today,
        "demonstration": filterset.is_invented,
    }
    return render(request, "dashboards/overdue_print.html", context)


def _urls(filterset: OverdueFilter, today: date) -> dict[str, str]:
    """Return where the figures lead."""
    return {
        "overdue": filterset.late_url(today),
        "unopened": filterset.late_url(today, unopened="on"),
        "soon": filterset.url(state="soon"),
        "undated": filterset.url(state="undated"),
        "reported": filterset.url(status=Task.Status.REPORTED),
    }


def url_with(address: str, conditions: dict[str, Any]) -> str:
    """Return an address with the conditions of the page."""
    return f"{address}?{urlencode(conditions, doseq=True)}" if conditions else address
