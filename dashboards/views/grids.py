"""Grids: executors by due date, organisations by the recommendations of a resolution."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dashboards.exports import respond
from dashboards.grids.due import due_grid_of
from dashboards.grids.filters import DueGridFilter, MatrixFilter
from dashboards.grids.lines import icon_of
from dashboards.grids.matrix import matrix_of
from dashboards.grids.sheets import due_grid_table, matrix_table
from dashboards.tables import Table
from organizations.http import AuthenticatedHttpRequest
from tasks.models import Task
from tasks.templatetags.tallies import LOOKS, segment_label
from tasks.visibility import visible_sent_resolutions

# The marks of cells, the worst first, as the legend explains them.
MARKS = (
    "overdue",
    "rework",
    "reported",
    "in_progress",
    "assigned",
    "completed",
    "not_applicable",
    "cancelled",
)


def due_grid(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show organisations against the months, quarters or school years in which tasks are due."""
    today = timezone.localdate()
    filterset = _due_filter(request)
    grid = None
    if filterset.form.is_valid():
        grid = due_grid_of(filterset, request.GET.get("page"), today)
    context = _context(filterset) | {
        "grid": grid,
        "page": grid.page if grid else None,
        "demonstration": filterset.is_invented,
    }
    return render(request, "dashboards/due_grid.html", context)


def due_grid_export(request: AuthenticatedHttpRequest, file_format: str) -> HttpResponseBase:
    """Save the grid of executors and due dates, with all its organisations."""
    table = due_grid_table(_due_filter(request), timezone.localdate())
    return _saved(table, file_format)


def resolution_matrix(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Show organisations against the recommendations of one resolution."""
    today = timezone.localdate()
    resolution = get_object_or_404(visible_sent_resolutions(request.user), slug=slug)
    filterset = _matrix_filter(request)
    grid = None
    if filterset.form.is_valid():
        grid = matrix_of(resolution, filterset, request.GET.get("page"), today)
    context = _context(filterset) | {
        "resolution": resolution,
        "grid": grid,
        "page": grid.page if grid else None,
    }
    return render(request, "dashboards/resolution_matrix.html", context)


def resolution_matrix_export(
    request: AuthenticatedHttpRequest, slug: str, file_format: str
) -> HttpResponseBase:
    """Save the grid of one resolution, with all its organisations."""
    resolution = get_object_or_404(visible_sent_resolutions(request.user), slug=slug)
    table = matrix_table(resolution, _matrix_filter(request), timezone.localdate())
    return _saved(table, file_format)


def _due_filter(request: AuthenticatedHttpRequest) -> DueGridFilter:
    return DueGridFilter(request, Task.objects.visible_to(request.user))


def _matrix_filter(request: AuthenticatedHttpRequest) -> MatrixFilter:
    return MatrixFilter(request, Task.objects.visible_to(request.user))


def _context(filterset: DueGridFilter | MatrixFilter) -> dict[str, Any]:
    """Return what the pages of both grids show besides the grid."""
    return {
        "filter": filterset,
        "marks": [(icon_of(name), LOOKS[name].css, segment_label(name)) for name in MARKS],
        "today": timezone.localdate(),
    }


def _saved(table: Table, file_format: str) -> HttpResponseBase:
    return respond(table, file_format, f"{table.title} {timezone.localdate():%d.%m.%Y}")
