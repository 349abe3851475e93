"""The summary of execution: whose deadlines are kept, by municipality or by organisation."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards.charts import course_chart
from dashboards.exports import respond
from dashboards.groups import executor_row, executor_rows, municipality_rows, summary_table
from dashboards.history import history_of, sent_by_day
from organizations.http import AuthenticatedHttpRequest
from tasks.breakdown import Breakdown
from tasks.counting import countable
from tasks.filters import CONTROL_CHOICES, OfTasks, sent_resolutions
from tasks.models import Task, TaskQuerySet

PAGE_SIZE = 50
BARS = 15
CONDITIONS = ("resolution", "municipality", "year", "control")


class SummaryFilter(OfTasks):
    """One resolution or those of one year, on control or off it, one municipality."""

    year = django_filters.ChoiceFilter(
        label=_("Year"),
        field_name="recommendation__section__resolution__event_date__year",
        empty_label=_("All"),
        choices=[],
    )
    control = django_filters.ChoiceFilter(
        label=_("Control"),
        field_name="recommendation__section__resolution__status",
        choices=CONTROL_CHOICES,
        empty_label=_("All"),
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().__init__(request, queryset)
        dates = sent_resolutions(self.request).order_by().values_list("event_date__year", flat=True)
        years = sorted({year for year in dates.distinct() if year}, reverse=True)
        self.filters["year"].extra["choices"] = [(year, year) for year in years]

    def conditions(self) -> dict[str, str]:
        """Return the conditions set, for links to lists of the same tasks."""
        return {name: self.data.get(name, "") for name in CONDITIONS}


def summary(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the parts of the tasks by municipality; by organisation where there is one alone."""
    today = timezone.localdate()
    filterset = SummaryFilter(request, Task.objects.visible_to(request.user))
    tasks = cast(TaskQuerySet, filterset.qs)
    counted = SummaryFilter(request, countable(request.user)).qs
    municipalities = municipality_rows(counted, today)
    one = municipalities[0] if len(municipalities) == 1 else None
    judged = [row for row in municipalities if row.breakdown.judged]
    conditions = filterset.conditions()
    context = {
        "filter": filterset,
        "conditions": conditions,
        "today": today,
        "municipalities": municipalities,
        "one": one,
        "page": _executors(request, tasks) if one else None,
        "total": sum((row.breakdown for row in municipalities), Breakdown()),
        "bars": sorted(judged, key=lambda row: row.breakdown.percent_in_time)[:BARS],
        "more_bars": max(len(judged) - BARS, 0),
        "chart": course_chart(history_of(sent_by_day(tasks, today), tasks, today)),
        "demonstration": _invented(tasks),
    }
    return render(request, "dashboards/summary.html", context)


def summary_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the summary: all rows under the conditions of the page."""
    today = timezone.localdate()
    filterset = SummaryFilter(request, Task.objects.visible_to(request.user))
    table = summary_table(filterset, today, invented=_invented(cast(TaskQuerySet, filterset.qs)))
    name = _("%(title)s as of %(day)s") % {"title": table.title, "day": f"{today:%d.%m.%Y}"}
    return respond(table, file_format, name)


def _invented(tasks: TaskQuerySet) -> bool:
    """Whether any of the tasks belongs to a demonstration."""
    return tasks.filter(recommendation__section__resolution__is_demonstration=True).exists()


def _executors(request: AuthenticatedHttpRequest, tasks: TaskQuerySet) -> Page[Any]:
    """Return a page of organisations with their figures; one query, and one for their number."""
    paginator = Paginator(executor_rows(tasks, timezone.localdate()), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = [executor_row(row) for row in page]
    return page
