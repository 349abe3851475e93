"""Pages of how it goes; each module is one subject."""

from dashboards.views.exports import (
    organization_export,
    overdue_export,
    recommendation_executors,
    recommendation_export,
    resolution_export,
    task_export,
)
from dashboards.views.grids import (
    due_grid,
    due_grid_export,
    resolution_matrix,
    resolution_matrix_export,
)
from dashboards.views.overdue import overdue_list, overdue_print
from dashboards.views.overview import overview
from dashboards.views.reminders import reminder_create
from dashboards.views.report import resolution_report, resolution_report_file
from dashboards.views.start import start
from dashboards.views.summary import summary, summary_export

__all__ = [
    "due_grid",
    "due_grid_export",
    "organization_export",
    "overdue_export",
    "overdue_list",
    "overdue_print",
    "overview",
    "recommendation_executors",
    "recommendation_export",
    "reminder_create",
    "resolution_export",
    "resolution_matrix",
    "resolution_matrix_export",
    "resolution_report",
    "resolution_report_file",
    "start",
    "summary",
    "summary_export",
    "task_export",
]
