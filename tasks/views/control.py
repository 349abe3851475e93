"""What controllers do with one task: accept and return reports, cancel and restore tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.http import AuthenticatedHttpRequest
from organizations.permissions import require
from tasks import workflow
from tasks.control_forms import ReasonForm, ReturnForm
from tasks.models import Task, TaskEvent
from tasks.permissions import may_cancel, may_restore, may_return, may_review
from tasks.review import Walk, call_off, decide, decided_by, queue_url, state_of, walk_of
from tasks.workflow import A, Stale


@require_POST
def task_accept(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Accept the report that stood on the page, or agree that the task is not the executor's."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_review(request.user, task))
    seen = request.POST.get("report", "")
    walk = walk_of(request, task)
    try:
        decide(task, seen, partial(workflow.accept, task, request.user))
    except Stale as reason:
        task.refresh_from_db()
        if not decided_by(task, request.user, A.ACCEPT):
            messages.warning(request, str(reason))
            return redirect(_page_of(task, walk))
        messages.info(request, _("This report is accepted already; nothing was done twice."))
    else:
        messages.success(request, _accepted(task))
    return _go_on(request, task, walk)


def task_return(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Return the report for rework: ask why and by when (GET), do it once (POST)."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_return(request.user, task))
    form = ReturnForm(
        request.POST if request.method == "POST" else None, task=task, today=timezone.localdate()
    )

    def act() -> TaskEvent:
        reason, term = form.cleaned_data["whole_reason"], form.cleaned_data["due_on"]
        seen = request.POST.get("report", "")
        return decide(
            task, seen, partial(workflow.send_back, task, request.user, reason, due_on=term)
        )

    return _ask(request, task, Question(A.RETURN, form, "tasks/task_return.html", act))


def task_cancel(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Cancel a task: ask why (GET), do it once (POST)."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_cancel(request.user, task))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> TaskEvent:
        reason, seen = form.cleaned_data["reason"], request.POST.get("seen", "")
        return call_off(task, seen, partial(workflow.cancel, task, request.user, reason))

    return _ask(request, task, Question(A.CANCEL, form, "tasks/task_cancel.html", act))


def task_restore(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Bring a cancelled task back: ask why (GET), do it once (POST)."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_list(), pk=pk)
    require(may_restore(request.user, task))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> TaskEvent:
        return workflow.restore(task, request.user, form.cleaned_data["reason"])

    return _ask(request, task, Question(A.RESTORE, form, "tasks/task_restore.html", act))


@dataclass(frozen=True, slots=True)
class Question:
    """An act that needs a reason: its form, its page, and what is done with a valid answer."""

    action: str
    form: forms.Form
    template: str
    act: Callable[[], TaskEvent]


def _ask(request: AuthenticatedHttpRequest, task: Task, question: Question) -> HttpResponse:
    form = question.form
    walk = walk_of(request, task)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            question.act()
        except Stale as reason:
            task.refresh_from_db()
            if decided_by(task, request.user, question.action):
                messages.info(request, _("This is done already; nothing was done twice."))
                return _go_on(request, task, walk)
            # What was typed stays on the page: the person may want to say it elsewhere.
            form.add_error(None, str(reason))
            status = 409
        else:
            messages.success(request, _done(question.action, task))
            return _go_on(request, task, walk)
    possible = workflow.allows(task, question.action)
    if request.method != "POST" and not possible:
        messages.info(request, _not_now(task))
        return redirect(_page_of(task, walk))
    report = workflow.last_report(task)
    context = {
        "form": form,
        "task": task,
        "recommendation": task.recommendation,
        "resolution": task.recommendation.section.resolution,
        "report": report,
        "seen": report.pk if report else "",
        "state": state_of(task.status, report),
        "possible": possible,
        "back": _page_of(task, walk),
        "today": timezone.localdate(),
    }
    return render(request, question.template, context, status=status)


def _page_of(task: Task, walk: Walk | None) -> str:
    return task.get_absolute_url() + (walk.query if walk else "")


def _go_on(request: AuthenticatedHttpRequest, task: Task, walk: Walk | None) -> HttpResponse:
    """Lead to the next report of the queue; outside the queue back to the task."""
    if walk is None:
        return redirect(task)
    if not walk.next:
        messages.info(request, _("That was the last report of the queue."))
    return redirect(walk.next or queue_url(request))


def _named(task: Task) -> dict[str, str]:
    """What tells a task from others in a message on another page."""
    return {
        "executor": str(task.executor),
        "number": task.recommendation.printed_number or "•",
    }


def _accepted(task: Task) -> str:
    if task.status == Task.Status.NOT_APPLICABLE:
        return _(
            "Agreed that it does not concern them: %(executor)s, recommendation %(number)s."
        ) % (_named(task))
    return _("Accepted: %(executor)s, recommendation %(number)s.") % _named(task)


def _done(action: str, task: Task) -> str:
    said = {
        A.RETURN: _("Returned for rework: %(executor)s, recommendation %(number)s."),
        A.CANCEL: _("Cancelled: %(executor)s, recommendation %(number)s."),
        A.RESTORE: _("Restored: %(executor)s, recommendation %(number)s."),
    }[A(action)]
    return said % _named(task)


def _not_now(task: Task) -> str:
    return _("This cannot be done with a task that is “%(status)s”.") % {
        "status": task.get_status_display()
    }
