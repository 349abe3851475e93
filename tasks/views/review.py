"""The queue «На приёмке»: what waits for a controller, the longest waiting first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from tasks.models import Report, Task
from tasks.permissions import may_keep_queue
from tasks.review import (
    ReviewFilter,
    Summary,
    accept_many,
    queue_url,
    waiting_for,
    walk_query,
)

PAGE_SIZE = 50
LONGEST_KEY = 19  # digits; more is no key of the database
NAMED = 10  # how many tasks a message names for each reason


@dataclass(frozen=True, slots=True)
class Row:
    """A report that waits: its task, what it says, how long it has waited."""

    task: Task
    report: Report | None
    evidence: int
    days: int


def review_queue(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the reports that the person accepts or returns."""
    require(may_keep_queue(request.user))
    filterset = ReviewFilter(request, waiting_for(request.user))
    keys = filterset.qs.values_list("pk", "last_report")
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(page, timezone.localdate())
    context = {
        "filter": filterset,
        "page": page,
        "rows": rows,
        "query": walk_query(request),
        "conditions": queue_url(request).partition("?")[2],
        "demonstration": any(
            row.task.recommendation.section.resolution.is_demonstration for row in rows
        ),
    }
    return render(request, "tasks/review_queue.html", context)


@require_POST
def review_accept(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Accept the reports ticked in the queue, and say what became of each."""
    require(may_keep_queue(request.user))
    sent = request.POST.getlist("report")[:PAGE_SIZE]
    keys = [int(key) for key in sent if key.isdecimal() and len(key) < LONGEST_KEY]
    if keys:
        _tell(request, accept_many(request.user, keys))
    else:
        messages.warning(request, _("No report was ticked, so nothing is accepted."))
    return redirect(queue_url(request))


def rows_of(keys: Iterable[tuple[int, int | None]], today: date) -> list[Row]:
    """Load the tasks and reports of a page in the order of their keys; two queries."""
    pairs = list(keys)
    tasks = Task.objects.for_list().in_bulk([task for task, _report in pairs])
    attached = Count("evidence", filter=Q(evidence__removed_at=None))
    counted: QuerySet[Any, Any] = Report.objects.annotate(attached=attached)
    reports = counted.in_bulk([report for _task, report in pairs if report])
    rows = []
    for task_key, report_key in pairs:
        task, report = tasks[task_key], reports.get(report_key or 0)
        since = timezone.localdate(report.sent_at) if report else task.reported_on
        rows.append(
            Row(
                task,
                report,
                report.attached if report else 0,
                (today - since).days if since else 0,
            )
        )
    return rows


def _tell(request: AuthenticatedHttpRequest, summary: Summary) -> None:
    if summary.accepted:
        said = ngettext(
            "Accepted: %(count)s report.", "Accepted: %(count)s reports.", summary.accepted
        )
        messages.success(request, said % {"count": summary.accepted})
    if summary.agreed:
        said = ngettext(
            "Agreed that it does not concern them: %(count)s report.",
            "Agreed that it does not concern them: %(count)s reports.",
            summary.agreed,
        )
        messages.success(request, said % {"count": summary.agreed})
    for reason, tasks in summary.refused.items():
        named = ", ".join(
            f"{task.executor} ({task.recommendation.printed_number or '•'})"
            for task in tasks[:NAMED]
        )
        said = ngettext(
            "Not accepted: %(count)s report. %(reason)s %(named)s",
            "Not accepted: %(count)s reports. %(reason)s %(named)s",
            len(tasks),
        )
        more = "…" if len(tasks) > NAMED else ""
        messages.warning(
            request, said % {"count": len(tasks), "reason": reason, "named": named + more}
        )
    if not (summary.accepted or summary.agreed or summary.refused):
        messages.warning(request, _("None of these reports is within your reach any more."))
