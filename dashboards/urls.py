"""Addresses of this app's pages."""

from django.urls import path, register_converter

from dashboards import views
from dashboards.exports import FormatConverter, ReportFormatConverter

app_name = "dashboards"
register_converter(FormatConverter, "format")
register_converter(ReportFormatConverter, "report_format")

urlpatterns = [
    path("", views.start, name="start"),
    path("overview/", views.overview, name="overview"),
    path("summary/", views.summary, name="summary"),
    path("exports/summary.<format:file_format>", views.summary_export, name="summary_export"),
    path("overdue/", views.overdue_list, name="overdue_list"),
    path("overdue/print/", views.overdue_print, name="overdue_print"),
    path("overdue/remind/", views.reminder_create, name="reminder_create"),
    path("overdue/grid/", views.due_grid, name="due_grid"),
    path("exports/grid.<format:file_format>", views.due_grid_export, name="due_grid_export"),
    path("resolutions/<slug:slug>/grid/", views.resolution_matrix, name="resolution_matrix"),
    path(
        "resolutions/<slug:slug>/grid.<format:file_format>",
        views.resolution_matrix_export,
        name="resolution_matrix_export",
    ),
    path("exports/tasks.<format:file_format>", views.task_export, name="task_export"),
    path("exports/overdue.<format:file_format>", views.overdue_export, name="overdue_export"),
    path(
        "exports/recommendations.<format:file_format>",
        views.recommendation_export,
        name="recommendation_export",
    ),
    path(
        "exports/resolutions.<format:file_format>",
        views.resolution_export,
        name="resolution_export",
    ),
    path(
        "exports/organizations.<format:file_format>",
        views.organization_export,
        name="organization_export",
    ),
    path(
        "recommendations/<int:pk>/executors.<format:file_format>",
        views.recommendation_executors,
        name="recommendation_executors",
    ),
    path("resolutions/<slug:slug>/report/", views.resolution_report, name="resolution_report"),
    path(
        "resolutions/<slug:slug>/report.<report_format:file_format>",
        views.resolution_report_file,
        name="resolution_report_file",
    ),
]
