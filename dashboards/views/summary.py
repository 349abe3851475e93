"""The summary of execution: whose deadlines are kept, by municipality or by organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboards.charts import course_chart
from dashboards.exports import respond
from dashboards.groups import (
    MunicipalityRow,
    executor_rows,
    executors_of,
    summary_of,
    summary_table,
    total_of,
)
from dashboards.history import course_of
from organizations.http import AuthenticatedHttpRequest
from resolutions.models import Resolution
from tasks.filters import CONTROL_CHOICES, OfTasks
from tasks.models import Task
from tasks.querysets import TaskQuerySet

PAGE_SIZE = 25
BARS = 15
BY_EXECUTOR = "executor"
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

    by = django_filters.ChoiceFilter(
        label=_("Rows"),
        choices=[(BY_EXECUTOR, pgettext_lazy("rows of a summary", "organizations"))],
        widget=forms.HiddenInput,
        method="leave",
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().__init__(request, queryset)
        days = {paper.event_date for paper in self.filters["resolution"].field.rows}
        years = sorted({day.year for day in days if day}, reverse=True)
        self.filters["year"].extra["choices"] = [(year, year) for year in years]

    def leave(self, tasks: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Keep all: what the rows are is no condition."""
        return tasks

    @property
    def papers(self) -> list[Resolution]:
        """Also of the year, and on control or off it."""
        papers = super().papers
        if papers and (year := self.form.cleaned_data["year"]):
            papers = [
                each for each in papers if each.event_date and each.event_date.year == int(year)
            ]
        if papers and (control := self.form.cleaned_data["control"]):
            papers = [each for each in papers if each.status == control]
        return papers

    @property
    def by_executor(self) -> bool:
        """Whether the reader asks for organisations."""
        return bool(self.form.is_valid() and self.form.cleaned_data["by"] == BY_EXECUTOR)

    def conditions(self) -> dict[str, str]:
        """Return the conditions set, for links to lists of the same tasks."""
        return {name: self.data.get(name, "") for name in CONDITIONS}


def summary(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the parts of the tasks by municipality; by organisation where there is one alone.

    Where there are several, the reader may ask for organisations.
    """
    today = timezone.localdate()
    filterset = _filter(request)
    tasks = cast(TaskQuerySet, filterset.qs)
    municipalities = summary_of(filterset, today)
    one = municipalities[0] if len(municipalities) == 1 else None
    judged = [row for row in municipalities if row.breakdown.judged]
    places = places_of(municipalities)
    course = course_of(request.user, tasks, filterset.papers, today, places)
    context = {
        "filter": filterset,
        "conditions": filterset.conditions(),
        "today": today,
        "municipalities": municipalities,
        "one": one,
        "page": _page(request, filterset, today) if one or filterset.by_executor else None,
        "total": total_of(municipalities),
        "bars": sorted(judged, key=lambda row: row.breakdown.percent_in_time)[:BARS],
        "more_bars": max(len(judged) - BARS, 0),
        "chart": course_chart(course),
        "demonstration": filterset.is_invented,
    }
    return render(request, "dashboards/summary.html", context)


def summary_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the summary: all rows under the conditions of the page."""
    today = timezone.localdate()
    filterset = _filter(request)
    tasks = cast(TaskQuerySet, filterset.qs)
    municipalities = summary_of(filterset, today)
    executors = None
    if len(municipalities) == 1 or filterset.by_executor:
        executors = executor_rows(_executors(filterset, today), tasks, today)
    invented = filterset.is_invented
    table = summary_table(filterset, municipalities, executors, today, invented=invented)
    name = _("%(title)s as of %(day)s") % {"title": table.title, "day": f"{today:%d.%m.%Y}"}
    return respond(table, file_format, name)


def _filter(request: AuthenticatedHttpRequest) -> SummaryFilter:
    return SummaryFilter(request, Task.objects.visible_to(request.user))


def places_of(municipalities: Iterable[MunicipalityRow]) -> Q:
    """Return the condition "the executor belongs to one of these rows"."""
    keys = [row.municipality.pk for row in municipalities if row.municipality]
    within = Q(executor__municipality__in=keys)
    outside = any(row.municipality is None for row in municipalities)
    return within | Q(executor__municipality=None) if outside else within


def _executors(filterset: SummaryFilter, on: date) -> list[int]:
    """Return the organisations under the conditions (by key), the most overdue first."""
    return executors_of(filterset.organizations, filterset.of_executors(), on)


def _page(request: AuthenticatedHttpRequest, filterset: SummaryFilter, on: date) -> Page[Any]:
    """Return a page of organisations with their figures; four queries at most."""
    paginator: Paginator[Any] = Paginator(_executors(filterset, on), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = executor_rows(list(page), cast(TaskQuerySet, filterset.qs), on)
    return page
