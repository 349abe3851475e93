"""Administration shows tasks, reports and events; they change by acts on the pages, never here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.admin import BriefTitles, YesNoFilter
from organizations.models import Organization
from organizations.searching import conditions
from resolutions.models import Recommendation
from tasks.models import Evidence, Report, Task, TaskEvent
from tasks.outbox import Letter

TASK = ("task__executor", "task__recommendation")  # what the name of a task is made of


# Read-only by name, too: of others Django builds form fields, and 5.2 warns of a link's scheme.
EVIDENCE = ("name", "link", "size", "content_type", "added_by", "added_at", "removed_at")
Record = Task | Report | TaskEvent | Evidence


def task_of(obj: Record) -> Task:
    """Return the task that the record is or belongs to."""
    if isinstance(obj, Evidence):
        obj = obj.report
    return obj if isinstance(obj, Task) else obj.task


class ReadOnly:
    """To look at: neither adding nor changing nor deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class ReportInline(ReadOnly, admin.TabularInline[Report, Task]):
    """What the organisation reported."""

    model = Report
    extra = 0
    show_change_link = True
    fields = ("sent_at", "outcome", "text", "author")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Bring the names along."""
        return super().get_queryset(request).select_related(*TASK, "author")


class EvidenceInline(ReadOnly, admin.TabularInline[Evidence, Report]):
    """What was attached to a report."""

    model = Evidence
    extra = 0
    fields = readonly_fields = EVIDENCE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Bring the names along."""
        return super().get_queryset(request).select_related("added_by")


class TaskEventInline(ReadOnly, admin.TabularInline[TaskEvent, Task]):
    """The story of the task."""

    model = TaskEvent
    extra = 0
    fields = ("happened_at", "action", "actor", "from_status", "to_status", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaskEvent]:
        """Bring the names along."""
        return super().get_queryset(request).select_related(*TASK, "actor")


class OverdueFilter(YesNoFilter):
    """Overdue today."""

    title = pgettext_lazy("filter", "overdue")
    parameter_name = "overdue"

    def chosen(self, queryset: Any) -> QuerySet[Any]:
        """Return those overdue today."""
        return queryset.overdue(timezone.localdate())  # type: ignore[no-any-return]


class TaskRecords(ReadOnly, BriefTitles, admin.ModelAdmin[Any]):
    """Tasks and what is written about them, newest first; found by executor or text."""

    ordering = ("-pk",)
    show_full_result_count = False
    search_help_text = _("Part of the executor's name, or of the recommendation's text or number.")
    task_lookup = "task__"

    @admin.display(description=_("executor"))
    def executor_of(self, obj: Record) -> str:
        """Name the executor."""
        return str(task_of(obj).executor)

    @admin.display(description=_("recommendation"))
    def in_brief(self, obj: Record) -> str:
        """Quote the beginning of the recommendation: a whole one would fill the screen."""
        return Truncator(task_of(obj).recommendation).chars(100)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search as the pages do: by the executor's names, or by the recommendation."""
        task = self.task_lookup
        for condition in conditions(search_term):
            texts = Recommendation.objects.filter(condition)
            names = Organization.objects.filter(condition)
            queryset = queryset.filter(
                Q(**{f"{task}recommendation__in": texts}) | Q(**{f"{task}executor__in": names})
            )
        return queryset, False


@admin.register(Task)
class TaskAdmin(TaskRecords):
    """Tasks with their reports and events."""

    list_display = ("executor", "in_brief", "period", "status", "due_on", "reported_on")
    list_filter = ("status", OverdueFilter)
    list_select_related = ("executor", "recommendation")
    search_fields = ("executor__search", "recommendation__search")
    task_lookup = ""
    inlines = (ReportInline, TaskEventInline)
    fields = (
        *("recommendation", "executor", "period", "status", ("starts_on", "due_on")),
        *("original_due_on", "opened_at", "reported_on", "completed_on"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        """Bring along what the page of one task names."""
        return super().get_queryset(request).select_related("executor", "recommendation")


@admin.register(Report)
class ReportAdmin(TaskRecords):
    """Reports as sent."""

    list_display = ("executor_of", "in_brief", "outcome", "author", "sent_at")
    list_filter = ("outcome", "sent_at")
    list_select_related = (*TASK, "author")
    search_fields = ("text",)
    inlines = (EvidenceInline,)


@admin.register(Evidence)
class EvidenceAdmin(TaskRecords):
    """Files and links, without the files themselves: those are opened on the page of the task."""

    list_display = ("__str__", "executor_of", "in_brief", "size", "added_by", "added_at")
    list_filter = ("content_type", "added_at")
    list_select_related = ("report__task__executor", "report__task__recommendation", "added_by")
    search_fields = ("name", "link")
    task_lookup = "report__task__"
    fields = readonly_fields = ("report", *EVIDENCE)


@admin.register(TaskEvent)
class TaskEventAdmin(TaskRecords):
    """Events: append-only."""

    list_display = ("happened_at", "action", "executor_of", "in_brief", "actor", "to_status")
    list_filter = ("action", "happened_at")
    list_select_related = (*TASK, "actor")
    search_fields = ("reason",)


@admin.register(Letter)
class LetterAdmin(ReadOnly, BriefTitles, admin.ModelAdmin[Letter]):
    """The outbox: what was told to whom, what waits, what failed and why."""

    list_display = ("created_at", "kind", "to_whom", "status", "subject", "sent_at", "attempts")
    list_filter = ("status", "kind", "created_at")
    list_select_related = ("organization", "person")
    search_fields = ("recipients", "subject")
    search_help_text = _("Part of an address or of the subject, as it was sent.")
    ordering = ("-pk",)
    show_full_result_count = False

    @admin.display(description=_("to whom"))
    def to_whom(self, obj: Letter) -> str:
        """Name the organisation or the person."""
        return str(obj.organization or obj.person)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """Bring along what the page of one letter names."""
        whom = ("organization", "person", "resolution")
        about = ("event__task__executor", "event__task__recommendation")
        return super().get_queryset(request).select_related(*whom, *about)
