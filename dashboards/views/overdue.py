"""«Просрочено»: who is late with what, since when, and whether they have opened it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboards.filters import OverdueFilter
from dashboards.grids.lines import is_invented
from dashboards.overdue import (
    groups_of,
    open_by_executor,
    overdue_figures,
    rows_of,
    territories,
    worst_first,
)
from dashboards.tables import conditions_in_words
from organizations.http import AuthenticatedHttpRequest
from tasks.models import Task, TaskQuerySet
from tasks.permissions import REMINDING_ROLES, may_remind
from tasks.reminders import reminded_on

PAGE_SIZE = 50
# Rows on paper: some hundred sheets. More is no paper for a meeting but a file for a spreadsheet.
PRINTED = 2000


def overdue_filter(request: AuthenticatedHttpRequest) -> OverdueFilter:
    """Return the filter of the page over the tasks within reach; its export narrows by it too."""
    return OverdueFilter(request, Task.objects.visible_to(request.user))


def overdue_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show who is late with what, the worst territory first; then what is open by executor."""
    today = timezone.localdate()
    filterset = overdue_filter(request)
    late, url = filterset.late(today), partial(filterset.late_url, today)
    keys = worst_first(late).values_list("pk", flat=True)
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(list(page), today)
    executors = Paginator(open_by_executor(filterset.tasks, today), PAGE_SIZE)
    context = {
        "filter": filterset,
        "conditions": filterset.conditions(),
        "query": urlencode(filterset.query()),
        "figures": overdue_figures(filterset.tasks, today, filterset.late_q(today)),
        "urls": _urls(filterset, today),
        "territories": territories(late, today, url),
        "page": page,
        "groups": groups_of(rows, late, request.user, today, url),
        "may_remind": bool(may_remind(request.user)),
        "reminding": _reminding(request, late, today),
        "executors": executors.get_page(request.GET.get("executors")),
        "today": today,
        "demonstration": is_invented(filterset.qs),
    }
    return render(request, "dashboards/overdue_list.html", context)


def overdue_print(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show all that the filter finds, not only a page of it, as a table for paper."""
    today = timezone.localdate()
    filterset = overdue_filter(request)
    late, url = filterset.late(today), partial(filterset.late_url, today)
    keys = worst_first(late).values_list("pk", flat=True)[:PRINTED]
    rows = rows_of(list(keys), today)
    context = {
        "filter": filterset,
        "query": urlencode(filterset.query()),
        "conditions": conditions_in_words(filterset),
        "figures": overdue_figures(filterset.tasks, today, filterset.late_q(today)),
        "groups": groups_of(rows, late, request.user, today, url),
        "printed": len(rows),
        "today": today,
        "demonstration": is_invented(filterset.qs),
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


def _reminding(request: AuthenticatedHttpRequest, late: TaskQuerySet, today: date) -> int:
    """Return how many organisations that the filter finds the person may still remind today."""
    within = late.filter(request.user.reach.q("executor", REMINDING_ROLES)).order_by()
    within = within.exclude(executor__in=reminded_on(today))
    count: int = within.aggregate(count=Count("executor", distinct=True))["count"]
    return count


def url_with(address: str, conditions: dict[str, Any]) -> str:
    """Return an address with the conditions of the page."""
    return f"{address}?{urlencode(conditions, doseq=True)}" if conditions else address
