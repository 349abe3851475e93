"""Tasks: the filtered list, and one task with its story and what can be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.models import User
from organizations.paging import page_of
from organizations.permissions import require
from tasks import workflow
from tasks.listing import tasks_counted, tasks_listed
from tasks.models import Task
from tasks.paper import own_lines_of, passages_of
from tasks.permissions import may_recall, may_report, may_take
from tasks.reporting import draft_of
from tasks.review import controls_of
from tasks.workflow import A


def task_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the tasks within reach that meet the conditions in the address."""
    filterset = tasks_listed(request)
    counted = tasks_counted(filterset, timezone.localdate())
    page = page_of(request, filterset.qs, counted.tally.everything, counted.steps)
    context = {
        "filter": filterset,
        "page": page,
        "tally": counted.tally,
        "demonstration": any(
            task.recommendation.section.resolution.is_demonstration for task in page
        ),
    }
    return render(request, "tasks/task_list.html", context)


def task_detail(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Show a task; the first opening by the executor's own people is recorded."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    own = bool(may_report(request.user, task))
    if own and request.method == "GET":
        workflow.mark_opened(task, request.user)
    context = {
        **shown_of(task),
        "may_report": own and task.is_owed(),
        "may_take": may_take(request.user, task) and workflow.allows(task, A.TAKE),
        "own": own,
        "control": controls_of(request, task),
        "draft": draft_of(task) if own else None,
        **(_recall_of(request.user, task) if own else {"may_recall": False, "why_not": ""}),
    }
    return render(request, "tasks/task_detail.html", context)


def _recall_of(user: User, task: Task) -> dict[str, object]:
    """Whether the report can be taken back, or why it cannot, where there is one to speak of."""
    if not workflow.allows(task, A.RECALL) or not may_recall(user, task):
        return {"may_recall": False, "why_not": _why_nothing(task)}
    try:
        workflow.recallable(task, timezone.now())
    except workflow.Stale as reason:
        return {"may_recall": False, "why_not": str(reason)}
    return {"may_recall": True, "why_not": ""}


def _why_nothing(task: Task) -> str:
    """Return why the executor is offered no act with a task that is out of count."""
    if task.status == Task.Status.CANCELLED:
        return _("The task is cancelled: nothing is to be reported.")
    if task.status == Task.Status.NOT_APPLICABLE:
        return _("A controller agreed that this does not concern you: nothing is to be reported.")
    return ""


@require_POST
def task_take(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """The executor's people say that work has begun."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_take(request.user, task))
    try:
        workflow.take(task, request.user)
    except workflow.Stale as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, _("Taken to work."))
    return redirect(task)


def shown_of(task: Task) -> dict[str, object]:
    """What all pages of a task show: its words, its deadline, its story; constant queries."""
    recommendation = task.recommendation
    passages, subitems, marked = passages_of(recommendation)
    events = list(task.events.for_story())
    returns = (event for event in events if event.action == A.RETURN)
    return {
        "task": task,
        "recommendation": recommendation,
        "resolution": recommendation.section.resolution,
        "passages": passages,
        "subitems": subitems,
        "own_lines": own_lines_of(recommendation, with_deadline=not marked),
        "events": events,
        "returned": next(returns, None) if task.status == Task.Status.REWORK else None,
    }
