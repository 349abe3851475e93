"""Lists as files: the rows of the page in their order, for whoever may open the page."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards import listings
from dashboards.exports import respond
from dashboards.overdue.order import worst_first
from dashboards.tables import Table
from dashboards.views.overdue import overdue_filter
from organizations.http import AuthenticatedHttpRequest
from organizations.listing import organizations_listed
from tasks.filters import sent_recommendations
from tasks.listing import (
    executors_listed,
    recommendations_listed,
    resolutions_listed,
    tasks_listed,
)


def task_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the list of tasks."""
    table = listings.task_table(tasks_listed(request), timezone.localdate())
    return _answer(table, file_format)


def overdue_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save what is overdue, the worst territory first."""
    today = timezone.localdate()
    filterset = overdue_filter(request)
    late = worst_first(filterset.late(today))
    return _answer(listings.overdue_table(filterset, late, today), file_format)


def recommendation_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the list of recommendations, with the figures of the reader's reach."""
    today = timezone.localdate()
    table = listings.recommendation_table(recommendations_listed(request), request.user, today)
    return _answer(table, file_format)


def resolution_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the list of resolutions, with the figures of the reader's reach."""
    today = timezone.localdate()
    table = listings.resolution_table(resolutions_listed(request), request.user, today)
    return _answer(table, file_format)


def organization_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the directory as the reader sees it."""
    today = timezone.localdate()
    table = listings.organization_table(organizations_listed(request), request.user, today)
    return _answer(table, file_format)


def recommendation_executors(
    request: AuthenticatedHttpRequest, pk: int, file_format: str
) -> HttpResponseBase:
    """Save the executors of one recommendation."""
    seen = sent_recommendations(request).select_related("section__resolution")
    recommendation = get_object_or_404(seen, pk=pk)
    filterset = executors_listed(request, recommendation)
    table = listings.executor_table(recommendation, filterset, timezone.localdate())
    return _answer(table, file_format)


def _answer(table: Table, file_format: str) -> HttpResponseBase:
    name = _("%(title)s as of %(day)s") % {
        "title": table.title,
        "day": f"{timezone.localdate():%d.%m.%Y}",
    }
    return respond(table, file_format, name)
